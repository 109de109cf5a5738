"""Images and labels as an engine takes them. Images are read where they lie; nothing is copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dataset.models import Dataset, Image, Manifest
from dataset.selectors.annotations import labels_at
from jobs.errors import JobFailed
from model.engines import LabelledImage
from storage import blobs

CHUNK = 10_000  # images asked for at once


def manifest_images(manifest: Manifest) -> tuple[LabelledImage, ...]:
    """The manifest's images with their labels at its revision, by rising image id."""
    return labelled_images(dataset=manifest.dataset, revision=manifest.revision, image_ids=manifest.image_ids)


def labelled_images(*, dataset: Dataset, revision: int, image_ids: Sequence[int]) -> tuple[LabelledImage, ...]:
    """The images with their labels at a revision, by rising image id. Raises JobFailed where an image's file is gone.

    Class indices are places in the dataset's class list.
    """
    index_of = {class_id: index for index, class_id in enumerate(_class_ids(dataset))}
    ordered = sorted(set(image_ids))
    files = image_files(ordered)
    found: list[LabelledImage] = []
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        labels = labels_at(dataset=dataset, revision=revision, image_ids=chunk)
        first = np.searchsorted(labels.image_id, chunk, side="left")
        last = np.searchsorted(labels.image_id, chunk, side="right")
        classes = np.array([index_of[class_id] for class_id in labels.class_id.tolist()], np.int32)
        for image_id, low, high in zip(chunk, first, last, strict=True):
            file = files[image_id]
            found.append(LabelledImage(file.path, file.width, file.height, labels.boxes[low:high], classes[low:high]))
    return tuple(found)


def _class_ids(dataset: Dataset) -> list[int]:
    return list(dataset.classes.order_by("index").values_list("pk", flat=True))


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
        rows = Image.objects.filter(pk__in=image_ids[start : start + CHUNK])
        for image_id, key, location, width, height in rows.values_list("pk", "key", "location", "width", "height"):
            try:
                files[image_id] = ImageFile(blobs.local_path(location), width, height)
            except FileNotFoundError:
                missing.append(key)
    if missing:
        images = "An image" if len(missing) == 1 else f"{len(missing)} images"
        raise JobFailed(f"{images} cannot be read any more because the file is gone: {missing[0]}.")
    if len(files) < len(set(image_ids)):
        raise JobFailed(f"{len(set(image_ids)) - len(files)} of the images have been deleted.")
    return files
