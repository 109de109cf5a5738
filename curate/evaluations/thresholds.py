"""The confidence from which on a checkpoint's boxes of a class are worth taking, by its newest diagnosis."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.problems import Conflict
from curate.evaluations.kept_arrays import judged_evaluation
from curate.models import Evaluation
from dataset.models import Dataset
from science.evaluation.confidence import confidence_curves


@dataclass(frozen=True)
class ClassThresholds:
    """By class id, the confidence of the best F; `evaluation` is what it was read from, None where there is none."""

    evaluation: int | None = None
    of_class: dict[int, float] = field(default_factory=dict)


def best_thresholds(dataset: Dataset, checkpoint_id: int, *, beta: float = 1.0) -> ClassThresholds:
    """Of the newest finished evaluation of the checkpoint on this dataset. Classes that it found nothing of are left
    out."""
    rows = Evaluation.objects.filter(
        dataset=dataset, prediction_set__checkpoint_id=checkpoint_id, of=None, finished_at__isnull=False
    )
    newest = rows.exclude(location="").select_related("dataset", "prediction_set", "manifest").order_by("-pk").first()
    if newest is None:
        return ClassThresholds()
    try:
        judged = judged_evaluation(newest)
    except Conflict:  # its files are gone: there is nothing to read a threshold from
        return ClassThresholds()
    curves = confidence_curves(judged.matches, newest.iou, beta)
    peaks = curves.f_score.max(axis=1, initial=0.0, where=curves.f_score > 0)
    found = zip(judged.ground.class_ids.tolist(), curves.best_per_class.tolist(), peaks.tolist(), strict=True)
    return ClassThresholds(newest.pk, {class_id: best for class_id, best, peak in found if peak > 0})
