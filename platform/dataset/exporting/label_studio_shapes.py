"""Shapes as Label Studio has them: polygons of one ring in percent, and brushes of pixels for all that is more.

Each kind is drawn by a control of its own; a project's configuration has those that its regions are of.
"""

from dataclasses import dataclass
from typing import Any

from dataset.exporting import digits
from dataset.exporting.outlines import ChunkShapes, is_one_ring, is_picture
from dataset.exporting.types import Chunk, Losses
from science.shapes.brush import brush_of_pixels
from science.shapes.conversions import pixels_of_shape
from science.shapes.finer import Finer, Polygon

CONTROLS = {"rectanglelabels": "label", "polygonlabels": "polygon", "brushlabels": "brush"}  # their names, by kind
TAGS = {"rectanglelabels": "RectangleLabels", "polygonlabels": "PolygonLabels", "brushlabels": "BrushLabels"}


@dataclass(frozen=True)
class WrittenRegion:
    """A region's kind, and what it says of its place; `beside`: as much of it as an answer at the region repeats."""

    kind: str
    value: dict[str, Any]
    beside: dict[str, Any]


def written_shapes(chunk: Chunk, losses: Losses) -> dict[int, WrittenRegion]:
    """Polygons and masks, by place; turned boxes are rectangles to Label Studio."""
    shapes = ChunkShapes(chunk, losses, "Label Studio")
    read = shapes.read()
    shapes.count_other_boxes(read)
    joined = [at for at, shape in read.items() if isinstance(shape, Polygon) and not is_one_ring(shape)]
    shapes.count(joined, "has no polygons of several parts or with holes; these are written as brushes of their pixels")
    found = {place: written_shape(shape, *shapes.size(place)) for place, shape in read.items()}
    return {place: one for place, one in found.items() if one is not None}


def written_shape(shape: Finer, height: int, width: int) -> WrittenRegion | None:
    """None where it is a turned box, or where none of an image's pixels is in it."""
    if isinstance(shape, Polygon) and is_one_ring(shape):
        points = digits.shortest_point_percents(shape.parts[0][0], width, height).tolist()
        value = {"points": points, "closed": True}
        return WrittenRegion("polygonlabels", value, value)
    pixels = pixels_of_shape(shape, height, width) if is_picture(shape) else None
    if pixels is None or not pixels.any():
        return None
    return WrittenRegion("brushlabels", {"format": "rle", "rle": brush_of_pixels(pixels)}, {})
