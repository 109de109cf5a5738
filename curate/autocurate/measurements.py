"""What this dataset's own evaluations say: what a validation slice can show, and what errors cost this detector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray

from accounts.problems import Conflict
from curate.evaluations.kept_arrays import judged_evaluation
from curate.models import Evaluation
from dataset.models import Dataset, PredictionSet
from model.models import Run
from science.autocurate.costs_by_budget import ClassBudget, sensitivity_by_class

LOOKED_THROUGH = 50  # newest evaluations
KEEP = 24 * 3600  # seconds
Float64s = NDArray[np.float64]


def newest_measurement(dataset: Dataset) -> Evaluation | None:
    """The newest finished evaluation on a validation slice of the dataset's runs; else on images that none was
    trained on."""
    validation = set(Run.objects.filter(dataset=dataset).values_list("validation_slice_id", flat=True))
    rows = dataset.evaluations.filter(of=None, finished_at__isnull=False, on_training_images=0, interval__isnull=False)
    rows = rows.exclude(prediction_set__kind=PredictionSet.Kind.FOLD).select_related("prediction_set", "manifest")
    newest = list(rows.defer("confusion", "weak_slices", "manifest__image_ids").order_by("-pk")[:LOOKED_THROUGH])
    validated = [one for one in newest if validation & {each["id"] for each in one.manifest.slices}]
    return next(iter([*validated, *newest]), None)


@dataclass(frozen=True)
class MeasuredCosts:
    """Points of a class's AP that are lost where all its labels have an error of a kind, and who measured them."""

    evaluation: Evaluation
    by_class: dict[str, dict[int, float]]  # kind -> class id -> points

    def of_classes(self, class_ids: list[int]) -> dict[str, Float64s]:
        """(C,) by kind; a class that the evaluation does not know has the mean of those that it does."""
        return {kind: _completed(points, class_ids) for kind, points in self.by_class.items()}


def _completed(points: dict[int, float], class_ids: list[int]) -> Float64s:
    usual = float(np.mean(list(points.values()))) if points else 0.0
    return np.array([points.get(pk, usual) for pk in class_ids], np.float64)


def measured_costs(dataset: Dataset) -> MeasuredCosts | None:
    """By the error budget of the newest measurement; None where there is none, or where its files are gone."""
    evaluation = newest_measurement(dataset)
    if evaluation is None or not evaluation.location:
        return None
    key = f"curate:label-error-costs:{evaluation.pk}:{evaluation.location}"
    found: dict[str, dict[int, float]] | None = cache.get(key)
    if found is None:
        try:
            found = _by_class(evaluation)
        except Conflict:
            return None
        cache.set(key, found, KEEP)
    return MeasuredCosts(evaluation, found)


def _by_class(evaluation: Evaluation) -> dict[str, dict[int, float]]:
    judged = judged_evaluation(evaluation)
    budget = judged.budget(evaluation.iou, None)
    known = np.flatnonzero(~np.isnan(budget.class_ap))
    gains = {name: gain[known] for name, gain in budget.class_delta_ap.items()}
    points = sensitivity_by_class(ClassBudget(budget.class_ap[known], gains))
    class_ids = judged.ground.class_ids[known].tolist()
    return {kind: dict(zip(class_ids, each.tolist(), strict=True)) for kind, each in points.items()}


def what_can_be_shown(evaluation: Evaluation | None) -> dict[str, Any] | None:
    """The smallest gain that the evaluation's images can show, as the evaluation says; None where it cannot tell."""
    smallest = (evaluation.interval or {}).get("smallest_shown") if evaluation else None
    if evaluation is None or not smallest:
        return None
    slices = evaluation.manifest.slices
    return {
        "evaluation": evaluation.pk,
        "name": evaluation.prediction_set.name,
        "slice": slices[0]["name"] if len(slices) == 1 else None,
        "images": evaluation.manifest.image_count,
        "smallest": smallest,
    }
