"""Ratios become chances: as they are up to near the highest that may be said, and in their order from there on."""

import numpy as np
import pytest

from science.autocurate.doubts import HELD, SUREST, chance_of


def test_it_works() -> None:
    """By hand: .9 x .49 = .441 is said in full; .49 is as far beyond that as the rest is wide, so 1 / e is left."""
    chance = chance_of(0.1, np.array([0.0, 2.0, 4.41, 4.9]), HELD)
    assert chance == pytest.approx([0, 0.2, 0.441, 0.49 - 0.049 / np.e])


@pytest.mark.parametrize("most", [SUREST, HELD])
def test_the_order_is_kept_where_all_are_nearly_sure(most: float) -> None:
    chance = chance_of(0.5, np.array([0.5, 1.0, 1.2, 2.0, 2.5]), most)
    assert (np.diff(chance) > 0).all()
    assert chance.max() <= most
