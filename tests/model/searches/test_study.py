"""What is tried next, and what is given up: the same for the same past, whatever process asks."""

import pytest

from model.searches.ranges import read_ranges
from model.searches.study import Tried, is_hopeless, next_values

RANGES = read_ranges([
    {"name": "lr0", "low": 0.0001, "high": 0.1, "log": True},
    {"name": "imgsz", "low": 96, "high": 224},
    {"name": "optimizer", "choices": ["AdamW", "SGD"]},
])  # fmt: skip


def test_it_works() -> None:
    """Seeded, within the ranges; and after some trials nearer to what did well."""
    assert next_values(RANGES, [], 7) == next_values(RANGES, [], 7) != next_values(RANGES, [], 8)
    good = {"lr0": 0.003, "imgsz": 160, "optimizer": "AdamW"}
    past = [Tried({**good, "lr0": 0.0001 * 2**n}, value=1 - abs(n - 5) / 10) for n in range(10)]
    asked = [next_values(RANGES, past, seed) for seed in range(12)]
    assert all(0.0001 <= one["lr0"] <= 0.1 and one["imgsz"] % 32 == 0 for one in asked)
    near = [0.0008 < one["lr0"] < 0.013 for one in asked]
    assert sum(near) >= 7  # a third of the logarithmic range, which chance alone would hit 5 times


def test_an_unchanged_setting_outside_the_ranges_does_not_matter() -> None:
    assert next_values(RANGES, [Tried({"lr0": 0.9, "imgsz": 32, "optimizer": "Adam"}, [0.1], 0.2)], 1)


OTHERS = [Tried({"lr0": 0.001}, [level, level + 0.1, level + 0.2], level + 0.3) for level in (0.1, 0.2, 0.3, 0.4, 0.5)]


@pytest.mark.parametrize(
    ("curve", "given_up"),
    [
        ([0.0], False),  # the first epoch tells little
        ([0.0, 0.39], True),  # the median of the others after two epochs is 0.4
        ([0.0, 0.41], False),
        ([0.45, 0.1], False),  # its best so far counts
        ([0.2, 0.41, 0.45], True),  # and after three 0.5
    ],
)
def test_what_lies_below_the_median_is_given_up(curve: list[float], given_up: bool) -> None:
    assert is_hopeless(RANGES, OTHERS, Tried({"lr0": 0.01}, curve)) is given_up


def test_nothing_is_given_up_while_few_have_ended() -> None:
    assert not is_hopeless(RANGES, OTHERS[:4], Tried({"lr0": 0.01}, [0.0, 0.0]))
