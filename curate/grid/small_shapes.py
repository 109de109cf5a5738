"""Shapes as cells of the grid draw them: outlines with no more points than one can see in a cell."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from science.shapes.finer import Polygon
from science.shapes.measures import box_of
from science.shapes.packed import unpack
from science.shapes.shape_json import as_json

FINE = 100  # of the longer side of the box around it: what lies within a hundredth of that is not drawn


@lru_cache(maxsize=20_000)
def small_shape(packed: bytes) -> dict[str, Any]:
    """A shape as JSON, a polygon with few points; pages are asked for again and again."""
    shape = unpack(packed)
    if not isinstance(shape, Polygon):
        return as_json(shape)
    from science.shapes.mending import with_fewer_points  # shapely is loaded where there are polygons

    x1, y1, x2, y2 = box_of(shape).tolist()
    return as_json(with_fewer_points(shape, max(x2 - x1, y2 - y1) / FINE))
