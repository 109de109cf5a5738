"""Sending images to Label, and what happens to a batch as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Q

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from curate.autocurate.image_order import images_by_worth
from curate.models import AutoCurate, Evaluation
from dataset.models import Dataset, Image, PredictionSet, Slice, SliceImage
from label.models import Batch, Task
from label.quality.deciding import take_copy
from label.selectors.people import due_of, mine_first
from label.services import telling


@dataclass(frozen=True)
class NewBatch:
    """What is sent to Label. Exactly one of `slice_id` and `image_ids` says which images."""

    name: str
    slice_id: int | None = None
    image_ids: Sequence[int] | None = None
    auto_curate_id: int | None = None  # whose suggestions stand beside the boxes and order the tasks
    prediction_set_id: int | None = None  # shown as ghosts
    evaluation_id: int | None = None
    review: bool = False  # whether a reviewer must pass each task
    due: date | None = None
    review_share: float = 1.0  # 0–1 of the tasks handed in, reviewed at the least


def create_batch(*, dataset: Dataset, new: NewBatch, by: User) -> Batch:
    """Send images to Label at the dataset's newest revision, one task each. Reviewers and above.

    The tasks stand by the gain that is expected of their suggestions per second of a person's time, then as the
    auto-curate run chose its images, then by image id.
    """
    access.check(by, dataset.project_id, Role.REVIEWER)
    if (new.slice_id is None) == (new.image_ids is None):
        raise BadInput("Give either a slice or images.", errors={"slice": ["Give either a slice or images."]})
    try:
        with transaction.atomic():
            batch = Batch.objects.create(dataset=dataset, created_by=by, **_batch_fields(dataset, new))
            tasks = _create_tasks(batch, _image_ids(dataset, new))
            audit.record(
                by=by,
                action="batch.create",
                target=batch,
                project=dataset.project_id,
                data={"id": batch.pk, "tasks": tasks},
            )
            telling.batch_created(batch, tasks)
    except IntegrityError as error:
        raise Conflict(f"There is a batch named {new.name} already.", errors={"name": ["Taken."]}) from error
    return batch


def _batch_fields(dataset: Dataset, new: NewBatch) -> dict[str, object]:
    """The batch's columns, every id checked to be of this dataset."""
    dataset.refresh_from_db(fields=["head_revision"])
    return {
        "name": new.name,
        "base": dataset.head_revision,
        "review": new.review,
        "due": new.due,
        "review_share": new.review_share,
        "slice": _of_dataset(Slice, dataset, new.slice_id, "slice"),
        "auto_curate": _of_dataset(AutoCurate, dataset, new.auto_curate_id, "auto_curate"),
        "prediction_set": _of_dataset(PredictionSet, dataset, new.prediction_set_id, "prediction_set"),
        "evaluation": _of_dataset(Evaluation, dataset, new.evaluation_id, "evaluation"),
    }


def _of_dataset(model: type[Model], dataset: Dataset, row_id: int | None, field: str) -> Model | None:
    """The row, which must be one of this dataset."""
    if row_id is None:
        return None
    row = model._default_manager.filter(dataset=dataset, pk=row_id).first()
    if row is None:
        detail = f"This dataset has no {field.replace('_', '-' if field == 'auto_curate' else ' ')} {row_id}."
        raise BadInput(detail, errors={field: [detail]})
    return row


def _image_ids(dataset: Dataset, new: NewBatch) -> list[int]:
    """The images sent, ascending. Raises BadInput where there are none, or where one is not of this dataset."""
    if new.image_ids is None and new.slice_id is not None:
        found = list(SliceImage.objects.filter(slice_id=new.slice_id).values_list("image_id", flat=True))
        if not found:
            raise BadInput("The slice has no images.", errors={"slice": ["It has no images."]})
        return sorted(found)
    wanted = sorted(set(new.image_ids or ()))
    known = set(Image.objects.filter(dataset=dataset, pk__in=wanted).values_list("pk", flat=True))
    missing = [image_id for image_id in wanted if image_id not in known]
    if missing or not wanted:
        detail = f"This dataset has no image {missing[0]}." if missing else "Give at least one image."
        raise BadInput(detail, errors={"images": [detail]})
    return wanted


TASKS_IN_ORDER = """
INSERT INTO label_task (batch_id, image_id, position, state, version, base, changed, active_seconds)
SELECT %(batch)s, sent.image_id, sent.place - 1, %(state)s, 0, %(base)s, FALSE, 0
FROM unnest(%(images)s::bigint[]) WITH ORDINALITY AS sent (image_id, place)
"""


def _create_tasks(batch: Batch, image_ids: list[int]) -> int:
    """All tasks in one statement; returns how many."""
    values: dict[str, Any] = {
        "batch": batch.pk,
        "state": Task.State.TO_LABEL,
        "base": batch.base,
        "images": _in_order(batch, image_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(TASKS_IN_ORDER, values)
        return cursor.rowcount


def _in_order(batch: Batch, image_ids: list[int]) -> list[int]:
    """What brings most per second first, then what the run chose in its order, then the others as they are."""
    run, sent = batch.auto_curate, set(image_ids)
    wanted = [*images_by_worth(run), *run.picked_ids] if run else []
    return list(dict.fromkeys([*(one for one in wanted if one in sent), *image_ids]))


KEEP = "keep"  # in place of a day: as it is


def update_batch(
    *,
    batch: Batch,
    by: User,
    name: str | None = None,
    state: str | None = None,
    review: bool | None = None,
    take_over: bool | None = None,
    due: date | str | None = KEEP,
) -> Batch:
    """Rename a batch, ask for review or not, set its day or none, close it, or open it again. Reviewers and above."""
    access.check(by, batch.dataset.project_id, Role.REVIEWER)
    given = {"name": name, "state": state, "review": review, "take_over": take_over}
    changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    if due != KEEP:
        changes["due"] = due
    if state == Batch.State.MERGED:
        raise BadInput("A batch becomes merged by being merged.", errors={"state": ["Use the merge."]})
    try:
        with transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(**changes) if changes else None
            audit.record(
                by=by,
                action="batch.update",
                target=batch,
                project=batch.dataset.project_id,
                data={"id": batch.pk} | changes | ({"due": str(due)} if "due" in changes else {}),
            )
    except IntegrityError as error:
        raise Conflict(f"There is a batch named {name} already.", errors={"name": ["Taken."]}) from error
    batch.refresh_from_db()
    return batch


def claim_next_task(*, batch: Batch, by: User) -> Task | None:
    """Assign the caller the first task that nobody has begun; None when there is none left.

    One's own come first, those due soonest before; then nobody's; another's only where the batch lets them be taken
    over. Two callers at once get two tasks: a row that another transaction is taking is skipped.
    """
    access.check(by, batch.dataset.project_id, Role.LABELLER)
    with transaction.atomic():
        if (several := take_copy(batch, by)) is not None:
            return several
        rows = batch.tasks.select_for_update(skip_locked=True, of=("self",)).select_related("image")
        waiting = rows.filter(state=Task.State.TO_LABEL, copies=1)
        if not batch.take_over:
            waiting = waiting.filter(Q(assignee=by) | Q(assignee=None))
        order = [mine_first(by.pk), due_of().asc(nulls_last=True), "position"]
        task = waiting.order_by(*order).first()
        if task is not None and task.assignee_id != by.pk:
            Task.objects.filter(pk=task.pk).update(assignee=by)
            project, data = batch.dataset.project_id, {"id": task.pk, "batch": batch.pk, "assignee": by.pk}
            audit.record(by=by, action="task.assign", target=task.image.key, project=project, data=data)
    return task
