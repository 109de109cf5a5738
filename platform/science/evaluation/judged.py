"""A finished evaluation as arrays: any chart at any threshold is a pass over them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from science.evaluation.arrays import FLOOR, Ground, Ids, Predicted, Units
from science.evaluation.average_precision import Accumulated, accumulate
from science.evaluation.error_budget import ErrorBudget, error_budget
from science.evaluation.histograms import SizeBands, by_size
from science.evaluation.matching import Matches
from science.evaluation.overlaps import Overlaps, overlapping
from science.evaluation.repairs import Ranking, rank
from science.evaluation.tallies import BoxBins, Tally, tally
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import BACKGROUND_IOU, VerdictRows, verdicts

SPARSEST = 8  # ids to each one that is there, up to which a table is worth its room
MOST_POINTS = 3  # sets of verdict rows, or budgets, of one evaluation; a row takes 60 bytes
MOST_TALLIES = 24  # of one evaluation; an image takes 12 bytes
MOST_CHARTS = 24  # of one evaluation, of those that have no confidence: every IoU of all images, and of a query line

Mask = NDArray[np.bool_]
Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Areas:
    """Square pixels by id: in a table over the span of the ids where that is not much longer than they are many."""

    ids: Ids  # (K,) rising; of a table the first
    areas: NDArray[np.float64]  # (K,)
    is_table: bool

    @classmethod
    def of(cls, ids: Ids, boxes: NDArray[np.floating]) -> Areas:
        """Of these boxes (K, 4) xyxy pixels."""
        wide, order = boxes.astype(np.float64), np.argsort(ids)
        rising, areas = ids[order], ((wide[:, 2] - wide[:, 0]) * (wide[:, 3] - wide[:, 1]))[order]
        if not len(ids) or rising[-1] - rising[0] > SPARSEST * len(ids):
            return cls(rising, areas, is_table=False)
        table = np.zeros(int(rising[-1] - rising[0]) + 1)
        table[rising - rising[0]] = areas
        return cls(rising[:1], table, is_table=True)

    def look_up(self, wanted: Ids) -> NDArray[np.float64]:
        """Each wanted id's area; whatever for an id that is not there."""
        if not len(self.ids):
            return np.zeros(len(wanted))
        place = wanted - self.ids[0] if self.is_table else np.searchsorted(self.ids, wanted)
        return self.areas[np.clip(place, 0, len(self.areas) - 1)]


