"""Eight kills at random under a mixed load; `benchmarks/faults.py` does a hundred."""

from pathlib import Path

import pytest

from tests.faults.kills import kill_at_random

pytestmark = [pytest.mark.slow, pytest.mark.thorough]


def test_nothing_that_was_acknowledged_is_lost_or_done_twice(tmp_path: Path) -> None:
    outcome = kill_at_random(tmp_path / "home", seed=8, kills=8)
    assert outcome.found.acknowledged > 0
    assert outcome.found.lost == []
    assert outcome.found.doubled == []
    assert outcome.found.stuck == []
