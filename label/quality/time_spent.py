"""Where the time of a batch went: by person, day, kind of action and class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

# A step's own seconds; what a sitting holds beside its steps is looking, or a reviewer's reviewing.
SPENT = """
WITH sat AS (
    SELECT sitting.* FROM label_sitting sitting JOIN label_task task ON task.id = sitting.task_id
    WHERE task.batch_id = %(batch)s
), acted AS (
    SELECT person_id, (began_at AT TIME ZONE 'UTC')::date AS day, step->>0 AS kind, (step->>1)::bigint AS class_id,
        (step->>2)::float AS seconds, id
    FROM sat CROSS JOIN LATERAL jsonb_array_elements(steps) step
), rest AS (
    SELECT sat.person_id, (sat.began_at AT TIME ZONE 'UTC')::date AS day,
        CASE WHEN sat.review THEN 'review' ELSE 'look' END AS kind, NULL::bigint AS class_id,
        greatest(0, sat.seconds - coalesce((SELECT sum(seconds) FROM acted WHERE acted.id = sat.id), 0)) AS seconds
    FROM sat
)
SELECT person_id, day, kind, class_id, count(*), sum(seconds), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)
FROM (SELECT person_id, day, kind, class_id, seconds FROM acted UNION ALL SELECT * FROM rest) each
GROUP BY person_id, day, kind, class_id ORDER BY person_id, day, kind, class_id
"""


@dataclass(frozen=True)
class Spent:
    """One person's time of one kind on one class in one day (UTC). Of looking and reviewing, acts are sittings."""

    person_id: int | None
    day: date
    kind: str
    class_id: int | None
    acts: int
    seconds: float
    median: float  # seconds of an act


def time_spent(batch_id: int) -> list[Spent]:
    with connection.cursor() as cursor:
        cursor.execute(SPENT, {"batch": batch_id})
        return [Spent(*row) for row in cursor.fetchall()]


# Steps are told one by one, so what a kind takes is a median over steps, whoever did them.
MEDIANS = """
SELECT step->>0, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY (step->>2)::float)
FROM label_sitting sitting JOIN label_task task ON task.id = sitting.task_id
CROSS JOIN LATERAL jsonb_array_elements(sitting.steps) step
WHERE task.batch_id = ANY(%s) GROUP BY 1 ORDER BY 1
"""


def median_seconds(batch_ids: Sequence[int]) -> dict[str, tuple[int, float]]:
    """By kind of step, how many were done in these batches and the median of their seconds."""
    with connection.cursor() as cursor:
        cursor.execute(MEDIANS, [list(batch_ids)])
        return {kind: (count, seconds) for kind, count, seconds in cursor.fetchall()}
