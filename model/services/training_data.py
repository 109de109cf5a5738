"""Images and labels as an engine takes them. Images are read where they lie; of those in S3 there are local copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from dataset.importing.columns import Ignore
from dataset.models import Dataset, Image, LabelClass, Manifest
from dataset.selectors.annotations import LabelledBoxes, labelled_at, labels_at
from jobs.errors import JobFailed
from model.engines import EVERY_CLASS, LabelledImage
from storage import blobs

CHUNK = 10_000  # images asked for at once
Ids = NDArray[np.int64]


ONLY_IGNORED = """
    SELECT label_class_id FROM dataset_annotation
    WHERE dataset_id = %s AND born <= %s AND (died IS NULL OR died > %s)
    GROUP BY label_class_id HAVING bool_and(ignore = %s)
"""


def manifest_images(manifest: Manifest) -> tuple[LabelledImage, ...]:
    """The manifest's labelled images with their labels at its revision, by rising image id, for a run's classes."""
    ids = np.array(manifest.image_ids, np.int64)
    labelled = ids[labelled_at(dataset=manifest.dataset, revision=manifest.revision, image_ids=ids)]
    return labelled_images(
        dataset=manifest.dataset,
        revision=manifest.revision,
        image_ids=labelled.tolist(),
        classes=trained_classes(manifest.dataset, manifest.revision),
    )


def trained_classes(dataset: Dataset, revision: int) -> list[LabelClass]:
    """The dataset's classes without those of which every label says that anything may be there (KITTI's DontCare)."""
    with connection.cursor() as cursor:
        cursor.execute(ONLY_IGNORED, [dataset.pk, revision, revision, Ignore.ANYTHING])
        ignored = {pk for (pk,) in cursor.fetchall()}
    return [one for one in dataset.classes.order_by("index") if one.pk not in ignored]


def labelled_images(
    *, dataset: Dataset, revision: int, image_ids: Sequence[int], classes: Sequence[LabelClass] | None = None
) -> tuple[LabelledImage, ...]:
    """The images with their labels at a revision, by rising image id. Raises JobFailed where an image's file is gone.

    Class indices are places in the list of classes (None: the dataset's).
    """
    known = list(dataset.classes.order_by("index")) if classes is None else classes
    index_of = {one.pk: index for index, one in enumerate(known)}
    ordered = sorted(set(image_ids))
    files = image_files(ordered)
    found: list[LabelledImage] = []
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        labels = labels_at(dataset=dataset, revision=revision, image_ids=chunk)
        first = np.searchsorted(labels.image_id, chunk, side="left")
        last = np.searchsorted(labels.image_id, chunk, side="right")
        indices = np.array([index_of.get(class_id, EVERY_CLASS) for class_id in labels.class_id.tolist()], np.int32)
        for image_id, low, high in zip(chunk, first, last, strict=True):
            found.append(_labelled(files[image_id], labels, indices, np.arange(low, high)))
    return tuple(found)


def _labelled(file: "ImageFile", labels: LabelledBoxes, indices: NDArray[np.int32], rows: Ids) -> LabelledImage:
    """One image with the labels in these rows: what counts, and what is ignored."""
    ignore = labels.ignore[rows]
    counted, ignored = rows[ignore == Ignore.NO], rows[ignore != Ignore.NO]
    concerned = np.where(labels.ignore[ignored] == Ignore.ANYTHING, EVERY_CLASS, indices[ignored]).astype(np.int32)
    objects = (labels.boxes[counted], indices[counted])
    return LabelledImage(file.path, file.width, file.height, *objects, labels.boxes[ignored], concerned)


@dataclass(frozen=True, slots=True)
class ImageFile:
    """Where an image lies, and its size in pixels."""

    path: Path
    width: int
    height: int


def image_files(image_ids: Sequence[int]) -> dict[int, ImageFile]:
    """The images' files by image id. Raises JobFailed naming one that is gone."""
    files: dict[int, ImageFile] = {}
    missing: list[str] = []
    for start in range(0, len(image_ids), CHUNK):
        images = Image.objects.filter(pk__in=image_ids[start : start + CHUNK])
        rows = list(images.values_list("pk", "key", "location", "width", "height"))
        paths = blobs.local_paths([location for _, _, location, _, _ in rows])
        for (image_id, key, _, width, height), path in zip(rows, paths, strict=True):
            if path is None:
                missing.append(key)
            else:
                files[image_id] = ImageFile(path, width, height)
    if missing:
        some = "An image" if len(missing) == 1 else f"{len(missing)} images"
        raise JobFailed(f"{some} cannot be read any more because the file is gone: {missing[0]}.")
    if len(files) < len(set(image_ids)):
        raise JobFailed(f"{len(set(image_ids)) - len(files)} of the images have been deleted.")
    return files
