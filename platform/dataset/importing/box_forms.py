"""Boxes that are not what their format says: corners or a middle instead of COCO's corner and size, or fractions.

Found by their sizes against the images, the stated areas and the outlines, and asked about: which they are cannot be
known.
"""

import numpy as np
from numpy.typing import NDArray

from dataset.importing.types import Question, Source

OWN, CORNERS, MIDDLE = "xywh", "xyxy", "cxcywh"
FRACTIONS = "fractions"
FORMS = (OWN, CORNERS, MIDDLE, FRACTIONS, "fractions_xyxy", "fractions_cxcywh")
MOST, NEARLY_ALL = 0.5, 0.95  # of the boxes
BEYOND = 1.0  # pixels that rounding may put a box out of its image
FAR_OUT = 0.1  # of its side, that a box of a middle reaches out where it is read as a corner's
LIKE_OUTLINE = 0.05  # of the sides, by which a box may differ from the one around its outline
WORDS = {
    CORNERS: "two corners (x1, y1, x2, y2) instead of a corner and a size (x, y, width, height)",
    MIDDLE: "a middle and a size (center x, center y, width, height) instead of a corner and a size",
    FRACTIONS: "fractions of the image (0 to 1) instead of pixels",
    "fractions_xyxy": "two corners (x1, y1, x2, y2) as fractions of the image (0 to 1) instead of pixels",
    "fractions_cxcywh": "a middle and a size as fractions of the image (0 to 1) instead of pixels",
}

Floats = NDArray[np.float64]


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
        f"The boxes of {which} look like {WORDS[form]}. Say which they are: {', '.join(FORMS[:-1])} or {FORMS[-1]}"
        " (box_form; --box-form in the shell)."
    )
    return Question("box_form", files[0], text, FORMS, form)


def odd_files(source: Source, sizes: NDArray[np.int64]) -> dict[int, str]:
    """By the place of a file, the form that its boxes look like, where that is not its format's."""
    if source.form not in ("xywh", "xyxy") or not len(source.boxes):
        return {}
    if source.format != "coco":
        return dict.fromkeys(files_of_fractions(source, sizes), FRACTIONS)
    image, file = source.boxes.array("image"), source.boxes.array("file")
    boxes, area = source.boxes.array("box"), source.boxes.array("area")
    width_height = sizes[image].astype(np.float64)
    known = width_height[:, 0] > 0
    found: dict[int, str] = {}
    for number in np.unique(file).tolist():
        own = known & (file == number)
        form = odd_form(boxes[own], width_height[own], area[own], outlines_of(source, number, own))
        if form:
            found[number] = form
    return found


def outlines_of(source: Source, number: int, own: NDArray[np.bool_]) -> Floats:
    """`(N, 4)` the boxes, xywh, around the outlines of a file's boxes; NaN where none was looked at."""
    places = source.boxes.array("place")[own].tolist() if source.outlines else []
    none = (np.nan,) * 4
    given = [source.outlines.get((number, place), none) for place in places] or [none] * int(own.sum())
    return np.array(given, dtype=np.float64).reshape(-1, 4)


def files_of_fractions(source: Source, sizes: NDArray[np.int64]) -> list[int]:
    """Places of the files all of whose boxes lie within the first pixel, at no whole numbers."""
    boxes, file = source.boxes.array("box"), source.boxes.array("file")
    known = (sizes[source.boxes.array("image")] > 2).all(axis=1)
    within = known & (boxes >= 0).all(axis=1) & (boxes <= 1).all(axis=1)
    broken = within & (boxes % 1 > 0).any(axis=1)
    count, inside, odd = (np.bincount(file, one, len(source.files)) for one in (known, within, broken))
    return np.flatnonzero((count > 0) & (inside == count) & (odd > 0)).tolist()


