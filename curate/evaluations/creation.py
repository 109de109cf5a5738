"""Asking for evaluations. What an evaluation's job does stands in evaluate.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from curate.models import Evaluation
from dataset.models import Dataset, Manifest, PredictionSet, Slice
from dataset.selectors import slices as slice_reads
from dataset.selectors.annotations import labelled_at
from dataset.services import manifests
from jobs.services import enqueue
from jobs.titles import Title
from science.evaluation import EVALUATOR
from science.evaluation.matching import IOU_THRESHOLDS

KIND = "evaluate"
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Thresholds:
    """The operating point. `conf` None: the confidence of the best mean F1, once it is known."""

    iou: float = 0.5
    conf: float | None = None

    def check(self) -> None:
        """Raise BadInput where an evaluation cannot be made at this point."""
        if not any(abs(self.iou - one) < 1e-9 for one in IOU_THRESHOLDS):
            raise _bad("iou", f"iou is one of 0.5, 0.55 … 0.95; not {self.iou}.")
        if self.conf is not None and not PredictionSet.ROW_FLOOR <= self.conf <= 1:
            raise _bad("conf", f"conf is from {PredictionSet.ROW_FLOOR} to 1; not {self.conf}.")


def start(
    *,
    prediction_set: PredictionSet,
    by: User,
    revision: int | None = None,
    within: Slice | None = None,
    thresholds: Thresholds | None = None,
) -> Evaluation:
    """Ask for an evaluation as `ask` does. Reviewers and above."""
    access.check(by, prediction_set.dataset.project_id, Role.REVIEWER)
    return ask(prediction_set=prediction_set, author=by, revision=revision, within=within, thresholds=thresholds)


def ask(
    *,
    prediction_set: PredictionSet,
    author: User | None,
    revision: int | None = None,
    within: Slice | None = None,
    thresholds: Thresholds | None = None,
) -> Evaluation:
    """Ask for an evaluation of the set's images (those in a slice) on the labels of a revision (None: the newest).

    Its job is on the cpu queue. Raises BadInput where there is nothing to judge.
    """
    point = thresholds or Thresholds()
    point.check()
    with transaction.atomic():
        evaluation = create(
            prediction_set=prediction_set,
            author=author,
            revision=prediction_set.dataset.head_revision if revision is None else revision,
            thresholds=point,
            image_ids=None if within is None else predicted_images_in(prediction_set, within),
            slices=[] if within is None else [within],
        )
        job = enqueue(
            kind=KIND,
            project=prediction_set.dataset.project,
            dataset=prediction_set.dataset,
            author=author,
            params={"evaluation": evaluation.pk},
            title=Title.of(
                "evaluate",
                "Evaluate {name} on revision {revision}",
                name=prediction_set.name,
                revision=evaluation.revision,
            ),
            link=f"/evaluations/{evaluation.pk}",
        )
        evaluation.job_id = job.pk
        evaluation.save(update_fields=["job_id"])
    return evaluation


@transaction.atomic
def create(
    *,
    prediction_set: PredictionSet,
    author: User | None,
    revision: int,
    thresholds: Thresholds,
    image_ids: Ids | list[int] | None = None,
    slices: Sequence[Slice] = (),
) -> Evaluation:
    """The row, without a job; for jobs that need an evaluation on the way. `image_ids` None: all of the set's.

    Judged are those that are labelled at the revision. Raises BadInput where none is.
    """
    dataset, manifest = prediction_set.dataset, prediction_set.manifest
    asked = np.asarray(manifest.image_ids if image_ids is None else image_ids, np.int64)
    judged = labelled_images(dataset, asked, revision)
    if image_ids is not None or manifest.revision != revision or len(judged) < len(asked):
        named = slices if image_ids is not None else slices_of(manifest)
        manifest = manifests.freeze(dataset=dataset, slices=named, revision=revision, image_ids=judged)
    evaluation = Evaluation.objects.create(
        dataset=dataset,
        prediction_set=prediction_set,
        manifest=manifest,
        revision=revision,
        unlabelled=len(asked) - len(judged),
        iou=thresholds.iou,
        conf=thresholds.conf,
        evaluator=EVALUATOR,
        created_by=author,
    )
    data = {"evaluation": evaluation.pk, "revision": revision}
    audit.record(
        by=author, action="evaluation.create", target=prediction_set.name, project=dataset.project_id, data=data
    )
    return evaluation


def labelled_images(dataset: Dataset, image_ids: Ids, revision: int) -> Ids:
    """Those of the images that were labelled at the revision. Raises BadInput where there are images and none was."""
    found = image_ids[labelled_at(dataset=dataset, revision=revision, image_ids=image_ids)]
    if len(image_ids) and not len(found):
        sentence = (
            f"None of the {len(image_ids)} images is labelled at revision {revision}, so there is nothing to judge by."
            " Label them, or say of those on which there is nothing that there is nothing there."
        )
        raise _bad("prediction_set", sentence)
    return found


def slices_of(manifest: Manifest) -> list[Slice]:
    """The slices that the manifest was made of, so that the same images at another revision are known by them too."""
    found = Slice.objects.in_bulk([one["id"] for one in manifest.slices])
    return [found[one["id"]] for one in manifest.slices if one["id"] in found]


def predicted_images_in(prediction_set: PredictionSet, within: Slice) -> Ids:
    """The set's images that are in the slice. Raises BadInput where there is none."""
    image_ids = np.intersect1d(np.asarray(prediction_set.manifest.image_ids, np.int64), slice_reads.image_ids(within))
    if not len(image_ids):
        raise _bad("slice", f"{prediction_set.name} has no predictions on the images of {within.name}.")
    return image_ids


def _bad(field: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={field: [sentence]})
