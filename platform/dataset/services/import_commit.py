"""The one transaction of an import: images, classes, boxes and report become visible together, or not at all."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from accounts import audit
from accounts.values import mended
from dataset.bulk import next_ids
from dataset.importing import asking
from dataset.importing.boxes import PixelBoxes, as_pixels
from dataset.importing.grain import ANY_GRAIN, Grain, grain_of
from dataset.importing.intake import Taken
from dataset.importing.scratch import let_go, looked_up
from dataset.importing.survey import (
    LABELLED,
    NEGATIVE,
    NOT_LABELLED,
    class_counts,
    label_states,
    names_of,
    state_counts,
    tell_if_labels_only,
    tell_of_images,
    tell_of_renamed,
)
from dataset.importing.types import NO_ANSWERS, Answers, ImportProblem, ImportReport, Source, SourceImage
from dataset.models import Dataset, Image, Revision
from dataset.services.class_names import class_ids_by_name, renamed
from dataset.services.datasets import add_classes
from dataset.services.found_predictions import counts_of_predictions, keep_predictions
from dataset.services.import_labels import Incoming, plan_labels
from dataset.services.import_schema import state_attributes
from dataset.services.revisions import RevisionNote, lock, write_revision
from dataset.services.rows import mark_labelled
from jobs.errors import JobFailed
from jobs.models import Job
from storage import blobs

COLUMNS = (
    "id, dataset_id, key, sha256, location, width, height, phash, brightness, contrast, sharpness, sequence, "
    "captured_at, latitude, longitude, metadata, labelled_since, created_at"
)
ROWS = """
    SELECT key, id, sha256, width, height, metadata FROM dataset_image WHERE dataset_id = %s AND key = ANY(%s)
"""
WITHOUT_ATTRIBUTES = frozenset({"yolo", "images"})  # formats that say nothing of them


@dataclass(frozen=True, slots=True)
class KnownImage:
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
    answers: Answers = NO_ANSWERS


@dataclass(frozen=True)
class SortedImages:
    """Which of the images taken are new to the dataset, and which it has, with their rows by key.

    By their places among the source's images, since of a million images each dictionary by key takes 150 MB.
    """

    fresh: list[Taken]
    fresh_at: NDArray[np.intp]  # their places
    same: list[Taken]
    same_at: NDArray[np.intp]
    before: dict[str, KnownImage]

    def row_ids(self, count: int, fresh_ids: Sequence[int]) -> NDArray[np.int64]:
        """`(I,)` the row of each of the source's images, of which there are `count`; 0 where it has none."""
        found = np.zeros(count, np.int64)
        found[self.fresh_at] = fresh_ids
        found[self.same_at] = [self.before[taken.source.key].id for taken in self.same]
        return found


@dataclass(frozen=True)
class UsableBoxes:
    """What is left of a source's boxes."""

    pixels: PixelBoxes
    states: NDArray[np.int8]  # (I,) each image's label state
    sizes: NDArray[np.int64]  # (I, 2) width and height, 0 where an image cannot be taken
    grain: Grain  # how finely their numbers were given


@transaction.atomic
def commit(work: Import) -> dict[str, Any]:
    """Write everything, and the report onto the job's row; returns the report as JSON.

    The report stands in the same transaction: if the worker dies right after it, the next attempt finds the work done.
    """
    locked = lock(work.dataset)
    report = new_report(work)
    images = sort_out(work, locked, report)
    usable = usable_boxes(work, images, report)
    if report.questions:
        raise JobFailed(" ".join(question.text for question in report.questions))
    classes = class_ids(locked, work.source)
    since = since_of_fresh(locked, usable.states[images.fresh_at])
    ids = images.row_ids(len(work.source.images), insert_images(locked, images.fresh, work.metadata, since))
    update_metadata(images.same, images.before, work.metadata)
    state_attributes(locked, work.source.attributes)
    plan = plan_labels(locked, incoming(work, images, usable, classes, ids), report.boxes, work.source.problems)
    known = ids[images.same_at[usable.states[images.same_at] != NOT_LABELLED]]
    plan = replace(plan, labelled=known)  # fresh images have been written as such
    if len(plan.new) or len(plan.closed):
        note = RevisionNote(Revision.Kind.IMPORT, work.job.title, {"job": work.job.pk})
        report.revision = write_revision(locked, plan, note, author=work.job.created_by).number
    else:
        mark_labelled(locked.pk, known, since=locked.head_revision)
    return finish(work, locked, report)


