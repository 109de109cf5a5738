"""What became of every box and every prediction at one operating point: the rows behind each bar, cell and curve."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curate.diagnosis.judging import NONE, Side, Span, judge_images, side
from curate.diagnosis.matching import FEW_ROWS, compact_boxes
from curate.diagnosis.ordering import by_falling_score, counting_sort
from curate.diagnosis.threads import cores, side_by_side
from curate.diagnosis.types import Detections, GroundTruth

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
) -> VerdictRows:
    """Judge every labelled box and every prediction with score >= ``confidence``.

    First predictions are matched within their class as COCO does. What is left over is explained, the best score first,
    by the first that fits: duplicate (its class, IoU >= ``iou``, the box is taken), class (another class,
    IoU >= ``iou``), localisation (its class, IoU >= ``background_iou``), both (another class, same), background.
    """
    det_order = _by_image_and_score(detections, truth.images, confidence)
    gt_order = counting_sort(truth.image_index, np.arange(len(truth), dtype=np.int32), truth.images)
    dets = side(
        detections.image_index[det_order],
        detections.class_index[det_order],
        compact_boxes(detections.boxes, detections.box_area)[det_order],
        np.zeros(len(det_order), np.bool_),
    )
    gts = side(
        truth.image_index[gt_order],
        truth.class_index[gt_order],
        compact_boxes(truth.boxes, truth.box_area)[gt_order],
        truth.crowd[gt_order],
    )
    judge_images.compile()  # type: ignore[attr-defined]
    side_by_side(
        lambda part: judge_images(dets, gts, part, min(iou, 1 - 1e-10), background_iou),
        _parts(dets.image, gts.image, truth.images),
    )
    return _rows(
        dets,
        detections.prediction_ids[det_order],
        detections.scores[det_order].astype(np.float64),
        gts,
        truth.annotation_ids[gt_order],
    )


def _by_image_and_score(detections: Detections, images: int, confidence: float) -> NDArray[np.int32]:
    """Return the detections with score >= ``confidence`` by image and falling score."""
    scores = detections.scores.astype(np.float64)
    kept = np.flatnonzero(detections.scores >= confidence).astype(np.int32)
    order = counting_sort(detections.image_index, kept, images)
    ends = np.cumsum(np.bincount(detections.image_index[kept], minlength=images))
    return by_falling_score(order, scores, np.concatenate([[0], ends]).astype(np.int64))


def _parts(det_image: NDArray[np.int64], gt_image: NDArray[np.int64], images: int) -> list[Span]:
    """Return the rows of stretches of images, to be walked side by side."""
    count = 1 if len(det_image) < FEW_ROWS else 4 * cores()
    cuts = np.linspace(0, images, count + 1).astype(np.int64)
    ends = [np.searchsorted(image, cuts).tolist() for image in (det_image, gt_image)]
    return [Span(ends[0][k], ends[0][k + 1], ends[1][k], ends[1][k + 1]) for k in range(count)]


def confusion_matrix(rows: VerdictRows, classes: int) -> NDArray[np.int64]:
    """Return (C+1, C+1) counts, labelled class down and predicted class across, background last.

    Row sums are the labelled boxes of each class, column sums its predictions; the last cell is 0.
    """
    counted = rows.counted()
    down = np.where(rows.gt_class < 0, classes, rows.gt_class)[counted]
    across = np.where(rows.pred_class < 0, classes, rows.pred_class)[counted]
    cells = np.bincount(down * (classes + 1) + across, minlength=(classes + 1) ** 2)
    return cells.reshape(classes + 1, classes + 1).astype(np.int64)


def _rows(
    dets: Side,
    prediction_ids: NDArray[np.int64],
    scores: NDArray[np.float64],
    gts: Side,
    annotation_ids: NDArray[np.int64],
) -> VerdictRows:
    """Return a row for each detection (TP or FP) and for each box that was not found (FN)."""
    det = np.flatnonzero(dets.error >= NONE)
    gt = np.flatnonzero(gts.error > NONE)  # found ones stand in the TP rows
    det_gt, gt_det = dets.other[det], gts.other[gt]
    columns: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {
        "image_index": (dets.image[det], gts.image[gt]),
        "annotation_id": (_pick(annotation_ids, det_gt, -1), annotation_ids[gt]),
        "prediction_id": (prediction_ids[det], _pick(prediction_ids, gt_det, -1)),
        "gt_class": (np.where(dets.mutual[det], _pick(gts.class_index, det_gt, -1), -1), gts.class_index[gt]),
        "pred_class": (dets.class_index[det], np.where(gts.mutual[gt], _pick(dets.class_index, gt_det, -1), -1)),
        "iou": (dets.overlap[det], gts.overlap[gt]),
        "score": (scores[det], _pick(scores, gt_det, np.nan)),
        "verdict": (np.where(dets.error[det] == NONE, TP, FP).astype(np.int8), np.full(len(gt), FN, np.int8)),
        "error_type": (dets.error[det], gts.error[gt]),
    }
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    image = joined["image_index"]
    by_image = counting_sort(image, np.arange(len(image), dtype=np.int32), int(image.max(initial=-1)) + 1)
    return VerdictRows(**{name: column[by_image] for name, column in joined.items()})


def _pick(values: NDArray[Any], positions: NDArray[np.int64], missing: float) -> NDArray[Any]:
    """Return values at positions, and ``missing`` where the position is -1."""
    if not len(values):
        return np.full(len(positions), missing, values.dtype)
    return np.where(positions >= 0, values[positions], values.dtype.type(missing))
