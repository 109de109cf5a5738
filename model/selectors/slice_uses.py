"""Which runs use a slice."""

from collections.abc import Iterator

from django.db.models import Q

from curate.models import Evaluation
from dataset.models import Slice
from dataset.selectors.slice_uses import Use
from model.models import Run


def uses(row: Slice) -> Iterator[Use]:
    """Runs that train on the slice, and runs that are validated on it."""
    runs = Run.objects.filter(Q(train_slices=row) | Q(validation_slice=row), dataset=row.dataset_id).distinct()
    found = list(runs)
    judged = Evaluation.objects.in_bulk([run.evaluation_id for run in found if run.evaluation_id])
    for run in found:
        evaluation = judged.get(run.evaluation_id or 0)
        figures = (evaluation.figures if evaluation else None) or {}
        yield Use(
            kind="run",
            id=run.pk,
            name=run.name,
            role="validation" if run.validation_slice_id == row.pk else "training",
            created_at=run.created_at,
            link=f"/runs/{run.pk}",
            ap=figures.get("AP"),
            interval=evaluation.interval if evaluation else None,
        )