def since_of_fresh(locked: Dataset, states: NDArray[np.int8]) -> list[int | None]:
    """The revision from which new images are labelled: the next one, if they bring boxes that make one; None: not."""
    since = locked.head_revision + bool((states == LABELLED).any())
    return [since if state in (NEGATIVE, LABELLED) else None for state in states.tolist()]


def rehearse(work: Import) -> dict[str, Any]:
    """The report that `commit` would give; nothing is written but that."""
    report = new_report(work)
    report.dry_run = True
    images = sort_out(work, work.dataset, report)
    usable = usable_boxes(work, images, report)
    names, known = names_of(work.source), class_ids_by_name(work.dataset)
    classes = np.array([known.get(name, -place - 1) for place, name in enumerate(names)], dtype=np.int64)
    ids = images.row_ids(len(work.source.images), range(-1, -len(images.fresh) - 1, -1))
    plan_labels(work.dataset, incoming(work, images, usable, classes, ids), report.boxes, work.source.problems)
    return keep_report(work, report)


def new_report(work: Import) -> ImportReport:
    report = ImportReport(work.source.format)
    report.images.found, report.boxes.found = work.source.images_found, work.source.boxes_found
    report.boxes.skipped = work.source.boxes_skipped
    return report


def usable_boxes(work: Import, images: SortedImages, report: ImportReport) -> UsableBoxes:
    """The boxes in pixels of the images that are taken, and each image's label state; all else is reported."""
    source = work.source
    size_of = np.zeros((len(source.images), 2), dtype=np.int64)
    for place, taken in zip(images.fresh_at.tolist(), images.fresh, strict=True):
        size_of[place] = taken.width, taken.height
    for place, taken in zip(images.same_at.tolist(), images.same, strict=True):
        row = images.before[taken.source.key]
        size_of[place] = row.width, row.height
    report.questions = asking.settle(source, size_of, work.answers)
    pixels = as_pixels(source, size_of)
    states = label_states(source, pixels)
    tell_of_images(source, size_of, states)
    report.label_states = state_counts(states, size_of)
    tell_if_labels_only(source)
    report.boxes.clipped += pixels.clipped
    report.boxes.skipped += pixels.skipped
    names = names_of(source)
    report.classes = class_counts(source, pixels, new=set(names) - class_ids_by_name(work.dataset).keys())
    tell_of_renamed(source, renamed(work.dataset, names))
    report.predictions = counts_of_predictions(source)
    if report.predictions and not report.dry_run and not report.questions:
        report.predictions.location = keep_predictions(source, size_of, names)
    grain = grain_of(source) if images.same else ANY_GRAIN
    source.boxes.forget()
    let_go(pixels.image, pixels.classes)
    return UsableBoxes(pixels, states, size_of, grain)


def incoming(
    work: Import,
    images: SortedImages,
    usable: UsableBoxes,
    classes: NDArray[np.int64],
    ids: NDArray[np.int64],
) -> Incoming:
    """What the import says, in the dataset's own numbers."""
    source = work.source
    pixels = usable.pixels
    return Incoming(
        boxes=replace(pixels, classes=looked_up(classes, pixels.classes)),
        row_ids=ids,
        keys=[image.key for image in source.images],
        known=images.same_at[usable.states[images.same_at] != NOT_LABELLED],
        values=source.boxes.values.values,
        format=source.format,
        grain=usable.grain,
        sizes=usable.sizes,
        same_attributes=source.format in WITHOUT_ATTRIBUTES,
    )


def class_ids(locked: Dataset, source: Source) -> NDArray[np.int64]:
    """The LabelClass id of every place in the source's class names; unknown names are appended to the list."""
    names = names_of(source)
    known = class_ids_by_name(locked)
    missing = [name for name in dict.fromkeys(names) if name not in known]
    known |= {row.name: row.pk for row in add_classes(dataset=locked, classes=[{"name": name} for name in missing])}
    return np.array([known[name] for name in names], dtype=np.int64)


