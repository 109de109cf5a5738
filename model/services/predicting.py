"""Predicting a slice, or what a query line finds, with a checkpoint: the request and its job."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from curate.evaluations import creation
from curate.evaluations.creation import Thresholds
from curate.models import Evaluation
from curate.query.image_search import image_ids
from dataset.models import Dataset, Manifest, PredictionSet, Slice
from dataset.services import manifests, predictions
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.titles import Title
from model.class_names import class_mapping
from model.engines import PredictSettings
from model.models import Checkpoint
from model.services.prediction import predict_images

JOB_KIND = "predict"
PREDICTED = 0.97  # of the job's progress, where an evaluation is asked for next


@dataclass(frozen=True)
class Judging:
    """How the predictions are to be judged once they are there."""

    revision: int | None = None  # None: the newest when it is asked for
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True)
class NewPrediction:
    """Which images are to be predicted, how large, what the prediction set is called, and what comes next."""

    slice_id: int | None = None
    q: str = ""
    imgsz: int | None = None  # pixels; None: what the checkpoint was trained at
    name: str = ""
    judging: Judging | None = None  # None: nothing is evaluated


def start_prediction(*, checkpoint: Checkpoint, dataset: Dataset, new: NewPrediction, by: User) -> Job:
    """Freeze the images and ask for their prediction, and for its evaluation where `new` says so. Managers and above.

    Raises BadInput where nothing is meant, or where checkpoint and dataset have no class in common.
    """
    access.check_may_predict(by, dataset.project_id)
    if new.judging is not None:
        access.check(by, dataset.project_id, Role.MANAGER)
    if checkpoint.project_id not in (None, dataset.project_id):
        detail = "The checkpoint is another project's."
        raise BadInput(detail, errors={"checkpoint": [detail]})
    names = list(dataset.classes.values_list("name", flat=True))
    if not class_mapping(of_weights=checkpoint.classes, of_dataset=names).kept:
        raise BadInput(
            f"{checkpoint.name} knows none of this dataset's classes. It knows: {', '.join(checkpoint.classes)}.",
            errors={"checkpoint": ["No class in common with the dataset."]},
        )
    slices = [_slice(dataset, new.slice_id)] if new.slice_id is not None else []
    wanted = image_ids(dataset, new.q, new.slice_id)
    if not wanted:
        raise BadInput("No image is meant.", errors={"q" if new.q else "slice": ["It finds no image."]})
    dataset.refresh_from_db(fields=["head_revision"])
    judging = _checked(new.judging, dataset) if new.judging else None
    manifest = manifests.freeze(dataset=dataset, slices=slices, image_ids=wanted, revision=dataset.head_revision)
    name = new.name or f"{checkpoint.name} on {slices[0].name if slices else new.q or dataset.name}"
    params: dict[str, Any] = {
        "checkpoint": checkpoint.pk, "manifest": manifest.pk, "imgsz": new.imgsz, "name": name[:200],
        "evaluate": judging,
    }  # fmt: skip
    audit.record(by=by, action="predict", target=checkpoint, project=dataset.project_id, data=params)
    return jobs.services.enqueue(
        kind=JOB_KIND,
        project=dataset.project,
        dataset=dataset,
        author=by,
        params=params,
        title=title_of(name, judged=judging is not None),
        queue="gpu",
        link=f"/curate/{dataset.pk}/evaluations" if judging else f"/datasets/{dataset.pk}",
    )


def title_of(name: str, *, judged: bool) -> Title:
    code, english = ("predict_and_judge", "Evaluate {name}") if judged else ("predict", "Predict {name}")
    return Title.of(code, english, name=name)


def _checked(judging: Judging, dataset: Dataset) -> dict[str, Any]:
    """As the job's parameters say it. Raises BadInput where it could not be evaluated so."""
    judging.thresholds.check()
    revision = dataset.head_revision if judging.revision is None else judging.revision
    if not 0 <= revision <= dataset.head_revision:
        detail = f"There is no revision {revision}; the newest is {dataset.head_revision}."
        raise BadInput(detail, errors={"revision": [detail]})
    return {"revision": revision, "iou": judging.thresholds.iou, "conf": judging.thresholds.conf}


def _slice(dataset: Dataset, slice_id: int) -> Slice:
    found = Slice.objects.filter(dataset=dataset, pk=slice_id).first()
    if found is None:
        raise BadInput(f"This dataset has no slice {slice_id}.", errors={"slice": ["Not here."]})
    return found


def predict(job: Job, report: Report) -> dict[str, Any]:
    """The job: predict the manifest, store it and, where asked for, start its evaluation. Safe to run twice."""
    manifest = Manifest.objects.select_related("dataset__project").get(pk=job.params["manifest"])
    earlier = _stored(job, manifest)
    stored, dropped = (earlier, {}) if earlier is not None else _predict(job, manifest, report)
    result = {"prediction_set": stored.pk, "images": manifest.image_count, "boxes": stored.box_count}
    if asked := job.params.get("evaluate"):
        report(PREDICTED, Sentence.of("starting_evaluation", "Starting the evaluation"))
        result["evaluation"] = _evaluate(job, stored, asked)
    return {**result, "dropped": dropped}


def _stored(job: Job, manifest: Manifest) -> PredictionSet | None:
    """What an earlier attempt stored."""
    same = PredictionSet.objects.filter(
        manifest=manifest, checkpoint_id=job.params["checkpoint"], name=job.params["name"]
    )
    return same.filter(created_at__gte=job.created_at).first()


def _predict(job: Job, manifest: Manifest, report: Report) -> tuple[PredictionSet, dict[str, int]]:
    """The stored predictions, and how many boxes were left out, by the name of the class that the dataset lacks."""
    params = job.params
    checkpoint = Checkpoint.objects.filter(pk=params["checkpoint"]).first()
    if checkpoint is None:
        raise JobFailed("The checkpoint was deleted before its images were predicted.")
    found = predict_images(
        checkpoint=checkpoint,
        dataset=manifest.dataset,
        image_ids=manifest.image_ids,
        settings=PredictSettings(imgsz=params["imgsz"]) if params["imgsz"] else None,
        report=report,
        progress=(0.0, PREDICTED if params.get("evaluate") else 1.0),
    )
    stored = predictions.store_predictions(
        dataset=manifest.dataset,
        manifest=manifest,
        name=params["name"],
        kind=PredictionSet.Kind.RUN,
        checkpoint_id=checkpoint.pk,
        image_ids=found.image_ids,
        class_ids=found.class_ids,
        boxes=found.boxes,
        scores=found.scores,
        author=job.created_by,
    )
    return stored, found.dropped


@transaction.atomic
def _evaluate(job: Job, stored: PredictionSet, asked: dict[str, Any]) -> int:
    """Start the evaluation, or find that of an earlier attempt; the job leads to it from now on. Gives back its id."""
    same = Evaluation.objects.filter(of=None, prediction_set=stored, revision=asked["revision"], iou=asked["iou"])
    made = same.first()
    if made is None:
        thresholds = Thresholds(iou=asked["iou"], conf=asked["conf"])
        try:
            made = creation.ask(
                prediction_set=stored, author=job.created_by, revision=asked["revision"], thresholds=thresholds
            )
        except BadInput as error:  # the predictions are there, and none of the images is labelled
            raise JobFailed(str(error.detail)) from error
    Job.objects.filter(pk=job.pk).update(link=f"/evaluations/{made.pk}")
    return made.pk
