"""Issues of a task: raising, replying, resolving; and how they follow their boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from label.models import Comment, Issue, Task
from label.quality.copies import as_seen_by
from label.selectors.labels import boxes_at
from label.services import telling

State = Issue.State


@dataclass(frozen=True)
class NewIssue:
    """What is raised: pinned to a box of the working copy by its id, or to a place (xyxy pixels), or to neither."""

    text: str
    kind: str = Issue.Kind.OTHER
    box_id: str = ""
    box: Sequence[float] | None = None


def raise_issue(*, task: Task, new: NewIssue, by: User) -> Issue:
    """Open an issue with its first remark. Labellers and above; raises BadInput where its box is not there."""
    access.check(by, task.batch.dataset.project_id, Role.LABELLER)
    place = _place_of(as_seen_by(task, by), new)
    with transaction.atomic():
        _locked(task.pk)
        number = task.rounds.aggregate(last=Max("number"))["last"] or 0
        issue = Issue.objects.create(task=task, kind=new.kind, box_id=new.box_id, box=place, round=number, author=by)
        telling.remarked(_remark(issue, new.text, by), by)
        _count(task.pk)
        _note(issue, "issue.open", by, kind=new.kind)
    return issue


def _place_of(task: Task, new: NewIssue) -> list[float] | None:
    """Where the issue is: at the box that it names, as that stands now or as the client saw it just now."""
    if not new.box_id:
        return list(new.box) if new.box else None
    boxes = task.boxes if task.boxes is not None else boxes_at(task.base, task.image_id)
    named = next((box for box in boxes if box["id"] == new.box_id), None)
    if named is None and new.box is None:
        detail = f"The task has no box {new.box_id} now. Say also where it was, in box."
        raise BadInput(detail, errors={"box_id": [detail]})
    return list(named["box"] if named else new.box or ())


def reply(*, issue: Issue, text: str, by: User) -> Comment:
    """Add to an issue's thread: a reply by another than its author answers it. Labellers and above."""
    access.check(by, issue.task.batch.dataset.project_id, Role.LABELLER)
    with transaction.atomic():
        _locked(issue.task_id)
        issue.refresh_from_db(fields=["state"])
        remark = _remark(issue, text, by)
        telling.replied(remark, by)
        if issue.state != State.RESOLVED:
            issue.state = State.OPEN if issue.author_id == by.pk else State.ANSWERED
            issue.save(update_fields=["state"])
        _note(issue, "issue.reply", by, comment=remark.pk)
    return remark


def set_issue(*, issue: Issue, by: User, resolved: bool | None = None, kind: str | None = None) -> Issue:
    """Resolve an issue, open it again, or name its kind anew. Labellers and above."""
    access.check(by, issue.task.batch.dataset.project_id, Role.LABELLER)
    with transaction.atomic():
        _locked(issue.task_id)
        issue.refresh_from_db(fields=["kind", "state", "resolved_by", "resolved_at"])
        if kind is not None:
            issue.kind = kind
        if resolved is not None and resolved != (issue.state == State.RESOLVED):
            issue.state = State.RESOLVED if resolved else State.OPEN
            issue.resolved_by, issue.resolved_at = (by, timezone.now()) if resolved else (None, None)
        issue.save(update_fields=["kind", "state", "resolved_by", "resolved_at"])
        _count(issue.task_id)
        _note(issue, "issue.change", by, state=issue.state, kind=issue.kind)
    return issue


def follow_boxes(task: Task, boxes: Sequence[Mapping[str, Any]]) -> None:
    """Issues move with the boxes that they are pinned to; where a box is gone, they stay where it was."""
    places = {box["id"]: box["box"] for box in boxes}
    for issue in task.issues.exclude(box_id="").exclude(state=State.RESOLVED).only("box_id", "box"):
        place = places.get(issue.box_id)
        if place is not None and place != issue.box:
            Issue.objects.filter(pk=issue.pk).update(box=place)


def _remark(issue: Issue, text: str, by: User) -> Comment:
    return Comment.objects.create(task_id=issue.task_id, issue=issue, author=by, text=text, box=issue.box)


def _locked(task_id: int) -> None:
    """Lock the task till the end of the transaction, so that nobody else counts its issues meanwhile."""
    Task.objects.select_for_update(no_key=True).only("pk").get(pk=task_id)


def _count(task_id: int) -> None:
    open_issues = Issue.objects.filter(task=task_id).exclude(state=State.RESOLVED).count()
    Task.objects.filter(pk=task_id).update(open_issues=open_issues)


def _note(issue: Issue, action: str, by: User, **more: Any) -> None:
    task = issue.task
    data = {"id": issue.pk, "task": task.pk, **more}
    audit.record(by=by, action=action, target=task.image.key, project=task.batch.dataset.project_id, data=data)
