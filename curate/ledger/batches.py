"""The label batches of an iteration: who looked at how many images, for how long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.api.people import PersonSerializer
from accounts.models import User
from dataset.models import Dataset, Revision
from label.models import Batch
from label.selectors.tasks import state_counts
from label.selectors.work import batches_by_id, work_in


def batches_merged(dataset: Dataset, revisions: Sequence[Revision]) -> list[Batch]:
    """The batches whose first merge is one of these revisions: time is counted by batch, so it must count once."""
    named = {row.origin["batch"]: row.number for row in reversed(revisions) if "batch" in row.origin}
    earlier = dataset.revisions.filter(kind=Revision.Kind.MERGE, origin__batch__in=list(named))
    first: dict[int, int] = {}
    for number, origin in earlier.order_by("number").values_list("number", "origin"):
        first.setdefault(origin["batch"], number)
    return list(batches_by_id(batch for batch, number in named.items() if first.get(batch, number) == number))


def described_batches(rows: Sequence[Batch], revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """With the people, and when it was opened and first merged."""
    work, tasks = work_in([row.pk for row in rows]), state_counts(row.pk for row in rows)
    people = User.objects.in_bulk({one.person_id for found in work.values() for one in found if one.person_id})
    merged = {row.origin.get("batch"): row.created_at for row in reversed(revisions)}
    return [
        {
            "id": row.pk,
            "name": row.name,
            "state": row.state,
            "auto_curate": row.auto_curate_id,
            "images": sum(tasks[row.pk].values()),
            "done": tasks[row.pk]["done"] + tasks[row.pk]["in_review"],
            "created_at": row.created_at,
            "merged_at": merged.get(row.pk),
            "seconds": round(sum(one.seconds for one in work[row.pk]), 1),
            "people": [
                {
                    "person": PersonSerializer(people[one.person_id]).data if one.person_id in people else None,
                    "tasks": one.tasks,
                    "changed": one.changed,
                    "seconds": round(one.seconds, 1),
                }
                for one in work[row.pk]
            ],
        }
        for row in rows
    ]
