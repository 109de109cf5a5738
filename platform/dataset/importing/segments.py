"""The box around a COCO segmentation: polygons, or a mask as run lengths, plain or compressed.

Run lengths go down the columns, outside first; the compressed form writes each as base-32 digits from character 48 on,
from the third one the difference to the one before the last (pycocotools' maskApi.c).
"""

import math
from itertools import accumulate, pairwise
from typing import Any

Box = tuple[float, float, float, float]  # xywh pixels

FAR = 1e7
LONGEST = 10_000_000  # characters of a mask


def box_around(segmentation: Any) -> Box | None:
    """Left, top, width, height; None where there is nothing in it, or it is no segmentation."""
    if isinstance(segmentation, dict):
        return around_mask(segmentation)
    if not isinstance(segmentation, list):
        return None
    rings = segmentation if segmentation and isinstance(segmentation[0], list) else [segmentation]
    flat = [numbers_of(ring) for ring in rings if isinstance(ring, list)]
    numbers = [value for ring in flat if len(ring) >= 6 for value in ring[: len(ring) // 2 * 2]]
    if not numbers or not all(type(value) in (int, float) and abs(value) < FAR for value in numbers):
        return None
    xs, ys = numbers[0::2], numbers[1::2]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def numbers_of(ring: list[Any]) -> list[Any]:
    """A polygon's numbers, also where they stand in pairs or in quotes."""
    if ring and all(isinstance(pair, list) and len(pair) == 2 for pair in ring):
        ring = [value for pair in ring for value in pair]
    try:
        return [float(value) if isinstance(value, str) else value for value in ring]
    except ValueError:
        return ring


def around_mask(mask: dict[str, Any]) -> Box | None:
    size, counts = mask.get("size"), mask.get("counts")
    if not isinstance(size, list) or len(size) != 2 or not all(type(side) is int and 0 < side < FAR for side in size):
        return None
    runs = decompressed(counts) if isinstance(counts, str) else counts
    if not isinstance(runs, list) or not all(type(run) is int and run >= 0 for run in runs):
        return None
    return around_runs(runs, size[0])


def around_runs(runs: list[int], height: int) -> Box | None:
    """The box around the second, fourth, … run down the columns of a mask of that height."""
    left, right, top, bottom = math.inf, -1.0, math.inf, -1.0
    for number, (start, stop) in enumerate(pairwise(accumulate(runs, initial=0))):
        if number % 2 == 0 or start == stop:
            continue
        first, last = start // height, (stop - 1) // height
        left, right = min(left, first), max(right, last)
        top = min(top, start % height if first == last else 0)
        bottom = max(bottom, (stop - 1) % height if first == last else height - 1)
    return None if right < 0 else (left, top, right - left + 1, bottom - top + 1)


def decompressed(text: str) -> list[int] | None:
    """The run lengths of a compressed mask; None where it is none."""
    runs: list[int] = []
    value = shift = 0
    if len(text) > LONGEST:
        return None
    for sign in text:
        digit = ord(sign) - 48
        if not 0 <= digit < 64 or shift > 60:
            return None
        value |= (digit & 0x1F) << shift
        shift += 5
        if digit & 0x20:
            continue
        if digit & 0x10:
            value -= 1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        value = shift = 0
    return runs if shift == 0 else None
