"""The predictions that an auto-curate run judges by: named, kept from an earlier attempt, or new and then kept."""

from __future__ import annotations

import numpy as np

from curate.autocurate.lifecycle import source_of
from curate.models import AutoCurate
from dataset.models import PredictionSet
from dataset.services.manifests import freeze
from dataset.services.predictions import store_predictions
from jobs.errors import JobFailed
from jobs.reporting import Report
from model.models import Checkpoint
from model.services.prediction import ImagePredictions, PredictSettings, predict_images
from science.evaluation.arrays import Ground

PREDICTED = (0.02, 0.85)  # the part of the progress that prediction takes


def predictions_of(run: AutoCurate, ground: Ground, report: Report) -> PredictionSet:
    """The predictions kept, or new ones of the run's checkpoint."""
    known = kept_set(run, ground)
    if known is not None:
        return known
    checkpoint = Checkpoint.objects.filter(pk=run.params["checkpoint"], project=run.dataset.project_id).first()
    if checkpoint is None:
        raise JobFailed("The checkpoint was deleted before it was used.")
    imgsz = run.params.get("imgsz")
    found = predict_images(
        checkpoint=checkpoint,
        dataset=run.dataset,
        image_ids=ground.image_ids.tolist(),
        report=report,
        settings=PredictSettings(imgsz=imgsz) if imgsz else None,
        progress=PREDICTED,
    )
    name = f"{checkpoint.name} on {source_of(run)}"
    return keep_set(run, ground, found, name=name, kind=PredictionSet.Kind.RUN, checkpoint_id=checkpoint.pk)


def kept_set(run: AutoCurate, ground: Ground) -> PredictionSet | None:
    """The set that the run names, or that an earlier attempt of it stored. Raises JobFailed where it does not serve."""
    named = run.params.get("prediction_set")
    found = PredictionSet.objects.filter(dataset=run.dataset, pk=named or run.report.get("prediction_set"))
    prediction_set = found.select_related("manifest").first()
    if prediction_set is None and named:
        raise JobFailed("The prediction set was deleted before it was used.")
    if prediction_set is not None:
        missing = len(np.setdiff1d(ground.image_ids, prediction_set.manifest.image_ids))
        if missing:
            raise JobFailed(f"{prediction_set.name} has no predictions for {missing} of these images.")
    return prediction_set


def keep_set(
    run: AutoCurate, ground: Ground, found: ImagePredictions, *, name: str, kind: str, checkpoint_id: int | None = None
) -> PredictionSet:
    """Store new predictions and note them on the run, so that another attempt need not make them again."""
    within = source_of(run).within
    manifest = freeze(
        dataset=run.dataset,
        slices=[within] if within else [],
        revision=run.source["revision"],
        image_ids=ground.image_ids,
    )
    prediction_set = store_predictions(
        dataset=run.dataset,
        manifest=manifest,
        name=name,
        kind=kind,
        checkpoint_id=checkpoint_id,
        image_ids=found.image_ids,
        class_ids=found.class_ids,
        boxes=found.boxes,
        scores=found.scores,
        author=run.created_by,
    )
    AutoCurate.objects.filter(pk=run.pk).update(report={"prediction_set": prediction_set.pk})
    return prediction_set
