"""Boxes that are not what their format says: corners instead of COCO's sizes, or fractions instead of pixels.

Found by their sizes against the images and the stated areas, and asked about: which they are cannot be known.
"""

import numpy as np
from numpy.typing import NDArray

from dataset.importing.types import Question, Source

FORMS = ("xywh", "xyxy", "fractions")
MOST, NEARLY_ALL = 0.5, 0.95  # of the boxes
BEYOND = 1.0  # pixels that rounding may put a box out of its image
AT_ONCE = 500_000  # boxes
WORDS = {
    "xyxy": "two corners (x1, y1, x2, y2) instead of a corner and a size (x, y, width, height)",
    "fractions": "fractions of the image (0 to 1) instead of pixels",
}

Floats = NDArray[np.float64]
Signs = NDArray[np.int64]  # (7,) counts
NO_SIGNS = np.zeros(7, dtype=np.int64)


def questions(source: Source, sizes: NDArray[np.int64]) -> list[Question]:
    """What has to be asked of a source whose images have these sizes, `(I, 2)`; 0 where a size is not known."""
    by_form: dict[str, list[str]] = {}
    for number, form in odd_files(source, sizes).items():
        by_form.setdefault(form, []).append(source.files[number])
    return [question(form, files) for form, files in by_form.items()]


def question(form: str, files: list[str]) -> Question:
    """One for all files whose boxes look like that form."""
    which = files[0] if len(files) == 1 else f"{files[0]} and {len(files) - 1} other files"
    text = (
        f"The boxes of {which} look like {WORDS[form]}. Say which they are: xywh, xyxy or fractions"
        " (box_form; --box-form in the shell)."
    )
    return Question("box_form", files[0], text, FORMS, form)


def odd_files(source: Source, sizes: NDArray[np.int64]) -> dict[int, str]:
    """By the place of a file, the form that its boxes look like, where that is not its format's."""
    if source.form not in ("xywh", "xyxy") or not len(source.boxes):
        return {}
    if source.format != "coco":
        return dict.fromkeys(files_of_fractions(source, sizes), "fractions")
    columns = source.boxes
    image, file, boxes, area = (columns.view(name) for name in ("image", "file", "box", "area"))
    signs: dict[int, Signs] = {}
    for start in range(0, len(columns), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        width_height = sizes[image[some]].astype(np.float64)
        known = width_height[:, 0] > 0
        for number in np.unique(file[some]).tolist():
            own = known & (file[some] == number)
            found = signs_of(boxes[some][own], width_height[own], area[some][own])
            signs[number] = signs.get(number, NO_SIGNS) + found
    return {number: form for number in sorted(signs) if (form := odd_form(signs[number]))}


def files_of_fractions(source: Source, sizes: NDArray[np.int64]) -> list[int]:
    """Places of the files all of whose boxes lie within the first pixel, at no whole numbers."""
    boxes, file = source.boxes.view("box"), source.boxes.view("file")
    known = (sizes[source.boxes.view("image")] > 2).all(axis=1)
    within = known & (boxes >= 0).all(axis=1) & (boxes <= 1).all(axis=1)
    broken = within & (boxes % 1 > 0).any(axis=1)
    count, inside, odd = (np.bincount(file, one, len(source.files)) for one in (known, within, broken))
    return np.flatnonzero((count > 0) & (inside == count) & (odd > 0)).tolist()


def signs_of(boxes: Floats, width_height: Floats, area: Floats) -> Signs:
    """How many of `(N, 4)` boxes there are; lie within the first pixel, at no whole numbers, on images larger than it;
    would be sensible as corners; reach out as sizes; have an area, `(N,)`, 0 unknown, that only corners have.
    """
    sides = boxes[:, 2:] - boxes[:, :2]
    of_corners, of_size = sides.prod(axis=1), boxes[:, 2:].prod(axis=1)
    rows = (
        ((boxes >= 0) & (boxes <= 1)).all(axis=1),
        (boxes % 1 > 0).any(axis=1),
        (width_height > 2).all(axis=1),
        (sides > 0).all(axis=1) & (boxes[:, 2:] <= width_height + BEYOND).all(axis=1),
        (boxes[:, :2] + boxes[:, 2:] > width_height + BEYOND).any(axis=1),
        (area > 0) & (np.abs(area - of_corners) <= 0.01 * of_corners) & (np.abs(area - of_size) > 0.01 * of_size),
    )
    return np.array([len(boxes), *(row.sum() for row in rows)], dtype=np.int64)


def odd_form(signs: Signs) -> str:
    """What boxes look like, if not xywh pixels; empty where they may be those."""
    count, within, odd, large, sensible, beyond, telling = signs.tolist()
    if not count:
        return ""
    if within == count and odd and large == count:
        return "fractions"
    if sensible / count < NEARLY_ALL:
        return ""
    return "xyxy" if beyond / count > MOST or telling / count > MOST else ""


def answer(source: Source, sizes: NDArray[np.int64], form: str) -> None:
    """Bring boxes of that form to COCO's own: those of the files in question, or of all where none is."""
    number = list(odd_files(source, sizes)) or list(range(len(source.files)))
    if form == source.form or source.form not in ("xywh", "xyxy"):
        return
    chosen = np.flatnonzero(np.isin(source.boxes.array("file"), number))
    boxes = np.frombuffer(source.boxes.box, dtype=np.float64).reshape(-1, 4)
    if form in ("xyxy", "xywh"):
        boxes[chosen, 2:] += boxes[chosen, :2] * (1 if form == "xywh" else -1)
    else:
        boxes[chosen] *= np.tile(sizes[source.boxes.array("image")[chosen]], 2)
