"""Wilson's interval of a part of a whole."""

import pytest

from science.proportion import wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # by hand: z² = 3.8415; 8 of 10: middle (.8 + .1921) / 1.3841 = .7168, half 1.96 √(.016 + .0096) / 1.3841
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_it_works(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == {"low": pytest.approx(low, abs=1e-4), "high": pytest.approx(high, abs=1e-4)}


def test_nothing_has_none() -> None:
    assert wilson(0, 0) is None
