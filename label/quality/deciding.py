"""Asking several people for a task, taking a copy, and deciding what they do not agree on."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from label.models import Batch, Task
from label.quality.copies import with_a_place
from label.quality.models import Consensus, QualityPlan, TaskCopy
from label.quality.settling import Together, decided_columns, go_on, together
from label.selectors.labels import class_ids_of
from label.selectors.tasks import tasks_with_all
from label.services.tasks import TaskChanged

MOST_PEOPLE = 9


def ask_several(*, batch: Batch, people: int, share: float, by: User, seed: int = 0) -> int:
    """Let `people` label the same tasks, each for themselves: a drawn share of those that nobody began.

    Reviewers and above. With 1, tasks that nobody began become ordinary again. Returns how many tasks have changed.
    """
    access.check(by, batch.dataset.project_id, Role.REVIEWER)
    with transaction.atomic():
        rows = batch.tasks.select_for_update().filter(state=Task.State.TO_LABEL, version=0)
        free = sorted(rows.exclude(copies=people).values_list("pk", flat=True))
        wanted = max(1, round(share * batch.tasks.count())) - batch.tasks.filter(copies=people).count()
        count = len(free) if people == 1 else wanted
        chosen = np.random.default_rng(seed).permutation(len(free))[: max(0, count)]
        if not len(chosen):
            raise Conflict("No task is left that nobody has begun and that is not labelled by so many people already.")
        changed = Task.objects.filter(pk__in=[free[at] for at in chosen]).update(copies=people, assignee=None)
        data = {"id": batch.pk, "people": people, "tasks": changed, "seed": seed}
        audit.record(by=by, action="batch.several", target=batch, project=batch.dataset.project_id, data=data)
    return changed


def change_plan(*, batch: Batch, changes: Mapping[str, Any], by: User) -> QualityPlan:
    """Say from which IoU on two boxes are one object, and whether people see their own results. Managers and above."""
    access.check(by, batch.dataset.project_id, Role.MANAGER)
    with transaction.atomic():
        plan, _ = QualityPlan.objects.update_or_create(batch=batch, defaults=dict(changes))
        data = {"id": batch.pk} | dict(changes)
        audit.record(by=by, action="batch.quality", target=batch, project=batch.dataset.project_id, data=data)
    return plan


def take_copy(batch: Batch, person: User) -> Task | None:
    """The person's next task of those that several label: one that they began, else one with a free place; or None.

    Inside a transaction. Two people asking at once do not wait for each other.
    """
    own = TaskCopy.objects.filter(task__batch=batch, person=person)
    begun = own.filter(state__in=[Task.State.TO_LABEL, Task.State.IN_PROGRESS]).order_by("task__position").first()
    if begun is not None:
        return begun.task
    open_ones = with_a_place(batch.tasks.all(), person).order_by("position")
    for candidate in open_ones.values_list("pk", flat=True)[:20]:
        task = Task.objects.select_for_update(skip_locked=True).filter(pk=candidate).first()
        if task and TaskCopy.objects.filter(task=task).exclude(state=Task.State.SKIPPED).count() < task.copies:
            TaskCopy.objects.create(task=task, person=person)
            return task
    return None


def decide(*, task: Task, version: int, answers: Mapping[int, int | None], by: User) -> Task:
    """Answer what the votes left open: by an object's place its class, or None where there is no object.

    Reviewers and above, but nobody who labelled the task. The result becomes the task's boxes, and the task is done.
    """
    access.check(by, task.batch.dataset.project_id, Role.REVIEWER)
    if task.batch.state == Batch.State.CLOSED:
        raise Conflict("This batch is closed. Open it again to decide on its tasks.")
    if TaskCopy.objects.filter(task=task, person=by).exclude(state=Task.State.SKIPPED).exists():
        raise Conflict("You labelled this task yourself, so somebody else decides.")
    if not Consensus.objects.filter(task=task).exists():
        raise Conflict("Not everybody has handed in this task yet.")
    found = together(task)
    _check_answers(task, found, answers)
    columns = decided_columns(task, found, answers)
    columns |= {"state": Task.State.DONE, "reviewer": by, "saved_by": by, "version": F("version") + 1}
    with transaction.atomic():
        if not Task.objects.filter(pk=task.pk, version=version).update(**columns):
            raise TaskChanged(tasks_with_all().get(pk=task.pk))
        Consensus.objects.filter(task=task).update(decided_by=by, decided_at=timezone.now())
        go_on(task, Task.State.DONE, author=by)
        data = {"id": task.pk, "batch": task.batch_id, "answers": {str(place): said for place, said in answers.items()}}
        project = task.batch.dataset.project_id
        audit.record(by=by, action="task.decide", target=task.image.key, project=project, data=data)
    task.refresh_from_db()
    return task


def _check_answers(task: Task, found: Together, answers: Mapping[int, int | None]) -> None:
    """Raises Conflict naming what is still open, BadInput for an object or a class that is not there."""
    known = class_ids_of(task.batch.dataset)
    wrong = {
        f"answers.{place}": ["There is no such object, or the dataset has no such class."]
        for place, said in answers.items()
        if not 0 <= place < len(found.seen) or (said is not None and said not in known)
    }
    if wrong:
        raise BadInput("An answer names something that is not there.", errors=wrong)
    open_ones = [place for place in found.questions if place not in answers]
    if open_ones:
        raise Conflict(f"{len(open_ones)} of the questions must be answered first.", extra={"unresolved": open_ones})
