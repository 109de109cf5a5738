"""Bars: lengths with their names, and counts by score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curate.reports.document.drawing.frame import FAINT, INK, Scale, drawing, svg_line, svg_rect, svg_text, ticks
from curate.reports.document.markup import Markup, tag

ROW = 24.0


@dataclass(frozen=True)
class BarRow:
    """A length with its name, what stands behind it, and a note. `gap`: some room above it."""

    name: str
    value: float
    shown: str
    note: str = ""
    colour: str = INK
    gap: bool = False


def bars(rows: Sequence[BarRow], *, label: str, width: float = 560.0, named: float = 190.0) -> Markup:
    """Bars from 0 on one scale, a row each."""
    scale = Scale(0, max([1e-9, *(row.value for row in rows)]), named, width - 150)
    shapes, top = [], 0.0
    for row in rows:
        top += 10 if row.gap else 0
        shapes.append(_row(row, scale, top, width))
        top += ROW
    axis = svg_line(named, 0, named, top, FAINT)
    return drawing(width, top, shapes, axis, label=label, class_="chart wide")


def _row(row: BarRow, scale: Scale, top: float, width: float) -> list[Markup]:
    middle, end = top + ROW / 2 + 4, scale(row.value)
    return [
        svg_text(scale.start - 8, middle, row.name, anchor="end", fill=INK),
        svg_rect(scale.start, top + 5, end - scale.start, ROW - 10, row.colour),
        svg_text(end + 6, middle, row.shown, fill=INK, bold=True),
        svg_text(width, middle, row.note, anchor="end", fill=FAINT),
    ]


@dataclass(frozen=True)
class Layer:
    """Counts of each bin, drawn on the layers before it."""

    name: str
    counts: Sequence[int]
    colour: str


def histogram(edges: Sequence[float], layers: Sequence[Layer], *, label: str, x_name: str, y_name: str) -> Markup:
    """Counts by bin, the layers upon each other, their names at the right."""
    width, height = 440.0, 270.0
    sums = [sum(column) for column in zip(*(layer.counts for layer in layers), strict=True)]
    x, y = Scale(0, 1, 44, width - 8), Scale(0, max([1, *sums]), height - 34, 16)
    grid = [svg_line(x.start, y(one), x.end, y(one)) for one in ticks(0, y.high)]
    left = [svg_text(x.start - 6, y(one) + 4, f"{one:,.0f}", anchor="end", fill=FAINT) for one in ticks(0, y.high)]
    below = [svg_text(x(one), y.start + 15, f"{one:g}", anchor="middle", fill=FAINT) for one in ticks(0, 1)]
    names = [svg_text(x.end, height - 4, x_name, anchor="end"), svg_text(0, 9, y_name)]
    stacks, legend = _stacks(edges, layers, x, y), _legend(layers, x.end)
    return drawing(width, height, grid, left, below, stacks, legend, names, label=label)


def _stacks(edges: Sequence[float], layers: Sequence[Layer], x: Scale, y: Scale) -> list[Markup]:
    shapes, below = [], [0] * (len(edges) - 1)
    for layer in layers:
        for place, count in enumerate(layer.counts):
            left, right = x(edges[place]), x(edges[place + 1])
            foot, head = y(below[place]), y(below[place] + count)
            title = tag("title", f"{edges[place]:g}–{edges[place + 1]:g}: {count:,} ({layer.name})")
            shapes.append(tag("g", title, svg_rect(left + 0.5, head, right - left - 1, foot - head, layer.colour)))
            below[place] += count
    return shapes


def _legend(layers: Sequence[Layer], right: float) -> list[Markup]:
    """Names in the colours of the layers, the upper first."""
    return [
        svg_text(right, 28 + 15 * place, layer.name, anchor="end", fill=layer.colour, halo=True, bold=True)
        for place, layer in enumerate(reversed(layers))
    ]
