"""A reviewer's verdict on a task: passed, or sent back."""

from dataclasses import dataclass

from accounts import access
from accounts.models import Role, User
from accounts.problems import Conflict
from label.models import ReviewRound, Task
from label.services.tasks import Save, Saved, save_task

STATES = {ReviewRound.Verdict.PASSED: Task.State.DONE, ReviewRound.Verdict.SENT_BACK: Task.State.IN_PROGRESS}


@dataclass(frozen=True)
class ReviewVerdict:
    """`version` is the one that the reviewer saw."""

    version: int
    verdict: str  # passed or sent_back
    reason: str = ""
    despite_issues: bool = False  # pass it though some are not resolved
    active_seconds: float = 0.0  # to add


def decide_review(*, task: Task, verdict: ReviewVerdict, by: User) -> Saved:
    """Pass a task that is in review, or send it back; as a save does it. Reviewers and above."""
    access.check(by, task.batch.dataset.project_id, Role.REVIEWER)
    if task.state != Task.State.IN_REVIEW:
        raise Conflict(f"This task is {task.get_state_display().lower()}, not in review. Look at how it stands now.")
    state = STATES[ReviewRound.Verdict(verdict.verdict)]
    save = Save(
        version=verdict.version,
        state=state,
        active_seconds=verdict.active_seconds,
        reason=verdict.reason,
        despite_issues=verdict.despite_issues,
    )
    return save_task(task=task, save=save, by=by)
