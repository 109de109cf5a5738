"""The confusion matrix: counts in cells, shares of a row as shades."""

from __future__ import annotations

from collections.abc import Sequence

from curate.reports.document.drawing.frame import (
    DIM,
    FAINT,
    INK,
    LINE,
    TONES,
    Scale,
    drawing,
    shortened_name,
    svg_line,
    svg_rect,
    svg_text,
)
from curate.reports.document.markup import NOTHING, Markup, tag

WIDE, NARROW, ROW, LEFT, HEAD = 46.0, 34.0, 24.0, 124.0, 86.0
PAGE, BEYOND = 904.0, 40.0  # the width of a page, and how far the last name reaches
LETTERS = 16  # of a name that fits


def matrix(
    names: Sequence[str], counts: Sequence[Sequence[int]], *, label: str, labelled: str, predicted: str,
    background: tuple[str, str],
) -> Markup:  # fmt: skip
    """Rows labelled, columns predicted, the background last on both: `background` names its column and its row."""
    rows, columns, classes = [*names, background[1]], [*names, background[0]], len(names)
    cell = min(WIDE, max(NARROW, (PAGE - LEFT - BEYOND) / len(columns)))
    x = Scale(0, len(columns), LEFT, LEFT + cell * len(columns))
    y = Scale(0, len(rows), HEAD, HEAD + ROW * len(rows))
    shapes = [_head(x(place + 0.5), name) for place, name in enumerate(columns)]
    for r, name in enumerate(rows):
        total = max(1, sum(counts[r]))
        shapes.append(_side(y(r + 0.5) + 4, name))
        shapes += [
            _cell(x(c), y(r), cell, count, count / total, _tone(r, c, classes))
            for c, count in enumerate(counts[r])
            if min(r, c) < classes
        ]
    rules = [
        svg_line(x.start, y(classes), x.end, y(classes), DIM),
        svg_line(x(classes), y.start, x(classes), y.end, DIM),
    ]
    sides = [
        svg_text(LEFT - 8, HEAD - 8, labelled + " ↓", anchor="end", fill=FAINT),
        svg_text(LEFT, 12, predicted + " →"),
    ]
    return drawing(x.end + BEYOND, y.end + 4, shapes, rules, sides, label=label, class_="chart wide")


def _head(x: float, name: str) -> Markup:
    words = tag("text", tag("title", name), shortened_name(name, LETTERS), fill=INK)
    return tag("g", words, transform=f"translate({x:.1f} {HEAD - 8:.1f}) rotate(-40)")


def _side(y: float, name: str) -> Markup:
    return tag("g", tag("title", name), svg_text(LEFT - 8, y, shortened_name(name, LETTERS), anchor="end", fill=INK))


def _tone(r: int, c: int, classes: int) -> str:
    return TONES["tp"] if r == c else TONES["fn"] if c == classes else TONES["fp"]


def _cell(x: float, y: float, width: float, count: int, share: float, tone: str) -> Markup:
    """A count on its shade; a dot where there is none."""
    ink = "#ffffff" if share > 0.5 else INK if count else FAINT
    shade = svg_rect(x + 0.5, y + 0.5, width - 1, ROW - 1, tone if count else LINE, share**0.75 if count else 0.18)
    words = svg_text(x + width / 2, y + ROW / 2 + 4, f"{count:,}" if count else "·", anchor="middle", fill=ink)
    return tag("g", tag("title", f"{count:,} ({share:.0%})") if count else NOTHING, shade, words)
