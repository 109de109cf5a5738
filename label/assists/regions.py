"""What of an image is looked at around a loose box. Pure."""

from __future__ import annotations

Region = tuple[int, int, int, int]  # xyxy whole pixels

CROP = 160  # pixels of the crop's longer side: bounds the time, see benchmarks/assist.py
AROUND = 0.25  # of the box's sides, on each side
LEAST_AROUND = 6.0  # pixels


def region_around(size: tuple[int, int], box: tuple[float, float, float, float]) -> Region:
    """The box with some of what is around it, whole pixels inside an image of that width and height."""
    x1, y1, x2, y2 = box
    dx, dy = max(LEAST_AROUND, AROUND * (x2 - x1)), max(LEAST_AROUND, AROUND * (y2 - y1))
    left, top = max(0, int(x1 - dx)), max(0, int(y1 - dy))
    return left, top, min(size[0], int(x2 + dx) + 1), min(size[1], int(y2 + dy) + 1)
