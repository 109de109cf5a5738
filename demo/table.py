"""The demo's last page: what each step changed and what it brought. Pure text from rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MapGain:
    """A difference in mAP, in points of a hundred, with its 95 % interval and what the platform concludes.

    There is no interval where the validation images are one sequence, which cannot be drawn with other ones.
    """

    value: float
    low: float | None
    high: float | None
    verdict: str  # proven, not shown, regressed


@dataclass(frozen=True, slots=True)
class LoopRow:
    """One line of the table. mAP in points of a hundred; None where a step has none."""

    step: str
    images: int  # that were trained on, or that the step is about
    labels_changed: int | None = None
    map: float | None = None
    low: float | None = None
    high: float | None = None
    to_baseline: MapGain | None = None
    to_control: MapGain | None = None
    seconds: float = 0.0  # wall time of the step
    link: str = ""  # the page of the platform that shows it

    def as_json(self) -> dict[str, Any]:
        """For --report."""
        return asdict(self)


HEAD = ("step", "images", "labels changed", "mAP [95 %]", "Δ to the baseline", "Δ to the control", "time")


def change_of(delta: dict[str, Any]) -> MapGain:
    """A comparison's difference (0..1) in points."""
    low, high = (None if delta[end] is None else 100 * float(delta[end]) for end in ("low", "high"))
    return MapGain(100 * float(delta["value"]), low, high, str(delta["verdict"]).replace("_", " "))


def render(rows: Sequence[LoopRow]) -> str:
    """The table with its columns aligned."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    left = {0}
    text = [
        "  ".join(c.ljust(w) if i in left else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True)))
        for line in lines
    ]
    return "\n".join([text[0], "  ".join("─" * w for w in widths), *text[1:]])


def conclusion(first: str, last: str, change: MapGain, control: MapGain | None) -> str:
    """One sentence on what the loop brought, whatever it is."""
    said = {"proven": "is proven", "regressed": "is a proven loss"}.get(
        change.verdict, "is not shown: chance alone could give as much"
    )
    text = f"From {first} to {last}: {_points(change)} mAP. This {said}."
    if control is not None:
        against = {"proven": "proven", "regressed": "a proven loss"}.get(control.verdict, "not shown")
        text += f" Against the control, the same training on unchanged labels: {_points(control)}, {against}."
    return text


def _cells(row: LoopRow) -> tuple[str, ...]:
    figure = "–" if row.map is None else f"{row.map:.1f}"
    if row.map is not None and row.low is not None and row.high is not None:
        figure += f" [{row.low:.1f}, {row.high:.1f}]"
    return (
        row.step,
        str(row.images),
        "–" if row.labels_changed is None else str(row.labels_changed),
        figure,
        _shown(row.to_baseline),
        _shown(row.to_control),
        f"{row.seconds:.0f} s",
    )


def _shown(change: MapGain | None) -> str:
    return "–" if change is None else f"{_points(change)} {change.verdict}"


def _points(change: MapGain) -> str:
    if change.low is None or change.high is None:
        return f"{change.value:+.1f}"
    return f"{change.value:+.1f} [{change.low:+.1f}, {change.high:+.1f}]"
