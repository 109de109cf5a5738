"""Importing predictions made elsewhere: a COCO results file, a list of {image_id, category_id, bbox, score}."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from dataset.exporting.layout import plain_name
from dataset.importing.coco_boxes import NUMBERS, Ids, as_box, compact_ids, field_values, places_of, sound_boxes
from dataset.importing.json_stream import BrokenJson, PlainReader, collector_paused, pieces
from dataset.importing.names import class_name
from dataset.importing.plain_boxes import PlainResults, passed_over, plain_results
from dataset.importing.types import ImportProblem, Problems
from dataset.models import Dataset, Image, LabelClass, PredictionSet, Slice
from dataset.selectors import slices as slice_reads
from dataset.services import imports
from dataset.services.class_names import class_ids_by_name
from dataset.services.imports import dataset_of, forget_upload, keep_upload, upload_path
from dataset.services.manifests import freeze
from dataset.services.predictions import store_predictions
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.passing import is_final
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.services import enqueue
from jobs.titles import Title
from storage import blobs, folders

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
    """Ask for an import from a file on the server. Managers and above.

    Raises BadInput where it is not under an import root.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    check_slice(dataset, slice)
    file = checked_file(path, "path", dataset.project.may_import_from)
    if annotations:
        checked_file(annotations, "annotations", dataset.project.may_import_from)
    return _ask(dataset, by, {"path": path, "annotations": annotations, "slice": slice, "name": name or file.stem})


def start_found(*, dataset: Dataset, by: User, import_job: int, name: str | None = None) -> Job:
    """Ask for a set of the predictions that an import has found among its labels. Managers and above.

    Raises BadInput where it found none, or is none of this dataset.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    shown = Job.objects.filter(pk=import_job, dataset_id=dataset.pk, kind=imports.KIND).first()
    found = ((shown.result or {}).get("predictions") or {}) if shown else {}
    if not found.get("location"):
        reason = f"Import {import_job} of this dataset has found no predictions."
        raise BadInput(reason, errors={"import_job": ["No predictions."]})
    return _ask(dataset, by, {"found": found["location"], "slice": None, "name": name or f"Import {import_job}"})


def check_slice(dataset: Dataset, slice_id: int | None) -> None:
    if slice_id is not None and not Slice.objects.filter(dataset=dataset, pk=slice_id).exists():
        raise BadInput(f"There is no slice {slice_id} in this dataset.", errors={"slice": ["Unknown slice."]})


def start_upload(
    *,
    dataset: Dataset,
    by: User,
    upload: UploadedFile,
    annotations: UploadedFile | None = None,
    slice: int | None = None,  # noqa: A002
    name: str | None = None,
) -> Job:
    """Ask for an import of an uploaded file. Managers and above.

    `annotations` is the COCO file that its ids are from.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    check_slice(dataset, slice)
    params = {
        "slice": slice,
        "upload": keep_upload(upload, ".json"),
        "annotations_upload": keep_upload(annotations, ".json") if annotations else None,
        "name": name or Path(upload.name or "predictions").stem,
    }
    return _ask(dataset, by, params)


def _ask(dataset: Dataset, by: User, params: dict[str, Any]) -> Job:
    english = "Import predictions {name} into {dataset}"
    title = Title.of("import_predictions", english, name=params["name"], dataset=dataset.name)
    with transaction.atomic():
        job = enqueue(kind=KIND, project=dataset.project, dataset=dataset, author=by, params=params, title=title)
        data = {"job": job.pk, **({"path": params["path"]} if "path" in params else {})}
        audit.record(by=by, action="predictions.import", target=str(title), project=dataset.project_id, data=data)
    return job


def checked_file(path: str, field_name: str, granted: folders.Granted) -> Path:
    try:
        file = folders.allowed_path(path, granted)
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
    except Exception as error:
        if is_final(error):  # after anything else the next attempt needs the upload
            forget_files(job)
        raise
    forget_files(job)
    return result


