"""Somebody's labelled folder, read by the platform's own importers into one plain file, for a program that speaks REST.

{"title", "classes": [name], "notes": [sentence],
 "images": [{"path", "key", "sha256", "width", "height", "boxes": [[x1, y1, x2, y2]], "classes": [place],
             "metadata", "sequence", "captured_at"}]}
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from commandline.inspect import Refused, configure, say
from embedded.failures import Failure


def write_labelled_folder(folder: Path, target: Path, *, wanted: str, annotations: str | None) -> None:
    """Raises Failure, with a sentence, where the folder cannot be read or nothing in it is labelled."""
    configure()
    from dataset.importing.files import walk
    from dataset.importing.inspection import CannotInspect, survey
    from dataset.importing.types import Problems
    from jobs.errors import JobFailed

    if not folder.is_dir():
        raise Failure(f"{folder} is not a folder.", advice="Give a folder that holds images and their labels.")
    problems = Problems()
    try:
        found = survey(walk(folder, problems), problems, say, wanted=wanted, annotations=annotations)
    except (CannotInspect, JobFailed, Refused) as error:
        raise Failure(str(error), advice=f"./halfday inspect {folder} says what is in it.") from error
    if found.questions:
        advice = "Mend the file, or import the folder into a dataset, where the question can be answered."
        raise Failure(found.questions[0].text, advice=advice)
    target.write_text(json.dumps(_content(folder, found, problems)), encoding="utf-8")


def _content(folder: Path, found: Any, problems: Any) -> dict[str, Any]:
    """As the head of this file says; images of which nobody said what is in them are left out."""
    from dataset.importing.survey import names_of

    labelled = [one for one in found.taken if one.source.boxes or (one.source.boxes == 0 and not one.source.refused)]
    unlabelled = len(found.taken) - len(labelled)
    place = {image.key: at for at, image in enumerate(found.source.images)}
    notes = [f"{note.text}." for note in problems.notes if note.kind != "unlabelled"]
    if unlabelled:
        notes.append(f"{unlabelled} images without labels were left out.")
    if problems.total:
        notes.append(f"{problems.total} things were skipped or repaired: ./halfday inspect {folder} lists them.")
    return {
        "title": folder.resolve().name,
        "format": found.source.format,
        "classes": names_of(found.source),
        "notes": notes,
        "images": [_image(one, found.pixels, place[one.source.key]) for one in labelled],
    }


def _image(taken: Any, pixels: Any, place: int) -> dict[str, Any]:
    mine, source = pixels.of(place, place + 1), taken.source
    return {
        "path": str(source.path.resolve()),
        "key": source.key,
        "sha256": taken.sha256,
        "width": taken.width,
        "height": taken.height,
        "boxes": pixels.boxes[mine].tolist(),
        "classes": pixels.classes[mine].tolist(),
        "metadata": source.metadata,
        "sequence": source.sequence or None,
        "captured_at": source.captured_at.isoformat() if source.captured_at else None,
    }
