"""Batches with their progress."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404

from dataset.models import Dataset
from label.models import Batch
from label.selectors.tasks import state_counts


def batches() -> QuerySet[Batch]:
    """All of them, with what their shape shows."""
    return Batch.objects.select_related("dataset", "slice", "merged", "created_by")


def batches_of(dataset: Dataset) -> QuerySet[Batch]:
    return batches().filter(dataset=dataset)


def with_progress(rows: Sequence[Batch]) -> list[Batch]:
    """The batches, each with `progress` set: how many of its tasks are in each state."""
    counts = state_counts(row.pk for row in rows)
    for row in rows:
        row.progress = counts[row.pk]
    return list(rows)


def dataset_meant(*, slice_id: int | None, image_ids: Sequence[int] | None) -> Dataset:
    """The dataset that the slice, or the first of the images, belongs to. Raises Http404 where there is none."""
    meant = {"slices": slice_id} if slice_id is not None else {"images__in": list(image_ids or [])[:1]}
    dataset = Dataset.objects.select_related("project").filter(**meant).first()
    if dataset is None:
        raise Http404
    return dataset
