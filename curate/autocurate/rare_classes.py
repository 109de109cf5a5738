"""Auto-curate: find images of rare classes, the best so many of those that match, none twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from curate.autocurate.image_tables import CodedImageTable, described_images
from curate.autocurate.kept_predictions import predictions_of
from curate.autocurate.label_pool import LabelPool, vectors_of
from curate.autocurate.lifecycle import NewSlice, finish, forget, source_of
from curate.autocurate.shortfall import say_shortfall, shortfall
from curate.autocurate.to_label_report import class_rows, pick_row, reason_counts, sequence_facts, value_rows
from curate.evaluations.arrays import detections, ground_of, ground_truth
from curate.models import AutoCurate
from curate.query.image_source import ImageSource
from dataset.models import Image, PredictionSet, Slice
from dataset.selectors.annotations import labelled_at
from jobs.errors import JobFailed
from jobs.reporting import Report
from jobs.sentences import Sentence, as_json
from science.autocurate.rare_classes import SHOWS, choose_rare, rarest
from science.autocurate.to_label import ToLabel, ToLabelSettings
from science.evaluation.arrays import Ids
from science.evaluation.types import Detections

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RarePool:
    """The images to choose from, beside what there is already."""

    pool: LabelPool  # both; what there is counts as labelled
    labelled: Bools  # (I,) whose labels say what they show
    seen: Detections  # what all of them show: labels with a score of 1, predictions of those without


def run_rare_classes(run: AutoCurate, report: Report) -> dict[str, Any]:
    """Find the run's images: a slice of them in their order, with a reason for each."""
    report(0.0, Sentence.of("reading_images", "Reading images"))
    pool, labelled = _images(run)
    prediction_set = _predictions(run, pool, labelled, report)
    rare = RarePool(pool, labelled, _seen(pool, labelled, prediction_set))
    images = described_images(run.dataset, pool.ground, pool.truth)
    asked = _asked(run, rare, images)
    report(0.87, Sentence.of("choosing", "Choosing from {count} {count:image|images}", count=len(pool.waiting)))
    found = choose_rare(
        images.table, pool.labelled, rare.seen, asked, class_names=pool.ground.class_names, sure=labelled,
        vectors=vectors_of(run.dataset, pool.ground), settings=_settings(run),
    )  # fmt: skip
    report(0.97, Sentence.of("making_slice", "Making the slice"))
    rows = np.array([one.image_index for one in found.picks], np.int64)
    told = rare_classes_report(rare, images, found, rows, asked, prediction_set)
    short = shortfall(run, found, showing=told["showing"], pool=len(pool.waiting))
    told["short"] = short and as_json([short])[0]
    with transaction.atomic():
        forget(run)
        slices = finish(run, [NewSlice(run.params["name"], pool.ground.image_ids[rows])], told)
    result = {"auto_curate": run.pk, "slices": [row.pk for row in slices], "images": len(found.picks)}
    return result | say_shortfall(short, report)


def _images(run: AutoCurate) -> tuple[LabelPool, Bools]:
    """The run's images beside what there is, and which of all have labels."""
    dataset, revision = run.dataset, run.source["revision"]
    source = source_of(run).image_ids(dataset)
    there = _there(run, source)
    source = source[~np.isin(source, there)]
    if not len(source):
        raise JobFailed("All of these images are there already.")
    ground = ground_of(dataset, np.union1d(source, there))
    truth = ground_truth(dataset, ground, revision)
    labelled = labelled_at(dataset=dataset, revision=revision, image_ids=ground.image_ids)
    return LabelPool(ground, truth, np.isin(ground.image_ids, there)), labelled


def _there(run: AutoCurate, source: Ids) -> Ids:
    """The images of the slice that the others are to be added to; else all others that are labelled."""
    if run.params.get("beside") is not None:
        beside = Slice.objects.filter(dataset=run.dataset, pk=run.params["beside"]).first()
        if beside is None:
            raise JobFailed("The slice that the images were to be added to was deleted.")
        return ImageSource(beside, "").image_ids(run.dataset)
    every = np.array(Image.objects.filter(dataset=run.dataset).order_by("pk").values_list("pk", flat=True), np.int64)
    labelled = every[labelled_at(dataset=run.dataset, revision=run.source["revision"], image_ids=every)]
    return labelled[~np.isin(labelled, source)]


def _predictions(run: AutoCurate, pool: LabelPool, labelled: Bools, report: Report) -> PredictionSet | None:
    """What a checkpoint sees on the images without labels, where there are such and one is named."""
    waiting = pool.ground.image_ids[~pool.labelled & ~labelled]
    if not len(waiting) or (run.params.get("checkpoint") is None and run.params.get("prediction_set") is None):
        return None
    return predictions_of(run, ground_of(run.dataset, waiting), report)


def _seen(pool: LabelPool, labelled: Bools, prediction_set: PredictionSet | None) -> Detections:
    truth = pool.truth
    sure = ~truth.crowd & labelled[truth.image_index]
    parts = [(truth.image_index[sure], truth.class_index[sure], truth.boxes[sure], np.ones(int(sure.sum())))]
    if prediction_set is not None:
        found = detections(pool.ground, prediction_set)
        found = found.take(~labelled[found.image_index])
        parts.append((found.image_index, found.class_index, found.boxes, found.scores.astype(np.float64)))
    image, label, boxes, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Detections.of(image_index=image, class_index=label, boxes=boxes, scores=scores.astype(np.float32))


def _asked(run: AutoCurate, rare: RarePool, images: CodedImageTable) -> Ints:
    """Places of the classes that are asked for; else those of which there is least."""
    ground, pool = rare.pool.ground, rare.pool
    if named := run.params.get("classes"):
        return np.flatnonzero(np.isin(ground.class_ids, named)).astype(np.int64)
    waiting = ~pool.labelled[rare.seen.image_index]
    offered = np.bincount(
        rare.seen.class_index[waiting], rare.seen.scores[waiting].astype(np.float64), minlength=len(ground.class_ids)
    )
    there = images.table.class_counts[pool.labelled].sum(axis=0).astype(np.float64)
    found = rarest(there, offered.astype(np.float64))
    if not len(found):
        raise JobFailed("Nothing is labelled or predicted on these images: name a checkpoint that looks at them.")
    return found


def _settings(run: AutoCurate) -> ToLabelSettings:
    params = run.params
    return ToLabelSettings(budget=params["budget"], per_sequence=params["per_sequence"], seed=params["seed"])


def rare_classes_report(
    rare: RarePool,
    images: CodedImageTable,
    found: ToLabel,
    rows: Ints,
    asked: Ints,
    prediction_set: PredictionSet | None,
) -> dict[str, Any]:
    """Which classes were asked for, what of each there is, was chosen and is offered, and each image with why."""
    pool, ground = rare.pool, rare.pool.ground
    return {
        "images": len(rows),
        "looked_at": {"images": len(pool.waiting), "labelled": int(pool.labelled.sum())},
        "asked": [int(one) for one in ground.class_ids[asked]],
        "showing": int((found.objects[~pool.labelled][:, asked] >= SHOWS).any(axis=1).sum()),
        "prediction_set": prediction_set.pk if prediction_set else None,
        "measure": found.measure,
        "by_reason": reason_counts(found),
        "left_out": found.left_out,
        "classes": class_rows(pool, images, found, rows),
        "strata": value_rows(pool, images, rows),
        "sequences": sequence_facts(images.table.sequence[rows]),
        "picks": [pick_row(pool, found.measure, one) for one in found.picks],
    }
