"""Exporting images with their labels: asking for it, and doing it in a worker."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import User
from accounts.problems import BadInput
from dataset.exporting.layout import LAYOUTS
from dataset.exporting.write import NAMES, Order, write_archive
from dataset.importing.files import SPLITS
from dataset.models import Dataset, PredictionSet, Slice
from dataset.selectors import queries
from dataset.selectors import slices as slice_reads
from dataset.selectors.annotations import labelled_at
from dataset.selectors.export_content import content_of
from dataset.services.export_files import KIND, keep_archive
from dataset.services.imports import dataset_of
from dataset.services.slices import as_ids, check_images
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.services import enqueue
from jobs.titles import Title
from storage import blobs

Ids = NDArray[np.int64]


class SplitWish(TypedDict):
    """A slice, and what its images are for: train, val or test."""

    slice: int
    split: str


@dataclass(frozen=True)
class ExportWish:
    """What is to be exported. One of slice, splits, q, images says which; else all, or those of the prediction set."""

    format: str
    slice: int | None = None
    splits: list[SplitWish] | None = None  # several slices, each of which is a split
    q: str | None = None
    images: list[int] | None = None
    revision: int | None = None  # None: the newest, or that which the prediction set was made on
    prediction_set: int | None = None
    files: bool = False  # whether the image files come along
    lines: str = "boxes"  # YOLO: what a line holds, one of yolo_shapes.LINES
    unlabelled: bool = False  # COCO: whether images that are not labelled are listed, which others take for negatives


@transaction.atomic
def start(*, dataset: Dataset, by: User, wanted: ExportWish) -> Job:
    """Ask for an export; every member may. Raises BadInput where it names what is not there, or no image at all."""
    access.check(by, dataset.project_id)
    if wanted.prediction_set is not None and wanted.format != "coco":
        raise BadInput("Predictions are exported as COCO.", errors={"format": ["Must be coco."]})
    revision = revision_of(dataset, wanted)
    images = images_of(dataset, wanted, asker=by)
    if not len(images):
        raise BadInput("There are no images to export.")
    if wanted.format == "coco" and not wanted.unlabelled:
        check_labelled(dataset, images, revision)
    title = Title.of("export", "Export {what} as {format}", what=subject(dataset, wanted), format=NAMES[wanted.format])
    data = {"dataset": dataset.pk, "format": wanted.format, "images": len(images), "revision": revision}
    audit.record(by=by, action="dataset.export", target=dataset.name, project=dataset.project_id, data=data)
    return enqueue(
        kind=KIND,
        project=dataset.project,
        dataset=dataset,
        author=by,
        params=asdict(wanted) | {"revision": revision},
        title=title,
        link=f"/datasets/{dataset.pk}/exports",
    )


def check_labelled(dataset: Dataset, image_ids: Ids, revision: int) -> None:
    """Raise BadInput where none of the images is labelled: a COCO file that lists them would call them negatives."""
    if not labelled_at(dataset=dataset, revision=revision, image_ids=image_ids).any():
        reason = (
            f"None of the {len(image_ids)} images is labelled at revision {revision}, and whoever reads a COCO file"
            " takes an image without annotations for one on which there is nothing. Choose to list them all the same,"
            " or another format."
        )
        raise BadInput(reason, errors={"unlabelled": [reason]})


def revision_of(dataset: Dataset, wanted: ExportWish) -> int:
    """The revision that is meant. Raises BadInput where there is no such one."""
    found = predictions_of(dataset, wanted)
    revision = wanted.revision
    if revision is None:
        revision = found.manifest.revision if found else dataset.head_revision
    if not 0 <= revision <= dataset.head_revision:
        reason = f"There is no revision {revision}; the newest is {dataset.head_revision}."
        raise BadInput(reason, errors={"revision": [reason]})
    return revision


def predictions_of(dataset: Dataset, wanted: ExportWish) -> PredictionSet | None:
    """The prediction set that is meant, if one is. Raises BadInput where it is not the dataset's."""
    if wanted.prediction_set is None:
        return None
    rows = PredictionSet.objects.filter(dataset=dataset, pk=wanted.prediction_set).select_related("manifest")
    if (row := rows.first()) is None:
        reason = f"There is no prediction set {wanted.prediction_set} in this dataset."
        raise BadInput(reason, errors={"prediction_set": [reason]})
    return row