def rows_by_key(dataset: Dataset, keys: Sequence[str]) -> dict[str, KnownImage]:
    """Those of the keys that the dataset has. One array: twenty thousand parameters take longer than the query."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [dataset.pk, list(keys)])
        return {
            key: KnownImage(pk, sha256, width, height, orjson.loads(metadata))
            for key, pk, sha256, width, height, metadata in cursor.fetchall()
        }


def sort_out(work: Import, dataset: Dataset, report: ImportReport) -> SortedImages:
    """Which images are new and which are there already; other bytes under a known key are reported."""
    before = rows_by_key(dataset, [taken.source.key for taken in work.taken] if dataset.image_count else [])
    fresh, same = [], []
    places = places_of(work.source.images, work.taken)
    for at, taken in enumerate(work.taken):
        row = before.get(taken.source.key)
        if row is None:
            fresh.append(at)
        elif row.sha256 == taken.sha256:
            same.append(at)
        else:
            report.boxes.skipped += taken.source.boxes or 0
            reason = "the dataset has another image under this name, which was kept"
            work.source.problems.add(ImportProblem(taken.source.key, reason, kind="other_bytes"))
    report.images.added, report.images.unchanged = len(fresh), len(same)
    report.images.skipped = report.images.found - len(fresh) - len(same)
    left_out = np.delete(np.arange(len(work.source.images)), places).tolist()
    report.boxes.skipped += sum(work.source.images[place].boxes or 0 for place in left_out)
    some = [work.taken[at] for at in fresh], places[fresh], [work.taken[at] for at in same], places[same]
    return SortedImages(*some, before)


def places_of(images: Sequence[SourceImage], taken: Sequence[Taken]) -> NDArray[np.intp]:
    """Where the images taken stand among all of the source, whose order they have."""
    found, at = np.empty(len(taken), np.intp), 0
    for number, one in enumerate(taken):
        while images[at] is not one.source:
            at += 1
        found[number] = at
        at += 1
    return found


def insert_images(
    dataset: Dataset, fresh: Sequence[Taken], metadata: dict[str, Any], labelled_since: Sequence[int | None]
) -> Sequence[int]:
    """COPY the rows of new images, and count them on the dataset; returns their ids."""
    now, keys = timezone.now(), set(dataset.metadata_keys).union(metadata)
    ids = next_ids("dataset_image", len(fresh))
    with connection.cursor() as cursor, cursor.copy(f"COPY dataset_image ({COLUMNS}) FROM STDIN") as copy:
        for number, taken, since in zip(ids, fresh, labelled_since, strict=True):
            image = taken.source
            place = (image.sequence, image.captured_at, image.latitude, image.longitude)
            picture = (taken.sha256, taken.location, taken.width, taken.height, *facts_in_order(taken))
            said = (Jsonb(image.metadata | metadata, dumps=orjson.dumps), since)
            copy.write_row((number, dataset.pk, image.key, *picture, *place, *said, now))
            keys.update(image.metadata)
    dataset.image_count += len(fresh)
    dataset.metadata_keys = sorted(keys)
    dataset.save(update_fields=["image_count", "metadata_keys"])
    return ids


def facts_in_order(taken: Taken) -> tuple[float | None, ...]:
    facts = taken.facts
    return (facts.phash, facts.brightness, facts.contrast, facts.sharpness) if facts else (None,) * 4


def update_metadata(same: Sequence[Taken], before: dict[str, KnownImage], metadata: dict[str, Any]) -> None:
    """Add what the source now says about images that are there already; what it does not mention stays."""
    changed = []
    for taken in same:
        row = before[taken.source.key]
        merged = row.metadata | taken.source.metadata | metadata
        if merged != row.metadata:
            changed.append(Image(pk=row.id, metadata=merged))
    Image.objects.bulk_update(changed, ["metadata"], batch_size=2000)


def finish(work: Import, locked: Dataset, report: ImportReport) -> dict[str, Any]:
    """The report, on the job's row and in the audit trail."""
    result = keep_report(work, report)
    data = {"dataset": locked.pk, "job": work.job.pk, "images": report.images.added, "boxes": report.boxes.added}
    audit.record(
        by=work.job.created_by, action="dataset.import", target=locked.name, project=locked.project_id, data=data
    )
    return result


def keep_report(work: Import, report: ImportReport) -> dict[str, Any]:
    """Put the complete report into the storage and its first part onto the job's row; returns that part."""
    problems = work.source.problems
    with tempfile.NamedTemporaryFile(dir=blobs.work_folder(), suffix=".json") as file:
        file.writelines(problems.complete(report.as_json(problems)))
        file.flush()
        report.report = blobs.put_file(Path(file.name), suffix=".json").key
    result: dict[str, Any] = mended(report.as_json(problems))
    Job.objects.filter(pk=work.job.pk).update(result=result)
    return result
