"""What the encoder is asked for at once: some images, or the objects of some images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curate.embeddings.cutting import pictures_of, whole_images
from curate.embeddings.encoder import PictureToEncode
from dataset.models import Dataset
from dataset.selectors.annotations import LabelledBoxes

BATCH = 128  # vectors; of objects so many or more, as images are not cut apart

Ids = NDArray[np.int64]


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
        pictures, keys = pictures_of(few.tolist(), [None] * len(few))
        yield PictureBatch(pictures, keys, {"dataset_id": np.full(len(few), dataset.pk), "image_id": few})


def object_batches(dataset: Dataset, labels: LabelledBoxes) -> Iterator[PictureBatch]:
    """Labelled objects; `labels` are ordered by image."""
    for few in whole_images(labels.image_id, BATCH):
        images, firsts = np.unique(labels.image_id[few], return_index=True)
        pictures, keys = pictures_of(images.tolist(), np.split(labels.boxes[few], firsts[1:]))
        columns = {
            "dataset_id": np.full(few.stop - few.start, dataset.pk),
            "image_id": labels.image_id[few],
            "annotation_id": labels.annotation_id[few],
            "object_id": labels.object_id[few],
        }
        yield PictureBatch(pictures, keys, columns)
