"""What a batch's merge would do to the present labels."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from dataset.models import Image
from dataset.selectors.images import image_brief
from label.boxes import split_boxes
from label.merge import Merge, MergeChange, MergeConflict, merge_image
from label.models import Batch, Task
from label.selectors.labels import base_objects, objects_at


@dataclass(frozen=True)
class MergePlan:
    """The merge of a batch's finished tasks into the labels at `head`."""

    base: int  # the batch's
    head: int
    tasks: list[Task]  # finished, with a working copy of their own
    merges: list[Merge] = field(default_factory=list)  # one per task
    unchanged: int = 0  # objects of finished tasks that stay as they are

    @property
    def changes(self) -> list[MergeChange]:
        return [change for merge in self.merges for change in merge.changes]

    @property
    def conflicts(self) -> list[MergeConflict]:
        return [conflict for merge in self.merges for conflict in merge.conflicts]

    def counts(self) -> dict[str, int]:
        """How many boxes will be added, removed, changed (of these relabelled, moved) and left; and the conflicts."""
        kinds = Counter(change.kind for change in self.changes)
        both = kinds["relabelled_and_moved"]
        return {
            "added": kinds["added"],
            "removed": kinds["removed"],
            "changed": both + sum(kinds[kind] for kind in CHANGED),
            "relabelled": kinds["relabelled"] + both,
            "moved": kinds["moved"] + both,
            "unchanged": self.unchanged,
            "conflicts": len(self.conflicts),
        }


CHANGED = ("relabelled", "moved", "reshaped", "ignored", "attributes")  # beside relabelled_and_moved


def finished_states(batch: Batch) -> list[str]:
    """The states whose tasks go into a merge: without review, work handed in for one counts as finished."""
    done = [Task.State.DONE.value]
    return done if batch.review else [*done, Task.State.IN_REVIEW.value]


def plan_merge(batch: Batch, *, head: int, tasks: list[Task]) -> MergePlan:
    """The plan for these tasks of the batch, whose `boxes` are not null."""
    touched = [task for task in tasks if task.boxes is not None]
    base = base_objects((task.image_id, task.base) for task in touched)
    theirs = objects_at(head, [task.image_id for task in touched])
    merges = []
    for task in touched:
        ours, added = split_boxes(task.boxes or [])
        merges.append(
            merge_image(
                image_id=task.image_id,
                base=base.get(task.image_id, {}),
                ours=ours,
                added=added,
                theirs=theirs.get(task.image_id, {}),
            )
        )
    unchanged = sum(merge.unchanged for merge in merges) + untouched_objects(batch)
    return MergePlan(batch.base, head, touched, merges, unchanged)


def merge_preview(batch: Batch) -> MergePlan:
    """The plan as things stand."""
    ready = batch.tasks.filter(state__in=finished_states(batch), boxes__isnull=False, withheld=False).order_by(
        "position"
    )
    return plan_merge(batch, head=batch.dataset.head_revision, tasks=list(ready))


UNTOUCHED = """
SELECT count(*) FROM label_task task
JOIN dataset_annotation label
  ON label.image_id = task.image_id AND label.born <= task.base AND (label.died IS NULL OR label.died > task.base)
WHERE task.batch_id = %s AND task.state = ANY(%s) AND task.boxes IS NULL AND NOT task.withheld
"""


def untouched_objects(batch: Batch) -> int:
    """How many objects the finished tasks hold that nobody touched at all."""
    with connection.cursor() as cursor:
        cursor.execute(UNTOUCHED, [batch.pk, finished_states(batch)])
        return int(cursor.fetchone()[0])


def images_of(image_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The images in few words, by id."""
    return {image.pk: image_brief(image) for image in Image.objects.filter(pk__in=list(image_ids))}
