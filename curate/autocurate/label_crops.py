"""What the encoder sees inside the labelled boxes, and beside them: cut out and encoded within the job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curate.embeddings.encoder import CROP_SIDE, DIMENSIONS, EncoderError, EncoderProcess, PictureToEncode
from curate.evaluations.arrays import image_sizes
from dataset.models import Image
from jobs.errors import JobFailed
from jobs.reporting import Report
from model.services.engine import process_environment
from science.autocurate.mislabels import Crops, crops_wanted
from science.evaluation.arrays import Ground
from science.evaluation.types import Detections, GroundTruth
from storage import blobs

AT_ONCE = 128  # crops that the encoder is asked for, or one image's
Progress = tuple[float, float]

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BoxesToCut:
    """All boxes to cut out, ordered by image; `row` says where a vector belongs."""

    image: Ints  # (K,) into the ground's images, rising
    box: NDArray[np.float32]  # (K, 4) xyxy pixels
    row: Ints  # (K,)

    def batches(self) -> Iterator[slice]:
        """Parts of about AT_ONCE boxes that cut no image apart."""
        start = 0
        for end in np.flatnonzero(np.diff(self.image, append=-1)) + 1:  # where an image's boxes end
            if end - start >= AT_ONCE or end == len(self.image):
                yield slice(start, int(end))
                start = int(end)


def label_crops(
    ground: Ground, truth: GroundTruth, found: Detections, seed: int, report: Report, progress: Progress
) -> Crops:
    """The crops of all labels, of places where nothing is labelled, and of what may lack a label.

    What cannot be read is encoded as nothing, and the job's log says which image it was. Raises JobFailed where the
    encoder dies.
    """
    wanted = crops_wanted(truth, found, classes=len(ground.class_ids), image_sizes=image_sizes(ground), seed=seed)
    places, rows = wanted.places, wanted.detected
    image = np.concatenate([truth.image_index, places.image, found.image_index[rows]]).astype(np.int64)
    boxes = np.concatenate([truth.boxes, places.box, found.boxes[rows]]).astype(np.float32)
    order = np.argsort(image, kind="stable")
    try:
        vectors = _encoded(ground, BoxesToCut(image[order], boxes[order], order), report, progress)
    except EncoderError as error:
        raise JobFailed(str(error)) from error
    labels, empty, detected = np.split(vectors, [len(truth), len(truth) + len(places.row)])
    return Crops(labels, places, empty, rows, detected)


def _encoded(ground: Ground, wanted: BoxesToCut, report: Report, progress: Progress) -> NDArray[np.float16]:
    """(K, 1280) the vectors, where `row` says."""
    found = np.zeros((len(wanted.row), DIMENSIONS), np.float16)
    parts = list(wanted.batches())
    began, ended = progress
    with EncoderProcess(process_environment(), report.check, side=CROP_SIDE) as encoder:
        answers = encoder.encode(_pictures(ground, wanted, part) for part in parts)
        for part, answer in zip(parts, answers, strict=True):
            found[wanted.row[part]] = answer.vectors
            for place, why in answer.failed.items():
                image = ground.image_ids[np.unique(wanted.image[part])[place]]
                report.log(f"Image {image} could not be read: {why}")
            done = part.stop / len(wanted.row)
            report(began + done * (ended - began), f"Looking inside {part.stop:,} of {len(wanted.row):,} boxes")
    return found


def _pictures(ground: Ground, wanted: BoxesToCut, part: slice) -> list[PictureToEncode]:
    """The images of a part, each with its boxes."""
    images, firsts = np.unique(wanted.image[part], return_index=True)
    ids = ground.image_ids[images].tolist()
    at = dict(Image.objects.filter(pk__in=ids).values_list("pk", "location"))
    locations = [at[pk] for pk in ids]
    # One that is gone is left to the encoder, which says so and goes on.
    files = [path or Path(at) for path, at in zip(blobs.local_paths(locations), locations, strict=True)]
    boxes = np.split(wanted.box[part], firsts[1:])
    return [PictureToEncode(file, few) for file, few in zip(files, boxes, strict=True)]
