"""How a task moves from state to state."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from accounts.problems import Conflict
from label.states import next_state

MOVES = [
    # current, asked, edited, review, role -> next
    ("to_label", None, False, False, Role.LABELLER, "in_progress"),
    ("to_label", None, True, False, Role.LABELLER, "in_progress"),
    ("to_label", "done", True, False, Role.LABELLER, "done"),
    ("to_label", "skipped", False, True, Role.LABELLER, "skipped"),
    ("in_progress", None, True, False, Role.LABELLER, "in_progress"),
    ("in_progress", "done", False, False, Role.LABELLER, "done"),
    ("in_progress", "in_review", True, True, Role.LABELLER, "in_review"),
    ("in_progress", "done", True, True, Role.REVIEWER, "done"),
    ("in_review", None, True, True, Role.REVIEWER, "in_review"),
    ("in_review", "done", False, True, Role.REVIEWER, "done"),
    ("in_review", "in_progress", False, True, Role.REVIEWER, "in_progress"),
    ("in_review", "in_progress", False, False, Role.LABELLER, "in_progress"),
    ("done", None, False, False, Role.LABELLER, "done"),
    ("done", None, True, False, Role.LABELLER, "in_progress"),
    ("done", "done", True, False, Role.LABELLER, "done"),
    ("done", "in_progress", False, True, Role.REVIEWER, "in_progress"),
    ("skipped", None, True, False, Role.LABELLER, "in_progress"),
    ("skipped", "to_label", False, False, Role.LABELLER, "to_label"),
]


@pytest.mark.parametrize(("current", "asked", "edited", "review", "role", "expected"), MOVES)
def test_it_works(current: str, asked: str | None, edited: bool, review: bool, role: Role, expected: str) -> None:
    assert next_state(current=current, asked=asked, edited=edited, review=review, role=role) == expected


@pytest.mark.parametrize(("current", "asked"), [("done", "to_label"), ("in_review", "to_label")])
def test_it_rejects_moves_that_do_not_exist(current: str, asked: str) -> None:
    with pytest.raises(Conflict):
        next_state(current=current, asked=asked, edited=False, review=False, role=Role.OWNER)


@pytest.mark.parametrize(
    ("current", "asked", "edited"),
    [
        ("in_progress", "done", False),
        ("in_review", "done", False),
        ("done", "in_progress", False),
        ("done", None, True),
        ("in_review", "in_progress", False),
    ],
)
def test_it_rejects_a_labeller_where_review_is_asked_for(current: str, asked: str | None, edited: bool) -> None:
    with pytest.raises(PermissionDenied):
        next_state(current=current, asked=asked, edited=edited, review=True, role=Role.LABELLER)


OWN = [
    # current, asked, role, alone -> next; None: refused
    ("in_review", "done", Role.REVIEWER, False, None),
    ("in_review", "done", Role.OWNER, False, None),
    ("in_progress", "done", Role.OWNER, False, None),
    ("in_review", "done", Role.OWNER, True, "done"),
    ("in_progress", "done", Role.REVIEWER, True, "done"),
    ("in_review", "done", Role.LABELLER, True, None),
    ("in_progress", "in_review", Role.OWNER, False, "in_review"),
    ("in_review", "in_progress", Role.LABELLER, False, "in_progress"),  # taken back
]


@pytest.mark.parametrize(("current", "asked", "role", "alone", "expected"), OWN)
def test_ones_own_work_is_for_somebody_else_to_pass(
    current: str, asked: str, role: Role, alone: bool, expected: str | None
) -> None:
    def asked_for() -> str:
        return next_state(current=current, asked=asked, edited=False, review=True, role=role, own=True, alone=alone)

    if expected is None:
        with pytest.raises(PermissionDenied):
            asked_for()
    else:
        assert asked_for() == expected
