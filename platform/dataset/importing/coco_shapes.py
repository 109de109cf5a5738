"""The shapes of COCO's records: polygons of several parts, masks as run lengths, plain or compressed.

COCO has no holes and no turned boxes but as CVAT writes them; Halfday's own export says in `finer_shape` what the
segmentation cannot say.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataset.importing.segments import decompressed, numbers_of
from science.shapes.finer import BadShape, mask_of
from science.shapes.packed import pack
from science.shapes.packed_polygons import NOTHING, PACKED, TOO_MANY, WILD, packed_polygons
from science.shapes.polygons import Polygons
from science.shapes.shape_json import from_json

OWN = "finer_shape"
SHAPE_KEYS = frozenset({"segmentation", OWN})
NUMBERS = {int, float}  # not bool
REASONS = {
    NOTHING: "no ring of three points or more",
    WILD: "a point that lies in no image",
    TOO_MANY: "more points than a shape may have",
}

Record = dict[str, Any]
Found = dict[int, bytes | BadShape]  # by place among the records: few have none


def shapes_of_records(records: list[Record], boxes: NDArray[np.float64]) -> Found:
    """The packed shapes of records, or why they are none; `boxes` (N, 4) xywh. What is a box anew is left out."""
    found: Found = {}
    drawn: dict[int, list[list[float]]] = {}
    for place, record in enumerate(records):
        given = record.get("segmentation")
        if isinstance(record.get(OWN), dict):
            found[place] = own_shape(record[OWN])
        elif isinstance(given, dict) and given:
            found[place] = mask_of_record(given)
        elif isinstance(given, list) and (rings := rings_of(given)):
            drawn[place] = rings
    return found | packed_rings(drawn, boxes)


def own_shape(given: Record) -> bytes | BadShape:
    """A shape that our own export has written beside the segmentation."""
    try:
        return pack(from_json(given))
    except BadShape as bad:
        return bad


def mask_of_record(given: Record) -> bytes | BadShape:
    """A mask by its size and its run lengths."""
    size, counts = given.get("size"), given.get("counts")
    if not isinstance(size, list) or len(size) != 2:
        return BadShape('a mask without a "size" of height and width')
    runs = decompressed(counts) if isinstance(counts, str) else counts
    if not isinstance(runs, list):
        return BadShape('a mask whose "counts" cannot be read')
    try:
        return pack(mask_of(size[0], size[1], runs))
    except BadShape as bad:
        return bad


def rings_of(given: list[Any]) -> list[list[float]]:
    """A segmentation's rings, each x, y, x, y …; also one that stands by itself, in pairs, or in quotes."""
    rings = given if given and isinstance(given[0], list) and not is_point(given[0]) else [given]
    flat = [numbers_of(ring) for ring in rings if isinstance(ring, list) and ring]
    if not set(map(type, chain.from_iterable(flat))) <= NUMBERS:
        flat = [[value if type(value) in NUMBERS else np.nan for value in ring] for ring in flat]
    return [ring[: len(ring) // 2 * 2] for ring in flat]


def is_point(given: list[Any]) -> bool:
    """Whether it is one point of a ring, and not a ring."""
    return len(given) == 2 and not isinstance(given[0], list)


def packed_rings(drawn: dict[int, list[list[float]]], boxes: NDArray[np.float64]) -> Found:
    """The shapes of rings, by place."""
    if not drawn:
        return {}
    rings = [ring for one in drawn.values() for ring in one]
    xy = np.fromiter(chain.from_iterable(rings), np.float64).reshape(-1, 2)
    ring = np.concatenate([[0], np.cumsum([len(one) // 2 for one in rings])]).astype(np.int64)
    first = np.concatenate([[0], np.cumsum([len(one) for one in drawn.values()])]).astype(np.int64)
    places = np.array(list(drawn), np.int64)
    return dict(packed_at(Polygons(xy, ring, first), boxes[places], places))


def packed_at(
    polygons: Polygons, boxes: NDArray[np.float64], places: NDArray[np.int64]
) -> Iterator[tuple[int, bytes | BadShape]]:
    """Each shape, or why it is none, with its place; `boxes` (N, 4) xywh."""
    corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    found = packed_polygons(polygons, corners)
    for place, packed, how in zip(places.tolist(), found.packed, found.how.tolist(), strict=True):
        if how == PACKED:
            yield place, packed
        elif how in REASONS:
            yield place, BadShape(REASONS[how])
