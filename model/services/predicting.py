"""Predicting a slice, or what a query line finds, with a checkpoint: the request and its job."""

from dataclasses import dataclass
from typing import Any

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from curate.selectors.images import image_ids
from dataset.models import Dataset, Manifest, PredictionSet, Slice
from dataset.services import manifests, predictions
from jobs.models import Job
from jobs.reporting import Report
from model.class_names import class_mapping
from model.engines import PredictSettings
from model.models import Checkpoint
from model.services.prediction import predict_images

JOB_KIND = "predict"


@dataclass(frozen=True)
class NewPrediction:
    """Which images are to be predicted, how large, and what the prediction set is called."""

    slice_id: int | None = None
    q: str = ""
    imgsz: int | None = None  # pixels; None: what the checkpoint was trained at
    name: str = ""


def start_prediction(*, checkpoint: Checkpoint, dataset: Dataset, new: NewPrediction, by: User) -> Job:
    """Freeze the images and ask for their prediction. Managers and above.

    Raises BadInput where nothing is meant, or where checkpoint and dataset have no class in common.
    """
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
    manifest = manifests.freeze(dataset=dataset, slices=slices, image_ids=wanted, revision=dataset.head_revision, by=by)
    name = new.name or f"{checkpoint.name} on {slices[0].name if slices else new.q or dataset.name}"
    params = {"checkpoint": checkpoint.pk, "manifest": manifest.pk, "imgsz": new.imgsz, "name": name[:200]}
    audit.record(by=by, action="predict", target=checkpoint, project=dataset.project_id, data=params)
    return jobs.services.enqueue(
        kind=JOB_KIND,
        project=dataset.project,
        dataset=dataset,
        by=by,
        params=params,
        title=f"Predict {name}",
        queue="gpu",
        link=f"/datasets/{dataset.pk}",
    )


def _slice(dataset: Dataset, slice_id: int) -> Slice:
    found = Slice.objects.filter(dataset=dataset, pk=slice_id).first()
    if found is None:
        raise BadInput(f"This dataset has no slice {slice_id}.", errors={"slice": ["Not here."]})
    return found


def predict(job: Job, report: Report) -> dict[str, Any]:
    """The job: predict the manifest and store it. Safe to run twice."""
    params = job.params
    checkpoint = Checkpoint.objects.get(pk=params["checkpoint"])
    manifest = Manifest.objects.select_related("dataset").get(pk=params["manifest"])
    same = PredictionSet.objects.filter(manifest=manifest, checkpoint_id=checkpoint.pk, name=params["name"])
    stored = same.filter(created_at__gte=job.created_at).first()
    dropped: dict[str, int] = {}
    if stored is None:
        found = predict_images(
            checkpoint=checkpoint,
            dataset=manifest.dataset,
            image_ids=manifest.image_ids,
            settings=PredictSettings(imgsz=params["imgsz"]) if params["imgsz"] else None,
            report=report,
        )
        dropped = found.dropped
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
            by=job.created_by,
        )
    return {"prediction_set": stored.pk, "images": manifest.image_count, "boxes": stored.box_count, "dropped": dropped}
