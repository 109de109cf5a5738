"""Figures then and now."""

import pytest

from replay.figures import FigureTwice, conclusion, rendered


@pytest.mark.parametrize(
    ("then", "low", "high", "now", "agrees"),
    [
        (0.40, 0.38, 0.42, 0.42, True),  # the ends belong to it
        (0.40, 0.38, 0.42, 0.4201, False),
        (0.40, None, None, 0.4004, True),  # no interval: the same to a tenth of a point
        (0.40, None, None, 0.401, False),
        (None, None, None, None, True),
        (0.40, 0.38, 0.42, None, False),
    ],
)
def test_within_the_interval(
    then: float | None, low: float | None, high: float | None, now: float | None, agrees: bool
) -> None:
    assert FigureTwice("mAP", then, low, high, now).agrees is agrees


def test_as_a_table() -> None:
    rows = [
        FigureTwice("mAP of corrected", 0.401, 0.38, 0.42, 0.39),
        FigureTwice("Δ mAP over the control", 0.021, 0.002, 0.04, -0.001, "proven", "not_shown"),
    ]
    lines = [" ".join(line.split()) for line in rendered(rows).splitlines()]
    assert lines[2] == "mAP of corrected 40.1 [38.0, 42.0] 39.0 -1.1 yes"
    assert lines[3] == "Δ mAP over the control +2.1 [+0.2, +4.0] proven -0.1 not shown -2.2 NO"
    assert conclusion(rows).startswith("1 of 2 figures lie outside")
    assert conclusion(rows[:1]) == "All 1 figures lie within the intervals that the ledger states."
