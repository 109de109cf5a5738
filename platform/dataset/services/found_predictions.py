"""Predictions that stood among the labels of an import: counted, and kept as a COCO results file to make a set of."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from dataset.importing.boxes import as_xyxy
from dataset.importing.types import PredictionCounts, Source
from storage import blobs

AT_ONCE = 50_000  # records


def counts_of_predictions(source: Source) -> PredictionCounts | None:
    """How many there are, in how many files; None where there are none."""
    found = source.predictions
    return PredictionCounts(len(set(found.view("file").tolist())), len(found)) if len(found) else None


def keep_predictions(source: Source, sizes: NDArray[np.int64], names: Sequence[str]) -> str:
    """Put them into the storage, images by key and classes by name; returns where. `sizes`: `(I, 2)` pixels."""
    with tempfile.NamedTemporaryFile(dir=blobs.work_folder(), suffix=".json") as file:
        for place, records in enumerate(records_of(source, sizes, names)):
            file.write((b"," if place else b"[") + records[1:-1])
        file.write(b"]")
        file.flush()
        return blobs.put_file(Path(file.name), suffix=".json").key


def records_of(source: Source, sizes: NDArray[np.int64], names: Sequence[str]) -> Iterator[bytes]:
    """COCO results as JSON lists, some at a time; those of images that were not taken are left out."""
    columns, scores = source.predictions, np.frombuffer(source.scores)
    image, label = columns.array("image"), columns.array("label")
    boxes = as_xyxy(columns.array("box"), source.form, sizes[image].astype(np.float64))
    boxes[:, 2:] -= boxes[:, :2]
    chosen = np.flatnonzero(sizes[image, 0] > 0)
    for start in range(0, max(len(chosen), 1), AT_ONCE):
        some = chosen[start : start + AT_ONCE].tolist()
        yield orjson.dumps(
            [
                {
                    "image_id": source.images[image[at]].key,
                    "category_id": names[label[at]],
                    "bbox": boxes[at].tolist(),
                    "score": float(scores[at]),
                }
                for at in some
            ]
        )
