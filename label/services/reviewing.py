"""Handing in, passing, sending back: the rules of review that a save keeps, and the record of every round."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from label.models import Batch, Issue, ReviewRound, Task
from label.selectors.review_figures import record_of
from science.review_sampling import draw_for, review_share

S = Task.State
V = ReviewRound.Verdict
HELD = timedelta(minutes=30)  # that a reviewer may be idle before others get the task
LABELLING = (S.TO_LABEL, S.IN_PROGRESS, S.SKIPPED)
LOOKED_AT_AGAIN = (V.SENT_BACK, V.TAKEN_BACK, V.SKIPPED)
DECIDED = {S.DONE: V.PASSED, S.IN_PROGRESS: V.SENT_BACK, S.SKIPPED: V.SKIPPED, S.TO_LABEL: V.TAKEN_BACK}


def is_own(task: Task, author: User, edited: bool) -> bool:
    """Whether it is somebody's own work: they changed its boxes, now or before, or handed it in, or nobody did."""
    return edited or author.pk in task.workers or (task.state in LABELLING and not task.workers)


def takes_back(task: Task, state: str, author: User) -> bool:
    """Whether somebody takes back what they handed in themselves, rather than sends it back."""
    if task.state != S.IN_REVIEW or state != S.IN_PROGRESS or author.pk not in task.workers:
        return False
    waiting = task.rounds.filter(verdict=V.WAITING).order_by("-number").first()
    return (waiting.handed_in_by_id if waiting else task.saved_by_id) == author.pk


def check_move(task: Task, state: str, *, author: User, reason: str, despite_issues: bool) -> None:
    """Raise where a task is sent back without a reason, passed over open issues unasked, or handed in unanswered."""
    goes_back = task.state == S.IN_REVIEW and state == S.IN_PROGRESS
    if goes_back and not (reason.strip() or task.open_issues or takes_back(task, state, author)):
        detail = "Say why the task goes back: pin an issue, or write a reason."
        raise BadInput(detail, errors={"reason": [detail]})
    if task.state == S.IN_REVIEW and state == S.DONE and task.open_issues and not despite_issues:
        raise Conflict(
            f"{task.open_issues} {'issue is' if task.open_issues == 1 else 'issues are'} not resolved yet."
            " Resolve them, send the task back, or pass it all the same.",
            extra={"reason": "open_issues", "open_issues": task.open_issues},
        )
    if state == S.IN_REVIEW and task.state != S.IN_REVIEW and task.open_issues:
        _check_answered(task, author)


def unanswered(task: Task, author: User) -> list[int]:
    """The ids of the issues that others opened and nobody answered."""
    rows = task.issues.filter(state=Issue.State.OPEN).exclude(author=author).order_by("pk")
    return list(rows.values_list("pk", flat=True)) if task.open_issues else []


def _check_answered(task: Task, author: User) -> None:
    if waiting := unanswered(task, author):
        count = len(waiting)
        raise Conflict(
            f"{count} {'issue has' if count == 1 else 'issues have'} no answer yet."
            " Resolve or answer each before you hand the task in.",
            extra={"reason": "unanswered_issues", "issues": waiting},
        )


def drawn_state(task: Task, state: str, author: User) -> tuple[str, float | None]:
    """The state of a task that is handed in, and the share by which it was drawn: done where it was not drawn.

    What was sent back once is always looked at again, and taking back what was drawn does not draw anew.
    """
    batch = task.batch
    if state != S.IN_REVIEW or task.state not in LABELLING or not batch.review:
        return state, None
    base = float(batch.review_shares.get(str(author.pk), batch.review_share))
    if base >= 1:
        return state, None
    number = _last_number(task) + 1
    if task.rounds.filter(verdict__in=LOOKED_AT_AGAIN).exists():
        return state, None
    reviewed, wrong = record_of(batch.pk, author.pk)
    share = review_share(base, wrong, reviewed)
    return (S.IN_REVIEW if draw_for(batch.review_seed, task.pk, number) < share else S.DONE), share


def columns_of(task: Task, state: str, *, author: User, edited: bool) -> dict[str, Any]:
    """The columns of the task that tell who worked on it, and who reviews it."""
    columns: dict[str, Any] = {}
    handed_in = state in (S.IN_REVIEW, S.DONE) and task.state in LABELLING
    if (edited or handed_in) and author.pk not in task.workers:
        columns["workers"] = [*task.workers, author.pk]
    if state != task.state:
        columns["held_until"] = None
    if task.state == S.IN_REVIEW and state in (S.DONE, S.IN_PROGRESS) and not takes_back(task, state, author):
        columns["reviewer"] = author
    return columns


