"""The confusion matrix: counts in cells, shares of a row as shades."""

from __future__ import annotations

from collections.abc import Sequence

from curate.reports.drawing.frame import DIM, FAINT, INK, LINE, TONES, drawing, line, rect, shortened, text
from curate.reports.markup import Markup, tag

CELL, ROW, LEFT, HEAD = 46.0, 24.0, 124.0, 86.0
LETTERS = 16  # of a name that fits


def matrix(
    names: Sequence[str], counts: Sequence[Sequence[int]], *, label: str, labelled: str, predicted: str,
    background: tuple[str, str],
) -> Markup:  # fmt: skip
    """Rows labelled, columns predicted, the background last on both: `background` names its column and its row."""
    rows, columns = [*names, background[1]], [*names, background[0]]
    width, height = LEFT + CELL * len(columns) + 40, HEAD + ROW * len(rows) + 4
    shapes = [_head(place, name) for place, name in enumerate(columns)]
    for r, name in enumerate(rows):
        shapes.append(_side(r, name))
        total = sum(counts[r])
        shapes += [_cell(r, c, count, count / total if total else 0.0, len(names)) for c, count in enumerate(counts[r])]
    middle = HEAD + ROW * len(names)
    rules = [line(LEFT, middle, LEFT + CELL * len(columns), middle, DIM)]
    rules.append(line(LEFT + CELL * len(names), HEAD, LEFT + CELL * len(names), height - 4, DIM))
    sides = [
        text(LEFT - 8, HEAD - 8, labelled + " ↓", anchor="end", fill=FAINT),
        text(0, 12, predicted + " →", fill=FAINT),
    ]
    return drawing(width, height, shapes, rules, sides, label=label, class_="chart wide")


def _head(place: int, name: str) -> Markup:
    x, y = LEFT + CELL * (place + 0.5), HEAD - 8
    words = tag("text", tag("title", name), shortened(name, LETTERS), fill=INK)
    return tag("g", words, transform=f"translate({x:.1f} {y:.1f}) rotate(-40)")


def _side(place: int, name: str) -> Markup:
    y = HEAD + ROW * place + ROW / 2 + 4
    return tag("g", tag("title", name), text(LEFT - 8, y, shortened(name, LETTERS), anchor="end", fill=INK))


def _cell(r: int, c: int, count: int, share: float, classes: int) -> Markup:
    if r == classes and c == classes:
        return Markup("")
    x, y = LEFT + CELL * c, HEAD + ROW * r
    tone = TONES["tp"] if r == c else TONES["fp"] if r == classes else TONES["fn"] if c == classes else TONES["fp"]
    ink = "#ffffff" if share > 0.5 else INK if count else FAINT
    shade = rect(x + 0.5, y + 0.5, CELL - 1, ROW - 1, tone if count else LINE, share**0.75 if count else 0.18)
    words = text(x + CELL / 2, y + ROW / 2 + 4, f"{count:,}" if count else "·", anchor="middle", fill=ink)
    return tag("g", tag("title", f"{count:,} ({share:.0%})"), shade, words)
