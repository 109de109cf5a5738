"""Labels that were drawn on pictures as they are stored, lying on their side, and not as one looks at them.

EXIF says how a picture has to be turned. Nearly all tools draw on the upright picture; some draw on what is stored.
Nothing in a file says which, but a box may: one that reaches out of the upright picture, where the stored one holds it.
"""

import numpy as np
from numpy.typing import NDArray

from dataset.importing.drawn import BadShape
from dataset.importing.stored_shapes import upright_shape
from dataset.importing.turned import LYING, orientation_of
from dataset.importing.types import ImportProblem, Source
from science.shapes.packed import pack, unpack

BEYOND = 1.0  # pixels that rounding may put a box out of its image
UPRIGHT = 1
AT_ONCE = 100_000  # boxes

Floats = NDArray[np.float64]


def turn_stored(source: Source, sizes: NDArray[np.int64]) -> None:
    """Turn the boxes of label files which show that they were drawn on stored pictures; others stay as they are.

    `sizes`: `(I, 2)` width and height of the upright images, 0 where an image cannot be taken.
    """
    if source.form not in ("xyxy", "xywh") or not len(source.boxes):
        return
    lying = held_only_by_stored(source, sizes)
    if not len(lying):
        return
    image, boxes = source.boxes.array("image"), corners_of(source.boxes.array("box"), source.form)
    shown = {source.images[place].described_in for place in lying if source_orientation(source, place) in LYING}
    for name in sorted(shown):
        turn_file(source, name, image, boxes, sizes)


def corners_of(boxes: Floats, form: str) -> Floats:
    """`(N, 4)` xyxy pixels of boxes as given, which are overwritten."""
    if form == "xywh":
        boxes[:, 2:] += boxes[:, :2]
    return boxes


def held_only_by_stored(source: Source, sizes: NDArray[np.int64]) -> list[int]:
    """Images of which a box reaches out, while all of their boxes lie within the picture on its side."""
    image, boxes = source.boxes.view("image"), source.boxes.view("box")
    reach = np.zeros((len(sizes), 2))
    for start in range(0, len(image), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        np.maximum.at(reach, image[some], corners_of(boxes[some].copy(), source.form)[:, 2:])
        source.boxes.let_go()
    out = (reach > sizes + BEYOND).any(axis=1) & (sizes[:, 0] > 0)
    within = (reach <= sizes[:, ::-1] + BEYOND).all(axis=1)
    return np.flatnonzero(out & within).tolist()


def turn_file(source: Source, name: str, image: NDArray[np.int32], boxes: Floats, sizes: NDArray[np.int64]) -> None:
    """Turn the boxes of a label file with their pictures."""
    turned: set[int] = set()
    given_boxes = source.boxes.view("box")
    for box in np.flatnonzero(source.boxes.view("file") == source.files.index(name)).tolist():
        place = int(image[box])
        orientation = source_orientation(source, place)
        if orientation == UPRIGHT or sizes[place, 0] == 0:
            continue
        x1, y1, x2, y2 = turn(boxes[box].tolist(), orientation, tuple(sizes[place].tolist()))
        given = (x1, y1, x2 - x1, y2 - y1) if source.form == "xywh" else (x1, y1, x2, y2)
        given_boxes[box] = given
        turn_shape(source, box, orientation, tuple(sizes[place].tolist()))
        source.images[place].size = None  # what it states is the stored picture's
        turned.add(place)
    reason = f"the boxes of {len(turned)} pictures were drawn on them as they are stored; they were turned with them"
    source.problems.add(ImportProblem(name, reason, "repaired", "exif", count=len(turned)))


def turn_shape(source: Source, box: int, orientation: int, size: tuple[int, int]) -> None:
    """Turn what was drawn beside a box, if anything was."""
    if packed := source.shapes.get(box):
        shape = upright_shape(unpack(packed), orientation, lambda at: turn([*at, *at], orientation, size)[:2])
        if not isinstance(shape, BadShape) and shape is not None:
            source.shapes[box] = pack(shape)


def source_orientation(source: Source, place: int) -> int:
    return orientation_of(source.images[place].path)


def turn(box: list[float], orientation: int, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """A box of the stored picture, xyxy, in the upright one of that size; EXIF's orientations 1 to 8."""
    width, height = size
    x1, y1, x2, y2 = box
    if orientation in LYING:
        x1, y1, x2, y2 = y1, x1, y2, x2
    if orientation in (2, 3, 6, 7):  # mirrored across
        x1, x2 = width - x2, width - x1
    if orientation in (3, 4, 7, 8):  # upside down
        y1, y2 = height - y2, height - y1
    return x1, y1, x2, y2