@dataclass(frozen=True, eq=False)
class JudgedEvaluation:
    """What an evaluation was computed from, and its matches. Images, classes and boxes by position."""

    ground: Ground
    truth: GroundTruth
    predicted: Predicted
    matches: Matches
    units: Units
    kept: OrderedDict[Hashable, object] = field(default_factory=OrderedDict)
    tallies: OrderedDict[Hashable, object] = field(default_factory=OrderedDict)
    charts: OrderedDict[Hashable, object] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def classes(self) -> int:
        return len(self.ground.class_ids)

    @cached_property
    def rows_of_table(self) -> Detections:
        """The predictions that are rows; `prediction_ids` are the rows'."""
        return self.predicted.with_rows()

    @cached_property
    def overlaps(self) -> Overlaps:
        """Which predictions overlap which boxes: what every operating point and budget is judged from."""
        return overlapping(self.truth, self.predicted.detections, least=BACKGROUND_IOU)

    @cached_property
    def bins(self) -> BoxBins:
        """Sizes and scores of all boxes, in the bins that charts count in."""
        return BoxBins.of(self.overlaps, self.predicted.detections.scores)

    @cached_property
    def ranking(self) -> Ranking:
        """All predictions by class and score, as every error budget reads them."""
        return rank(self.overlaps.dets.row, self.predicted.detections, self.classes)

    @cached_property
    def label_areas(self) -> Areas:
        """Square pixels of each labelled box."""
        return Areas.of(self.truth.annotation_ids, self.truth.boxes)

    @cached_property
    def sizes(self) -> SizeBands:
        """AP and recall by the size of the object, on all images."""
        return by_size(self.truth, self.predicted.detections, classes=self.classes)

    @cached_property
    def accumulated(self) -> Accumulated:
        """Precision and recall on all images."""
        return accumulate(self.matches)

    def verdicts(self, *, iou: float, confidence: float) -> VerdictRows:
        """Every box judged at an operating point; predictions are named by their rows."""
        named = replace(self.predicted.detections, prediction_ids=self.predicted.row_ids)
        return remembered(
            self.kept,
            MOST_POINTS,
            self.lock,
            ("verdicts", round(iou, 3), confidence),
            lambda: verdicts(self.truth, named, iou=iou, confidence=max(confidence, FLOOR), overlaps=self.overlaps),
        )

    def tally(self, *, iou: float, confidence: float, images: Mask | None = None) -> Tally:
        """What becomes of the boxes at an operating point, counted, on all images or some (I,)."""

        def count() -> Tally:
            return tally(
                self.overlaps, self.predicted.detections.scores,
                classes=self.classes, iou=iou, confidence=max(confidence, FLOOR), bins=self.bins, images=images,
            )  # fmt: skip

        name = (round(iou, 3), confidence, images_by_name(images))
        return remembered(self.tallies, MOST_TALLIES, self.lock, name, count)

    def accumulated_on(self, images: Mask | None) -> Accumulated:
        """Precision and recall of objects of any size, at every IoU, on all images or some (I,)."""
        if images is None:
            return self.accumulated
        name = ("accumulated", images_by_name(images))
        return self.chart(name, lambda: accumulate(self.matches, images, sizes=1))

    def chart(self, name: Hashable, compute: Callable[[], Found]) -> Found:
        """What `compute` gives, kept under its name: a slider comes back to where it was."""
        return remembered(self.charts, MOST_CHARTS, self.lock, name, compute)

    def budget(self, iou: float, images: Mask | None = None) -> ErrorBudget:
        """What each type of error costs at an IoU, on some images (I,)."""
        if images is None:
            return remembered(self.kept, MOST_POINTS, self.lock, ("budget", round(iou, 3)), lambda: self._budget(iou))
        truth, found = labels_on(self.truth, images), self.predicted.detections.take(images[self._detected_on])
        return error_budget(truth, found, classes=self.classes, iou=iou)

    def _budget(self, iou: float) -> ErrorBudget:
        found = self.predicted.detections
        return error_budget(
            self.truth, found, classes=self.classes, iou=iou, overlaps=self.overlaps, ranking=self.ranking
        )

    @property
    def _detected_on(self) -> Ids:
        return self.predicted.detections.image_index


def images_by_name(images: Mask | None) -> bytes | None:
    """A name for some images (I,), an eighth of a byte each."""
    return None if images is None else np.packbits(images).tobytes()


def remembered(
    kept: OrderedDict[Hashable, object],
    most: int,
    lock: threading.Lock,
    name: Hashable,
    compute: Callable[[], Found],
) -> Found:
    """What `compute` gives, kept under its name for the next few questions."""
    with lock:
        if name in kept:
            kept.move_to_end(name)
            return kept[name]  # type: ignore[return-value]  # by this name it was kept
    found = compute()
    with lock:
        kept[name] = found
        while len(kept) > most:
            kept.popitem(last=False)
    return found


def labels_on(truth: GroundTruth, images: Mask) -> GroundTruth:
    """The labels of some images (I,); images keep their places."""
    kept = images[truth.image_index]
    return replace(
        truth,
        **{
            name: column[kept]
            for name in ("image_index", "class_index", "boxes", "annotation_ids", "crowd", "area", "box_area")
            if (column := getattr(truth, name)) is not None
        },
        shapes=None if truth.shapes is None else truth.shapes.take(kept),
    )
