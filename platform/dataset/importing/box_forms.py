"""Boxes that are not what their format says: corners or a middle instead of COCO's corner and size, or fractions.

Found by their sizes against the images, the stated areas and the outlines, and asked about: which they are cannot be
known.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dataset.importing.types import ImportNote, Question, Source

OWN, CORNERS, MIDDLE = "xywh", "xyxy", "cxcywh"
FRACTIONS = "fractions"
FORMS = (OWN, CORNERS, MIDDLE, FRACTIONS, "fractions_xyxy", "fractions_cxcywh")
MOST, NEARLY_ALL = 0.5, 0.95  # of the boxes
BEYOND = 1.0  # pixels that rounding may put a box out of its image
FAR_OUT = 0.1  # of its side, that a box of a middle reaches out where it is read as a corner's
LIKE_OUTLINE = 0.05  # of the sides, by which a box may differ from the one around its outline
AT_ONCE = 100_000  # boxes
PLACE_BITS = 40  # of a place in its file, below the file's number
FAR_BOXES = 2  # that reach so far out, before a middle is thought of
NOT_TOLD = "named_lines"  # the format whose tools write corners or sizes, and say nowhere which
WORDS = {
    OWN: "a corner and a size (x, y, width, height) instead of two corners (x1, y1, x2, y2)",
    CORNERS: "two corners (x1, y1, x2, y2) instead of a corner and a size (x, y, width, height)",
    MIDDLE: "a middle and a size (center x, center y, width, height) instead of a corner and a size",
    FRACTIONS: "fractions of the image (0 to 1) instead of pixels",
    "fractions_xyxy": "two corners (x1, y1, x2, y2) as fractions of the image (0 to 1) instead of pixels",
    "fractions_cxcywh": "a middle and a size as fractions of the image (0 to 1) instead of pixels",
}

Floats = NDArray[np.float64]
Signs = NDArray[np.int64]  # counts
Places = NDArray[np.int64]
NO_SIGNS = np.zeros(13, dtype=np.int64)
NO_BOXES: Floats = np.empty((0, 4))


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
    if source.format == NOT_TOLD:
        return open_forms(source, sizes)
    if source.format != "coco":
        return dict.fromkeys(files_of_fractions(source, sizes), FRACTIONS)
    signs = signs_by_file(source, sizes)
    drawn = drawn_by_file(source, sizes) if source.outlines else {}
    forms = {number: odd_form(signs[number], *drawn.get(number, ())) for number in sorted(signs)}
    return {number: form for number, form in forms.items() if form}


def open_forms(source: Source, sizes: NDArray[np.int64]) -> dict[int, str]:
    """All files, with the likelier form, unless the boxes of all together show that they are two corners."""
    signs = signs_by_file(source, sizes)
    count, *_, sensible, beyond, _, _, _ = sum(signs.values(), NO_SIGNS)[:8].tolist()
    likely = CORNERS if sensible == count else OWN
    told = likely == CORNERS and beyond > MOST * count
    return {} if told or not count else dict.fromkeys(signs, likely)


def signs_by_file(source: Source, sizes: NDArray[np.int64]) -> dict[int, Signs]:
    """What `signs_of` counts of each file's boxes whose image's size is known."""
    image, file, boxes, area = (source.boxes.view(name) for name in ("image", "file", "box", "area"))
    signs: dict[int, Signs] = {}
    for start in range(0, len(file), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        width_height = sizes[image[some]].astype(np.float64)
        for number, rows in by_file(file[some]):
            own = rows[width_height[rows, 0] > 0]
            found = signs_of(boxes[some][own], width_height[own], area[some][own])
            signs[number] = signs.get(number, NO_SIGNS) + found
        source.boxes.let_go()
    return signs


def by_file(file: NDArray[np.int32]) -> Iterator[tuple[int, Places]]:
    """Each file and the places of its boxes; `file`: `(N,)`. There may be one for each image."""
    order = np.argsort(file, kind="stable")
    numbers, begins = np.unique(file[order], return_index=True)
    yield from zip(numbers.tolist(), np.split(order, begins[1:]), strict=True)


def drawn_by_file(source: Source, sizes: NDArray[np.int64]) -> dict[int, tuple[Floats, Floats, Floats]]:
    """Of each file the boxes whose outlines were looked at, those outlines' boxes, and their images' sizes, twice."""
    columns = source.boxes
    image, file, boxes, place = (columns.view(name) for name in ("image", "file", "box", "place"))
    rows = rows_drawn(source)
    outlines = np.array([source.outlines[key] for key in zip(file[rows].tolist(), place[rows].tolist(), strict=True)])
    width_height = np.tile(sizes[image[rows]].astype(np.float64), 2)
    found = {}
    for number, own in by_file(file[rows]):
        seen = own[width_height[own, 0] > 0]
        found[number] = boxes[rows[seen]], outlines.reshape(-1, 4)[seen], width_height[seen]
    return found


def rows_drawn(source: Source) -> Places:
    """The places of the boxes whose outlines were looked at, `(D,)`."""
    file, place = source.boxes.view("file"), source.boxes.view("place")
    wanted = np.array([number << PLACE_BITS | at for number, at in source.outlines])
    found = []
    for start in range(0, len(file), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        found.append(start + np.flatnonzero(np.isin(file[some].astype(np.int64) << PLACE_BITS | place[some], wanted)))
        source.boxes.let_go()
    return np.concatenate(found)


def files_of_fractions(source: Source, sizes: NDArray[np.int64]) -> list[int]:
    """Places of the files all of whose boxes lie within the first pixel, at no whole numbers."""
    image, file, boxes = (source.boxes.view(name) for name in ("image", "file", "box"))
    counts = np.zeros((3, len(source.files)))
    for start in range(0, len(file), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        known = (sizes[image[some]] > 2).all(axis=1)
        within = known & (boxes[some] >= 0).all(axis=1) & (boxes[some] <= 1).all(axis=1)
        broken = within & (boxes[some] % 1 > 0).any(axis=1)
        counts += [np.bincount(file[some], one, len(source.files)) for one in (known, within, broken)]
        source.boxes.let_go()
    count, inside, odd = counts
    return np.flatnonzero((count > 0) & (inside == count) & (odd > 0)).tolist()


def signs_of(boxes: Floats, width_height: Floats, area: Floats) -> Signs:
    """Counts of `(N, 4)` boxes: all; within the first pixel of larger images; of those, at no whole numbers; then
    `order_signs` of them as pixels and as fractions. `area`: `(N,)`, 0 unknown.
    """
    within = ((boxes >= 0) & (boxes <= 1)).all(axis=1) & (width_height > 2).all(axis=1)
    counts = [len(boxes), within.sum(), (within & (boxes % 1 > 0).any(axis=1)).sum()]
    scaled = boxes * np.tile(width_height, 2)
    orders = order_signs(boxes, width_height, area), order_signs(scaled, width_height, np.zeros(len(area)))
    return np.concatenate([counts, *orders]).astype(np.int64)


def order_signs(boxes: Floats, width_height: Floats, area: Floats) -> Signs:
    """Counts of `(N, 4)` boxes: sensible as corners; out of the image as sizes; with an area that only corners have;
    within the image about a middle; far out of it as a corner's.
    """
    sides = boxes[:, 2:] - boxes[:, :2]
    of_corners, of_size = sides.prod(axis=1), boxes[:, 2:].prod(axis=1)
    half, out = boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] - width_height
    rows = (
        (sides > 0).all(axis=1) & (boxes[:, 2:] <= width_height + BEYOND).all(axis=1),
        (out > BEYOND).any(axis=1),
        (area > 0) & (np.abs(area - of_corners) <= 0.01 * of_corners) & (np.abs(area - of_size) > 0.01 * of_size),
        ((boxes[:, :2] >= half - BEYOND) & (boxes[:, :2] + half <= width_height + BEYOND)).all(axis=1),
        (out > np.maximum(BEYOND, FAR_OUT * boxes[:, 2:])).any(axis=1),
    )
    return np.array([row.sum() for row in rows], dtype=np.int64)


def odd_form(signs: Signs, boxes: Floats = NO_BOXES, outlines: Floats = NO_BOXES, sizes: Floats = NO_BOXES) -> str:
    """What boxes look like, if not xywh pixels; empty where they may be those.

    `boxes`: `(D, 4)` those with an outline, `outlines`: `(D, 4)` xywh pixels, `sizes`: `(D, 4)` width, height, twice.
    """
    count, within, broken = signs[:3].tolist()
    if not count:
        return ""
    if within == count and broken:
        order = by_outlines(boxes * sizes, outlines) if len(boxes) else odd_order(signs[8:], count)
        return f"fractions_{order}" if order else FRACTIONS
    return by_outlines(boxes, outlines) if len(boxes) else odd_order(signs[3:8], count)


def odd_order(signs: Signs, count: int) -> str:
    """Corners where boxes are sensible as two, and most leave their images, or have other areas, as sizes; a middle
    where all lie in their images about one, and some are far out as a corner's.

    Of boxes that are given by a corner, the many at the left and upper edges do not lie about a middle.
    """
    sensible, beyond, telling, about_middle, far_out = signs.tolist()
    if sensible / count >= NEARLY_ALL and (beyond / count > MOST or telling / count > MOST):
        return CORNERS
    return MIDDLE if about_middle == count and far_out >= FAR_BOXES else ""


def by_outlines(boxes: Floats, outlines: Floats) -> str:
    """The order of numbers by which nearly all boxes are those around their outlines; empty if it is xywh, or none."""
    sides = np.tile(outlines[:, 2:], 2)
    for order in (OWN, CORNERS, MIDDLE):
        off = np.abs(reordered(boxes, order, OWN) - outlines)
        if (off <= np.maximum(2.0, LIKE_OUTLINE * sides)).all(axis=1).mean() >= NEARLY_ALL:
            return "" if order == OWN else order
    return ""


def answer(source: Source, sizes: NDArray[np.int64], form: str) -> None:
    """Bring boxes of that form to their format's own: those of the files in question, or of all where none is."""
    number = list(odd_files(source, sizes)) or list(range(len(source.files)))
    if source.form not in ("xywh", "xyxy"):
        return
    chosen = np.flatnonzero(np.isin(source.boxes.view("file"), number))
    boxes = source.boxes.view("box")
    in_fractions, _, order = form.rpartition("_") if "_" in form else (form == FRACTIONS, "", form)
    if in_fractions:
        boxes[chosen] *= np.tile(sizes[source.boxes.view("image")[chosen]], 2)
    boxes[chosen] = reordered(boxes[chosen], source.form if order == FRACTIONS else order, source.form)
    text = f"Boxes were taken as {form}, as it was said."
    source.problems.notes.append(ImportNote(f"boxes_as_{form}", len(number), text))


def reordered(boxes: Floats, order: str, wanted: str) -> Floats:
    """`(N, 4)` boxes from one of xywh, xyxy and cxcywh to xywh or xyxy."""
    first, second = boxes[:, :2], boxes[:, 2:]
    start = first - second / 2 if order == MIDDLE else first
    size = second - first if order == CORNERS else second
    return np.concatenate([start, start + size if wanted == "xyxy" else size], axis=1)
