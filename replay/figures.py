"""Figures then and now, and whether they agree. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TINY = 0.0005  # of a figure without an interval: what rounding to a tenth of a point hides


@dataclass(frozen=True)
class FigureTwice:
    """A figure, 0 to 1 or a difference of two, as the ledger has it and as it came out now."""

    what: str
    then: float | None
    low: float | None
    high: float | None
    now: float | None
    word_then: str = ""  # of differences: proven, not_shown, regressed
    word_now: str = ""

    @property
    def difference(self) -> float | None:
        return None if self.then is None or self.now is None else self.now - self.then

    @property
    def agrees(self) -> bool:
        """Now lies within the interval of then; without one, both are the same but for rounding."""
        if self.then is None or self.now is None:
            return self.then == self.now
        if self.low is None or self.high is None:
            return abs(self.now - self.then) <= TINY
        return self.low <= self.now <= self.high


HEAD = ("figure", "then [95 %]", "now", "difference", "agree")


def rendered(rows: Sequence[FigureTwice]) -> str:
    """The table for a terminal, in points of a hundred."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    text = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([text[0], "  ".join("─" * w for w in widths), *text[1:]])


def conclusion(rows: Sequence[FigureTwice]) -> str:
    """One sentence."""
    others = [row.what for row in rows if not row.agrees]
    if not others:
        return f"All {len(rows)} figures lie within the intervals that the ledger states."
    return (
        f"{len(others)} of {len(rows)} figures lie outside the intervals that the ledger states: {', '.join(others)}."
    )


def _cells(row: FigureTwice) -> tuple[str, ...]:
    is_change = bool(row.word_then)
    low, high = _points(row.low, is_change), _points(row.high, is_change)
    between = "" if row.low is None or row.high is None else f" [{low}, {high}]"
    return (
        row.what,
        f"{_points(row.then, is_change)}{between} {row.word_then.replace('_', ' ')}".strip(),
        f"{_points(row.now, is_change)} {row.word_now.replace('_', ' ')}".strip(),
        _points(row.difference, signed=True),
        "yes" if row.agrees else "NO",
    )


def _points(value: float | None, signed: bool = False) -> str:
    return "–" if value is None else f"{100 * value:+.1f}" if signed else f"{100 * value:.1f}"
