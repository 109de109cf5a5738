"""Saving several frames of a sequence together: what is done to a track through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts import access
from accounts.models import Role, User
from accounts.problems import BadInput
from label.models import Batch, Task
from label.selectors.labels import boxes_at
from label.selectors.tasks import tasks_to_save, tasks_with_all
from label.services.tasks import Save, Saved, TaskChanged, save_task


@dataclass(frozen=True)
class FrameChange:
    """Boxes to put into a frame (by id: a known one is replaced) and to take out. `version` is the one seen."""

    task_id: int
    version: int
    put: Sequence[Mapping[str, Any]] = ()
    remove: Sequence[str] = ()


@transaction.atomic
def save_frames(*, batch: Batch, changes: Sequence[FrameChange], by: User) -> dict[int, Saved]:
    """Change all these frames or none; what is not named stays as it is. Labellers and above. By task id.

    Raises TaskChanged where somebody saved one meanwhile, with the ids of all such tasks in `changed`; BadInput naming
    each box that cannot be saved.
    """
    access.check(by, batch.dataset.project_id, Role.LABELLER)
    wanted = {change.task_id: change for change in changes}
    rows = tasks_to_save().filter(batch=batch, pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
    tasks = list(rows)
    if len(tasks) != len(wanted):
        missing = min(wanted.keys() - {task.pk for task in tasks})
        raise BadInput(f"This batch has no task {missing}.", errors={"frames": [f"No task {missing} in this batch."]})
    _check_versions(tasks, wanted)
    return {task.pk: _save(task, wanted[task.pk], by=by) for task in tasks}


def _check_versions(tasks: Sequence[Task], wanted: Mapping[int, FrameChange]) -> None:
    changed = [task.pk for task in tasks if task.version != wanted[task.pk].version]
    if changed:
        problem = TaskChanged(tasks_with_all().get(pk=changed[0]))
        problem.extra["changed"] = changed
        raise problem


def _save(task: Task, change: FrameChange, *, by: User) -> Saved:
    present = task.boxes if task.boxes is not None else boxes_at(task.base, task.image_id)
    put = {str(box["id"]): box for box in change.put}
    kept = [put.pop(box["id"], box) for box in present if box["id"] not in set(change.remove)]
    try:
        return save_task(task=task, save=Save(version=task.version, boxes=[*kept, *put.values()]), by=by)
    except BadInput as problem:
        errors = {f"frames.{task.pk}.{name}": said for name, said in (problem.errors or {}).items()}
        raise BadInput(f"{task.image.key}: {problem.detail}", errors=errors) from problem
