"""Polygons made sound: rings that cross themselves taken apart, and what is outside or painted over cut off.

The one file that knows shapely, whose GEOS does both. A polygon that is sound and inside stays as it is, bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from science.shapes.finer import Polygon, Ring, polygon_of

OUTSIDE = 1.0  # pixels: what reaches out by less is rounding, and is cut off without a word


class MendedPolygon(NamedTuple):
    """What is left of a polygon, None where that is nothing; whether it crossed itself, and whether it was cut."""

    polygon: Polygon | None
    crossed: bool = False
    cut: bool = False


def mended_polygon(polygon: Polygon, width: float, height: float) -> MendedPolygon:
    """The part of a polygon that lies in an image of that size, pixels, with rings that do not cross themselves."""
    out = _reach_out(polygon, width, height)
    pieces = [shapely.Polygon(part[0], part[1:]) for part in polygon.parts]
    crossed = not all(shapely.is_valid(pieces))
    if not crossed and out <= 0:
        return MendedPolygon(polygon)
    if crossed:
        pieces = [shapely.make_valid(piece, method="structure", keep_collapsed=False) for piece in pieces]
    if out > 0:
        frame = shapely.box(0, 0, width, height)
        pieces = [shapely.intersection(piece, frame) for piece in pieces]
    parts = [part for piece in pieces for part in _parts_of(piece)]
    left = polygon_of(parts) if parts else None
    return MendedPolygon(left, crossed, out > OUTSIDE)


def _reach_out(polygon: Polygon, width: float, height: float) -> float:
    """By how many pixels it reaches out of the image at most; 0 or less where it does not."""
    xy = np.concatenate([part[0] for part in polygon.parts])
    return float(max(-xy.min(), (xy - np.array([width, height], np.float64)).max()))


def _parts_of(piece: BaseGeometry) -> Iterator[list[NDArray[np.float64]]]:
    """Outer ring and holes of each polygon in what GEOS gave back; lines and points that it left over are nothing."""
    for one in shapely.get_parts(piece):
        if isinstance(one, shapely.Polygon) and not one.is_empty and one.area > 0:
            yield [np.asarray(ring.coords, np.float64)[:-1] for ring in (one.exterior, *one.interiors)]


def in_sight(polygons: Sequence[Polygon]) -> list[Polygon | None]:
    """What can be seen of each of some polygons that were painted one over the other; None where that is nothing.

    One that nothing was painted over stays as it is, bit by bit.
    """
    pieces = [_sound(polygon) for polygon in polygons]
    found: list[Polygon | None] = []
    for at, piece in enumerate(pieces):
        over = [later for later in pieces[at + 1 :] if shapely.intersects(piece, later)]
        if not over:
            found.append(polygons[at])
            continue
        parts = list(_parts_of(shapely.difference(piece, shapely.union_all(over))))
        found.append(polygon_of(parts) if parts else None)
    return found


def _sound(polygon: Polygon) -> BaseGeometry:
    pieces = [shapely.Polygon(part[0], part[1:]) for part in polygon.parts]
    return shapely.union_all(shapely.make_valid(pieces, method="structure", keep_collapsed=False))


def with_fewer_points(polygon: Polygon, tolerance: float) -> Polygon:
    """The polygon without points that lie within so many pixels of its outline; no ring crosses itself."""
    pieces = [shapely.simplify(shapely.Polygon(part[0], part[1:]), tolerance) for part in polygon.parts]
    parts = [part for piece in pieces for part in _parts_of(piece)]
    return polygon_of(parts) if parts else polygon


def smallest_turned(points: Ring) -> list[tuple[float, float]]:
    """The four corners, in order, of the smallest turned box around points (P, 2); none where they lie on a line."""
    found = shapely.minimum_rotated_rectangle(shapely.MultiPoint(points))
    if not isinstance(found, shapely.Polygon):
        return []
    return [(float(x), float(y)) for x, y in found.exterior.coords[:4]]
