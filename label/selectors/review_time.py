"""How long people were at work on the tasks that suggestions came with."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Sum

from curate.models import AutoCurate
from dataset.models import Dataset
from label.models import Task

# A box had to be drawn where somebody corrected what the box was about otherwise than proposed.
WORKED_ON = """
SELECT task.active_seconds, count(*),
    count(*) FILTER (WHERE told.verdict = 'corrected' AND told.kind IN ('badly_drawn', 'missing'))
FROM label_task task
JOIN label_batch batch ON batch.id = task.batch_id
JOIN dataset_dataset dataset ON dataset.id = batch.dataset_id
JOIN curate_suggestion told ON told.auto_curate_id = batch.auto_curate_id AND told.image_id = task.image_id
WHERE dataset.{scope} = %s AND task.active_seconds > 0 AND told.verdict <> 'pending'
GROUP BY task.id ORDER BY task.id
"""

# Where nobody was asked about suggestions, each label was found and drawn.
DRAWN_ON = """
SELECT task.active_seconds, drawn.boxes, drawn.boxes
FROM label_task task
JOIN label_batch batch ON batch.id = task.batch_id
JOIN dataset_dataset dataset ON dataset.id = batch.dataset_id
LEFT JOIN curate_autocurate asked ON asked.id = batch.auto_curate_id
CROSS JOIN LATERAL (SELECT coalesce(jsonb_array_length(task.boxes), (
    SELECT count(*) FROM dataset_annotation label WHERE label.image_id = task.image_id AND label.died IS NULL
)) AS boxes) drawn
WHERE dataset.{scope} = %s AND task.state = 'done' AND task.active_seconds > 0
    AND asked.kind IS DISTINCT FROM 'mislabels'
ORDER BY task.id
"""


@dataclass(frozen=True)
class WorkedTasks:
    """Tasks that people worked on: seconds at work, suggestions answered or labels looked at, boxes drawn."""

    active: list[float] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    redrawn: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.active)


def worked_tasks(dataset: Dataset, *, whole_project: bool = False) -> WorkedTasks:
    """Those of the dataset, or of all datasets of its project, on which suggestions were answered."""
    return _tasks(WORKED_ON, dataset, whole_project)


def drawn_tasks(dataset: Dataset, *, whole_project: bool = False) -> WorkedTasks:
    """Those of the dataset, or of all datasets of its project, that are done and were labelled from nothing."""
    return _tasks(DRAWN_ON, dataset, whole_project)


def _tasks(query: str, dataset: Dataset, whole_project: bool) -> WorkedTasks:
    scope, row_id = ("project_id", dataset.project_id) if whole_project else ("id", dataset.pk)
    with connection.cursor() as cursor:
        cursor.execute(query.format(scope=scope), [row_id])
        rows = cursor.fetchall()
    return WorkedTasks(*(list(column) for column in zip(*rows, strict=True))) if rows else WorkedTasks()


def seconds_at_work(run: AutoCurate) -> dict[int, float]:
    """By image, the seconds that people were at work on the run's tasks in Label."""
    tasks = Task.objects.filter(batch__auto_curate=run, active_seconds__gt=0)
    return dict(tasks.values("image_id").annotate(seconds=Sum("active_seconds")).values_list("image_id", "seconds"))
