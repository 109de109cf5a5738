"""What became of every box and every prediction at one operating point: the rows behind each bar, cell and curve."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.judging import NONE, BoxFindings, judge_images, no_findings
from science.evaluation.overlaps import Overlaps, image_parts, overlapping
from science.evaluation.threads import side_by_side
from science.evaluation.types import Detections, GroundTruth
from science.geometry.compiled import compiled, compiled_in_place

BACKGROUND_IOU = 0.1  # TIDE's lower threshold: below it two boxes have nothing to do with each other


class Verdict(StrEnum):
    """The three outcomes."""

    TP = "tp"
    FP = "fp"
    FN = "fn"


class ErrorType(StrEnum):
    """Why a false positive or negative is one (after TIDE); empty for a true positive."""

    NONE = ""
    CLASS = "class"  # right place, wrong class
    LOCALISATION = "localisation"  # right class, IoU between 0.1 and the threshold
    BOTH = "both"  # wrong class and poorly placed
    DUPLICATE = "duplicate"  # a second box on an object already found
    BACKGROUND = "background"  # nothing is labelled there
    MISSED = "missed"  # no prediction explains this box


VERDICTS: tuple[Verdict, ...] = tuple(Verdict)
ERROR_TYPES: tuple[ErrorType, ...] = tuple(ErrorType)

TP, FP, FN = range(3)  # positions in VERDICTS


@dataclass(frozen=True, eq=False)
class VerdictRows:
    """One row per true positive (a pair), false positive and false negative; R rows in columns, by image.

    ``annotation_id`` and ``prediction_id`` name the boxes concerned: for a false positive the labelled box that
    explains its error type, for a false negative the prediction that does; -1 where there is none.

    ``gt_class`` and ``pred_class`` are the place in the confusion matrix (-1 = background). A labelled box taken for
    another class gives two rows, its FN and the prediction's FP, both with both classes; only the FN is counted
    in the matrix. Hence a cell (g, p) consists of the rows with these two classes where not (verdict is FP and
    g is not background): each labelled box and each prediction stands in exactly one cell.
    Crowd boxes, and predictions that only fit a crowd, give no row.
    """

    image_index: NDArray[np.int64]  # (R,)
    annotation_id: NDArray[np.int64]  # (R,) -1 = none
    prediction_id: NDArray[np.int64]  # (R,) -1 = none
    gt_class: NDArray[np.int64]  # (R,) -1 = background
    pred_class: NDArray[np.int64]  # (R,) -1 = background
    iou: NDArray[np.float64]  # (R,) of the two boxes concerned; 0 = only one
    score: NDArray[np.float64]  # (R,) of the prediction concerned; NaN = none
    verdict: NDArray[np.int8]  # (R,) position in VERDICTS
    error_type: NDArray[np.int8]  # (R,) position in ERROR_TYPES

    def __len__(self) -> int:
        return len(self.verdict)

    def counted(self) -> NDArray[np.bool_]:
        """Return (R,) true for the rows that the confusion matrix counts."""
        counted: NDArray[np.bool_] = (self.verdict != FP) | (self.gt_class < 0)
        return counted

    def of(self, images: NDArray[np.bool_]) -> VerdictRows:
        """Return the rows of some images (I,): no image's rows depend on another's."""
        kept = images[self.image_index]
        return VerdictRows(**{column.name: getattr(self, column.name)[kept] for column in fields(self)})


def verdicts(
    truth: GroundTruth,
    detections: Detections,
    *,
    iou: float = 0.5,
    confidence: float = 0.0,
    background_iou: float = BACKGROUND_IOU,
    overlaps: Overlaps | None = None,
) -> VerdictRows:
    """Judge every labelled box and every prediction with score >= ``confidence``.

    First predictions are matched within their class as COCO does. What is left over is explained, the best score first,
    by the first that fits: duplicate (its class, IoU >= ``iou``, the box is taken), class (another class,
    IoU >= ``iou``), localisation (its class, IoU >= ``background_iou``), both (another class, same), background.
    ``overlaps`` of all detections may be given where they are there already.
    """
    if overlaps is None:
        overlaps = overlapping(truth, detections, least=min(iou, background_iou), confidence=confidence)
    kept = detections.image_index[detections.scores >= confidence]
    judged = np.bincount(kept, minlength=truth.images)
    dets, gts = no_findings(len(detections)), no_findings(len(truth))
    judge_images.compile()  # type: ignore[attr-defined]
    parts = image_parts(truth.images, len(kept))
    side_by_side(
        lambda part: judge_images(part[0], part[1], overlaps, judged, min(iou, 1 - 1e-10), background_iou, dets, gts),
        parts,
    )
    scores = detections.scores.astype(np.float64, copy=False)
    return _rows(_Given(overlaps, judged, dets, gts, scores, detections.prediction_ids, truth.annotation_ids))


def confusion_matrix(rows: VerdictRows, classes: int) -> NDArray[np.int64]:
    """Return (C+1, C+1) counts, labelled class down and predicted class across, background last.

    Row sums are the labelled boxes of each class, column sums its predictions; the last cell is 0.
    """
    counted = rows.counted()
    cells: NDArray[np.int64] = _cells(rows.gt_class, rows.pred_class, counted, classes)
    return cells


@compiled
def _cells(
    down: NDArray[np.int64], across: NDArray[np.int64], counted: NDArray[np.bool_], classes: int
) -> NDArray[np.int64]:
    cells = np.zeros((classes + 1, classes + 1), np.int64)
    for k in range(len(counted)):
        if counted[k]:
            cells[down[k], across[k]] += 1  # -1, the background, is the last
    return cells


class _Given(NamedTuple):
    """What the rows are written from."""

    overlaps: Overlaps
    judged: NDArray[np.int64]  # (I,) how many detections of each image count
    dets: BoxFindings
    gts: BoxFindings
    scores: NDArray[np.float64]  # (M,)
    prediction_ids: NDArray[np.int64]  # (M,)
    annotation_ids: NDArray[np.int64]  # (N,)


class _VerdictColumns(NamedTuple):
    """The columns of ``VerdictRows``, for compiled code."""

    image_index: NDArray[np.int64]
    annotation_id: NDArray[np.int64]
    prediction_id: NDArray[np.int64]
    gt_class: NDArray[np.int64]
    pred_class: NDArray[np.int64]
    iou: NDArray[np.float64]
    score: NDArray[np.float64]
    verdict: NDArray[np.int8]
    error_type: NDArray[np.int8]


def _rows(given: _Given) -> VerdictRows:
    """Return a row for each detection (TP or FP) and then for each box that was not found (FN), image by image."""
    starts = np.concatenate([[0], np.cumsum(_count_rows(given))])
    columns = _VerdictColumns(
        *(np.empty(starts[-1], dtype) for dtype in ("i8", "i8", "i8", "i8", "i8", "f8", "f8", "i1", "i1"))
    )
    _write_rows.compile()  # type: ignore[attr-defined]
    side_by_side(
        lambda part: _write_rows(part[0], part[1], given, starts, columns),
        image_parts(len(given.judged), len(given.scores)),
    )
    return VerdictRows(**columns._asdict())


@compiled
def _count_rows(given: _Given) -> NDArray[np.int64]:
    """Return (I,) how many rows each image gives."""
    counts = np.zeros(len(given.judged), np.int64)
    for image in range(len(counts)):
        first = given.overlaps.dets.bounds[image]
        for i in given.overlaps.dets.row[first : first + given.judged[image]]:
            counts[image] += given.dets.error[i] >= NONE
        for j in given.overlaps.gts.row[given.overlaps.gts.bounds[image] : given.overlaps.gts.bounds[image + 1]]:
            counts[image] += given.gts.error[j] > NONE  # found ones stand in the rows of detections
    return counts


@compiled_in_place
def _write_rows(start: int, end: int, given: _Given, starts: NDArray[np.int64], to: _VerdictColumns) -> None:
    """Write the rows of the images ``start`` … ``end`` - 1."""
    dets, gts = given.overlaps.dets, given.overlaps.gts
    at = starts[start]
    for image in range(start, end):
        first = dets.bounds[image]
        for i in dets.row[first : first + given.judged[image]]:
            if given.dets.error[i] < NONE:
                continue
            j = given.dets.other[i]
            to.image_index[at] = image
            to.annotation_id[at] = given.annotation_ids[j] if j >= 0 else -1
            to.prediction_id[at] = given.prediction_ids[i]
            to.gt_class[at] = gts.class_index[j] if given.dets.mutual[i] else -1
            to.pred_class[at] = dets.class_index[i]
            to.iou[at] = given.dets.overlap[i]
            to.score[at] = given.scores[i]
            to.verdict[at] = TP if given.dets.error[i] == NONE else FP
            to.error_type[at] = given.dets.error[i]
            at += 1
        for j in gts.row[gts.bounds[image] : gts.bounds[image + 1]]:
            if given.gts.error[j] <= NONE:
                continue
            i = given.gts.other[j]
            to.image_index[at] = image
            to.annotation_id[at] = given.annotation_ids[j]
            to.prediction_id[at] = given.prediction_ids[i] if i >= 0 else -1
            to.gt_class[at] = gts.class_index[j]
            to.pred_class[at] = dets.class_index[i] if given.gts.mutual[j] else -1
            to.iou[at] = given.gts.overlap[j]
            to.score[at] = given.scores[i] if i >= 0 else np.nan
            to.verdict[at] = FN
            to.error_type[at] = given.gts.error[j]
            at += 1
