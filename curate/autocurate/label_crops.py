"""What the encoder sees inside the labelled boxes, and beside them: cut out and encoded within the job."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curate.embeddings.cutting import pictures_of, whole_images
from curate.embeddings.encoder import CROP_SIDE, DIMENSIONS, EncoderError, EncoderProcess, PictureToEncode
from curate.evaluations.arrays import image_sizes, resampling_units
from jobs.errors import JobFailed
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.services.engine import process_environment
from science.autocurate.mislabels import Crops, crops_wanted
from science.evaluation.arrays import Ground
from science.evaluation.types import Detections, GroundTruth

AT_ONCE = 128  # crops that the encoder is asked for, or one image's
Progress = tuple[float, float]

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BoxesToCut:
    """All boxes to cut out, ordered by image; `row` says where a vector belongs."""

    image: Ints  # (K,) into the ground's images, rising
    box: NDArray[np.float32]  # (K, 4) xyxy pixels
    row: Ints  # (K,)


def label_crops(
    ground: Ground, truth: GroundTruth, found: Detections, seed: int, report: Report, progress: Progress
) -> Crops:
    """The crops of all labels, of places where nothing is labelled, and of what may lack a label.

    What cannot be read has no opinion, and the job's log says which image it was. Raises JobFailed where the
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
    return Crops(labels, places, empty, rows, detected, groups=resampling_units(ground.image_ids).groups)


def _encoded(ground: Ground, wanted: BoxesToCut, report: Report, progress: Progress) -> NDArray[np.float16]:
    """(K, 1280) the vectors, where `row` says."""
    found = np.zeros((len(wanted.row), DIMENSIONS), np.float16)
    parts, asked = list(whole_images(wanted.image, AT_ONCE)), deque[list[str]]()
    began, ended = progress
    doing = Sentence.of("looking_inside", "Looking inside {done} of {total} boxes", total=f"{len(wanted.row):,}")

    def requests() -> Iterator[list[PictureToEncode]]:
        for part in parts:
            pictures, keys = _pictures(ground, wanted, part)
            asked.append(keys)
            yield pictures

    with EncoderProcess(process_environment(), report.check, side=CROP_SIDE) as encoder:
        for part, answer in zip(parts, encoder.encode(requests()), strict=True):
            found[wanted.row[part]] = answer.vectors
            keys = asked.popleft()
            for place, why in answer.failed.items():
                report.log(f"{keys[place]} could not be read: {why}")
            done = part.stop / len(wanted.row)
            report(began + done * (ended - began), doing.also(done=f"{part.stop:,}"))
    return found


def _pictures(ground: Ground, wanted: BoxesToCut, part: slice) -> tuple[list[PictureToEncode], list[str]]:
    """The images of a part, each with its boxes, and their keys."""
    images, firsts = np.unique(wanted.image[part], return_index=True)
    return pictures_of(ground.image_ids[images].tolist(), np.split(wanted.box[part], firsts[1:]))
