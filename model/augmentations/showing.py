"""The job that draws training pictures, and the cache that keeps them for a while."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.core.cache import cache

from accounts.problems import Conflict, Gone
from dataset.models import Dataset, LabelClass, Slice
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.engines import PicturesRequest, TrainRequest
from model.engines.picture_files import read_pictures
from model.services import runs
from model.services.engine import draw_pictures
from model.services.settings import read_settings
from model.services.training_data import labelled_images, trained_classes
from storage import blobs

KEPT = 30 * 60  # seconds; they can be drawn again at any time
DRAWN_FROM = 64  # images, so that nothing waits for the labels of all: a mosaic takes four of them


def draw(job: Job, report: Report) -> dict[str, Any]:
    """The job. Safe to run twice."""
    asked = job.params
    dataset = Dataset.objects.filter(pk=job.dataset_id or 0).first()
    if dataset is None:
        raise JobFailed("The dataset was deleted.")
    classes = trained_classes(dataset, asked["revision"])
    name = f"pictures-{job.pk}"
    folder = blobs.work_folder(name)
    try:
        report(0.1, Sentence.of("reading_images", "Reading images"))
        training = TrainRequest(
            architecture=asked["baseline"],
            class_names=tuple(one.name for one in classes),
            images=labelled_images(
                dataset=dataset,
                revision=asked["revision"],
                image_ids=chosen_images(dataset, asked),
                classes=classes,
            ),
            output=folder / "pictures",
            settings=read_settings(asked["settings"]),
        )
        report(0.3, Sentence.of("drawing_pictures", "Drawing training pictures"))
        drawn = draw_pictures(PicturesRequest(training, asked["count"]), log=folder / "engine.log", report=report)
        keep(job, [with_class_ids(one, classes) for one in read_pictures(drawn)])
    finally:
        blobs.clear_work(name)
    return {"pictures": asked["count"]}


def chosen_images(dataset: Dataset, asked: dict[str, Any]) -> list[int]:
    """Some of the labelled images of the slices, others with each seed."""
    slices = list(Slice.objects.filter(dataset=dataset, pk__in=asked["slices"]).order_by("pk"))
    ids = runs.images_to_train(dataset, slices, asked["revision"])
    if not ids:
        detail = "None of the images of these slices is labelled, so there is nothing to train on. Label some of them."
        raise JobFailed(detail)
    chance = np.random.default_rng(asked["settings"]["seed"])
    return sorted(chance.choice(ids, min(DRAWN_FROM, len(ids)), replace=False).tolist())


def with_class_ids(picture: dict[str, Any], classes: list[LabelClass]) -> dict[str, Any]:
    """A picture with the classes' ids in place of their indices; an ignored box of every class has none."""
    names = [classes[index].pk if index >= 0 else None for index in picture["classes"]]
    rows = zip(picture["boxes"], names, picture["ignored"], strict=True)
    boxes = [{"box": box, "class_id": name, "ignored": ignored} for box, name, ignored in rows]
    return {"width": picture["width"], "height": picture["height"], "boxes": boxes, "jpeg": picture["jpeg"]}


def keep(job: Job, pictures: list[dict[str, Any]]) -> None:
    cache.set(_key(job), pictures, KEPT)


def pictures_of(job: Job) -> list[dict[str, Any]]:
    """What the job drew. Raises Conflict before it has, Gone when it is no longer kept."""
    if job.state != Job.State.SUCCEEDED:
        raise Conflict("There are no pictures: the job has not ended well (yet).")
    found: list[dict[str, Any]] | None = cache.get(_key(job))
    if found is None:
        raise Gone(f"Pictures are kept for {KEPT // 60} minutes. Have them drawn again.")
    return found


def _key(job: Job) -> str:
    return f"augmentations:{job.pk}"
