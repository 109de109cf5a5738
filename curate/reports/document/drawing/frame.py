"""What all charts share: colours, scales, ticks, the frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curate.reports.document.markup import Child, Markup, tag

# The light scheme of the browser side (frontend/src/ui/colours.ts); on pictures the brighter tones of the dark one.
INK, DIM, FAINT, LINE, TRACK = "#1c1c1b", "#575754", "#6d6d69", "#dfdfdc", "#f1f1ef"
TONES = {"tp": "#007868", "fp": "#ad4e00", "fn": "#bd1673", "other": "#6d6d69"}
ON_PICTURE = {"tp": "#2cc7b0", "fp": "#f5913e", "fn": "#f25ba9", "other": "#ebebe8"}


@dataclass(frozen=True)
class Scale:
    """Values onto pixels: `low` lies at `start`, `high` at `end`; what is beyond is held at the end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from low to high, at most so many.

    >>> ticks(0, 0.43)
    [0.0, 0.1, 0.2, 0.3, 0.4]
    """
    if not high > low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]


def drawing(width: float, height: float, *shapes: Child, label: str, class_: str = "chart") -> Markup:
    """The frame of a chart; `label` is what it is to those who cannot see it."""
    box = f"0 0 {width:g} {height:g}"
    return tag("svg", *shapes, viewBox=box, width=width, height=height, role="img", aria_label=label, class_=class_)


def svg_line(
    x1: float, y1: float, x2: float, y2: float, colour: str = LINE, width: float = 1.0, dash: str = ""
) -> Markup:
    return tag(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=str(width), stroke_dasharray=dash or None
    )


def svg_rect(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> Markup:
    shown = None if opacity == 1 else f"{opacity:.3g}"
    return tag("rect", x=x, y=y, width=max(0.0, width), height=max(0.0, height), fill=fill, fill_opacity=shown)


def svg_text(
    x: float, y: float, words: Child, *, anchor: str = "start", fill: str = DIM, halo: bool = False, bold: bool = False
) -> Markup:
    """Words at a place; `halo` keeps them readable over lines."""
    kind = " ".join(name for name, there in (("halo", halo), ("bold", bold)) if there)
    return tag("text", words, x=x, y=y, text_anchor=anchor, fill=fill, class_=kind or None)


def svg_path(points: Iterable[tuple[float, float | None]], colour: str, width: float = 1.5, dash: str = "") -> Markup:
    """A line through points in pixels, broken where there is no value."""
    steps, pen = [], "M"
    for x, y in points:
        if y is None:
            pen = "M"
            continue
        steps.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return tag(
        "path", d="".join(steps), fill="none", stroke=colour, stroke_width=str(width), stroke_linejoin="round",
        stroke_dasharray=dash or None,
    )  # fmt: skip


def shortened_name(name: str, most: int) -> str:
    """A name that must fit into a drawing."""
    return name if len(name) <= most else name[: most - 1] + "…"


def finite_values(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]
