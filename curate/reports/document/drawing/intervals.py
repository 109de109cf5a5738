"""Figures with their intervals, one row of a table each, all rows on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curate.reports.document.drawing.frame import (
    DIM,
    FAINT,
    INK,
    LINE,
    TRACK,
    Scale,
    drawing,
    finite_values,
    svg_line,
    svg_rect,
    svg_text,
    ticks,
)
from curate.reports.document.markup import Markup, tag

WIDTH, HEIGHT = 190.0, 18.0


def scale_of(rows: Sequence[Any]) -> Scale:
    """From 0 to the highest end of the rows' `AP` and `interval`."""
    ends = finite_values([end for row in rows for end in (row["AP"], row["interval"]["high"])])
    return Scale(0, max([0.1, *ends]) * 1.03, 4, WIDTH - 4)


def around_zero(rows: Sequence[Any], smallest: float | None = None) -> Scale:
    """As far to both sides of 0 as the rows' `low`, `high` and `value`, and the smallest that can be shown, reach."""
    ends = [abs(end) for row in rows for end in finite_values([row["low"], row["high"], row["value"]])]
    reach = max([0.01, smallest or 0.0, *ends]) * 1.06
    return Scale(-reach, reach, 4, WIDTH - 4)


def interval_axis(scale: Scale, signed: bool = False) -> Markup:
    """The scale's numbers in points, for the head of the column."""
    plus = "+" if signed else ""
    named = [(one, f"{one * 100:{plus if one else ''}g}".replace("-", "−")) for one in ticks(scale.low, scale.high, 4)]
    marks = [svg_text(scale(one), 11, name, anchor="middle", fill=FAINT) for one, name in named]
    return drawing(WIDTH, 14, marks, label="", class_="cell")


def interval_row(
    scale: Scale, value: float | None, low: float | None, high: float | None, *, colour: str = INK,
    band: float | None = None, reference: float | None = None,
) -> Markup:  # fmt: skip
    """A dot and its interval. `band`: a grey stretch around 0; `reference`: a dashed line, such as that of all."""
    grid = [svg_line(scale(one), 0, scale(one), HEIGHT) for one in ticks(scale.low, scale.high, 4)]
    shapes: list[Markup] = []
    if band:
        shapes.append(svg_rect(scale(-band), 0, scale(band) - scale(-band), HEIGHT, TRACK))
    shapes += grid
    if scale.low < 0:
        shapes.append(svg_line(scale(0), 0, scale(0), HEIGHT, DIM))
    if reference is not None:
        shapes.append(svg_line(scale(reference), 0, scale(reference), HEIGHT, FAINT, 1, "2 2"))
    middle = HEIGHT / 2
    if low is not None and high is not None:
        shapes.append(svg_line(scale(low), middle, scale(high), middle, colour, 2))
        shapes += [svg_line(scale(end), middle - 3, scale(end), middle + 3, colour, 1) for end in (low, high)]
    if value is not None:
        shapes.append(tag("circle", cx=scale(value), cy=middle, r=3.5, fill=colour))
    return drawing(WIDTH, HEIGHT, svg_rect(0, HEIGHT - 0.5, WIDTH, 0.5, LINE, 0), shapes, label="", class_="cell")
