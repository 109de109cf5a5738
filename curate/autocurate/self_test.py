"""The finder of mislabels tested on somebody's own labels: errors planted in a copy of them, and found or not.

Nothing is written to annotations. The result stands in the run's report, under its own address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import transaction

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from curate.autocurate.label_crops import label_crops
from curate.autocurate.lifecycle import add_to_report, source_of
from curate.autocurate.mislabels import LOOKED_INSIDE, settings_of, train_and_predict
from curate.autocurate.self_test_report import Tested, result_json
from curate.evaluations.arrays import detections, ground_truth, image_sizes, labelled_ground
from curate.models import AutoCurate
from dataset.models import PredictionSet
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.services import enqueue
from jobs.titles import Title
from science.autocurate.mislabels import LabelErrorKind, find_mislabels
from science.autocurate.self_test import RATES, PlantedLabels, hard_places, plant_errors
from science.evaluation.arrays import Ground
from science.evaluation.types import Detections, GroundTruth

KIND = "test_finder"


@dataclass(frozen=True)
class SelfTestWish:
    """What is planted: rates by kind, of the labels; and whether the judges are trained on the planted labels."""

    rates: Mapping[LabelErrorKind, float] = field(default_factory=lambda: dict(RATES))
    retrain: bool = False
    hard: bool = False  # where the judges are unsure too
    seed: int = 0

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> SelfTestWish:
        given = {LabelErrorKind(kind): rate for kind, rate in params["rates"].items()}
        return cls(given, params["retrain"], params["hard"], params["seed"])

    def as_params(self) -> dict[str, Any]:
        rates = {kind.value: rate for kind, rate in self.rates.items()}
        return {"rates": rates, "retrain": self.retrain, "hard": self.hard, "seed": self.seed}


@transaction.atomic
def start_self_test(*, run: AutoCurate, wish: SelfTestWish, by: User) -> Job:
    """Ask for a test of the finder on the run's images. Managers and above.

    Raises Conflict while the run or another test of it is not done, BadInput where it cannot be done.
    """
    access.check(by, run.dataset.project_id, Role.MANAGER)
    if run.kind != AutoCurate.Kind.MISLABELS:
        raise BadInput("Only a search for mislabels can be tested so.")
    if run.finished_at is None:
        raise Conflict("This search is not finished yet. Its judges are needed for the test.")
    if wish.retrain and run.params.get("prediction_set") is not None:
        sentence = "This search judged by predictions that were given, so there are no networks to train again."
        raise BadInput(sentence, errors={"retrain": [sentence]})
    earlier = self_test_of(AutoCurate.objects.select_for_update(no_key=True).get(pk=run.pk))  # one asks at a time
    if Job.objects.filter(pk=earlier["job"] or 0).exclude(state__in=Job.ENDED).exists():
        raise Conflict("A test of this search is running. Wait until it has ended.")
    job = enqueue(
        kind=KIND,
        project=run.dataset.project,
        dataset=run.dataset,
        author=by,
        params={"auto_curate": run.pk, **wish.as_params()},
        title=Title.of("self_test", "Test the finder of mislabels on {source}", source=source_name(run)),
        queue="gpu" if wish.retrain else "cpu",
        link=f"/curate/{run.dataset_id}/auto/{run.pk}",
    )
    add_to_report(run, self_test={**earlier, "job": job.pk})
    audit.record(by=by, action="auto_curate.self_test", target=str(run), project=run.dataset.project_id)
    return job


def source_name(run: AutoCurate) -> str:
    named = run.source["slice"]
    return named["name"] if named else run.dataset.name


def self_test_of(run: AutoCurate) -> dict[str, Any]:
    """The newest test: its job and its result, null where there is none yet."""
    found: dict[str, Any] = run.report.get("self_test", {"job": None, "result": None})
    return found


def run_self_test(run: AutoCurate, wish: SelfTestWish, report: Report) -> dict[str, Any]:
    """Plant errors in a copy of the labels, search, and hold what is found against what was planted."""
    report(0.0, Sentence.of("reading_images_and_labels", "Reading images and labels"))
    judged_by = (
        PredictionSet.objects.filter(pk=run.report.get("prediction_set") or 0).select_related("manifest").first()
    )
    if judged_by is None:
        raise JobFailed("The predictions that this search judged by are gone. Search again, then test.")
    looked_at = np.intersect1d(source_of(run).image_ids(run.dataset), judged_by.manifest.image_ids)
    ground = labelled_ground(run.dataset, looked_at, run.source["revision"])
    truth = ground_truth(run.dataset, ground, run.source["revision"])
    sizes = image_sizes(ground)
    kept = detections(ground, judged_by)
    hard = hard_places(truth, kept) if wish.hard else None
    planted = plant_errors(truth, sizes, wish.rates, len(ground.class_ids), wish.seed, hard)
    if not planted.kind:
        raise JobFailed(f"{(~truth.crowd).sum()} labels are too few to plant errors at these rates.")
    said = retrained(run, ground, truth, planted, report) if wish.retrain else kept
    crops = (
        label_crops(ground, planted.truth, said, wish.seed, report, LOOKED_INSIDE) if run.params.get("crops") else None
    )
    report(
        0.93,
        Sentence.of("searching_planted", "Searching for {count} planted {count:error|errors}", count=len(planted.kind)),
    )
    found = find_mislabels(
        planted.truth,
        said,
        class_names=ground.class_names,
        image_sizes=sizes,
        settings=settings_of({**run.params, "limit": None}),
        crops=crops,
    )
    result = result_json(Tested(run, ground, planted, found.suggestions))
    add_to_report(run, self_test={"job": report.job.pk, "result": {**wish.as_params(), **result}})
    return {"auto_curate": run.pk, "planted": len(planted.kind), "suggestions": len(found.suggestions)}


def retrained(
    run: AutoCurate, ground: Ground, truth: GroundTruth, planted: PlantedLabels, report: Report
) -> Detections:
    """What networks say that learned the planted labels as if they were right."""
    objects = np.flatnonzero(~planted.truth.crowd)  # what is ignored is taught as it is
    boxes, classes = planted.truth.boxes[objects], planted.truth.class_index[objects]
    start = np.searchsorted(planted.truth.image_index[objects], np.arange(len(ground.image_ids) + 1))
    taught = {
        int(image_id): (boxes[low:high].astype(np.float32), classes[low:high].astype(np.int32))
        for image_id, low, high in zip(ground.image_ids, start[:-1], start[1:], strict=True)
    }
    found = train_and_predict(run, ground, truth, report, taught)
    return Detections.of(
        image_index=ground.image_index(found.image_ids),
        class_index=ground.class_index(found.class_ids),
        boxes=found.boxes,
        scores=found.scores,
    )
