"""Whether a shape that somebody gave can be one of its image."""

from __future__ import annotations

from science.shapes.finer import BadShape, Finer, Mask
from science.shapes.measures import box_of


def check_inside(shape: Finer, width: int, height: int) -> None:
    """Raise ``BadShape`` for a mask of another size than the image's, in pixels, and for what lies outside of it."""
    if isinstance(shape, Mask):
        if (shape.width, shape.height) != (width, height):
            raise BadShape(f"pixels of {shape.width} × {shape.height}, and its image has {width} × {height}")
        return
    x1, y1, x2, y2 = box_of(shape).tolist()
    if x1 >= width or y1 >= height or x2 <= 0 or y2 <= 0:
        raise BadShape(f"no part inside the image, which is {width} × {height} pixels")
