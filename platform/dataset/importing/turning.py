"""What is kept of a turned box beside the box around it: its angle, and the box before it was turned."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from science.geometry import turned

TURNED, BEFORE = "rotation", "rotated_box"
STILL = 1.0  # pixels by which the box may have been moved since, and be the same
DIGITS = 4  # after the point: finer than a float32 of an image's size


def angle_of(attributes: Mapping[str, Any]) -> float | None:
    """The angle in degrees that attributes say, from 0 to 360; None where a box is not turned."""
    value = attributes.get(TURNED)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value % 360 if turned.is_turned(value) else None


def as_attributes(before: Sequence[float], degrees: float) -> dict[str, Any]:
    """The attributes of a turned box. `before`: xyxy pixels, as it was before it was turned."""
    return {TURNED: round(degrees % 360, DIGITS), BEFORE: [round(float(value), DIGITS) for value in before]}


def taken_back(
    attributes: Mapping[str, Any] | None, box: Sequence[float], width: float, height: float
) -> tuple[list[float], dict[str, Any]] | None:
    """The box as it was before it was turned, and its attributes with the angle alone, as other tools write it.

    None where the box is not turned, or has been moved since: then it is a box like others. `box` is the one around
    it, cut to the image.
    """
    given = attributes or {}
    degrees, before = angle_of(given), given.get(BEFORE)
    if degrees is None or not isinstance(before, list) or len(before) != 4 or not all(map(is_number, before)):
        return None
    x1, y1, x2, y2 = turned.around_turned(before, degrees)
    around = (max(x1, 0), max(y1, 0), min(x2, width), min(y2, height))
    if max(abs(one - other) for one, other in zip(around, box, strict=True)) > STILL:
        return None
    return before, {key: value for key, value in given.items() if key != BEFORE}


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
