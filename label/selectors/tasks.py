"""A batch's tasks, and one task with all that stands around it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from curate.models import Suggestion
from dataset.models import Prediction
from dataset.selectors.images import file_url, image_brief
from dataset.selectors.tags import tags_on
from label.assists.models import Assist, PrelabelledTask
from label.models import Batch, Task
from label.present import Present
from label.selectors.labels import boxes_at
from label.selectors.task_grid import EVERY_TASK, TaskFilter

MOST_GHOSTS = 300  # predictions shown on one image, the most certain


def tasks_of(batch: Batch, *, wanted: TaskFilter = EVERY_TASK, after: int | None = None) -> QuerySet[Task]:
    """The batch's tasks in their order, after a position."""
    columns = ["batch", "position", "image", "state", "assignee", "due", "changed", "version", "active_seconds"]
    columns += ["copies", "open_issues", *(f"image__{name}" for name in ("key", "sha256", "width", "height"))]
    columns += [f"assignee__{name}" for name in ("email", "name")]
    rows = batch.tasks.select_related("image", "assignee").only(*columns).order_by("position")
    rows = wanted.of(rows)
    return rows if after is None else rows.filter(position__gt=after)


def with_counts(batch: Batch, tasks: Sequence[Task]) -> list[Task]:
    """The batch's tasks, each with `box_count` and `suggestion_counts` set: three queries in all."""
    counts = _box_counts([task.pk for task in tasks])
    suggestions = _suggestion_counts(batch, tasks)
    for task in tasks:
        task.image_brief = image_brief(task.image)
        task.box_count = counts[task.pk]
        task.suggestion_counts = suggestions.get(task.image_id, {"pending": 0, "total": 0})
    return list(tasks)


BOX_COUNTS = """
SELECT task.id, CASE WHEN task.boxes IS NOT NULL THEN jsonb_array_length(task.boxes) ELSE (
    SELECT count(*) FROM dataset_annotation label
    WHERE label.image_id = task.image_id AND label.born <= task.base AND (label.died IS NULL OR label.died > task.base)
) END FROM label_task task WHERE task.id = ANY(%s)
"""


def _box_counts(task_ids: list[int]) -> dict[int, int]:
    """How many boxes each task's working copy has, or where there is none its image at the task's base, by task id."""
    with connection.cursor() as cursor:
        cursor.execute(BOX_COUNTS, [task_ids])
        return dict(cursor.fetchall())


def _suggestion_counts(batch: Batch, tasks: Sequence[Task]) -> dict[int, dict[str, int]]:
    """{"pending", "total"} by image id, of the batch's auto-curate run."""
    if batch.auto_curate_id is None:
        return {}
    rows = Suggestion.objects.filter(
        auto_curate_id=batch.auto_curate_id, image_id__in=[task.image_id for task in tasks]
    )
    pending = Count("pk", filter=Q(verdict=Suggestion.Verdict.PENDING))
    counted = rows.values("image_id").annotate(pending=pending, total=Count("pk"))
    return {row["image_id"]: {"pending": row["pending"], "total": row["total"]} for row in counted}


def tasks_with_all() -> QuerySet[Task]:
    """All tasks, with the rows that the editor shows of one."""
    return Task.objects.select_related("batch__dataset", "image", "assignee", "reviewer", "saved_by")


def tasks_to_save() -> QuerySet[Task]:
    """All tasks, with no more of each than a save looks at; whoever is to be shown one reads it anew."""
    columns = [
        "state",
        "version",
        "base",
        "boxes",
        "changed",
        "assignee",
        "copies",
        "withheld",
        "workers",
        "open_issues",
        "saved_by",
        "saved_at",
        "image__width",
        "image__height",
        "image__key",
    ]
    columns += [f"batch__{name}" for name in ("state", "base", "review", "auto_curate", "dataset__project")]
    columns += [f"batch__{name}" for name in ("own_review", "review_share", "review_shares", "review_seed")]
    rows = Task.objects.select_related("batch__dataset", "image").only("batch", "image", *columns)
    told, given = (model.objects.filter(task=OuterRef("pk")) for model in (Assist, PrelabelledTask))
    return rows.annotate(helped=Exists(told) | Exists(given))


def as_present(task: Task) -> Task:
    """The task with `present` set."""
    previous, following = neighbours(task)
    file = file_url(task.image_id, task.image.sha256)
    task.present = Present(
        image=image_brief(task.image)
        | {
            "file": file,
            "metadata": task.image.metadata,
            "sequence": task.image.sequence,
            "tags": [one["name"] for one in tags_on(task.image)],
        },
        boxes=task.boxes if task.boxes is not None else boxes_at(task.base, task.image_id),
        suggestions=suggestions_for(task),
        predictions=ghosts_for(task),
        previous=previous,
        next=following,
        total=Task.objects.filter(batch_id=task.batch_id).count(),
    )
    return task


def suggestions_for(task: Task) -> list[Suggestion]:
    """The batch's suggestions for the task's image, the most certain first."""
    if task.batch.auto_curate_id is None:
        return []
    rows = Suggestion.objects.filter(image_id=task.image_id, auto_curate_id=task.batch.auto_curate_id)
    return list(rows.select_related("image", "decided_by").order_by("-score", "pk"))


def ghosts_for(task: Task) -> list[dict[str, Any]]:
    """The predictions to show beside the boxes, the most certain first: {"class_id", "box", "score"}."""
    if task.batch.prediction_set_id is None:
        return []
    rows = Prediction.objects.filter(prediction_set_id=task.batch.prediction_set_id, image_id=task.image_id)
    columns = rows.order_by("-score").values_list("label_class_id", "x1", "y1", "x2", "y2", "score")[:MOST_GHOSTS]
    return [{"class_id": class_id, "box": box, "score": score} for class_id, *box, score in columns]


def neighbours(task: Task) -> tuple[int | None, int | None]:
    """The ids of the tasks before and after this one in the batch."""
    others = Task.objects.filter(batch_id=task.batch_id)
    before = others.filter(position__lt=task.position).order_by("-position").values_list("pk", flat=True).first()
    after = others.filter(position__gt=task.position).order_by("position").values_list("pk", flat=True).first()
    return before, after


def state_counts(batch_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many tasks are in each state, by batch id."""
    counts = {batch_id: dict.fromkeys(Task.State.values, 0) for batch_id in batch_ids}
    rows = Task.objects.filter(batch_id__in=list(counts)).values_list("batch_id", "state")
    for batch_id, state, number in rows.annotate(number=Count("pk")).order_by():
        counts[batch_id][state] = number
    return counts
