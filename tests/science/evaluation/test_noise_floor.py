"""The bound that the best of many trials must exceed, where another seed alone brings something."""

import numpy as np
import pytest

from science.evaluation.noise_floor import noise_floor, spreads_above


def test_it_works() -> None:
    """Four repeats by hand: mean .5, deviation .02; one trial: t(.95, 3) = 2.3534 times √(1 + 1/4)."""
    floor = noise_floor([0.48, 0.5, 0.5, 0.52], 1)
    assert floor is not None
    assert (floor.repeats, floor.trials) == (4, 1)
    assert floor.mean == pytest.approx(0.5)
    assert floor.spread == pytest.approx(0.0163299, abs=1e-6)
    assert floor.bound == pytest.approx(0.5 + 2.35336 * 1.25**0.5 * 0.0163299, abs=2e-4)


@pytest.mark.parametrize(("repeats", "trials"), [(3, 20), (5, 20), (8, 50)])
def test_where_no_setting_matters_nothing_is_called_better_but_one_time_in_twenty(repeats: int, trials: int) -> None:
    chance = np.random.default_rng(3)
    own, others = chance.normal(size=(20_000, repeats)), chance.normal(size=(20_000, trials))
    bound = own.mean(1) + spreads_above(repeats, trials) * own.std(1, ddof=1)
    assert (others.max(1) > bound).mean() == pytest.approx(0.05, abs=0.006)


def test_more_trials_ask_for_more_and_more_repeats_for_less() -> None:
    assert spreads_above(5, 40) > spreads_above(5, 10) > spreads_above(8, 10)


@pytest.mark.parametrize("values", [[], [0.4], [0.4, 0.4, 0.4]])
def test_without_a_spread_there_is_no_floor(values: list[float]) -> None:
    assert noise_floor(values, 10) is None
