"""Which ranges can be searched."""

from typing import Any

import pytest

from model.searches.ranges import SEARCHABLE, BadRanges, ranges_json, read_ranges
from model.services.settings import read_settings

RATE = {"name": "lr0", "low": 0.001, "high": 0.01, "log": True}


def test_it_works() -> None:
    ranges = read_ranges([RATE, {"name": "optimizer", "choices": ["AdamW", "SGD"]}])
    assert [(one.name, one.kind) for one in ranges] == [("lr0", "float"), ("optimizer", "choice")]
    assert read_ranges(ranges_json(ranges)) == ranges


@pytest.mark.parametrize("one", SEARCHABLE, ids=lambda one: one.name)
def test_what_is_proposed_can_be_searched_and_trained(one: Any) -> None:
    proposed = {"name": one.name, "low": one.low, "high": one.high, "log": one.log, "choices": list(one.choices)}
    (read,) = read_ranges([proposed])
    for value in read.choices or (one.low, one.high):
        assert read_settings({one.name: value})


@pytest.mark.parametrize(
    ("given", "named", "says"),
    [
        ({**RATE, "name": "epochs"}, "epochs", "cannot be searched"),
        ({**RATE, "low": 0.01, "high": 0.001}, "lr0", "smaller one first"),
        ({**RATE, "low": 0}, "lr0", "from 1e-07"),
        ({"name": "lr0"}, "lr0", "two numbers"),
        ({"name": "scale", "low": 0, "high": 0.5, "log": True}, "scale", "above 0"),
        ({"name": "batch", "low": 4.5, "high": 8}, "batch", "whole numbers"),
        ({"name": "imgsz", "low": 250, "high": 320}, "imgsz", "multiples of 32"),
        ({"name": "optimizer", "choices": ["AdamW"]}, "optimizer", "two or more"),
        ({"name": "optimizer", "choices": ["AdamW", "Lion"]}, "optimizer", "two or more"),
    ],
)
def test_it_rejects_what_cannot(given: dict[str, Any], named: str, says: str) -> None:
    with pytest.raises(BadRanges) as refused:
        read_ranges([given])
    assert says in refused.value.errors[named][0]


def test_it_rejects_none_too_many_and_one_twice() -> None:
    for wrong in ([], [RATE, RATE], [{"name": one.name} for one in SEARCHABLE]):
        with pytest.raises(BadRanges):
            read_ranges(wrong)
