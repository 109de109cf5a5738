"""Votes on one object: a table."""

import pytest

from science.consensus.vote import median_box, vote, weight_of

CAR, BUS = 1, 2
EVEN = {0: 1.0, 1: 1.0, 2: 1.0}
TWO = {0: 1.0, 1: 1.0}


@pytest.mark.parametrize(
    ("classes", "weights", "keep", "class_id", "question"),
    [
        ({0: CAR, 1: CAR, 2: CAR}, EVEN, True, CAR, None),
        ({0: CAR, 1: BUS, 2: CAR}, EVEN, True, CAR, None),  # two of three
        ({0: CAR, 1: CAR}, EVEN, True, CAR, None),
        ({0: CAR}, EVEN, False, CAR, None),  # one of three saw something: there is nothing
        ({0: CAR, 1: BUS}, EVEN, True, CAR, "class"),
        ({0: CAR, 1: CAR}, TWO, True, CAR, None),
        ({0: CAR, 1: BUS}, TWO, True, CAR, "class"),
        ({1: BUS}, TWO, True, BUS, "presence"),
        ({0: CAR, 1: BUS}, {0: 0.9, 1: 0.5}, True, CAR, None),  # .9 of 1.4 is .64: known to be right more often
        ({0: CAR, 1: BUS}, {0: 0.9, 1: 0.8}, True, CAR, "class"),  # .53: not sure enough
        ({1: BUS}, {0: 0.9, 1: 0.5}, False, BUS, None),
    ],
)
def test_it_works(classes: dict, weights: dict, keep: bool, class_id: int, question: str | None) -> None:
    found = vote(classes, dict.fromkeys(classes, (0, 0, 10, 10)), weights)
    assert (found.keep, found.class_id, found.question) == (keep, class_id, question)


def test_one_careless_person_does_not_move_a_side() -> None:
    assert median_box([(0, 0, 10, 10), (1, 0, 11, 10), (9, 0, 40, 10)]) == (1, 0, 11, 10)


def test_a_weight_is_learned_slowly() -> None:
    """Nothing known: 8 of 10. All 30 right: 38 of 40. Half of 90 right: 53 of 100."""
    assert [weight_of(*known) for known in ((0, 0), (30, 30), (45, 90))] == pytest.approx([0.8, 0.95, 0.53])
