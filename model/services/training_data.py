"""Images and labels as an engine takes them. Images are read where they lie; of those in S3 there are local copies."""

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
