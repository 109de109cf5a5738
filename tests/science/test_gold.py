"""A person's boxes marked by those that are right."""

import pytest

from science.gold import Marks, marks

CAR, BUS = 1, 2
TRUTH = [(0, 0, 10, 10), (20, 0, 30, 10), (40, 0, 50, 10)]


def test_it_works_by_hand() -> None:
    """The first found (8 of 10 pixels high: IoU .8), the second under another class, the third missed, one extra."""
    given = [(0, 0, 10, 8), (20, 0, 30, 10), (80, 80, 90, 90)]
    found = marks(truth=TRUTH, truth_classes=[CAR, CAR, BUS], given=given, given_classes=[CAR, BUS, BUS])
    assert (found.right, found.wrong_class, found.missed, found.extra) == (1, 1, 1, 1)
    assert (found.answers, found.errors) == (4, 3)
    assert found.overlap == pytest.approx(0.9)
    assert found.by_class == {CAR: [1, 1, 0, 0], BUS: [0, 0, 1, 1]}


def test_what_is_ignored_is_neither_missed_nor_extra() -> None:
    found = marks(truth=TRUTH[:1], truth_classes=[CAR], given=TRUTH[:1], given_classes=[BUS], forgiven=[True])
    assert found.answers == 0


def test_nothing_on_both_sides() -> None:
    assert marks(truth=[], truth_classes=[], given=[], given_classes=[]) == Marks()
