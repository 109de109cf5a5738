"""Boxes of a COCO file that are not what COCO says: corners instead of sizes, or fractions instead of pixels.

Found by their sizes against the images and the stated areas, and asked about: which they are cannot be known.
"""

import numpy as np
from numpy.typing import NDArray

from dataset.importing.types import Question, Source

FORMS = ("xywh", "xyxy", "fractions")
MOST, NEARLY_ALL = 0.5, 0.95  # of the boxes
BEYOND = 1.0  # pixels that rounding may put a box out of its image
WORDS = {
    "xyxy": "two corners (x1, y1, x2, y2) instead of a corner and a size (x, y, width, height)",
    "fractions": "fractions of the image (0 to 1) instead of pixels",
}

Floats = NDArray[np.float64]


def questions(source: Source, sizes: NDArray[np.int64]) -> list[Question]:
    """What has to be asked of a source whose images have these sizes, `(I, 2)`; 0 where a size is not known."""
    return [
        Question(
            "box_form",
            source.files[number],
            f"The boxes of {source.files[number]} look like {WORDS[form]}. Say which they are: xywh, xyxy or fractions"
            " (box_form; --box-form in the shell).",
            FORMS,
            form,
        )
        for number, form in odd_files(source, sizes).items()
    ]


def odd_files(source: Source, sizes: NDArray[np.int64]) -> dict[int, str]:
    """By the place of a file, the form that its boxes look like, where that is not COCO's."""
    if source.format != "coco" or source.form != "xywh" or not len(source.boxes):
        return {}
    image, file = source.boxes.array("image"), source.boxes.array("file")
    boxes, area = source.boxes.array("box"), source.boxes.array("area")
    width_height = sizes[image].astype(np.float64)
    known = width_height[:, 0] > 0
    found: dict[int, str] = {}
    for number in np.unique(file).tolist():
        own = known & (file == number)
        if form := odd_form(boxes[own], width_height[own], area[own]):
            found[number] = form
    return found


def odd_form(boxes: Floats, width_height: Floats, area: Floats) -> str:
    """What `(N, 4)` boxes look like, if not xywh pixels; empty where they may be those. `area`: `(N,)`, 0 unknown."""
    if not len(boxes):
        return ""
    if (boxes >= 0).all() and (boxes <= 1).all() and (boxes % 1 > 0).any() and (width_height > 2).all():
        return "fractions"
    sides = boxes[:, 2:] - boxes[:, :2]
    sensible = (sides > 0).all(axis=1) & (boxes[:, 2:] <= width_height + BEYOND).all(axis=1)
    beyond = (boxes[:, :2] + boxes[:, 2:] > width_height + BEYOND).any(axis=1)
    if sensible.mean() < NEARLY_ALL:
        return ""
    of_corners, of_size = sides.prod(axis=1), boxes[:, 2:].prod(axis=1)
    telling = (area > 0) & (np.abs(area - of_corners) <= 0.01 * of_corners) & (np.abs(area - of_size) > 0.01 * of_size)
    return "xyxy" if beyond.mean() > MOST or telling.mean() > MOST else ""


def answer(source: Source, sizes: NDArray[np.int64], form: str) -> None:
    """Bring boxes of that form to COCO's own: those of the files in question, or of all where none is."""
    number = list(odd_files(source, sizes)) or list(range(len(source.files)))
    if form == "xywh" or source.format != "coco":
        return
    chosen = np.flatnonzero(np.isin(source.boxes.array("file"), number))
    boxes = np.frombuffer(source.boxes.box, dtype=np.float64).reshape(-1, 4)
    if form == "xyxy":
        boxes[chosen, 2:] -= boxes[chosen, :2]
    else:
        boxes[chosen] *= np.tile(sizes[source.boxes.array("image")[chosen]], 2)