def forget_files(job: Job) -> None:
    """Remove what was uploaded for the job."""
    forget_upload(job)
    if name := job.params.get("annotations_upload"):
        blobs.forget_uploads(name)


def import_from(job: Job, report: Report) -> dict[str, Any]:
    dataset = dataset_of(job)
    report(0.1, Sentence.of("reading_file", "Reading the file"))
    names = names_of(job, dataset)
    with collector_paused():
        found = read_records(results_path(job), names, report)
    if not found.count:
        raise JobFailed(f"None of the {found.total} predictions could be used. {first_reason(found.problems)}")
    report(0.5, Sentence.of("writing_predictions", "Writing predictions"))
    return store(job, dataset, found, sorted(set(found.images().tolist()) | images_meant(job, names)))


def images_meant(job: Job, names: PredictionNames) -> set[int]:
    """The images that were predicted on, with or without a box: the slice's, or those of the COCO file."""
    if slice_id := job.params.get("slice"):
        return set(slice_reads.image_ids(Slice.objects.get(pk=slice_id)).tolist())
    if not has_annotations(job):
        return set()
    return set(names.row_ids[sorted(set(names.images.values()))].tolist())


@transaction.atomic
def store(job: Job, dataset: Dataset, found: UsablePredictions, image_ids: list[int]) -> dict[str, Any]:
    """The prediction set and, in the same transaction, the job's result."""
    row = store_predictions(
        dataset=dataset,
        manifest=freeze(dataset=dataset, image_ids=image_ids, revision=dataset.head_revision),
        name=job.params["name"],
        kind=PredictionSet.Kind.IMPORTED,
        image_ids=found.joined("image_ids"),
        class_ids=found.joined("class_ids"),
        boxes=found.joined("boxes"),
        scores=found.joined("scores"),
        author=job.created_by,
    )
    counts = {"found": found.total, "stored": found.count, "images": len(image_ids)}
    result = {"prediction_set": row.pk, **counts, **found.problems.as_json()}
    Job.objects.filter(pk=job.pk).update(result=result)
    return result


def first_reason(problems: Problems) -> str:
    return f"The first: {problems.shown[0].record}: {problems.shown[0].reason}." if problems.shown else ""


def results_path(job: Job) -> Path:
    if "found" in job.params:
        return blobs.local_path(job.params["found"])
    if "path" in job.params:
        return checked_file(job.params["path"], "path", imports.granted_to(job))
    try:
        return upload_path(job)
    except FileNotFoundError as error:
        raise JobFailed("The file is gone. Upload it again.") from error


def has_annotations(job: Job) -> bool:
    """Whether a COCO file came with the results, which says what their ids mean."""
    return bool(job.params.get("annotations") or job.params.get("annotations_upload"))


def annotations_path(job: Job) -> Path:
    if not (name := job.params.get("annotations_upload")):
        return checked_file(job.params["annotations"], "annotations", imports.granted_to(job))
    try:
        return blobs.local_path(f"{blobs.UPLOADS}/{name}")
    except FileNotFoundError as error:
        raise JobFailed("The file is gone. Upload it again.") from error


def parts(path: Path, plain: Mapping[str, PlainReader] | None = None) -> Iterator[tuple[str, Any]]:
    """The members of a JSON file, as `pieces` gives them. Raises JobFailed with where it is broken."""
    try:
        yield from pieces(path, plain)
    except BrokenJson as error:
        where = f" in line {error.line}, column {error.column}" if error.line else ""
        raise JobFailed(f"Broken JSON{where}: {error.reason.removeprefix('broken JSON: ')}.") from error
    except FileNotFoundError as error:
        raise JobFailed("The file is gone. Upload it again.") from error


@dataclass(frozen=True)
class PredictionNames:
    """What image_id and category_id mean: places among the images, and LabelClass ids."""

    images: dict[Hashable, int]
    classes: dict[Hashable, int]
    row_ids: NDArray[np.int64]  # (I,) ids of the dataset's images
    sizes: NDArray[np.int64]  # (I, 2) their width and height


