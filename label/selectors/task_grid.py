"""What the page of a batch shows of its tasks: which ones, and the boxes on their thumbnails."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from label.models import Issue, ReviewRound, Task


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks of a batch; what is None does not matter."""

    state: str | None = None
    person: int | None = None  # a user's id: whose it is, or whose work it is; 0: nobody's
    issues: str | None = None  # open, any or none
    review: str | None = None  # sent_back, reviewed or unreviewed

    def of(self, rows: QuerySet[Task]) -> QuerySet[Task]:
        if self.state:
            rows = rows.filter(state=self.state)
        if self.person is not None:
            whose = Q(assignee=self.person) | Q(workers__contains=[self.person])
            rows = rows.filter(whose if self.person else Q(assignee=None))
        if self.issues:
            raised = (
                Q(open_issues__gt=0) if self.issues == "open" else Exists(Issue.objects.filter(task=OuterRef("pk")))
            )
            rows = rows.filter(~raised if self.issues == "none" else raised)
        if self.review:
            entries = ReviewRound.objects.filter(task=OuterRef("pk"), verdict__in=REVIEWED[self.review])
            rows = rows.filter(Exists(entries))
        return rows


REVIEWED = {
    "sent_back": [ReviewRound.Verdict.SENT_BACK],
    "reviewed": [ReviewRound.Verdict.SENT_BACK, ReviewRound.Verdict.PASSED],
    "unreviewed": [ReviewRound.Verdict.UNREVIEWED],
}
EVERY_TASK = TaskFilter()

# As many boxes of each as a thumbnail can show, as [[class id, x1, y1, x2, y2, ignored], …], the largest first.
SHAPES = """
SELECT task.id, (
    SELECT coalesce(jsonb_agg(jsonb_build_array(class_id, x1, y1, x2, y2, ignored)), '[]') FROM (
        SELECT class_id, x1, y1, x2, y2, ignored FROM (
            SELECT (one ->> 'class_id')::bigint AS class_id, (one -> 'box' ->> 0)::float4 AS x1,
                (one -> 'box' ->> 1)::float4 AS y1, (one -> 'box' ->> 2)::float4 AS x2,
                (one -> 'box' ->> 3)::float4 AS y2, coalesce(one ->> 'ignore', 'no') <> 'no' AS ignored
            FROM jsonb_array_elements(task.boxes) one
            UNION ALL
            SELECT label_class_id, label.x1, label.y1, label.x2, label.y2, ignore <> 0 FROM dataset_annotation label
            WHERE task.boxes IS NULL AND label.image_id = task.image_id AND label.born <= task.base
                AND (label.died IS NULL OR label.died > task.base)
        ) every ORDER BY (x2 - x1) * (y2 - y1) DESC LIMIT %s
    ) largest
) FROM label_task task WHERE task.id = ANY(%s)
"""
MOST_SHAPES = 60


def with_shapes(tasks: Sequence[Task]) -> list[Task]:
    """Each with `shapes` set: one query."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPES, [MOST_SHAPES, [task.pk for task in tasks]])
        found = {task_id: json.loads(rows) if isinstance(rows, str) else rows for task_id, rows in cursor.fetchall()}
    for task in tasks:
        task.shapes = [
            {"class_id": class_id, "box": box, "ignored": ignored} for class_id, *box, ignored in found[task.pk]
        ]
    return list(tasks)
