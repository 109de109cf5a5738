"""The one form in JSON that a shape has in the API, on the pages and in the tasks of Label.

{"kind": "polygon", "parts": [[[[x, y], …], hole …], …]}
{"kind": "turned", "centre": [x, y], "size": [width, height], "angle": degrees clockwise}
{"kind": "mask", "size": [height, width], "counts": "COCO's compressed runs"}
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.shapes.finer import BadShape, Finer, Mask, Polygon, TurnedBox, mask_of, polygon_of, turned_box_of
from science.shapes.rle_text import counts_of_text, text_of_counts

KEYS = {
    "polygon": {"kind", "parts"},
    "turned": {"kind", "centre", "size", "angle"},
    "mask": {"kind", "size", "counts"},
}


def as_json(shape: Finer) -> dict[str, Any]:
    """Return what ``orjson`` can write; numbers have as few digits as 32-bit floats need."""
    if isinstance(shape, Polygon):
        return {"kind": "polygon", "parts": [[short(ring).tolist() for ring in part] for part in shape.parts]}
    if isinstance(shape, TurnedBox):
        x, y, width, height, angle = short(
            np.array([shape.x, shape.y, shape.width, shape.height, shape.angle], np.float32)
        ).tolist()
        return {"kind": "turned", "centre": [x, y], "size": [width, height], "angle": angle}
    return {"kind": "mask", "size": [shape.height, shape.width], "counts": text_of_counts(shape.counts.tolist())}


def short(numbers: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the 64-bit floats of the fewest digits that are these as 32-bit floats."""
    rounded: NDArray[np.float64] = np.rint(numbers.astype(np.float64) * 1000) / 1000
    if np.array_equal(rounded.astype(np.float32), numbers):
        return rounded
    return numbers.astype("U32").astype(np.float64)


def from_json(given: Any) -> Finer:
    """Return the shape that somebody sent. Raises ``BadShape``, which reads on from "the shape has …"."""
    if not isinstance(given, dict) or given.get("kind") not in [*KEYS]:
        raise BadShape('no "kind" that is one of polygon, turned and mask')
    kind = given["kind"]
    missing = sorted(KEYS[kind] - set(given))
    if missing:
        raise BadShape(f'no "{missing[0]}", which a {kind} needs')
    if unknown := sorted(set(given) - KEYS[kind]):
        raise BadShape(f'a "{unknown[0]}", which is nothing of a {kind}')
    if kind == "polygon":
        return _polygon(given["parts"])
    if kind == "turned":
        return turned_box_of(*_pair(given, "centre"), *_pair(given, "size"), given["angle"])
    return _mask(given)


def _polygon(parts: Any) -> Polygon:
    if not isinstance(parts, list) or not all(isinstance(part, list) for part in parts):
        raise BadShape('"parts" that are no list of lists of rings')
    return polygon_of(parts)


def _pair(given: dict[str, Any], name: str) -> tuple[Any, Any]:
    pair = given[name]
    if not isinstance(pair, list) or len(pair) != 2:
        raise BadShape(f'a "{name}" that is not two numbers')
    return pair[0], pair[1]


def _mask(given: dict[str, Any]) -> Mask:
    height, width = _pair(given, "size")
    if not isinstance(given["counts"], str):
        raise BadShape('"counts" that are no text')
    try:
        counts = counts_of_text(given["counts"])
    except ValueError as error:
        raise BadShape(f'"counts" that cannot be read: {error}') from None
    return mask_of(height, width, counts)