def names_of(job: Job, dataset: Dataset) -> PredictionNames:
    """By the COCO file that the ids are from, where one is given; else by key or file name, and class name or index."""
    rows = list(Image.objects.filter(dataset=dataset).values_list("pk", "key", "width", "height"))
    images = images_by_name([key for _, key, _, _ in rows])
    numbers = np.array([(pk, width, height) for pk, _, width, height in rows], dtype=np.int64).reshape(-1, 3)
    classes = list(LabelClass.objects.filter(dataset=dataset).values_list("pk", "index"))
    by_name: dict[Hashable, int] = dict(class_ids_by_name(dataset).items())
    if not has_annotations(job):
        by_index: dict[Hashable, int] = {index: pk for pk, index in classes}
        return PredictionNames(images, by_name | by_index, numbers[:, 0], numbers[:, 1:])
    by_id: dict[Hashable, int] = {}
    class_by_id: dict[Hashable, int] = {}
    for kind, piece in parts(annotations_path(job), {"annotations": passed_over}):
        for record in records_of(piece) if kind in ("images", "categories") else ():
            if kind == "images" and (name := name_in(record, images)):
                by_id[record["id"]] = images[name]
            elif kind == "categories" and (pk := by_name.get(class_name(str(record.get("name"))))):
                class_by_id[record["id"]] = pk
    return PredictionNames(by_id, class_by_id, numbers[:, 0], numbers[:, 1:])


def records_of(piece: Any) -> list[dict[str, Any]]:
    records = piece if isinstance(piece, list) else []
    return [record for record in records if isinstance(record, dict) and isinstance(record.get("id"), int | str)]


def name_in(record: dict[str, Any], images: dict[Hashable, int]) -> str | None:
    """The name under which the record's file is known: the key that our exports give it, its path, or its last part."""
    given = str(record.get("file_name", ""))
    return next((name for name in (str(record.get("key")), given, name_and_stem(given)[0]) if name in images), None)


def images_by_name(keys: list[str]) -> dict[Hashable, int]:
    """Places of images by key; by file name and stem, then by those in our exports, where only one has it."""
    exported = places_by_file([plain_name(key, flat=True) for key in keys])
    return exported | places_by_file(keys) | {key: place for place, key in enumerate(keys)}


def places_by_file(paths: list[str]) -> dict[Hashable, int]:
    """Places by file name and stem, where only one has it."""
    names: dict[Hashable, int] = {}
    twice: set[Hashable] = set()
    for place, given in enumerate(paths):
        for name in set(name_and_stem(given)):
            twice.update({name} if name in names else ())
            names[name] = place
    for namesake in twice:
        del names[namesake]
    return names


def name_and_stem(path: str) -> tuple[str, str]:
    """As PurePosixPath has them, which takes five times as long."""
    name = path.rstrip("/").rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return name, stem if stem and dot and ending else name


@dataclass
class UsablePredictions:
    """The predictions that can be used, in pieces."""

    problems: Problems = field(default_factory=Problems)
    image_ids: list[NDArray[np.int64]] = field(default_factory=list)
    class_ids: list[NDArray[np.int64]] = field(default_factory=list)
    boxes: list[NDArray[np.float32]] = field(default_factory=list)  # xyxy pixels
    scores: list[NDArray[np.float32]] = field(default_factory=list)
    total: int = 0
    count: int = 0

    def joined(self, name: str) -> NDArray[Any]:
        found: NDArray[Any] = np.concatenate(getattr(self, name))
        return found

    def images(self) -> NDArray[np.int64]:
        return np.unique(self.joined("image_ids"))


def read_records(path: Path, names: PredictionNames, report: Report) -> UsablePredictions:
    """Take every record that can be used; report the others."""
    found, is_list = UsablePredictions(), False
    for key, piece in parts(path, {"": plain_results}):
        is_list = not key and isinstance(piece, list | PlainResults)
        if not is_list:
            break
        take(piece, names, found)
        report(
            None,
            Sentence.of(
                "reading_predictions", "Reading the file: {count} {count:prediction|predictions}", count=found.total
            ),
        )
    if not is_list:
        raise JobFailed("A results file is a list of predictions; this one is not a list.")
    return found


