"""The trainings that make a learning curve: those on parts of one run's images, alike in all else."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection

from curate.models import Evaluation
from model.models import Run
from model.selectors.run_tree import INDIFFERENT
from model.services.settings import with_equal_compute
from science.guidance.power_law import NORMAL, CurvePoint, PowerLaw, fit_power_law

UNUSED = ("curves", "confusion", "weak_slices")  # heavy columns of evaluations
ORIGIN = "learning_curve"  # of the slices that a curve makes: {"kind", "run", "fraction", "seed"}
IN_EPOCHS = {"epochs", "warmup_epochs", "close_mosaic"}  # settings that equal compute scales
BOXES = """
SELECT label_class_id, count(*) FROM dataset_annotation
WHERE image_id = ANY((SELECT image_ids FROM dataset_manifest WHERE id = %(manifest)s)::bigint[])
    AND ignore = 0 AND born <= %(revision)s AND (died IS NULL OR died > %(revision)s)
GROUP BY label_class_id
"""
ALIKE = 0.1  # by how much the number of images seen may differ from equal compute: epochs are whole


@dataclass(frozen=True, eq=False)
class CurveRun:
    """One training on a part (or all) of the images, and its evaluation once it is there."""

    run: Run
    images: int
    boxes: dict[int, int]  # training labels by class id
    evaluation: Evaluation | None

    @property
    def overall(self) -> CurvePoint | None:
        """By images; None until the evaluation has its interval."""
        if self.evaluation is None or not self.evaluation.figures or not self.evaluation.interval:
            return None
        return _point(self.images, self.evaluation.figures.get("AP"), self.evaluation.interval)

    @cached_property
    def classes(self) -> dict[int, CurvePoint]:
        """By labels of the class, for each class that the validation images have."""
        rows = (self.evaluation.per_class or []) if self.evaluation is not None else []
        found = {
            one["class_id"]: _point(self.boxes.get(one["class_id"], 0), one["AP"], one["interval"]) for one in rows
        }
        return {class_id: point for class_id, point in found.items() if point is not None}

    def interval(self, class_id: int | None = None) -> dict[str, Any]:
        """Of its mAP, or of a class's AP, as the evaluation has it."""
        if self.evaluation is None:
            return {}
        rows = self.evaluation.per_class or []
        of_class = {one["class_id"]: one["interval"] for one in rows}
        return (self.evaluation.interval if class_id is None else of_class.get(class_id)) or {}


def _point(n: int, ap: float | None, interval: dict[str, Any]) -> CurvePoint | None:
    if ap is None:
        return None
    low, high = interval.get("low"), interval.get("high")
    error = (high - low) / (2 * NORMAL) if low is not None and high is not None else float("nan")
    return CurvePoint(n, ap, error)


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """All points of a run's curve, and the laws fitted to them."""

    run: Run
    runs: list[CurveRun] = field(default_factory=list)  # by rising number of images, then by id

    @cached_property
    def law(self) -> PowerLaw | None:
        """Of mAP by images."""
        return fit_power_law([one.overall for one in self.runs if one.overall is not None])

    @cached_property
    def class_laws(self) -> dict[int, PowerLaw]:
        """Of each class's AP by its labels, where there are two sizes."""
        ids = {class_id for one in self.runs for class_id in one.classes}
        points = {pk: [one.classes[pk] for one in self.runs if pk in one.classes] for pk in sorted(ids)}
        fitted = {pk: fit_power_law(mine) for pk, mine in points.items()}
        return {pk: law for pk, law in fitted.items() if law is not None}


def learning_curve_of(run: Run) -> LearningCurve:
    """The curve of a finished run: itself, and every finished training on a part of its images, alike in all else.

    A run that goes on from another one has none: whatever part it was trained on, its weights have seen more.
    """
    if run.start_checkpoint is not None and run.start_checkpoint.run_id is not None:
        return LearningCurve(run)
    same = Run.objects.filter(
        dataset=run.dataset_id,
        baseline=run.baseline,
        weights=run.weights,
        start_checkpoint=run.start_checkpoint_id,
        revision=run.revision,
        validation_manifest=run.validation_manifest_id,
        finished_at__isnull=False,
        train_manifest__isnull=False,
    )
    all_images = set(run.train_manifest.image_ids) if run.train_manifest else set()
    rows = [one for one in same.select_related("train_manifest") if _is_point(one, run, all_images)]
    judged = Evaluation.objects.defer(*UNUSED).in_bulk([one.evaluation_id for one in rows if one.evaluation_id])
    found = [curve_run(one, judged.get(one.evaluation_id or 0)) for one in rows]
    return LearningCurve(run, sorted(found, key=lambda one: (one.images, one.run.pk)))


def first_of_line(run: Run) -> Run:
    """The training that the line of a run's weights began with: it has a curve where the run itself has none.

    The run itself where its line came from another dataset.
    """
    first = run
    while first.start_checkpoint is not None and first.start_checkpoint.run is not None:
        first = first.start_checkpoint.run
    return first if first.dataset_id == run.dataset_id else run


def _is_point(one: Run, run: Run, all_images: set[int]) -> bool:
    """Whether the training saw a part of the run's images, as many of them in all, with the same other settings."""
    mine = one.train_manifest
    if mine is None or not set(mine.image_ids) <= all_images:
        return False
    expected = with_equal_compute(run.settings, images=mine.image_count, instead_of=len(all_images))
    left_out = INDIFFERENT | IN_EPOCHS
    return {k: v for k, v in one.settings.items() if k not in left_out} == {
        k: v for k, v in expected.items() if k not in left_out
    } and abs(one.settings["epochs"] - expected["epochs"]) <= max(0.5, ALIKE * expected["epochs"])


def curve_run(run: Run, evaluation: Evaluation | None) -> CurveRun:
    frozen = run.train_manifest
    if frozen is None:
        return CurveRun(run, 0, {}, evaluation)
    return CurveRun(run, frozen.image_count, _boxes(frozen.pk, frozen.content_hash, run.revision), evaluation)


@lru_cache(maxsize=256)
def _boxes(manifest: int, content_hash: str, revision: int) -> dict[int, int]:
    """Labels by class id; counted once, as what the hash names does not change."""
    with connection.cursor() as cursor:
        cursor.execute(BOXES, {"manifest": manifest, "revision": revision})
        return dict(cursor.fetchall())
