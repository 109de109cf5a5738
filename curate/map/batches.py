"""What the encoder is asked for at once: some images, or the objects of some images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curate.embeddings.encoder import PictureToEncode
from dataset.models import Dataset, Image
from dataset.selectors.annotations import LabelledBoxes
from storage import blobs

BATCH = 128  # vectors; of objects so many or more, as images are not cut apart

Ids = NDArray[np.int64]
Boxes = NDArray[np.float32]


@dataclass(frozen=True)
class PictureBatch:
    """Pictures, the keys of their images, and for each vector that comes of them the ids that it is stored under."""

    pictures: list[PictureToEncode]
    keys: list[str]
    columns: dict[str, Ids]


def image_batches(dataset: Dataset, image_ids: Ids) -> Iterator[PictureBatch]:
    """Whole images."""
    for start in range(0, len(image_ids), BATCH):
        few = image_ids[start : start + BATCH]
        pictures, keys = _pictures(few.tolist(), [None] * len(few))
        yield PictureBatch(pictures, keys, {"dataset_id": np.full(len(few), dataset.pk), "image_id": few})


def object_batches(dataset: Dataset, labels: LabelledBoxes) -> Iterator[PictureBatch]:
    """Labelled objects; `labels` are ordered by image."""
    start = 0
    for end in np.flatnonzero(np.diff(labels.image_id, append=-1)) + 1:  # where an image's labels end
        if end - start < BATCH and end < len(labels):
            continue
        few = slice(start, int(end))
        images, firsts = np.unique(labels.image_id[few], return_index=True)
        pictures, keys = _pictures(images.tolist(), np.split(labels.boxes[few], firsts[1:]))
        columns = {
            "dataset_id": np.full(end - start, dataset.pk),
            "image_id": labels.image_id[few],
            "annotation_id": labels.annotation_id[few],
            "object_id": labels.object_id[few],
        }
        yield PictureBatch(pictures, keys, columns)
        start = int(end)


def _pictures(image_ids: list[int], boxes: Sequence[Boxes | None]) -> tuple[list[PictureToEncode], list[str]]:
    """The images' files, and their keys."""
    rows = Image.objects.filter(pk__in=image_ids).values_list("pk", "key", "location")
    found = {pk: (key, location) for pk, key, location in rows}
    keys = [found[pk][0] for pk in image_ids]
    locations = [found[pk][1] for pk in image_ids]
    # One that is gone is left to the encoder, which says so and goes on.
    files = [path or Path(at) for path, at in zip(blobs.local_paths(locations), locations, strict=True)]
    return [PictureToEncode(file, box) for file, box in zip(files, boxes, strict=True)], keys
