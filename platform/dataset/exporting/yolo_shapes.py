"""What a line of YOLO's labels holds where it is more than a box: the points of an outline, or four corners.

Outlines (segments): a polygon's ring; parts are joined by lines of no width, as ultralytics joins those of COCO, holes
have no place; a mask is the outline along its pixels. Turned: every object is four corners, a box its own, a polygon or
mask those of the smallest turned box around it. ultralytics takes no corner outside of an image.
"""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from dataset.exporting import digits
from dataset.exporting.outlines import ChunkShapes, count_shapes, has_holes
from dataset.exporting.types import Chunk, Losses
from science.shapes.conversions import joined_ring, outlines_of_mask
from science.shapes.finer import Finer, Mask, Polygon, TurnedBox
from science.shapes.measures import corners_of

Points = NDArray[np.floating]
LINES = ("boxes", "segments", "turned")
TASKS = {"segments": "segment", "turned": "obb"}  # as ultralytics calls them


def rows_of(chunk: Chunk, losses: Losses, lines: str) -> Callable[[int], str] | None:
    """What gives the numbers of a box's line after its class; None where lines are boxes."""
    if lines == "boxes":
        count_shapes(losses, "YOLO", chunk)
        return None
    shapes = ChunkShapes(chunk, losses, "YOLO")
    read = shapes.read() | {
        place: shape for place, shape in chunk.turned_by_attributes().items() if place not in chunk.shapes
    }
    shapes.count_other_boxes({place: one for place, one in read.items() if place in chunk.shapes})
    return Segments(shapes, read).row if lines == "segments" else TurnedRows(shapes, read).row


class Segments:
    """Lines of outlines."""

    def __init__(self, shapes: ChunkShapes, read: dict[int, Finer]) -> None:
        self.shapes, self.read = shapes, read
        outlines = {at: outlines_of_mask(one) if isinstance(one, Mask) else one for at, one in read.items()}
        self.outlines = outlines
        self.count(
            (at for at, one in read.items() if isinstance(one, Mask)),
            "has outlines alone; masks are written as the outlines along their pixels",
        )
        self.count((at for at, one in outlines.items() if has_holes(one)), "has no place for holes; they were filled")
        self.count(
            (at for at, one in outlines.items() if isinstance(one, Polygon) and len(one.parts) > 1),
            "has one outline for an object; parts were joined by lines of no width",
        )
        self.count(
            (at for at, one in read.items() if isinstance(one, TurnedBox)),
            "has outlines alone; turned boxes come back as polygons of four corners",
        )
        boxes = (at for at, one in outlines.items() if isinstance(one, Polygon) and is_upright(one.parts[0][0]))
        self.count(boxes, "cannot tell an outline that is an upright box from a box; it comes back as one")

    def count(self, places: Iterable[int], what: str) -> None:
        self.shapes.count(places, what)

    def row(self, place: int) -> str:
        height, width = self.shapes.size(place)
        return digits.point_fractions(moved_inside(self.ring(place), width, height), width, height)

    def ring(self, place: int) -> Points:
        shape = self.outlines.get(place)
        if shape is None:
            return corners_of_box(self.shapes.chunk.boxes[place])
        if isinstance(shape, Polygon):
            return joined_ring([part[0] for part in shape.parts])
        return corners_of(shape) if isinstance(shape, TurnedBox) else corners_of_box(self.shapes.chunk.boxes[place])


class TurnedRows:
    """Lines of four corners."""

    def __init__(self, shapes: ChunkShapes, read: dict[int, Finer]) -> None:
        self.shapes, self.read = shapes, read
        others = [at for at, one in read.items() if not isinstance(one, TurnedBox)]
        shapes.count(others, "has turned boxes alone; polygons and masks are the smallest turned boxes around them")
        quarters = [at for at, one in read.items() if isinstance(one, TurnedBox) and one.angle % 90 == 0]
        shapes.count(quarters, "cannot tell a quarter turn from none; these come back as upright boxes")
        reaching = [at for at in range(len(shapes.chunk)) if self.reaches_out(at)]
        shapes.count(reaching, "has no corners outside of an image; they were moved to its border")

    def reaches_out(self, place: int) -> bool:
        height, width = self.shapes.size(place)
        corners = self.corners(place)
        return place in self.read and not np.array_equal(moved_inside(corners, width, height), corners)

    def row(self, place: int) -> str:
        height, width = self.shapes.size(place)
        corners = moved_inside(self.corners(place), width, height) / np.array([width, height], np.float64)
        return " ".join(f"{value:.12f}".rstrip("0").rstrip(".") for value in corners.ravel().tolist())

    def corners(self, place: int) -> Points:
        shape = self.read.get(place)
        if shape is None:
            return corners_of_box(self.shapes.chunk.boxes[place])
        return corners_of(shape) if isinstance(shape, TurnedBox) else smallest_corners(shape, self.shapes.chunk, place)


def smallest_corners(shape: Finer, chunk: Chunk, place: int) -> Points:
    """The corners of the smallest turned box around a polygon or mask; of its box where it is a line."""
    from science.shapes.mending import smallest_turned  # shapely is loaded where there are polygons

    outlines = outlines_of_mask(shape) if isinstance(shape, Mask) else shape
    rings = [part[0] for part in outlines.parts] if isinstance(outlines, Polygon) else []
    found = smallest_turned(np.concatenate(rings)) if rings else []
    return np.array(found) if found else corners_of_box(chunk.boxes[place])


def corners_of_box(box: NDArray[np.float32]) -> Points:
    x1, y1, x2, y2 = box.astype(np.float64).tolist()
    return np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])


def moved_inside(points: Points, width: int, height: int) -> Points:
    """The points, those outside of an image moved to its border."""
    moved: Points = np.clip(points, 0, np.array([width, height], points.dtype))
    return moved


def is_upright(ring: Points) -> bool:
    """Whether a ring is a box: four corners at two places each."""
    return len(ring) == 4 and all(len(set(ring[:, side].tolist())) == 2 for side in (0, 1)) and is_walked(ring)


def is_walked(ring: Points) -> bool:
    """Whether each of four corners differs from the next in one of x and y alone."""
    return bool(((ring != np.roll(ring, -1, axis=0)).sum(axis=1) == 1).all())