def images_of(dataset: Dataset, wanted: ExportWish, *, asker: User | None) -> Ids:
    """The ids of the images that are meant, ascending; of a prediction set only those that it looked at."""
    found = predictions_of(dataset, wanted)
    seen = np.array(found.manifest.image_ids, dtype=np.int64) if found else None
    if wanted.slice is not None:
        chosen = slice_reads.image_ids(slice_of(dataset, wanted.slice))
    elif wanted.splits is not None:
        chosen = as_ids(list(splits_of(dataset, wanted.splits)))
    elif wanted.q is not None:
        if asker is None:
            raise BadInput("Whoever asked for this is not there any more, and a query line is asked by somebody.")
        chosen = as_ids(queries.image_ids(dataset, wanted.q, asker))
    elif wanted.images is not None:
        chosen = as_ids(wanted.images)
        check_images(dataset, chosen)
    else:
        chosen = as_ids(dataset.images.values_list("pk", flat=True)) if seen is None else seen
    return chosen if seen is None else np.intersect1d(chosen, seen)


def splits_of(dataset: Dataset, wanted: list[SplitWish]) -> dict[int, str]:
    """train, valid or test by image id. Raises BadInput where an image would be in two of them."""
    found: dict[int, str] = {}
    names: dict[str, str] = {}
    for one in wanted:
        row, split = slice_of(dataset, one["slice"], field="splits"), SPLITS[one["split"]]
        ids = slice_reads.image_ids(row).tolist()
        if twice := [pk for pk in ids if found.get(pk, split) != split]:
            raise overlap_of(dataset, twice, row.name, names[found[twice[0]]])
        found |= dict.fromkeys(ids, split)
        names.setdefault(split, row.name)
    return found


def overlap_of(dataset: Dataset, twice: list[int], name: str, other: str) -> BadInput:
    """What is said of images that are in two splits."""
    key = dataset.images.get(pk=twice[0]).key
    reason = (
        f"{len(twice)} images of {name} are in another split too ({key} in {other}), and an image is trained on or"
        " judged by, not both. Take them out of one of the slices, or give both slices the same split."
    )
    return BadInput(reason, errors={"splits": [reason]})


def slice_of(dataset: Dataset, slice_id: int, field: str = "slice") -> Slice:
    row = Slice.objects.filter(dataset=dataset, pk=slice_id).first()
    if row is None:
        reason = f"There is no slice {slice_id} in this dataset."
        raise BadInput(reason, errors={field: [reason]})
    return row


def subject(dataset: Dataset, wanted: ExportWish) -> str:
    """What is exported, in a few words."""
    if wanted.slice is not None:
        return slice_of(dataset, wanted.slice).name
    if wanted.splits is not None:
        return " and ".join(slice_of(dataset, one["slice"], field="splits").name for one in wanted.splits)
    found = predictions_of(dataset, wanted)
    return f"predictions {found.name}" if found else dataset.name


def run(job: Job, report: Report) -> dict[str, Any]:
    """Write the archive and keep it. Safe to run again: the same archive comes of it."""
    folder = f"export-{job.pk}"
    try:
        return export(job, report, blobs.work_folder(folder) / "export.zip")
    except BadInput as error:
        raise JobFailed(str(error.detail)) from error  # what was asked for has been deleted since
    finally:
        blobs.clear_work(folder)


def export(job: Job, report: Report, path: Path) -> dict[str, Any]:
    """Read, write, keep; returns the report."""
    dataset = dataset_of(job)
    given = {name: value for name, value in job.params.items() if name in ExportWish.__dataclass_fields__}
    wanted = ExportWish(**given)
    ids = images_of(dataset, wanted, asker=job.created_by)
    content = content_of(
        dataset=dataset,
        title=subject(dataset, wanted),
        revision=revision_of(dataset, wanted),
        image_ids=ids,
        layout=LAYOUTS[wanted.format],
        splits=None if wanted.splits is None else splits_of(dataset, wanted.splits),
        prediction_set=predictions_of(dataset, wanted),
        without_unlabelled=wanted.format == "coco" and not wanted.unlabelled,
        all_labelled=wanted.format == "coco" and wanted.unlabelled,
    )
    order = Order(wanted.format, wanted.files, job.pk, job.created_at, wanted.lines)
    made = write_archive(path, content, order, report)
    report(0.97, Sentence.of("keeping_archive", "Keeping the archive"))
    return keep_archive(job, path, made)
