"""Lines over a share from 0 to 1: precision over recall, F1 over confidence, calibration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from curate.reports.document.drawing.frame import DIM, FAINT, INK, LINE, Scale, drawing, svg_line, svg_path, svg_text
from curate.reports.document.markup import Markup, tag

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
PLACES = [0.08 + 0.06 * place for place in range(15)]  # where along x a line may carry its name


@dataclass(frozen=True)
class CurveLine:
    """A curve with its name; y None where there is no value."""

    name: str
    x: Sequence[float]
    y: Sequence[float | None]
    colour: str = INK
    width: float = 1.5
    dash: str = ""

    def at(self, x: float) -> float | None:
        """y at the nearest x."""
        if not self.x:
            return None
        place = min(range(len(self.x)), key=lambda index: abs(self.x[index] - x))
        return self.y[place]


@dataclass(frozen=True)
class Axes:
    """Both from 0 to 1."""

    x_name: str
    y_name: str
    width: float = 440.0
    height: float = 270.0

    @property
    def x(self) -> Scale:
        return Scale(0, 1, 34, self.width - 8)

    @property
    def y(self) -> Scale:
        return Scale(0, 1, self.height - 34, 16)

    def drawn(self) -> list[Markup]:
        x, y = self.x, self.y
        grid = [svg_line(x.start, y(share), x.end, y(share)) for share in SHARES]
        left = [svg_text(x.start - 6, y(share) + 4, f"{share:g}", anchor="end", fill=FAINT) for share in SHARES]
        below = [svg_text(x(share), y.start + 15, f"{share:g}", anchor="middle", fill=FAINT) for share in SHARES]
        names = [svg_text(x.end, self.height - 4, self.x_name, anchor="end"), svg_text(0, 9, self.y_name)]
        return [*grid, *left, *below, *names]


def curves(lines: Sequence[CurveLine], axes: Axes, *, label: str, mark: tuple[float, str] | None = None) -> Markup:
    """Named curves; `mark` is a place on the x axis with its name."""
    drawn = [
        svg_path(((axes.x(x), None if y is None else axes.y(y)) for x, y in zip(one.x, one.y, strict=True)), one.colour,
             one.width, one.dash)
        for one in lines
    ]  # fmt: skip
    return drawing(
        axes.width, axes.height, axes.drawn(), _marked(mark, axes), drawn, _names(lines, axes, mark), label=label
    )


def _marked(mark: tuple[float, str] | None, axes: Axes) -> list[Markup]:
    if mark is None:
        return []
    x, name = axes.x(mark[0]), mark[1]
    anchor = "start" if mark[0] < 0.6 else "end"
    words = svg_text(x + (4 if anchor == "start" else -4), axes.y.start - 6, name, anchor=anchor, fill=INK, halo=True)
    return [svg_line(x, axes.y.start, x, axes.y.end, INK, 1, "2 2"), words]


def _names(lines: Sequence[CurveLine], axes: Axes, mark: tuple[float, str] | None) -> list[Markup]:
    """Each curve's name above it, where the other curves are farthest; not across the mark."""
    found = []
    free = [place for place in PLACES if mark is None or abs(place - mark[0]) > 0.1]
    for one in lines:
        others = [other for other in lines if other is not one]
        x = max(free, key=lambda place: _room(one, others, place))
        y = one.at(x)
        if y is not None:
            found.append(svg_text(axes.x(x), axes.y(y) - 5, one.name, anchor="middle", fill=one.colour, halo=True))
    return found


def _room(one: CurveLine, others: Sequence[CurveLine], x: float) -> float:
    """How far the nearest other curve is from where the name would stand."""
    y = one.at(x)
    if y is None or y > 0.97:
        return -1.0
    beside = [other for line in others if (other := line.at(x)) is not None]
    return min((abs(other - (y + 0.04)) for other in beside), default=1.0)


def panel(y: Sequence[float | None], beside: Sequence[float | None], *, label: str, dash: str = "3 2") -> Markup:
    """A small precision-over-recall chart: one curve filled, and one to hold it against. Both over 0 … 1 evenly."""
    x_axis, y_axis = Scale(0, 1, 1, 149), Scale(0, 1, 93, 3)
    places = [index / max(1, len(y) - 1) for index in range(len(y))]
    curve = [(x_axis(x), None if one is None else y_axis(one)) for x, one in zip(places, y, strict=True)]
    ghost = [(x_axis(x), None if one is None else y_axis(one)) for x, one in zip(places, beside, strict=False)]
    frame = [svg_line(1, y_axis(share), 149, y_axis(share)) for share in (0.0, 0.5, 1.0)]
    frame += [svg_line(x_axis(share), 3, x_axis(share), 93) for share in (0.0, 0.5, 1.0)]
    return drawing(150, 96, frame, _area(curve, 93), svg_path(ghost, FAINT, 1, dash), svg_path(curve, INK), label=label)


def _area(points: Sequence[tuple[float, float | None]], floor: float) -> Markup:
    there = [(x, y) for x, y in points if y is not None]
    if not there:
        return Markup("")
    outline = " ".join(f"{x:.1f},{y:.1f}" for x, y in [(there[0][0], floor), *there, (there[-1][0], floor)])
    return tag("polygon", points=outline, fill=LINE, fill_opacity="0.55")


def calibration(
    confidence: Sequence[float | None], precision: Sequence[float | None], counts: Sequence[int], axes: Axes, *,
    label: str, ideal: str, colour: str,
) -> Markup:  # fmt: skip
    """Share of right predictions over their mean score, a dot per bin, its area the number of predictions."""
    most = max([1, *counts])
    dots = [
        tag("circle", tag("title", f"{said:.2f} → {true:.2f} (n = {n:,})"), cx=axes.x(said), cy=axes.y(true),
            r=2 + 7 * math.sqrt(n / most), fill=colour, fill_opacity="0.55", stroke=colour)
        for said, true, n in zip(confidence, precision, counts, strict=True)
        if said is not None and true is not None and n
    ]  # fmt: skip
    diagonal = svg_line(axes.x(0), axes.y(0), axes.x(1), axes.y(1), DIM, 1, "3 3")
    words = svg_text(axes.x(0.98), axes.y(0.6), ideal, anchor="end", fill=DIM, halo=True)
    return drawing(axes.width, axes.height, axes.drawn(), diagonal, dots, words, label=label)
