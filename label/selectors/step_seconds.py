"""What single steps in Label take people: the seconds that the order of work reckons with."""

from dataclasses import dataclass, field

from django.db import connection

from dataset.models import Dataset

# Of each sitting the first step has the time in it that the picture took to be understood, so it stands apart.
STEPS = """
SELECT place, step->>0, (step->>2)::float
FROM label_sitting sitting
JOIN label_task task ON task.id = sitting.task_id
JOIN label_batch batch ON batch.id = task.batch_id
JOIN dataset_dataset dataset ON dataset.id = batch.dataset_id
CROSS JOIN LATERAL jsonb_array_elements(sitting.steps) WITH ORDINALITY steps (step, place)
WHERE dataset.{scope} = %s AND NOT sitting.review
ORDER BY sitting.id DESC, place LIMIT 20000
"""
DECIDING = {"accept", "reject", "relabel"}


@dataclass(frozen=True)
class StepSeconds:
    """Seconds of single steps, the newest sittings first."""

    decided: list[float] = field(default_factory=list)  # an answer, not the first of its sitting
    drawn: list[float] = field(default_factory=list)  # a box, not the first of its sitting
    first: list[float] = field(default_factory=list)  # an answer that was the first of its sitting


def step_seconds(dataset: Dataset, *, whole_project: bool = False) -> StepSeconds:
    """Of the dataset, or of all datasets of its project."""
    scope, row_id = ("project_id", dataset.project_id) if whole_project else ("id", dataset.pk)
    with connection.cursor() as cursor:
        cursor.execute(STEPS.format(scope=scope), [row_id])
        rows = cursor.fetchall()
    return StepSeconds(
        decided=[seconds for place, kind, seconds in rows if place > 1 and kind in DECIDING],
        drawn=[seconds for place, kind, seconds in rows if place > 1 and kind == "draw"],
        first=[seconds for place, kind, seconds in rows if place == 1 and kind in DECIDING],
    )