@dataclass(frozen=True)
class SoundRecords:
    """Records that have a box and a score, whatever they speak of."""

    places: NDArray[np.int64]  # among the records of the piece
    image_ids: Ids
    category_ids: Ids
    boxes: NDArray[np.float64]  # (N, 4) xywh
    scores: NDArray[np.float32]


def sound_of(records: list[Any] | PlainResults) -> tuple[SoundRecords, dict[int, str]]:
    """Those that have a box and a score, and by place why the others cannot be used."""
    places, reasons = np.arange(len(records)), dict[int, str]()
    if isinstance(records, PlainResults):
        values = records.values
        scores = values[:, 2].astype(np.float32)
        return SoundRecords(places, records.ids(0), records.ids(1), values[:, 3:], scores), reasons
    boxes, given = sound_boxes(records), sound_scores(records)
    if boxes is None or given is None:
        reasons = {place: reason for place, record in enumerate(records) if (reason := reason_against(record))}
        places = np.array([place for place in range(len(records)) if place not in reasons], dtype=np.int64)
        records = [records[place] for place in places.tolist()]
        boxes = np.array([record["bbox"] for record in records], dtype=np.float64).reshape(-1, 4)
        given = np.array([record["score"] for record in records], dtype=np.float32)
    ids = [compact_ids(field_values(records, key)) for key in ("image_id", "category_id")]
    return SoundRecords(places, ids[0], ids[1], boxes, given), reasons


def take(records: list[Any] | PlainResults, names: PredictionNames, found: UsablePredictions) -> None:
    """Take the predictions of a piece that can be used; the others are reported in their order."""
    start = found.total
    found.total += len(records)
    sound, reasons = sound_of(records)
    places, boxes = sound.places, sound.boxes
    image, label = places_of(sound.image_ids, names.images), places_of(sound.category_ids, names.classes)
    for place in np.flatnonzero(label < 0).tolist():
        reasons[int(places[place])] = f"category_id {sound.category_ids[place]} is not a class of the dataset"
    for place in np.flatnonzero(image < 0).tolist():
        reasons[int(places[place])] = f"image_id {sound.image_ids[place]} is not an image of the dataset"
    good = np.flatnonzero((image >= 0) & (label >= 0))
    xyxy = np.concatenate([boxes[good, :2], boxes[good, :2] + boxes[good, 2:]], axis=1)
    inside = np.clip(xyxy, 0, np.tile(names.sizes[image[good]], 2)).astype(np.float32)
    empty = (inside[:, 2:] <= inside[:, :2]).any(axis=1)
    reasons |= dict.fromkeys(places[good[empty]].tolist(), "its box has no area inside the image")
    for place, reason in sorted(reasons.items()):
        found.problems.add(ImportProblem("results", reason, record=f"[{start + place}]"))
    good = good[~empty]
    found.image_ids.append(names.row_ids[image[good]])
    found.class_ids.append(label[good].astype(np.int64))
    found.boxes.append(inside[~empty])
    found.scores.append(sound.scores[good])
    found.count += len(good)


def sound_scores(records: list[Any]) -> NDArray[np.float32] | None:
    """`(N,)` scores where every record has one from 0 to 1."""
    try:
        given = list(map(itemgetter("score"), records))
    except (KeyError, TypeError):
        return None
    if not set(map(type, given)) <= NUMBERS:
        return None
    scores = np.array(given, dtype=np.float32)
    return scores if ((scores >= 0) & (scores <= 1)).all() else None


def reason_against(record: Any) -> str:
    """Why a record cannot be used whatever it speaks of, or nothing."""
    if not isinstance(record, dict):
        return "it is not an object"
    score: Any = record.get("score")
    if as_box(record.get("bbox")) is None or type(score) not in NUMBERS or not 0 <= score <= 1:
        return "it needs a bbox of four numbers and a score from 0 to 1"
    return ""
