"""Auto-curate: find labels that are probably wrong, by networks that never saw the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from accounts.problems import BadInput
from accounts.wording import worded
from curate.autocurate.asked_before import without_rejected
from curate.autocurate.image_tables import described_images
from curate.autocurate.kept_predictions import keep_set, kept_set
from curate.autocurate.label_crops import label_crops
from curate.autocurate.lifecycle import NewSlice, finish, forget, source_of
from curate.autocurate.suggestion_rows import store_suggestions
from curate.duplicates.search import searched
from curate.evaluations.arrays import detections, ground_truth, image_sizes, labelled_ground
from curate.models import AutoCurate
from dataset.models import PredictionSet
from jobs.errors import JobFailed
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.models import Checkpoint
from model.selectors.lineage import shared_images, training_image_ids
from model.services.folds import TaughtLabels, out_of_fold
from model.services.prediction import ImagePredictions
from model.services.start import choose_start
from science.autocurate.folds import folds
from science.autocurate.mislabels import LabelErrorKind, MislabelReport, MislabelSettings, find_mislabels
from science.evaluation.arrays import Ground
from science.evaluation.as_json import json_number
from science.evaluation.average_precision import accumulate
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth

TRAINED = (0.02, 0.75)  # the part of the progress that training and prediction take
LOOKED_INSIDE = (0.75, 0.92)


@dataclass(frozen=True, eq=False)
class JudgedLabels:
    """The labels, and what networks that never saw the images say of them."""

    ground: Ground
    truth: GroundTruth
    detections: Detections


def run_mislabels(run: AutoCurate, report: Report) -> dict[str, Any]:
    """Find mislabels in the run's images: suggestions, a slice of their images, a report."""
    report(0.0, Sentence.of("reading_images_and_labels", "Reading images and labels"))
    asked = source_of(run).image_ids(run.dataset)
    ground = labelled_ground(run.dataset, asked, run.source["revision"])
    if left_out := len(asked) - len(ground.image_ids):
        report.log(worded("{n} {n:image is|images are} not labelled and left out.", n=left_out))
    truth = ground_truth(run.dataset, ground, run.source["revision"])
    if truth.crowd.all():
        raise JobFailed("These images have no labels to doubt.")
    prediction_set = judges(run, ground, truth, report)
    judged = JudgedLabels(ground, truth, detections(ground, prediction_set))
    crops = None
    if run.params.get("crops"):
        crops = label_crops(ground, truth, judged.detections, run.params["seed"], report, LOOKED_INSIDE)
    report(
        0.92,
        Sentence.of(
            "comparing_labels",
            "Comparing {labels} {labels:label|labels} with {predictions} {predictions:prediction|predictions}",
            labels=(~truth.crowd).sum(),
            predictions=len(judged.detections),
        ),
    )
    found = find_mislabels(
        truth,
        judged.detections,
        class_names=ground.class_names,
        image_sizes=image_sizes(ground),
        settings=settings_of({**run.params, "limit": None}),
        crops=crops,
    )
    found, rejected = without_rejected(run, ground, found)
    report(
        0.97,
        Sentence.of(
            "storing_suggestions", "Storing {count} {count:suggestion|suggestions}", count=len(found.suggestions)
        ),
    )
    images = np.unique([one.image_index for one in found.suggestions]).astype(np.int64)
    with transaction.atomic():
        forget(run)
        store_suggestions(run, ground, truth, found.suggestions)
        new = NewSlice(run.params["name"], ground.image_ids[images])
        made = {**mislabel_report(run, judged, found, prediction_set), "rejected_before": rejected}
        slices = finish(run, [new], made)
    return {
        "auto_curate": run.pk,
        "slices": [row.pk for row in slices],
        "suggestions": len(found.suggestions),
        "images": len(images),
        "prediction_set": prediction_set.pk,
    }


