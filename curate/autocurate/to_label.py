"""Auto-curate: choose what to label, from images without labels, under a budget."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from curate.autocurate.image_tables import CodedImageTable, described_images
from curate.autocurate.kept_predictions import predictions_of
from curate.autocurate.label_pool import LabelPool, label_pool, vectors_of
from curate.autocurate.lifecycle import NewSlice, finish, forget, source_of
from curate.autocurate.shortfall import say_shortfall, shortfall
from curate.autocurate.to_label_report import to_label_report
from curate.evaluations.arrays import detections, ground_of
from curate.models import AutoCurate, Evaluation
from dataset.models import PredictionSet
from jobs.errors import JobFailed
from jobs.reporting import Report
from jobs.sentences import Sentence, as_json
from science.autocurate.to_label import ToLabel, ToLabelSettings, choose_to_label
from science.evaluation.arrays import Ground


def run_label_selection(run: AutoCurate, report: Report) -> dict[str, Any]:
    """Choose the run's images: a slice of them in the order to label, with a reason for each."""
    report(0.0, Sentence.of("reading_images", "Reading images"))
    pool = label_pool(run.dataset, source_of(run).image_ids(run.dataset), run.source["revision"])
    if not len(pool.waiting):
        raise JobFailed("All of these images have been labelled meanwhile.")
    prediction_set = named_predictions(run, pool, report)
    report(0.87, Sentence.of("choosing", "Choosing from {count} {count:image|images}", count=len(pool.waiting)))
    images = described_images(run.dataset, pool.ground, pool.truth)
    found = chosen(run, pool, images, prediction_set)
    report(0.97, Sentence.of("making_slice", "Making the slice"))
    image_ids = pool.ground.image_ids[np.array([one.image_index for one in found.picks], np.int64)]
    told = to_label_report(run, pool, images, found, prediction_set)
    short = shortfall(run, found, showing=None, pool=len(pool.waiting))
    told["short"] = short and as_json([short])[0]
    with transaction.atomic():
        forget(run)
        slices = finish(run, [NewSlice(run.params["name"], image_ids)], told)
    result = {"auto_curate": run.pk, "slices": [row.pk for row in slices], "images": len(found.picks)}
    return result | say_shortfall(short, report)


def named_predictions(run: AutoCurate, pool: LabelPool, report: Report) -> PredictionSet | None:
    """What a checkpoint says of the images without labels, where one or its predictions are named."""
    if run.params.get("checkpoint") is None and run.params.get("prediction_set") is None:
        return None
    return predictions_of(run, ground_of(run.dataset, pool.waiting), report)


def chosen(run: AutoCurate, pool: LabelPool, images: CodedImageTable, prediction_set: PredictionSet | None) -> ToLabel:
    """Choose by all that is known."""
    params = run.params
    return choose_to_label(
        images.table,
        pool.labelled,
        class_names=pool.ground.class_names,
        detections=detections(pool.ground, prediction_set) if prediction_set else None,
        vectors=vectors_of(run.dataset, pool.ground),
        average_precision=average_precision(run, pool.ground),
        settings=ToLabelSettings(budget=params["budget"], per_sequence=params["per_sequence"], seed=params["seed"]),
    )


def average_precision(run: AutoCurate, ground: Ground) -> NDArray[np.float64] | None:
    """(C,) of the evaluation that is named, NaN of a class that it does not know."""
    if run.params.get("evaluation") is None:
        return None
    evaluation = Evaluation.objects.filter(dataset=run.dataset, pk=run.params["evaluation"]).first()
    if evaluation is None:
        raise JobFailed("The evaluation was deleted before it was used.")
    known = {row["class_id"]: row["AP"] for row in evaluation.per_class or [] if row["AP"] is not None}
    return np.array([known.get(class_id, np.nan) for class_id in ground.class_ids.tolist()])
