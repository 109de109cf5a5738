"""How long the rest of a batch will take its people."""

from django.db import connection

from label.models import Batch
from science.remaining_time import RestOfWork, rest_of_work

# One row per piece of work: a task, or each of the copies that a task shall have. Its objects are what it began with:
# suggestions where the batch has such, else the labels of its image. Skipped tasks tell nothing.
PIECES = """
WITH piece AS (
    SELECT task.image_id, task.base, task.state, task.active_seconds, task.saved_at FROM label_task task
    WHERE task.batch_id = %(batch)s AND task.copies = 1
    UNION ALL
    SELECT task.image_id, task.base, coalesce(copy.state, 'to_label'), coalesce(copy.active_seconds, 0), copy.saved_at
    FROM label_task task
    CROSS JOIN LATERAL generate_series(1, task.copies) place
    LEFT JOIN LATERAL (
        SELECT * FROM label_taskcopy copy WHERE copy.task_id = task.id AND copy.state <> 'skipped'
        ORDER BY copy.id OFFSET place - 1 LIMIT 1
    ) copy ON TRUE
    WHERE task.batch_id = %(batch)s AND task.copies > 1
)
SELECT state IN ('in_review', 'done'), active_seconds, CASE WHEN %(run)s::bigint IS NOT NULL THEN (
    SELECT count(*) FROM curate_suggestion told WHERE told.auto_curate_id = %(run)s AND told.image_id = piece.image_id
) ELSE (
    SELECT count(*) FROM dataset_annotation label WHERE label.image_id = piece.image_id
    AND label.born <= piece.base AND (label.died IS NULL OR label.died > piece.base)
) END
FROM piece WHERE state <> 'skipped' ORDER BY saved_at NULLS LAST
"""


def rest_of_batch(batch: Batch) -> tuple[int, RestOfWork | None]:
    """How many pieces of work are left, and the seconds that they will take; None while too few are finished."""
    with connection.cursor() as cursor:
        cursor.execute(PIECES, {"batch": batch.pk, "run": batch.auto_curate_id})
        rows = cursor.fetchall()
    finished = [(seconds, objects) for done, seconds, objects in rows if done and seconds > 0]
    left = [objects for done, _, objects in rows if not done]
    seconds, objects = zip(*finished, strict=True) if finished else ((), ())
    return len(left), rest_of_work(seconds=seconds, objects=objects, left=left)
