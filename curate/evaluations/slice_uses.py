"""Which evaluations, prediction sets and auto-curate runs use a slice."""

from collections.abc import Iterator

from curate.models import AutoCurate, Evaluation
from dataset.models import PredictionSet, Slice
from dataset.selectors.slice_uses import Use


def uses(row: Slice) -> Iterator[Use]:
    yield from judged_on(row)
    yield from predicted_on(row)
    yield from searched_in(row)


def judged_on(row: Slice) -> Iterator[Use]:
    """Evaluations whose images were frozen from the slice."""
    made_of = {"manifest__slices__contains": [{"id": row.pk}]}
    evaluations = Evaluation.objects.filter(dataset=row.dataset_id, of=None, **made_of).select_related("prediction_set")
    for one in evaluations.only("created_at", "figures", "interval", "prediction_set__name"):
        ap = (one.figures or {}).get("AP")
        link = f"/evaluations/{one.pk}"
        yield Use("evaluation", one.pk, one.prediction_set.name, "judged", one.created_at, link, ap, one.interval)


def predicted_on(row: Slice) -> Iterator[Use]:
    """Prediction sets of the slice's images that no evaluation has judged on them yet: those stand for themselves."""
    made_of = {"manifest__slices__contains": [{"id": row.pk}]}
    sets = PredictionSet.objects.filter(dataset=row.dataset_id, evaluations=None, **made_of)
    for one in sets:
        link = f"/datasets/{row.dataset_id}?prediction_set={one.pk}"
        yield Use("prediction_set", one.pk, one.name, "predicted", one.created_at, link)


def searched_in(row: Slice) -> Iterator[Use]:
    """Auto-curate runs that looked at the slice."""
    for one in AutoCurate.objects.filter(dataset=row.dataset_id, source__slice__id=row.pk):
        link = f"/curate/{row.dataset_id}/auto/{one.pk}"
        yield Use("auto_curate", one.pk, one.kind, "searched", one.created_at, link)
