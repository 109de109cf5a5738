"""Several replays in one line for each arm."""

import pytest

from demo.seeds import mean_of, rendered, summary
from demo.table import MapGain


def replay(seed, corrected, ceiling=None, control=20.0):
    gains = {"corrected labels": MapGain(corrected, -9, 9, "not shown")}
    if ceiling is not None:
        gains["ceiling (all errors removed)"] = MapGain(ceiling, -9, 9, "not shown")
    return {"seed": seed, "gains": gains, "control_map": control, "minutes": 30.0}


def test_it_works():
    """By hand: the mean of 1, 2 and 3 is 2, their deviation 1; Student's t of two degrees is 4.303: 4.303 / √3."""
    found = summary([replay(0, 1.0, 3.0), replay(1, 2.0, 4.0), replay(2, 3.0, 5.0)])
    gain = found["gains"]["corrected labels"]
    assert gain["value"] == 2
    assert gain["low"] == pytest.approx(2 - 4.303 / 3**0.5, abs=1e-3)
    assert gain["high"] == pytest.approx(2 + 4.303 / 3**0.5, abs=1e-3)
    assert found["share_of_ceiling"] == 0.5
    assert found["relative_gains"]["corrected labels"] == pytest.approx(0.1)
    assert found["seeds"] == [0, 1, 2]


def test_one_seed_has_no_interval_over_seeds():
    assert mean_of([1.5]).low is None
    assert "[" not in rendered(summary([replay(0, 1.5)])).split("labels:")[1]


@pytest.mark.parametrize("ceiling", [None, -0.3, 0.0])
def test_without_a_ceiling_there_is_no_share_of_it(ceiling):
    assert summary([replay(0, 1.0, ceiling)])["share_of_ceiling"] is None


def test_of_a_ceiling_that_is_not_shown_nothing_is_a_share() -> None:
    """Its mean is .1, its interval reaches far below zero."""
    found = summary([replay(0, 1.0, 2.0), replay(1, -1.0, -1.8)])
    assert (found["ceiling"], found["share_of_ceiling"]) == (pytest.approx(0.1), None)
