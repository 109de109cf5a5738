"""Who worked on batches, and for how long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from label.models import Batch, Task

LOOKED_AT = (Task.State.IN_REVIEW, Task.State.DONE, Task.State.SKIPPED)


@dataclass(frozen=True)
class PersonsWork:
    """What one person did in a batch."""

    person_id: int | None
    tasks: int  # handed in, done or skipped
    changed: int  # of these, tasks whose boxes differ from what they started from
    seconds: float  # with the editor in use


def batches_by_id(batch_ids: Iterable[int]) -> QuerySet[Batch]:
    """Oldest first."""
    return Batch.objects.filter(pk__in=list(batch_ids)).order_by("pk")


def work_in(batch_ids: Sequence[int]) -> dict[int, list[PersonsWork]]:
    """By batch id, who worked longest first. A task is its assignee's, else whose save was the last."""
    rows = Task.objects.filter(batch__in=list(batch_ids)).annotate(person=Coalesce("assignee_id", "saved_by_id"))
    rows = rows.filter(Q(active_seconds__gt=0) | Q(state__in=LOOKED_AT))
    counted = rows.values("batch_id", "person").annotate(
        looked=Count("pk", filter=Q(state__in=LOOKED_AT)),
        edited=Count("pk", filter=Q(changed=True)),
        seconds=Sum(F("active_seconds")),
    )
    found: dict[int, list[PersonsWork]] = {batch_id: [] for batch_id in batch_ids}
    for row in counted.order_by("-seconds", "person"):
        work = PersonsWork(row["person"], row["looked"], row["edited"], row["seconds"])
        found[row["batch_id"]].append(work)
    return found


def timed_images(auto_curate_id: int) -> QuerySet[Task, int]:
    """The images on which somebody's time was counted in a batch with this auto-curate run's suggestions."""
    tasks = Task.objects.filter(batch__auto_curate=auto_curate_id, active_seconds__gt=0)
    return tasks.values_list("image_id", flat=True)
