"""Importing predictions made elsewhere: a COCO results file, a list of {image_id, category_id, bbox, score}."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.problems import BadInput
from dataset.importing.coco import as_box
from dataset.importing.types import ImportProblem, Problems
from dataset.models import Dataset, Image, LabelClass, PredictionSet, Slice
from dataset.selectors import slices as slice_reads
from dataset.services.imports import dataset_of, forget_upload, keep_upload, upload_path
from dataset.services.manifests import freeze
from dataset.services.predictions import store_predictions
from geometry.boxes import clip, from_xywh
from jobs.errors import JobFailed, JobInterrupted
from jobs.models import Job
from jobs.reporting import Report
from jobs.services import enqueue
from storage import folders

KIND = "import_predictions"


def start_file(
    *,
    dataset: Dataset,
    by: User,
    path: str,
    annotations: str | None = None,
    slice: int | None = None,  # noqa: A002, the noun
    name: str | None = None,
) -> Job:
    """Ask for an import from a file on the server. Raises BadInput where it is not under an import root."""
    check_slice(dataset, slice)
    file = checked_file(path, "path")
    if annotations:
        checked_file(annotations, "annotations")
    return ask(dataset, by, {"path": path, "annotations": annotations, "slice": slice, "name": name or file.stem})


def check_slice(dataset: Dataset, slice_id: int | None) -> None:
    if slice_id is not None and not Slice.objects.filter(dataset=dataset, pk=slice_id).exists():
        raise BadInput(f"There is no slice {slice_id} in this dataset.", errors={"slice": ["Unknown slice."]})


def start_upload(
    *,
    dataset: Dataset,
    by: User,
    upload: UploadedFile,
    slice: int | None = None,  # noqa: A002
    name: str | None = None,
) -> Job:
    check_slice(dataset, slice)
    params = {
        "slice": slice,
        "upload": keep_upload(upload, ".json"),
        "name": name or Path(upload.name or "predictions").stem,
    }
    return ask(dataset, by, params)


def ask(dataset: Dataset, by: User, params: dict[str, Any]) -> Job:
    title = f"Import predictions {params['name']} into {dataset.name}"
    return enqueue(kind=KIND, project=dataset.project, dataset=dataset, by=by, params=params, title=title)


def checked_file(path: str, field_name: str) -> Path:
    try:
        file = folders.allowed(path)
    except (folders.FolderRefused, OSError, ValueError) as error:
        raise BadInput(str(error), errors={field_name: [str(error)]}) from error
    if not file.is_file():
        raise BadInput(f"{path} is not a file.", errors={field_name: ["Not a file."]})
    return file


def run(job: Job, report: Report) -> dict[str, Any]:
    """Read the file and store a prediction set on the images that it speaks of."""
    if job.result is not None:
        return dict(job.result)
    try:
        result = import_from(job, report)
    except JobInterrupted:
        raise  # the next attempt needs the upload
    except BaseException:
        forget_upload(job)
        raise
    forget_upload(job)
    return result


def import_from(job: Job, report: Report) -> dict[str, Any]:
    dataset = dataset_of(job)
    report(0.1, "Reading the file")
    names = names_of(job, dataset)
    found = read_records(load_json(results_path(job)), names)
    if not found.image_ids:
        raise JobFailed(f"None of the {found.total} predictions could be used. {first_reason(found.problems)}")
    report(0.5, "Writing predictions")
    return store(job, dataset, found, sorted(found.images | images_meant(job, names)))


def images_meant(job: Job, names: Names) -> set[int]:
    """The images that were predicted on, with or without a box: the slice's, or those of the COCO file."""
    if slice_id := job.params.get("slice"):
        return set(slice_reads.image_ids(Slice.objects.get(pk=slice_id)).tolist())
    return {image.pk for image in names.images.values()} if job.params.get("annotations") else set()


@transaction.atomic
def store(job: Job, dataset: Dataset, found: Found, image_ids: list[int]) -> dict[str, Any]:
    """The prediction set and, in the same transaction, the job's result."""
    row = store_predictions(
        dataset=dataset,
        manifest=freeze(dataset=dataset, image_ids=image_ids, revision=dataset.head_revision),
        name=job.params["name"],
        kind=PredictionSet.Kind.IMPORTED,
        image_ids=found.image_ids,
        class_ids=found.class_ids,
        boxes=np.array(found.boxes),
        scores=found.scores,
        by=job.created_by,
    )
    counts = {"found": found.total, "stored": len(found.image_ids), "images": len(image_ids)}
    result = {"prediction_set": row.pk, **counts, **found.problems.as_json()}
    Job.objects.filter(pk=job.pk).update(result=result)
    return result


