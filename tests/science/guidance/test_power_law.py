"""The power law of a learning curve, by hand and by draws."""

import numpy as np
import pytest

from science.guidance.power_law import CurvePoint, PowerLaw, fit_power_law, middle_of

HAND = PowerLaw(np.array([0.5]), np.array([1.0]), np.array([0.5]), 3, 400.0)


def points(*rows: tuple[float, float], error: float = 0.001) -> list[CurvePoint]:
    return [CurvePoint(n, ap, error) for n, ap in rows]


@pytest.mark.parametrize(
    ("n", "ap"),
    [
        (100, 0.4),  # .5 − 100^−½ = .5 − 1/10
        (400, 0.45),  # .5 − 1/20
        (1600, 0.475),  # .5 − 1/40
    ],
)
def test_by_hand(n: float, ap: float) -> None:
    assert HAND.expected(n).value == pytest.approx(ap)


def test_the_gain_by_hand() -> None:
    """From 400 to 1600: .475 − .45. From 100 on: 300 more make 400."""
    assert HAND.gain(1200).value == pytest.approx(0.025)
    assert HAND.gain(300, start=100).value == pytest.approx(0.05)


def test_points_on_a_curve_give_the_curve_back() -> None:
    """Six sizes of .5 − n^−½, hardly moved: at 6400 it is .5 − 1/80."""
    law = fit_power_law(points(*[(n, 0.5 - n**-0.5) for n in (50, 100, 200, 400, 800, 1600)], error=0.001))
    assert law is not None
    assert law.is_sure_of_exponent
    assert np.median(law.c) == pytest.approx(0.5, abs=0.1)
    assert law.expected(6400).value == pytest.approx(0.4875, abs=0.005)
    assert law.gain(4800).low <= 0.0125 <= law.gain(4800).high


def test_two_points_are_extrapolated_with_a_wide_interval() -> None:
    """Between .25 and .35 from 100 to 200 images the next 200 bring less than .1, and nobody knows how much less."""
    law = fit_power_law(points((100, 0.25), (200, 0.35)))
    assert law is not None
    assert not law.is_sure_of_exponent
    gain = law.gain(200)
    assert 0.03 < gain.low < gain.value < gain.high < 0.1
    assert gain.high - gain.low > 0.02
    assert law.c.min() < 0.25 < 0.9 < law.c.max()  # a smaller one would pass an AP of 1


def test_more_sizes_narrow_the_interval() -> None:
    two = fit_power_law(points((100, 0.4), (1600, 0.475)))
    many = fit_power_law(points(*[(n, 0.5 - n**-0.5) for n in (50, 100, 200, 400, 800, 1600)], error=0.0002))
    assert two is not None
    assert many is not None
    wide, narrow = two.gain(4800), many.gain(4800)
    assert narrow.high - narrow.low < (wide.high - wide.low) / 2


@pytest.mark.parametrize("aps", [(0.4, 0.4, 0.4), (0.45, 0.42, 0.4)])
def test_flat_and_falling_curves_promise_nothing(aps: tuple[float, ...]) -> None:
    law = fit_power_law(points(*zip((100, 200, 400), aps, strict=True)))
    assert law is not None
    gain = law.gain(400)
    assert gain.low == pytest.approx(0, abs=1e-9)
    assert gain.value < 0.002


def test_a_steep_curve_does_not_pass_one() -> None:
    law = fit_power_law(points((10, 0.2), (20, 0.9)))
    assert law is not None
    assert law.expected(1e9).high <= 1


def test_unsure_points_give_an_unsure_gain() -> None:
    rows = [(100, 0.3), (200, 0.35), (400, 0.38)]
    sure, unsure = (fit_power_law(points(*rows, error=error)) for error in (0.002, 0.03))
    assert sure is not None
    assert unsure is not None
    assert sure.gain(400).low > 0
    assert unsure.gain(400).low == pytest.approx(0, abs=1e-3)
    assert unsure.gain(400).high > 1.5 * sure.gain(400).high


def test_repeats_that_scatter_widen_what_their_errors_say() -> None:
    """Two seeds a size, .04 apart, where the images alone would say ± .001."""
    rows = [(n, ap + move) for n, ap in ((100, 0.3), (200, 0.35), (400, 0.38)) for move in (-0.02, 0.02)]
    alone = fit_power_law(points((100, 0.3), (200, 0.35), (400, 0.38)))
    scattered = fit_power_law(points(*rows))
    assert alone is not None
    assert scattered is not None
    assert np.ptp([scattered.gain(400).low, scattered.gain(400).high]) > 2 * np.ptp(
        [alone.gain(400).low, alone.gain(400).high]
    )


@pytest.mark.parametrize(
    "rows", [[], [(100, 0.3)], [(100, 0.3), (100, 0.31)], [(100, 0.3), (200, float("nan"))], [(100, 0.3), (0, 0.1)]]
)
def test_it_says_nothing_of_fewer_than_two_sizes(rows: list[tuple[float, float]]) -> None:
    assert fit_power_law(points(*rows)) is None


def test_an_unknown_error_is_that_of_the_others() -> None:
    known = fit_power_law(points((100, 0.3), (200, 0.35), error=0.02))
    mixed = fit_power_law([CurvePoint(100, 0.3, 0.02), CurvePoint(200, 0.35, float("nan"))])
    assert known is not None
    assert mixed is not None
    assert mixed.gain(100) == known.gain(100)


def test_the_middle_of_no_draws_is_unknown() -> None:
    assert np.isnan(middle_of(np.zeros(0)).value)
