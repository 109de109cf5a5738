"""Shapes as CVAT's XML has them: polygons of one ring, and masks as run lengths along the rows of a rectangle.

A polygon with holes or of several parts is written as the mask of its pixels, which CVAT can show.
"""

from itertools import pairwise

import numpy as np

from dataset.exporting import digits
from dataset.exporting.outlines import ChunkShapes, is_one_ring, is_picture
from dataset.exporting.types import Chunk, Losses
from dataset.exporting.voc import number
from science.shapes.conversions import Pixels, pixels_of_shape
from science.shapes.finer import Finer, Polygon

Written = tuple[str, str]  # the element's tag, and the attributes that say where it is


def written_shapes(chunk: Chunk, losses: Losses) -> dict[int, Written]:
    """Polygons and masks, by place; turned boxes are boxes to CVAT."""
    shapes = ChunkShapes(chunk, losses, "CVAT")
    read = shapes.read()
    shapes.count_other_boxes(read)
    joined = [at for at, shape in read.items() if isinstance(shape, Polygon) and not is_one_ring(shape)]
    shapes.count(joined, "has no polygons of several parts or with holes; these are written as masks of their pixels")
    found = {place: written_shape(shape, *shapes.size(place)) for place, shape in read.items()}
    return {place: one for place, one in found.items() if one is not None}


def written_shape(shape: Finer, height: int, width: int) -> Written | None:
    """None where it is a turned box, or where none of an image's pixels is in it."""
    if isinstance(shape, Polygon) and is_one_ring(shape):
        points = digits.shortest_points(shape.parts[0][0]).tolist()
        return "polygon", f'points="{";".join(f"{number(x)},{number(y)}" for x, y in points)}"'
    pixels = pixels_of_shape(shape, height, width) if is_picture(shape) else None
    return None if pixels is None or not pixels.any() else ("mask", mask_text(pixels))


def mask_text(pixels: Pixels) -> str:
    """Run lengths of what lies outside and inside in turn, along the rows of the rectangle around the mask."""
    ys, xs = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    top, bottom, left, right = int(ys[0]), int(ys[-1]) + 1, int(xs[0]), int(xs[-1]) + 1
    line = pixels[top:bottom, left:right].reshape(-1)
    edges = [0, *(np.flatnonzero(line[1:] != line[:-1]) + 1).tolist(), line.size]
    runs = [stop - start for start, stop in pairwise(edges)]
    text = ", ".join(map(str, [0, *runs] if line[0] else runs))
    return f'rle="{text}" left="{left}" top="{top}" width="{right - left}" height="{bottom - top}"'
