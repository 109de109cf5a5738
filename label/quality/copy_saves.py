"""Saving one's own copy of a task, and what happens once the last is handed in."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import Conflict
from label.assists.recording import record_assists
from label.models import Batch, Task
from label.quality.copies import as_seen_by, copy_of, is_decided
from label.quality.gold_marks import HANDED_IN, mark_hand_in
from label.quality.models import TaskCopy
from label.quality.settling import settle
from label.quality.sittings import check_sitting, record_time
from label.selectors.tasks import tasks_with_all
from label.services.tasks import (
    FINISHED,
    LONGEST_SITTING,
    Save,
    Saved,
    TaskChanged,
    canvas_of,
    checked_boxes,
    is_edit,
    refuse_unfilled,
    save_task,
    working_copy,
)
from label.states import next_state


def save_work(*, task: Task, save: Save, by: User) -> Saved:
    """Save a task, or one's own copy of one that several people label. Labellers and above; see `save_task`.

    A reviewer without a copy works on the task itself, once it is decided.
    """
    if task.copies == 1:
        return save_task(task=task, save=save, by=by)
    access.check(by, task.batch.dataset.project_id, Role.LABELLER)
    decided = is_decided(task)
    if copy_of(task, by) is None and access.role_in(by, task.batch.dataset.project_id) != Role.LABELLER:
        if decided:
            return save_task(task=task, save=save, by=by)
        raise Conflict(f"{task.copies} people label this task, each for themselves. Take one by Start labelling.")
    if decided and (save.boxes is not None or save.state is not None):
        raise Conflict("This task was decided from all copies. Ask a reviewer to change it.")
    return _save_copy(task, save, by=by)


def _save_copy(task: Task, save: Save, *, by: User) -> Saved:
    role = access.check(by, task.batch.dataset.project_id, Role.LABELLER)
    as_seen_by(task, by)
    if task.version != save.version:
        raise TaskChanged(as_seen_by(tasks_with_all().get(pk=task.pk), by))
    if task.batch.state == Batch.State.CLOSED:
        raise Conflict("This batch is closed. Open it again to work on its tasks.")
    if save.sitting:
        check_sitting(save.sitting)
    canvas = canvas_of(task)
    checked = checked_boxes(save, canvas)
    edited = checked is not None and is_edit(task, checked.boxes, canvas)
    columns = _columns(task, save, edited, role=role)
    if save.state in FINISHED:
        refuse_unfilled(task, checked.boxes if checked else None, canvas)
    if checked is not None:
        columns |= working_copy(task, checked.boxes, canvas)
    with transaction.atomic():
        _take_place(task, by)
        _store(task, save, columns, by=by)
        if task.withheld:
            mark_hand_in(task=task, person=by, state=columns["state"], boxes=checked.boxes if checked else None)
        record_assists(task=task, person=by, assists=save.assists, boxes=checked.boxes if checked else None)
        if task.state != columns["state"]:
            _tell(task, columns, by=by)
        if task.state != columns["state"] or (columns["state"] in HANDED_IN and checked is not None):
            settle(task.pk, author=by)
    return Saved(save.version + 1, columns["state"], columns["saved_at"], checked.notes if checked else [])


def _columns(task: Task, save: Save, edited: bool, *, role: Role) -> dict[str, Any]:
    """The columns of the copy, without its boxes. It is one's own; what is reviewed is what all copies say together."""
    state = next_state(
        current=task.state, asked=save.state, edited=edited, review=task.batch.review, role=role, own=True, alone=True
    )
    return {"version": F("version") + 1, "state": state, "saved_at": timezone.now()}


def _take_place(task: Task, person: User) -> None:
    """See that the person has a copy. Raises Conflict where as many as are wanted work on the task already."""
    Task.objects.select_for_update().get(pk=task.pk)
    others = TaskCopy.objects.filter(task=task).exclude(person=person).exclude(state=Task.State.SKIPPED)
    if others.count() >= task.copies:
        raise Conflict(f"{task.copies} people work on this task already, as many as were asked for. Take the next.")
    TaskCopy.objects.get_or_create(task=task, person=person)


def _store(task: Task, save: Save, columns: Mapping[str, Any], *, by: User) -> None:
    kept = {name: columns[name] for name in ("version", "state", "saved_at", "boxes", "changed") if name in columns}
    more = min(save.active_seconds, LONGEST_SITTING)
    new = record_time(task=task, person=by, sitting=save.sitting, more=more)
    own = TaskCopy.objects.filter(task=task, person=by, version=save.version)
    if not own.update(active_seconds=F("active_seconds") + new, **kept):
        raise TaskChanged(as_seen_by(tasks_with_all().get(pk=task.pk), by))
    Task.objects.filter(pk=task.pk).update(active_seconds=F("active_seconds") + new)


def _tell(task: Task, columns: Mapping[str, Any], *, by: User) -> None:
    data = {"id": task.pk, "batch": task.batch_id, "from": task.state, "to": columns["state"], "copy": True}
    audit.record(by=by, action="task.state", target=task.image.key, project=task.batch.dataset.project_id, data=data)