@dataclass(frozen=True)
class Moved:
    """A save that is being stored: the state after it, and what a round remembers of it."""

    state: str
    author: User
    edited: bool  # whether it changed boxes
    boxes: Any  # the working copy after it
    share: float | None = None  # by which it was drawn whether the task is reviewed
    reason: str = ""


def note_round(task: Task, moved: Moved) -> None:
    """Write the round down that a change of state begins or ends. In the save's transaction; `task` is as before it."""
    if task.state == S.IN_REVIEW and moved.edited:
        task.rounds.filter(verdict=V.WAITING).exclude(handed_in_by=moved.author).update(mended=True)
    if moved.state == task.state:
        return
    if task.state == S.IN_REVIEW:
        _end(task, moved)
    elif moved.state == S.IN_REVIEW or moved.share is not None:
        _begin(task, moved)


def _begin(task: Task, moved: Moved) -> None:
    """A done task that a reviewer puts up for review stays the work of whoever handed it in."""
    last = task.rounds.order_by("-number").first()
    ReviewRound.objects.create(
        task=task,
        number=(last.number if last else 0) + 1,
        handed_in_by=last.handed_in_by if last and task.state == S.DONE else moved.author,
        handed_in_at=timezone.now(),
        share=moved.share,
        verdict=V.WAITING if moved.state == S.IN_REVIEW else V.UNREVIEWED,
    )


def _end(task: Task, moved: Moved) -> None:
    """The last round gets its verdict; a task that was in review before there were rounds gets its first."""
    entry = task.rounds.filter(verdict=V.WAITING).order_by("-number").first()
    if entry is None:
        at = task.saved_at or timezone.now()
        number = _last_number(task) + 1
        entry = ReviewRound(task=task, number=number, handed_in_by=task.saved_by, handed_in_at=at)
    own = takes_back(task, moved.state, moved.author)
    entry.verdict = V.TAKEN_BACK if own else DECIDED[S(moved.state)]
    entry.reviewer, entry.decided_at, entry.reason = moved.author, timezone.now(), moved.reason.strip()
    entry.boxes = moved.boxes if entry.verdict == V.SENT_BACK else None
    entry.save()


def _last_number(task: Task) -> int:
    return task.rounds.order_by("-number").values_list("number", flat=True).first() or 0


def claim_next_review(*, batch: Batch, by: User) -> Task | None:
    """Give the caller a task to review, for HELD from now; None where none waits for them. Reviewers and above.

    Not their own work, unless the batch lets them; not what another reviewer has. One that they have already comes
    first, then what they sent back before, then by place. Two callers at once get two tasks.
    """
    access.check(by, batch.dataset.project_id, Role.REVIEWER)
    now = timezone.now()
    with transaction.atomic():
        rows = batch.tasks.select_for_update(skip_locked=True, of=("self",)).select_related("image")
        known = Case(When(reviewer=by, then=0), default=1)
        order = [known, F("held_until").desc(nulls_last=True), "position"]
        task = waiting_for(rows, batch, by, now).order_by(*order).first()
        if task is not None:
            Task.objects.filter(pk=task.pk).update(reviewer=by, held_until=now + HELD)
            _note(task, by, "task.review")
    return task


def waiting_for(rows: Any, batch: Batch, person: User, now: datetime) -> Any:
    """Of these tasks, those that the person may review now."""
    rows = rows.filter(state=S.IN_REVIEW).filter(Q(held_until=None) | Q(held_until__lt=now) | Q(reviewer=person))
    return rows if batch.own_review else rows.exclude(workers__contains=[person.pk])


def hold(*, task: Task, by: User) -> Task:
    """Say that one is at work reviewing the task: for HELD from now nobody else is given it. Reviewers and above.

    Leaves it as it is where another reviewer has it, or it is not in review. Taking it leaves an audit line, going on
    with it does not.
    """
    access.check(by, task.batch.dataset.project_id, Role.REVIEWER)
    now = timezone.now()
    had_it = task.reviewer_id == by.pk and task.held_until is not None and task.held_until > now
    with transaction.atomic():
        mine = waiting_for(Task.objects.filter(pk=task.pk), task.batch, by, now)
        if mine.update(reviewer=by, held_until=now + HELD) and not had_it:
            _note(task, by, "task.review")
    task.refresh_from_db()
    return task


def _note(task: Task, author: User, action: str, **more: Any) -> None:
    data: Mapping[str, Any] = {"id": task.pk, "batch": task.batch_id, **more}
    audit.record(
        by=author, action=action, target=task.image.key, project=task.batch.dataset.project_id, data=dict(data)
    )
