"""News of batches and tasks, for people (notices) and for programs (webhooks). In the transaction of what happened."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from label.models import Batch, Comment, Task
from label.quality.copies import hides_others
from label.selectors.people import UNFINISHED
from notices.events import announce
from notices.services import NewNotice, tell

S = Task.State


def batch_created(batch: Batch, tasks: int) -> None:
    _announce(batch, "batch.created", {"tasks": tasks})


def batch_merged(batch: Batch, revision: int) -> None:
    _announce(batch, "batch.merged", {"revision": revision})


def assigned(*, batch: Batch, counts: Mapping[int, int], author: User) -> None:
    """Tell each person how many tasks are theirs now; not who did it themselves."""
    for person, count in counts.items():
        if person == author.pk:
            continue
        names: dict[str, Any] = {"by": str(author), "batch": batch.name, "count": count}
        kind = "assigned_due" if batch.due else "assigned"
        due = {"due": batch.due.isoformat()} if batch.due else {}
        tell(NewNotice(batch.dataset.project_id, kind, names | due, batch_link(batch)), [person])


def task_moved(task: Task, state: str, author: User) -> None:
    """A task has become another state: tell its labeller what was sent back, and everybody who waits of a batch's end.

    `task` is as it was before.
    """
    batch = task.batch
    about = {
        "type": "task", "id": task.pk, "batch": batch.pk, "image": task.image.key, "from": task.state, "state": state,
        "by": author.pk,
    }  # fmt: skip
    announce(project_id=batch.dataset.project_id, event="task.state", about=about)
    if task.state == S.IN_REVIEW and state == S.IN_PROGRESS:
        names = {"by": str(author), "image": task.image.key, "batch": batch.name}
        _tell_of_task(task, NewNotice(batch.dataset.project_id, "sent_back", names, task_link(task)), author)
    if state in (S.DONE, S.SKIPPED):
        _tell_if_done(batch)


def _tell_if_done(batch: Batch) -> None:
    if batch.tasks.filter(state__in=(*UNFINISHED, S.IN_REVIEW)).exists():
        return
    batch = Batch.objects.select_related("dataset").get(pk=batch.pk)
    _announce(batch, "batch.done", {})
    new = NewNotice(batch.dataset.project_id, "batch_done", {"batch": batch.name}, batch_link(batch))
    tell(new, [batch.created_by_id] if batch.created_by_id else [])


def remarked(remark: Comment, author: User) -> None:
    """A remark opens an issue: tell the task's labeller, and whoever remarked on the task before."""
    task = remark.task
    people = set(task.comments.values_list("author_id", flat=True)) | {task.assignee_id}
    _tell_remark("remark", remark, _may_hear(task, people), author)


def replied(remark: Comment, author: User) -> None:
    """Tell whoever opened the issue that it was answered, and of the remark whoever else spoke or labels the task."""
    issue = remark.issue
    if issue is None:
        return
    _tell_remark("reply", remark, {issue.author_id}, author)
    people = set(issue.remarks.values_list("author_id", flat=True)) | {remark.task.assignee_id}
    _tell_remark("remark", remark, _may_hear(remark.task, people - {issue.author_id}), author)


def _may_hear(task: Task, people: set[int | None]) -> set[int | None]:
    """Of these, who may know what others say of the task."""
    if task.copies == 1:
        return people
    known = User.objects.filter(pk__in=[one for one in people if one is not None])
    return {one.pk for one in known if not hides_others(task, one)}


def _tell_remark(kind: str, remark: Comment, people: set[int | None], author: User) -> None:
    task = remark.task
    names = {"by": str(author), "image": task.image.key, "batch": task.batch.name, "text": remark.text}
    new = NewNotice(task.batch.dataset.project_id, kind, names, task_link(task))
    tell(new, {person for person in people if person is not None} - {author.pk})


def instructed(batch: Batch, author: User) -> None:
    """Tell whoever has unfinished tasks of the batch that its instructions have changed."""
    people = set(batch.tasks.filter(state__in=UNFINISHED).values_list("assignee_id", flat=True))
    names = {"by": str(author), "batch": batch.name}
    new = NewNotice(batch.dataset.project_id, "instructions", names, batch_link(batch))
    tell(new, {person for person in people if person is not None} - {author.pk})


def _tell_of_task(task: Task, new: NewNotice, author: User) -> None:
    whose = Task.objects.values_list("assignee_id", flat=True).get(pk=task.pk)
    tell(new, [whose] if whose not in (None, author.pk) else [])


def _announce(batch: Batch, event: str, more: dict[str, Any]) -> None:
    about = {"type": "batch", "id": batch.pk, "name": batch.name, "dataset": batch.dataset_id, "state": batch.state}
    announce(project_id=batch.dataset.project_id, event=event, about=about | more)


def batch_link(batch: Batch) -> str:
    return f"/batches/{batch.pk}"


def task_link(task: Task) -> str:
    return f"/tasks/{task.pk}"
