"""Pre-labelling a batch by a checkpoint: look first, then write into the tasks that nobody has touched; take back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from jobs.models import Job
from jobs.titles import Title
from label.assists.models import Prelabel, PrelabelledTask
from label.assists.sources import checkpoint_of, refused
from label.models import Batch, Task
from model.models import Checkpoint
from model.selectors.answering import checkpoint_in, knows_a_class

LOOK, WRITE = "prelabel_look", "prelabel_write"

# A task that tests people goes back to what it showed.
TAKE_BACK = """
UPDATE label_task AS task SET changed = FALSE, version = task.version + 1, boxes = CASE WHEN task.withheld THEN
    (SELECT gold.start FROM label_goldtask gold WHERE gold.task_id = task.id) END
FROM label_prelabelledtask given
WHERE given.prelabel_id = %s AND given.task_id = task.id AND task.version = given.version AND task.state = 'to_label'
RETURNING task.id
"""


def untouched(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Those that no person worked on and no pre-label stands in.

    What several people label is not among them: it begins alike for each, and their agreement is to be their own. A
    task that tests people is: without proposals it could be told from the others.
    """
    rows = tasks.filter(state=Task.State.TO_LABEL, saved_by=None, copies=1)
    given = PrelabelledTask.objects.filter(task=OuterRef("pk"))
    return rows.filter(Q(boxes__isnull=True) | Q(withheld=True) & ~Exists(given))


@transaction.atomic
def start_prelabel(*, batch: Batch, checkpoint_id: int | None, by: User) -> Prelabel:
    """Ask what a checkpoint would propose for the untouched tasks; its job predicts them. Managers and above.

    Raises BadInput where checkpoint and dataset have no class in common, Conflict where nothing is untouched.
    """
    project = batch.dataset.project_id
    access.check(by, project, Role.MANAGER)
    checkpoint = checkpoint_in(project, checkpoint_id) if checkpoint_id is not None else checkpoint_of(batch)
    if checkpoint is None:
        raise refused("checkpoint", "There is no such checkpoint in this project. Train a run, or upload weights.")
    check_classes(checkpoint, batch)
    if batch.state == Batch.State.CLOSED:
        raise Conflict("This batch is closed. Open it again to pre-label it.")
    if not untouched(batch.tasks.all()).exists():
        raise Conflict("Every task of this batch was worked on or pre-labelled already.")
    row = Prelabel.objects.create(batch=batch, checkpoint=checkpoint, checkpoint_name=checkpoint.name, created_by=by)
    title = Title.of("prelabel_look", "Look what {checkpoint} proposes for {batch}", checkpoint=checkpoint, batch=batch)
    queue_job(row, LOOK, title, by, queue="gpu")
    data = {"id": batch.pk, "prelabel": row.pk, "checkpoint": checkpoint.pk}
    audit.record(by=by, action="batch.prelabel_look", target=batch, project=project, data=data)
    return row


def check_classes(checkpoint: Checkpoint, batch: Batch) -> None:
    if not knows_a_class(checkpoint, batch.dataset):
        sentence = f"{checkpoint.name} knows none of this dataset's classes: {', '.join(checkpoint.classes)}."
        raise refused("checkpoint", sentence)


def queue_job(row: Prelabel, kind: str, title: Title, author: User, *, queue: str) -> Job:
    job = jobs.services.enqueue(
        kind=kind,
        project=row.batch.dataset.project,
        dataset=row.batch.dataset,
        author=author,
        params={"prelabel": row.pk},
        title=title,
        queue=queue,
        link=f"/batches/{row.batch_id}",
    )
    Prelabel.objects.filter(pk=row.pk).update(job_id=job.pk)
    row.job_id = job.pk
    return job


@transaction.atomic
def apply_prelabel(*, prelabel: Prelabel, thresholds: Mapping[int, float], by: User) -> Job:
    """Write the boxes from these thresholds on into the tasks that are still untouched. Managers and above."""
    project = prelabel.batch.dataset.project_id
    access.check(by, project, Role.MANAGER)
    row = Prelabel.objects.select_for_update(of=("self",)).select_related("batch__dataset__project").get(pk=prelabel.pk)
    if row.state != Prelabel.State.LOOKED:
        raise Conflict("These proposals were written already, or are not there yet. Look anew.")
    if Job.objects.filter(pk=row.job_id or 0).exclude(state__in=Job.ENDED).exists():
        raise Conflict("They are being written already.")
    known = set(map(int, row.thresholds))
    if wrong := sorted(set(thresholds) - known):
        sentence = f"The checkpoint proposes no box of the class {wrong[0]}."
        raise BadInput(sentence, errors={"thresholds": [sentence]})
    row.thresholds = row.thresholds | {str(class_id): value for class_id, value in thresholds.items()}
    row.save(update_fields=["thresholds"])
    title = Title.of(
        "prelabel_write", "Pre-label {batch} by {checkpoint}", batch=row.batch, checkpoint=row.checkpoint_name
    )
    job = queue_job(row, WRITE, title, by, queue="cpu")
    data = {"id": row.batch_id, "prelabel": row.pk, "thresholds": row.thresholds}
    audit.record(by=by, action="batch.prelabel", target=row.batch, project=project, data=data)
    return job


@transaction.atomic
def take_back(*, prelabel: Prelabel, by: User) -> dict[str, int]:
    """Take the boxes back from the tasks that nobody has touched since. Managers and above."""
    project = prelabel.batch.dataset.project_id
    access.check(by, project, Role.MANAGER)
    row = Prelabel.objects.select_for_update(of=("self",)).get(pk=prelabel.pk)
    if row.state != Prelabel.State.APPLIED:
        raise Conflict("Nothing of it stands in the tasks.")
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, [row.pk])
        taken = [task for (task,) in cursor.fetchall()]
    row.given.filter(task__in=taken).delete()
    left = row.given.count()
    Prelabel.objects.filter(pk=row.pk).update(state=Prelabel.State.APPLIED if left else Prelabel.State.TAKEN_BACK)
    data = {"id": row.batch_id, "prelabel": row.pk, "tasks": len(taken), "left": left}
    audit.record(by=by, action="batch.prelabel_undo", target=prelabel.batch, project=project, data=data)
    return {"taken_back": len(taken), "left": left}


def write_into(row: Prelabel, task: Task, present: list[dict[str, Any]], given: list[dict[str, Any]]) -> bool:
    """Put the boxes into a task where nobody has touched it; False where somebody has meanwhile. In a transaction."""
    new = [box_of(one) for one in given]
    here = untouched(Task.objects.filter(pk=task.pk, version=task.version))
    if not here.update(boxes=[*present, *new], changed=True, version=F("version") + 1):
        return False
    short = [{name: one[name] for name in ("id", "class_id", "box", "score")} for one in given]
    PrelabelledTask.objects.create(prelabel=row, task=task, boxes=short, base=task.base, version=task.version + 1)
    return True


def box_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """As a working copy keeps it."""
    return {
        "id": given["id"],
        "object_id": None,
        "class_id": given["class_id"],
        "box": given["box"],
        "attributes": {},
        "ignore": "no",
        "provenance": "model",
    }


def mark_applied(row: Prelabel, *, tasks: int, boxes: int) -> None:
    Prelabel.objects.filter(pk=row.pk).update(
        state=Prelabel.State.APPLIED, tasks=tasks, boxes=boxes, applied_at=timezone.now()
    )
