"""Edges of bins. A bin holds what is at or above its lower edge and below its upper one."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

# A factor of two in area is √2 in side: 1 px² to 4,096² px². COCO's small ends at an edge (32² = 2^10).
AREA_EDGES: tuple[float, ...] = tuple(float(2**k) for k in range(25))
# COCO's three sizes; its "medium" ends with 96².
COCO_EDGES = (0.0, 32.0**2, 96.0**2)
# Renard's R10 series: even steps on a logarithmic axis, with edges that can be read.
_R10 = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0)
ASPECT_EDGES: tuple[float, ...] = (*(round(step * scale, 4) for scale in (0.1, 1.0) for step in _R10), 10.0)
# Per cent of the image's area, by the R5 series: 0.001 % to all of it.
PERCENT_EDGES: tuple[float, ...] = (*(float(f"{step}e{scale}") for scale in range(-3, 2) for step in _R10[::2]), 100.0)
# Cells of the heat map, in per cent of the image: nearly square on a wide image.
ACROSS_EDGES: tuple[float, ...] = tuple(float(percent) for percent in range(0, 101, 5))
DOWN_EDGES: tuple[float, ...] = tuple(float(percent) for percent in range(0, 101, 10))
WANTED_BINS = 20
BOX_STEPS = (1, 2, 5)


def nice_edges(low: float, high: float, wanted: int = WANTED_BINS) -> list[float]:
    """Edges at multiples of 1, 2 or 5 × 10^k that hold `low` to `high`, at most about `wanted` bins.

    Edges are the shortest decimals that name them, so that a query line can say them exactly.
    """
    span = high - low
    if not (math.isfinite(low) and math.isfinite(high)) or span < 0:
        raise ValueError(f"no range: {low} to {high}")
    exponent, factor = _step(span or max(abs(high), 1.0), wanted)
    step = factor * 10.0**exponent
    first, last = math.floor(low / step + 1e-9), math.floor(high / step + 1e-9)
    return [_decimal(place * factor, exponent) for place in range(first, last + 2)]


def _step(span: float, wanted: int) -> tuple[int, int]:
    """(exponent, factor) of the smallest round step that needs at most `wanted` bins."""
    exponent = math.floor(math.log10(span / wanted))
    for factor in (1, 2, 5, 10):
        if factor * 10.0**exponent * wanted >= span * (1 - 1e-9):
            break
    return (exponent + 1, 1) if factor == 10 else (exponent, factor)


def _decimal(digits: int, exponent: int) -> float:
    return float(digits * 10**exponent) if exponent >= 0 else float(f"{digits}e{exponent}")


def count_edges(most: int, wanted: int = WANTED_BINS) -> list[int]:
    """Edges for whole numbers 0 to `most`: zero by itself, then runs of a round length, up to `wanted` of them."""
    step = next(
        (s * 10**k for k in range(9) for s in BOX_STEPS if s * 10**k * wanted >= most),
        10**9,
    )
    return [0, *range(1, most + step + 1, step)] if most else [0, 1]


def day_edges(first: datetime, last: datetime, wanted: int = 60) -> tuple[str, list[datetime]]:
    """The finest of hour, day, month and year of which at most `wanted` hold both moments, and its edges in UTC."""
    first, last = first.astimezone(UTC), last.astimezone(UTC)
    for unit in ("hour", "day", "month"):
        if _units_between(unit, first, last) < wanted:
            break
    else:
        unit = "year"
    edges = [_floor(unit, first)]
    while edges[-1] <= last:
        edges.append(_next(unit, edges[-1]))
    return unit, edges


def _units_between(unit: str, first: datetime, last: datetime) -> float:
    if unit == "month":
        return (last.year - first.year) * 12 + last.month - first.month
    return (last - first) / (timedelta(hours=1) if unit == "hour" else timedelta(days=1))


def _floor(unit: str, moment: datetime) -> datetime:
    parts = {"hour": 4, "day": 3, "month": 2, "year": 1}[unit]
    values = [moment.year, moment.month, moment.day, moment.hour][:parts]
    return datetime(*(values + [1, 1][parts - 1 :] if parts < 3 else values), tzinfo=UTC)  # type: ignore[arg-type, misc]


def _next(unit: str, start: datetime) -> datetime:
    if unit == "hour":
        return start + timedelta(hours=1)
    if unit == "day":
        return start + timedelta(days=1)
    if unit == "month":
        return datetime(start.year + start.month // 12, start.month % 12 + 1, 1, tzinfo=UTC)
    return datetime(start.year + 1, 1, 1, tzinfo=UTC)
