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


def upright_box(attributes: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """The box around the turned one that `as_attributes` describes; of its rounded numbers, so that it comes back."""
    return turned.around_turned(attributes[BEFORE], attributes[TURNED])


def own_area(attributes: Mapping[str, Any]) -> float:
    """Square pixels of the turned box itself, which is less than the box around it."""
    x1, y1, x2, y2 = attributes[BEFORE]
    return float(max(x2 - x1, 0) * max(y2 - y1, 0))


def taken_back(attributes: Mapping[str, Any], box: Sequence[float]) -> tuple[list[float] | None, dict[str, Any]]:
    """What is written of a box with an angle: as it was before it was turned, and attributes with the angle alone.

    None, and no angle, where the box has been moved since: then it is a box like others. `box` is the one around it,
    maybe cut to its image.
    """
    degrees, before = angle_of(attributes), attributes.get(BEFORE)
    if not isinstance(before, list) or len(before) != 4 or not all(map(is_number, before)):
        return None, dict(attributes)
    others = {key: value for key, value in attributes.items() if key != BEFORE}
    if degrees is None or not is_same(turned.around_turned(before, degrees), box):
        return None, {key: value for key, value in others.items() if key != TURNED}
    return before, others


def is_same(whole: Sequence[float], box: Sequence[float]) -> bool:
    """Whether a box is the whole one, or what an image left of it: borders lie at 0, or at a whole number of pixels."""
    near = [abs(one - other) <= STILL for one, other in zip(whole, box, strict=True)]
    cut = [whole[0] < box[0] == 0, whole[1] < box[1] == 0]
    cut += [box[side] < whole[side] and float(box[side]).is_integer() for side in (2, 3)]
    return all(one or other for one, other in zip(near, cut, strict=True))


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
