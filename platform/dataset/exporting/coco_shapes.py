"""Shapes as COCO's segmentations: polygons, or pixels as compressed run lengths where a polygon has holes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataset.exporting.types import ExportImage
from dataset.importing.coco_shapes import OWN
from science.shapes.finer import Finer, Mask, Polygon, Ring, TurnedBox, mask_of_pixels
from science.shapes.masks import pixels_of
from science.shapes.measures import area_of, corners_of
from science.shapes.packed import unpack
from science.shapes.packed_polygons import IS_BOX
from science.shapes.polygons import filled, polygons_of
from science.shapes.shape_json import as_json, short


class ImageSizes:
    """Height and width of images by id; of a million, tuples would take a hundred megabytes."""

    def __init__(self) -> None:
        self._numbers = array("q")

    def add(self, images: Sequence[ExportImage]) -> None:
        """Those that come next, by rising id."""
        for image in images:
            self._numbers.extend((image.id, image.height, image.width))

    def of(self, image_id: int) -> tuple[int, int]:
        """Height and width of an image that was added."""
        rows = np.frombuffer(self._numbers, np.int64).reshape(-1, 3)
        _, height, width = rows[np.searchsorted(rows[:, 0], image_id)].tolist()
        return height, width


def shape_fields(packed: bytes, box: NDArray[np.float32], size: tuple[int, int], stated: float) -> dict[str, Any]:
    """What a record says of a shape; `size` is its image's, `stated` its area where one is, `box` xyxy.

    What an import would not see in the segmentation stands beside it in our own form: holes, and that an outline that
    is its box was drawn.
    """
    shape = unpack(packed)
    found: dict[str, Any] = {} if stated > 0 else {"area": round(area_of(shape), 2)}
    if isinstance(shape, Polygon) and (has_holes(shape) or is_box(shape, box)):
        found[OWN] = as_json(shape)
    return found | {"segmentation": segmentation_of(shape, size)}


def segmentation_of(shape: Finer, size: tuple[int, int]) -> Any:
    """The shape as COCO has it, on an image of that height and width."""
    if isinstance(shape, TurnedBox):
        return [corners_of(shape).round(3).reshape(-1).tolist()]
    if isinstance(shape, Polygon):
        if not has_holes(shape):
            return [short(part[0].reshape(-1)).tolist() for part in shape.parts]
        pixels = pixels_of_polygon(shape, size)
        shape = mask_of_pixels(pixels) if pixels.any() else Mask(*size, np.array([pixels.size]))
    given = as_json(shape)
    return {"size": given["size"], "counts": given["counts"]}


def has_holes(polygon: Polygon) -> bool:
    return any(len(part) > 1 for part in polygon.parts)


def is_box(polygon: Polygon, box: NDArray[np.float32]) -> bool:
    """Whether an import would take the outline for its box and nothing more."""
    (first, *others) = polygon.rings()
    bounds = np.concatenate([first.min(axis=0), first.max(axis=0)])
    return not others and len(first) == 4 and bool((np.abs(bounds - box) <= 2 * IS_BOX).all())


def pixels_of_polygon(polygon: Polygon, size: tuple[int, int]) -> NDArray[np.bool_]:
    """(height, width) the pixels of any part, its holes left out."""
    covered = np.zeros(size, np.bool_)
    for outer, *holes in polygon.parts:
        inside = pixels_of_ring(outer, size)
        for hole in holes:
            inside &= ~pixels_of_ring(hole, size)
        covered |= inside
    return covered


def pixels_of_ring(ring: Ring, size: tuple[int, int]) -> NDArray[np.bool_]:
    height, width = (np.array([side], np.int32) for side in size)
    return pixels_of(filled(polygons_of([[ring.reshape(-1).tolist()]]), height, width), 0)
