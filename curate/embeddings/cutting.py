"""What the encoder is asked for: image files by their ids, each whole or some boxes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curate.embeddings.encoder import PictureToEncode
from dataset.models import Image
from storage import blobs

Ids = NDArray[np.int64]
Boxes = NDArray[np.float32]


def whole_images(image: Ids, at_least: int) -> Iterator[slice]:
    """Parts of (N,) boxes that are ordered by image: so many or more, as images are not cut apart."""
    start = 0
    for end in np.flatnonzero(np.diff(image, append=-1)) + 1:  # where an image's boxes end
        if end - start >= at_least or end == len(image):
            yield slice(start, int(end))
            start = int(end)


def pictures_of(image_ids: list[int], boxes: Sequence[Boxes | None]) -> tuple[list[PictureToEncode], list[str]]:
    """The images' files, and their keys."""
    rows = Image.objects.filter(pk__in=image_ids).values_list("pk", "key", "location")
    found = {pk: (key, location) for pk, key, location in rows}
    keys = [found[pk][0] for pk in image_ids]
    locations = [found[pk][1] for pk in image_ids]
    # One that is gone is left to the encoder, which says so and goes on.
    files = [path or Path(at) for path, at in zip(blobs.local_paths(locations), locations, strict=True)]
    return [PictureToEncode(file, box) for file, box in zip(files, boxes, strict=True)], keys
