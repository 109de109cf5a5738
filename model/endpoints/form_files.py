"""A deployed form's files: where they lie in the storage, and as a folder that the serving process opens."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from storage import blobs

Form = dict[str, Any]  # {"format": "onnx", "files": [{"name", "location", "sha256"}], "precision"}
FOLDER = "forms"


def kept_form(format_name: str, files: list[Path], **facts: Any) -> Form:
    """Store the files of a form."""
    stored = [(path.name, blobs.put_file(path, suffix=path.suffix)) for path in files]
    kept = [{"name": name, "location": blob.key, "sha256": blob.sha256} for name, blob in stored]
    return {"format": format_name, "files": kept, **facts}


def form_folder(form: Form) -> Path:
    """A folder with the files under their names; made once, from what lies in the storage.

    Raises FileNotFoundError where one is gone.
    """
    folder = blobs.work_folder(f"{FOLDER}/{form['files'][0]['sha256'][:32]}")
    for file in form["files"]:
        place = folder / file["name"]
        if not place.is_file():
            link_to(place, blobs.local_path(file["location"]))
    return folder


def link_to(place: Path, source: Path) -> None:
    """A symbolic link, put there whole: two processes may do it at once."""
    draft = place.with_name(f".{place.name}-{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(source.resolve())
    draft.replace(place)
