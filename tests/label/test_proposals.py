"""What an answer does to the boxes of a working copy, and how it is taken back."""

from typing import Any

import pytest

from label.boxes import box_json
from label.merge import ObjectState
from label.proposals import Boxes, GridAnswer, Left, Proposal, carried_out, taken_back

CAR, TRUCK, BUS = 1, 2, 3
PLACE, PROPOSED = (10.0, 10.0, 50.0, 40.0), (12.0, 10.0, 60.0, 44.0)
KNOWN = box_json("o7", ObjectState(CAR, PLACE), provenance="imported")
BASE = {"o7": KNOWN}


def about(kind: str, class_id: int = TRUCK, box: tuple[float, ...] = PLACE) -> Proposal:
    given = None if kind == "missing" else {"class_id": CAR, "box": list(PLACE)}
    proposed = None if kind == "spurious" else {"class_id": class_id, "box": list(box)}
    return Proposal(5, kind, None if kind == "missing" else 7, given, proposed)


def short(boxes: Boxes) -> list[tuple[str, int, tuple[float, ...], str]]:
    return [(box["id"], box["class_id"], tuple(box["box"]), box["provenance"]) for box in boxes]


ACCEPT = GridAnswer("accepted")
MISSING, REDRAWN = about("missing", box=PROPOSED), about("badly_drawn", CAR, PROPOSED)


@pytest.mark.parametrize(
    ("told", "answer", "expected"),
    [
        (about("wrong_class"), ACCEPT, [("o7", TRUCK, PLACE, "model")]),
        (about("wrong_class"), GridAnswer("corrected", BUS), [("o7", BUS, PLACE, "human")]),
        (about("spurious"), ACCEPT, []),
        (about("spurious"), GridAnswer("corrected", BUS), [("o7", BUS, PLACE, "human")]),
        (REDRAWN, ACCEPT, [("o7", CAR, PROPOSED, "model")]),
        (MISSING, ACCEPT, [("o7", CAR, PLACE, "imported"), ("ns5", TRUCK, PROPOSED, "model")]),
        (MISSING, GridAnswer("corrected", BUS), [("o7", CAR, PLACE, "imported"), ("ns5", BUS, PROPOSED, "human")]),
    ],
)  # fmt: skip
def test_an_answer_is_carried_out_and_taken_back(told: Proposal, answer: GridAnswer, expected: list[Any]) -> None:
    done = carried_out([KNOWN], told, answer)
    assert short(done) == expected
    assert carried_out(done, told, answer) == done  # a second time it changes nothing
    assert short(taken_back(done, told, answer.verdict, BASE)) == short([KNOWN])


@pytest.mark.parametrize("verdict", ["rejected", "corrected", "pending"])
def test_it_changes_no_box_where_none_is_to_be_changed(verdict: str) -> None:
    assert carried_out([KNOWN], about("wrong_class"), GridAnswer(verdict)) == [KNOWN]


@pytest.mark.parametrize(
    ("told", "boxes", "why"),
    [
        (about("wrong_class"), [KNOWN | {"class_id": BUS}], "changed"),
        (about("wrong_class"), [], "gone"),
        (REDRAWN, [KNOWN | {"box": [0, 0, 20, 20]}], "changed"),
        (REDRAWN, [], "gone"),
    ],
)
def test_it_leaves_what_somebody_changed_by_hand(told: Proposal, boxes: Boxes, why: str) -> None:
    with pytest.raises(Left) as left:
        carried_out(boxes, told, ACCEPT)
    assert left.value.why == why


def test_a_missing_box_that_somebody_drew_meanwhile_is_not_drawn_again() -> None:
    drawn = box_json("n1", ObjectState(TRUCK, (11.0, 10.0, 60.0, 44.0)), provenance="human")
    assert carried_out([drawn], MISSING, ACCEPT) == [drawn]


def test_a_box_that_was_drawn_anew_since_is_not_taken_away() -> None:
    moved = carried_out([], MISSING, ACCEPT)[0] | {"box": [0, 0, 20, 20]}
    with pytest.raises(Left):
        taken_back([moved], MISSING, "accepted", {})


def test_an_outline_that_was_drawn_by_hand_is_not_taken_back() -> None:
    """It was corrected: neither as it was labelled nor as it was proposed."""
    with pytest.raises(Left):
        taken_back([KNOWN | {"box": [0, 0, 20, 20]}], REDRAWN, "corrected", BASE)