def first_reason(problems: Problems) -> str:
    return f"The first: {problems.shown[0].record}: {problems.shown[0].reason}." if problems.shown else ""


def results_path(job: Job) -> Path:
    if "path" in job.params:
        return checked_file(job.params["path"], "path")
    try:
        return upload_path(job)
    except FileNotFoundError as error:
        raise JobFailed("The file is gone. Upload it again.") from error


def load_json(path: Path) -> Any:
    try:
        return orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise JobFailed(f"Broken JSON in line {error.lineno}, column {error.colno}.") from error
    except OSError as error:
        raise JobFailed("The file is gone. Upload it again.") from error


@dataclass(frozen=True)
class Names:
    """What image_id and category_id mean: image rows and LabelClass ids."""

    images: dict[Hashable, Image]
    classes: dict[Hashable, int]


def names_of(job: Job, dataset: Dataset) -> Names:
    """By the COCO file that the ids are from, where one is given; else by key or file name, and class name or index."""
    images = images_by_name(dataset)
    classes = list(LabelClass.objects.filter(dataset=dataset).values_list("pk", "index", "name"))
    by_name: dict[Hashable, int] = {name: pk for pk, _, name in classes}
    if not job.params.get("annotations"):
        return Names(images, by_name | {index: pk for pk, index, _ in classes})
    content = load_json(checked_file(job.params["annotations"], "annotations"))
    content = content if isinstance(content, dict) else {}
    return Names(
        {record["id"]: images[name] for record in records_of(content, "images") if (name := name_in(record, images))},
        {
            record["id"]: by_name[record["name"]]
            for record in records_of(content, "categories")
            if record.get("name") in by_name
        },
    )


def records_of(content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    given = content.get(kind)
    records = given if isinstance(given, list) else []
    return [record for record in records if isinstance(record, dict) and isinstance(record.get("id"), int | str)]


def name_in(record: dict[str, Any], images: dict[Hashable, Image]) -> str | None:
    """The name under which the record's file is known: its path, or its last part."""
    given = str(record.get("file_name", ""))
    return next((name for name in (given, PurePosixPath(given).name) if name in images), None)


def images_by_name(dataset: Dataset) -> dict[Hashable, Image]:
    """Images by key, and by file name and stem where only one has it."""
    rows = list(Image.objects.filter(dataset=dataset).only("pk", "key", "width", "height"))
    names: dict[Hashable, Image] = {}
    twice: set[Hashable] = set()
    for row in rows:
        path = PurePosixPath(row.key)
        for name in {path.name, path.stem}:
            twice.update({name} if name in names else ())
            names[name] = row
    for namesake in twice:
        del names[namesake]
    return names | {row.key: row for row in rows}


@dataclass
class Found:
    """The predictions that can be used."""

    problems: Problems = field(default_factory=Problems)
    image_ids: list[int] = field(default_factory=list)
    class_ids: list[int] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)  # xyxy pixels
    scores: list[float] = field(default_factory=list)
    images: set[int] = field(default_factory=set)
    total: int = 0


def read_records(content: Any, names: Names) -> Found:
    """Take every record that can be used; report the others."""
    if not isinstance(content, list):
        raise JobFailed("A results file is a list of predictions; this one is not a list.")
    found = Found(total=len(content))
    for place, record in enumerate(content):
        if reason := take(record, names, found):
            found.problems.add(ImportProblem("results", reason, record=f"[{place}]"))
    return found


def take(record: Any, names: Names, found: Found) -> str:
    """Take one prediction; returns why that cannot be done, or nothing."""
    if not isinstance(record, dict):
        return "it is not an object"
    number, category = record.get("image_id"), record.get("category_id")
    image = names.images.get(number) if isinstance(number, int | str) else None
    if image is None:
        return f"image_id {number} is not an image of the dataset"
    class_id = names.classes.get(category) if isinstance(category, int | str) else None
    if class_id is None:
        return f"category_id {category} is not a class of the dataset"
    xywh, score = as_box(record.get("bbox")), record.get("score")
    if xywh is None or not isinstance(score, int | float) or not 0 <= score <= 1:
        return "it needs a bbox of four numbers and a score from 0 to 1"
    box = clip(from_xywh([xywh]), image.width, image.height)[0]
    if (box[2:] <= box[:2]).any():
        return "its box has no area inside the image"
    found.image_ids.append(image.pk)
    found.class_ids.append(class_id)
    found.boxes.append(box)
    found.scores.append(float(score))
    found.images.add(image.pk)
    return ""