def settings_of(params: dict[str, Any]) -> MislabelSettings:
    """What may be suggested."""
    given: dict[str, Any] = {}
    if params.get("kinds"):
        given["kinds"] = tuple(LabelErrorKind(kind) for kind in params["kinds"])
    if params.get("smallest_score") is not None:
        given["smallest_score"] = params["smallest_score"]
    return MislabelSettings(limit=params.get("limit"), seed=params["seed"], **given)


def judges(run: AutoCurate, ground: Ground, truth: GroundTruth, report: Report) -> PredictionSet:
    """Out-of-fold predictions: those kept, if their network never saw the images, or those of new networks."""
    known = kept_set(run, ground)
    if known is not None:
        check_unseen(known, ground)
        return known
    found = train_and_predict(run, ground, truth, report)
    return keep_set(run, ground, found, name=f"Out of fold: {run.params['name']}", kind=PredictionSet.Kind.FOLD)


def check_unseen(prediction_set: PredictionSet, ground: Ground) -> None:
    """Raise JobFailed where the predictions come from a network that was trained on the images."""
    checkpoint = Checkpoint.objects.filter(pk=prediction_set.checkpoint_id or 0).first()
    seen = shared_images(judged=ground.image_ids.tolist(), trained=sorted(training_image_ids(checkpoint)))
    if seen:
        raise JobFailed(
            f"{prediction_set.name} comes from weights that were trained on {seen} of these images, and would agree"
            " with its own lessons. Leave it out, and networks that never saw the images are trained."
        )


def train_and_predict(
    run: AutoCurate, ground: Ground, truth: GroundTruth, report: Report, taught: TaughtLabels | None = None
) -> ImagePredictions:
    """Train a network per fold on the other folds, and predict each fold with the one that never saw it.

    ``taught``: what they learn in place of the labels, by which the folds are dealt all the same.
    """
    images = described_images(run.dataset, ground, truth, copies=searched(run.dataset))
    try:
        places = folds(images.table, k=run.params["folds"], seed=run.params["seed"])
        start = choose_start(
            project_id=run.dataset.project_id, weights=run.params.get("weights"), baseline=run.params.get("baseline")
        )
    except (ValueError, BadInput) as error:
        raise JobFailed(f"The folds cannot be trained: {error}") from error
    return out_of_fold(
        dataset=run.dataset,
        revision=run.source["revision"],
        image_ids=ground.image_ids,
        folds=places,
        start=start,
        settings={"seed": run.params["seed"], **run.params["settings"]},
        report=report,
        progress=TRAINED,
        taught=taught,
    )


def mislabel_report(
    run: AutoCurate, judged: JudgedLabels, found: MislabelReport, prediction_set: PredictionSet
) -> dict[str, Any]:
    """What was found, how well the judges see, and how many of the suggestions are probably right."""
    kinds = [one.kind for one in found.suggestions]
    figures = accumulate(match(judged.truth, judged.detections, classes=len(judged.ground.class_ids))).figures()
    return {
        "by_kind": {kind.value: kinds.count(kind) for kind in LabelErrorKind},
        "suggestions": len(kinds),
        "images": len({one.image_index for one in found.suggestions}),
        "looked_at": {"images": len(judged.ground.image_ids), "boxes": found.judged_boxes},
        "out_of_fold": {
            "prediction_set": prediction_set.pk,
            "folds": run.params["folds"],
            "AP": json_number(figures["AP"]),
            "AP50": json_number(figures["AP50"]),
        },
        "expected_precision": json_number(found.expected_precision, 4),
        "expected_errors": {kind.value: json_number(errors, 1) for kind, errors in found.expected_errors.items()},
        "expected_recall": {kind.value: json_number(recall, 4) for kind, recall in found.expected_recall.items()},
        "rates": {
            kind.value: {"share": json_number(rate.share, 5), "known": rate.known} for kind, rate in found.rates.items()
        },
        "weak_judge": found.judge.is_weak,
        "notes": found.notes,
        "prediction_set": prediction_set.pk,
    }
