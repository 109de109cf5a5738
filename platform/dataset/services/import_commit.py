"""The one transaction of an import: images, classes, boxes and report become visible together, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from accounts import audit
from dataset.importing.boxes import PixelBoxes, as_pixels
from dataset.importing.intake import Taken
from dataset.importing.types import ImportProblem, ImportReport, Source
from dataset.models import Dataset, Image, LabelClass, Revision
from dataset.services.datasets import add_classes
from dataset.services.import_labels import IncomingImage, plan_labels
from dataset.services.revisions import RevisionNote, lock, write_revision
from jobs.models import Job

COLUMNS = (
    "dataset_id, key, sha256, location, width, height, phash, brightness, contrast, sharpness, sequence, captured_at, "
    "latitude, longitude, metadata, created_at"
)
AT_ONCE = 20_000  # keys in one query


@dataclass(frozen=True)
class Row:
    """An image of the dataset, as far as an import needs it."""

    id: int
    sha256: str
    width: int
    height: int
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Import:
    """What was read, and for whom."""

    job: Job
    dataset: Dataset
    source: Source
    taken: Sequence[Taken]
    metadata: dict[str, Any]  # for every image


@transaction.atomic
def commit(work: Import) -> dict[str, Any]:
    """Write everything, and the report onto the job's row; returns the report as JSON.

    The report stands in the same transaction: if the worker dies right after it, the next attempt finds the work done.
    """
    locked = lock(work.dataset)
    report = ImportReport(work.source.format)
    report.images.found, report.boxes.found = work.source.images_found, work.source.boxes_found
    report.boxes.skipped = work.source.boxes_skipped
    classes = class_ids(locked, work.source)
    before = rows_by_key(locked, [taken.source.key for taken in work.taken])
    fresh, same = sort_out(work, before, report)
    insert_images(locked, fresh, work.metadata)
    update_metadata(same, before, work.metadata)
    rows = before | rows_by_key(locked, [taken.source.key for taken in fresh])
    plan = plan_labels(
        locked,
        incoming(fresh, rows, classes, work.source, report),
        incoming(same, rows, classes, work.source, report),
        report.boxes,
        work.source.problems,
    )
    if len(plan.new) or len(plan.closed):
        note = RevisionNote(Revision.Kind.IMPORT, work.job.title, {"job": work.job.pk})
        report.revision = write_revision(locked, plan, note, by=work.job.created_by).number
    return finish(work, locked, report)


def class_ids(locked: Dataset, source: Source) -> NDArray[np.int64]:
    """The LabelClass id of every place in the source's class names; unknown names are appended to the list."""
    names = [(name or f"class {place}").strip()[:120] for place, name in enumerate(source.class_names)]
    known = dict(LabelClass.objects.filter(dataset=locked).values_list("name", "pk"))
    missing = [name for name in dict.fromkeys(names) if name not in known]
    known |= {row.name: row.pk for row in add_classes(dataset=locked, classes=[{"name": name} for name in missing])}
    return np.array([known[name] for name in names], dtype=np.int64)


def rows_by_key(dataset: Dataset, keys: Sequence[str]) -> dict[str, Row]:
    """Those of the keys that the dataset has."""
    fields = ("key", "pk", "sha256", "width", "height", "metadata")
    found: dict[str, Row] = {}
    for start in range(0, len(keys), AT_ONCE):
        rows = Image.objects.filter(dataset=dataset, key__in=keys[start : start + AT_ONCE])
        found |= {key: Row(*rest) for key, *rest in rows.values_list(*fields)}
    return found


def sort_out(work: Import, before: dict[str, Row], report: ImportReport) -> tuple[list[Taken], list[Taken]]:
    """Which images are new and which are there already; other bytes under a known key are reported."""
    fresh, same = [], []
    for taken in work.taken:
        row = before.get(taken.source.key)
        if row is None:
            fresh.append(taken)
        elif row.sha256 == taken.sha256:
            same.append(taken)
        else:
            boxes = len(taken.source.labels.boxes) if taken.source.labels else 0
            report.boxes.skipped += boxes
            reason = "the dataset has another image under this name, which was kept"
            work.source.problems.add(ImportProblem(taken.source.key, reason))
    report.images.added, report.images.unchanged = len(fresh), len(same)
    report.images.skipped = report.images.found - len(fresh) - len(same)
    taken_keys = {taken.source.key for taken in work.taken}
    lost = [image for image in work.source.images if image.key not in taken_keys and image.labels]
    report.boxes.skipped += sum(len(image.labels.boxes) for image in lost if image.labels)
    return fresh, same


def insert_images(dataset: Dataset, fresh: Sequence[Taken], metadata: dict[str, Any]) -> None:
    """COPY the rows of new images, and count them on the dataset."""
    now = timezone.now()
    with connection.cursor() as cursor, cursor.copy(f"COPY dataset_image ({COLUMNS}) FROM STDIN") as copy:
        for taken in fresh:
            image = taken.source
            place = (image.sequence, image.captured_at, image.latitude, image.longitude)
            picture = (taken.sha256, taken.location, taken.width, taken.height, *facts_in_order(taken))
            copy.write_row((dataset.pk, image.key, *picture, *place, Jsonb(image.metadata | metadata), now))
    keys = set(dataset.metadata_keys).union(metadata, *(taken.source.metadata for taken in fresh))
    dataset.image_count += len(fresh)
    dataset.metadata_keys = sorted(keys)
    dataset.save(update_fields=["image_count", "metadata_keys"])


def facts_in_order(taken: Taken) -> tuple[float | None, ...]:
    facts = taken.facts
    return (facts.phash, facts.brightness, facts.contrast, facts.sharpness) if facts else (None,) * 4


def update_metadata(same: Sequence[Taken], before: dict[str, Row], metadata: dict[str, Any]) -> None:
    """Add what the source now says about images that are there already; what it does not mention stays."""
    changed = []
    for taken in same:
        row = before[taken.source.key]
        merged = row.metadata | taken.source.metadata | metadata
        if merged != row.metadata:
            changed.append(Image(pk=row.id, metadata=merged))
    Image.objects.bulk_update(changed, ["metadata"], batch_size=2000)


def incoming(
    images: Sequence[Taken], rows: dict[str, Row], classes: NDArray[np.int64], source: Source, report: ImportReport
) -> list[IncomingImage]:
    """The images' boxes in pixels; images of whose boxes the source says nothing are left out."""
    found = []
    for taken in images:
        if taken.source.labels is None:
            continue
        row = rows[taken.source.key]
        pixels = as_pixels(taken.source.labels, row.width, row.height, source.problems)
        report.boxes.clipped += pixels.clipped
        report.boxes.skipped += pixels.skipped
        boxes = PixelBoxes(classes[pixels.classes], pixels.boxes, pixels.attributes)
        found.append(IncomingImage(row.id, taken.source.key, boxes))
    return found


def finish(work: Import, locked: Dataset, report: ImportReport) -> dict[str, Any]:
    """The report, on the job's row and in the audit trail."""
    result = report.as_json(work.source.problems)
    Job.objects.filter(pk=work.job.pk).update(result=result)
    data = {"dataset": locked.pk, "job": work.job.pk, "images": report.images.added, "boxes": report.boxes.added}
    audit.record(
        by=work.job.created_by, action="dataset.import", target=locked.name, project=locked.project_id, data=data
    )
    return result
