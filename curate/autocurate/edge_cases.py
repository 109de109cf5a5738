"""Auto-curate: find edge cases, the images that a checkpoint finds hardest, without the same scene twice."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import transaction

from curate.autocurate.image_tables import described_images
from curate.autocurate.kept_predictions import predictions_of
from curate.autocurate.label_pool import label_pool, vectors_of
from curate.autocurate.lifecycle import NewSlice, finish, forget, source_of
from curate.autocurate.to_label_report import neighbour_row
from curate.evaluations.arrays import detections, ground_of, ground_truth
from curate.models import AutoCurate
from dataset.models import PredictionSet
from dataset.selectors.annotations import labelled_at
from jobs.reporting import Report
from jobs.sentences import Sentence
from science.autocurate.edge_cases import EdgeCase, EdgeCaseSettings, find_edge_cases
from science.autocurate.likeness import likeness_of, neighbours
from science.evaluation.arrays import Ground, Ids
from science.evaluation.as_json import json_number
from science.evaluation.confidence import FALLBACK, best_confidence
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth

NO_LABELS = GroundTruth.of(image_ids=())


def run_edge_cases(run: AutoCurate, report: Report) -> dict[str, Any]:
    """Find the run's edge cases: a slice of them, with a reason for each image."""
    report(0.0, Sentence.of("reading_images", "Reading images"))
    ground = ground_of(run.dataset, source_of(run).image_ids(run.dataset))
    truth = ground_truth(run.dataset, ground, run.source["revision"])
    prediction_set = predictions_of(run, ground, report)
    seen = detections(ground, prediction_set)
    report(0.87, Sentence.of("comparing_images", "Comparing {count} {count:image|images}", count=len(ground.image_ids)))
    labels = truth if run.params["use_labels"] and not truth.crowd.all() else None
    known = labelled_at(dataset=run.dataset, revision=run.source["revision"], image_ids=ground.image_ids)
    found = find_edge_cases(
        described_images(run.dataset, ground, labels or NO_LABELS).table,
        seen,
        class_names=ground.class_names,
        truth=labels,
        labelled=known,
        confidence=confidence_of(ground, labels, seen.take(known[seen.image_index])),
        vectors=vectors_of(run.dataset, ground),
        settings=EdgeCaseSettings(budget=run.params["budget"], per_group=run.params["per_group"]),
    )
    report(0.95, Sentence.of("comparing_with_labelled", "Comparing with labelled images"))
    chosen = ground.image_ids[np.array([one.image_index for one in found], np.int64)]
    alike = labelled_neighbours(run, chosen)
    report(0.97, Sentence.of("making_slice", "Making the slice"))
    told = edge_case_report(ground, found, labels, prediction_set, alike)
    with transaction.atomic():
        forget(run)
        slices = finish(run, [NewSlice(run.params["name"], chosen)], told)
    return {
        "auto_curate": run.pk,
        "slices": [row.pk for row in slices],
        "images": len(found),
        "prediction_set": prediction_set.pk,
    }


def confidence_of(ground: Ground, truth: GroundTruth | None, seen: Detections) -> float:
    """The score from which a prediction counts: that of the best mean F1 where there are labels to tell."""
    if truth is None:
        return FALLBACK
    return best_confidence(match(truth, seen, classes=len(ground.class_ids)))


def labelled_neighbours(run: AutoCurate, chosen: Ids) -> list[dict[str, Any] | None]:
    """Of each of the images, the other labelled one of the dataset that is most like it."""
    pool = label_pool(run.dataset, chosen, run.source["revision"])
    ground = pool.ground
    images = described_images(run.dataset, ground, NO_LABELS).table
    likeness = likeness_of(images, vectors_of(run.dataset, ground), seed=0)
    near, distance = neighbours(likeness, ground.image_index(chosen), pool.labelled)
    return [neighbour_row(ground, likeness.measure, *one) for one in zip(near, distance, strict=True)]


def edge_case_report(
    ground: Ground,
    found: list[EdgeCase],
    labels: GroundTruth | None,
    prediction_set: PredictionSet,
    alike: list[dict[str, Any] | None],
) -> dict[str, Any]:
    """How many by reason, and each image with its score, parts and sentence, hardest first."""
    codes = [str(one.reason["code"]) for one in found]
    return {
        "images": len(found),
        "looked_at": {"images": len(ground.image_ids)},
        "with_labels": labels is not None,
        "by_reason": {code: codes.count(code) for code in sorted(set(codes))},
        "prediction_set": prediction_set.pk,
        "picks": [
            {
                "image": int(ground.image_ids[one.image_index]),
                "score": json_number(one.score, 4),
                "parts": {name: json_number(value, 4) for name, value in one.parts.items()},
                "reason": one.why,
                "reason_code": str(one.reason["code"]),
                "reason_params": {name: value for name, value in one.reason.items() if name != "code"},
                "nearest": nearest,
            }
            for one, nearest in zip(found, alike, strict=True)
        ],
    }
