"""What a task may become next, and who may say so. No database."""

from django.core.exceptions import PermissionDenied

from accounts.models import ROLE_RANK, Role
from accounts.problems import Conflict
from label.models import Task

S = Task.State
OWN_WORK = (
    "You worked on this task yourself, so somebody else reviews it. Send it to review; an owner who works alone can let"
    " the batch's people review their own work."
)

MOVES: dict[str, set[str]] = {
    S.TO_LABEL: {S.IN_PROGRESS, S.IN_REVIEW, S.DONE, S.SKIPPED},
    S.IN_PROGRESS: {S.TO_LABEL, S.IN_REVIEW, S.DONE, S.SKIPPED},
    S.IN_REVIEW: {S.IN_PROGRESS, S.DONE, S.SKIPPED},
    S.DONE: {S.IN_PROGRESS, S.IN_REVIEW, S.SKIPPED},
    S.SKIPPED: {S.TO_LABEL, S.IN_PROGRESS, S.IN_REVIEW, S.DONE},
}
# Work on a task of these states takes it up again.
TAKEN_UP = {S.TO_LABEL, S.SKIPPED, S.DONE}


def next_state(
    *, current: str, asked: str | None, edited: bool, review: bool, role: Role, own: bool = False, alone: bool = False
) -> str:
    """The state after a save: the one asked for, or the one that the work itself leads to.

    Where the batch asks for review, only a reviewer passes a task or sends it back, and only a reviewer takes up a
    passed one. `own`: whoever saves worked on the task: they take it back, and pass it only where the batch lets
    people review their own (`alone`). Raises Conflict for a move that does not exist, PermissionDenied for one that is
    somebody else's.
    """
    wanted = asked or after_work(current, edited)
    if wanted == current:
        return current
    if wanted not in MOVES[current]:
        raise Conflict(f"A task that is {state_words(current)} cannot become {state_words(wanted)}.")
    reviewer = ROLE_RANK[role] >= ROLE_RANK[Role.REVIEWER]
    if review and not reviewer and S.DONE in (current, wanted):
        raise PermissionDenied(
            "This batch asks for review: a reviewer passes its tasks. Send the task to review instead."
        )
    if review and current == S.IN_REVIEW and wanted == S.IN_PROGRESS and not (reviewer or own):
        raise PermissionDenied("A reviewer sends this task back, or whoever handed it in takes it back.")
    if review and wanted == S.DONE and own and not alone:
        raise PermissionDenied(OWN_WORK)
    return wanted


def after_work(current: str, edited: bool) -> str:
    """Where a save without a stated aim leads: any opens a new task, an edit takes up a finished one."""
    if current == S.TO_LABEL or (edited and current in TAKEN_UP):
        return S.IN_PROGRESS
    return current


def state_words(state: str) -> str:
    return state.replace("_", " ")
