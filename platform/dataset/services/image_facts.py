"""Measuring images that were imported before brightness, contrast and sharpness were."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import access, audit
from accounts.models import Role, User
from dataset.importing.origins import FOLDER
from dataset.importing.types import ImportProblem, Problems
from dataset.models import Dataset, Image
from dataset.services.imports import dataset_of
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.services import enqueue
from jobs.titles import Title
from storage import blobs, thumbnails
from storage.decoding import take_in_apart
from storage.facts import Facts
from storage.pictures import PictureRefused

KIND = "measure_images"
AT_ONCE = 256  # images between two writes


def start(*, dataset: Dataset, by: User) -> Job:
    """Ask for the facts of every image of the dataset that lacks them. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    with transaction.atomic():
        job = ask(dataset, author=by)
        audit.record(by=by, action="images.measure", target=dataset, project=dataset.project_id, data={"job": job.pk})
    return job


def ask(dataset: Dataset, *, author: User | None) -> Job:
    title = Title.of("measure", "Measure the images of {dataset}", dataset=dataset.name)
    link = f"/datasets/{dataset.pk}"
    return enqueue(
        kind=KIND, project=dataset.project, dataset=dataset, author=author, params={}, title=title, link=link
    )


def run(job: Job, report: Report) -> dict[str, Any]:
    """Measure what is not measured yet; a second attempt goes on where the first stopped."""
    dataset, problems = dataset_of(job), Problems()
    lacking = Image.objects.filter(dataset=dataset, brightness=None)
    total, done, measured = lacking.count(), 0, 0
    with ThreadPoolExecutor(FOLDER.threads, thread_name_prefix="facts") as pool:
        for images in in_chunks(lacking):
            results = list(pool.map(measure, images))
            measured += write(images, results, problems)
            done += len(images)
            doing = Sentence.of("measured", "Measured {done} of {total} {total:image|images}", done=done, total=total)
            report(done / max(total, 1), doing)
    return {"images": total, "measured": measured, **problems.as_json()}


def in_chunks(lacking: QuerySet[Image]) -> Iterator[list[Image]]:
    """Some images at a time, by rising id; those that cannot be measured are passed once."""
    last = 0
    while images := list(lacking.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield images
        last = images[-1].pk


def measure(image: Image) -> Facts | str:
    """The image's facts, its thumbnail stored on the way; or why it cannot be measured."""
    try:
        picture = take_in_apart(blobs.read(image.location))
    except FileNotFoundError:
        return "its file is gone"
    except PictureRefused as error:
        return str(error)
    thumbnails.keep(image.sha256, picture.thumbnail)
    return picture.facts


def write(images: list[Image], results: list[Facts | str], problems: Problems) -> int:
    """Put the facts onto the rows; returns how many there were."""
    measured = []
    for image, facts in zip(images, results, strict=True):
        if isinstance(facts, str):
            problems.add(ImportProblem(image.key, facts))
            continue
        image.brightness, image.contrast, image.sharpness = facts.brightness, facts.contrast, facts.sharpness
        measured.append(image)
    return Image.objects.bulk_update(measured, ["brightness", "contrast", "sharpness"])