def odd_form(boxes: Floats, width_height: Floats, area: Floats, outlines: Floats) -> str:
    """What `(N, 4)` boxes look like, if not xywh pixels; empty where they may be those.

    `area`: `(N,)`, 0 unknown. `outlines`: `(N, 4)` xywh pixels, NaN unknown.
    """
    if not len(boxes):
        return ""
    if (boxes >= 0).all() and (boxes <= 1).all() and (boxes % 1 > 0).any() and (width_height > 2).all():
        pixels = boxes * np.tile(width_height, 2)
        order = odd_order(pixels, width_height, np.zeros(len(area)), outlines)
        return f"fractions_{order}" if order else FRACTIONS
    return odd_order(boxes, width_height, area, outlines)


def odd_order(boxes: Floats, width_height: Floats, area: Floats, outlines: Floats) -> str:
    """xyxy or cxcywh where `(N, 4)` boxes in pixels look like that; the outlines decide where there are any."""
    drawn = ~np.isnan(outlines[:, 0])
    if drawn.any():
        return by_outlines(boxes[drawn], outlines[drawn])
    if are_corners(boxes, width_height, area):
        return CORNERS
    return MIDDLE if are_middles(boxes, width_height) else ""


def by_outlines(boxes: Floats, outlines: Floats) -> str:
    """The order of numbers by which nearly all boxes are those around their outlines; empty if it is xywh, or none."""
    sides = np.tile(outlines[:, 2:], 2)
    for order in (OWN, CORNERS, MIDDLE):
        off = np.abs(reordered(boxes, order, OWN) - outlines)
        if (off <= np.maximum(2.0, LIKE_OUTLINE * sides)).all(axis=1).mean() >= NEARLY_ALL:
            return "" if order == OWN else order
    return ""


def are_corners(boxes: Floats, width_height: Floats, area: Floats) -> bool:
    """Whether boxes are sensible as two corners, and most leave their images, or have other areas, as sizes."""
    sides = boxes[:, 2:] - boxes[:, :2]
    sensible = (sides > 0).all(axis=1) & (boxes[:, 2:] <= width_height + BEYOND).all(axis=1)
    beyond = (boxes[:, :2] + boxes[:, 2:] > width_height + BEYOND).any(axis=1)
    if sensible.mean() < NEARLY_ALL:
        return False
    of_corners, of_size = sides.prod(axis=1), boxes[:, 2:].prod(axis=1)
    telling = (area > 0) & (np.abs(area - of_corners) <= 0.01 * of_corners) & (np.abs(area - of_size) > 0.01 * of_size)
    return bool(beyond.mean() > MOST or telling.mean() > MOST)


def are_middles(boxes: Floats, width_height: Floats) -> bool:
    """Whether all boxes lie in their images about a middle, and one at least is far out of its image as a corner's.

    Of boxes that are given by a corner, the many at the left and upper edges do not lie so.
    """
    half = boxes[:, 2:] / 2
    within = (boxes[:, :2] >= half - BEYOND) & (boxes[:, :2] + half <= width_height + BEYOND)
    out = boxes[:, :2] + boxes[:, 2:] - width_height
    return bool(within.all() and (out > np.maximum(BEYOND, FAR_OUT * boxes[:, 2:])).any())


def answer(source: Source, sizes: NDArray[np.int64], form: str) -> None:
    """Bring boxes of that form to their format's own: those of the files in question, or of all where none is."""
    number = list(odd_files(source, sizes)) or list(range(len(source.files)))
    if source.form not in ("xywh", "xyxy"):
        return
    chosen = np.flatnonzero(np.isin(source.boxes.array("file"), number))
    boxes = np.frombuffer(source.boxes.box, dtype=np.float64).reshape(-1, 4)
    in_fractions, _, order = form.rpartition("_") if "_" in form else (form == FRACTIONS, "", form)
    if in_fractions:
        boxes[chosen] *= np.tile(sizes[source.boxes.array("image")[chosen]], 2)
    boxes[chosen] = reordered(boxes[chosen], source.form if order == FRACTIONS else order, source.form)


def reordered(boxes: Floats, order: str, wanted: str) -> Floats:
    """`(N, 4)` boxes from one of xywh, xyxy and cxcywh to xywh or xyxy."""
    first, second = boxes[:, :2], boxes[:, 2:]
    start = first - second / 2 if order == MIDDLE else first
    size = second - first if order == CORNERS else second
    return np.concatenate([start, start + size if wanted == "xyxy" else size], axis=1)
