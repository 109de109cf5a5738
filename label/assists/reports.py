"""What people changed of a batch's pre-labels, read from the tasks that they finished."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from label.assists.corrections import Correction, by_class, corrections, shares
from label.assists.models import Prelabel, PrelabelledTask
from label.models import Task
from label.selectors.labels import base_objects

FINISHED = (Task.State.DONE, Task.State.IN_REVIEW)


def report_of(prelabel: Prelabel) -> dict[str, Any]:
    """By class, see shapes.PrelabelReportSerializer."""
    given = prelabel.given.all()
    classes = by_class(rows_of(given))
    return {
        "finished": given.filter(task__state__in=FINISHED).count(),
        "tasks": given.count(),
        "classes": [
            {
                "class_id": class_id,
                **entry.counts,
                **shares(entry),
                "became": [{"class_id": to, "count": count} for to, count in sorted(entry.became.items())],
                "tasks": [{"kind": kind, "tasks": tasks} for kind, tasks in entry.tasks.items() if tasks],
            }
            for class_id, entry in sorted(classes.items())
        ],
    }


def rows_of(given: QuerySet[PrelabelledTask]) -> Iterator[tuple[int, Correction]]:
    """(task id, correction) of each box on tasks that people finished; where nobody saved boxes all were kept."""
    columns = ("task_id", "boxes", "now", "base", "task__image_id")
    rows = list(given.filter(task__state__in=FINISHED).values_list(*columns))
    before = base_ids((image, base) for _, _, _, base, image in rows)
    for task, boxes, now, base, image in rows:
        for one in corrections(boxes, boxes if now is None else now, before.get((image, base), ())):
            yield task, one


def base_ids(tasks: Iterable[tuple[int, int]]) -> dict[tuple[int, int], list[str]]:
    """The ids of the labels that stood on each (image, base)."""
    pairs = list(tasks)
    found = base_objects(pairs)
    return {(image, base): [f"o{object_id}" for object_id in found.get(image, {})] for image, base in pairs}
