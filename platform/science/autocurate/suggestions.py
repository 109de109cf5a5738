"""What is suggested about a label, and why, in words and in figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from science.autocurate.doubts import DoubtCase
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import iou, paired_iou

MERGED_IOU = 0.6  # detections of one object that overlap the best one by so much are averaged into the proposed box
LARGER, SMALLER = 1.3, 0.75  # area of a label over that of the proposed box, from which it is called too large or small


class LabelErrorKind(StrEnum):
    """The four kinds of label error."""

    WRONG_CLASS = "wrong_class"  # the object is there, its class is another
    MISSING = "missing"  # an object without a label
    SPURIOUS = "spurious"  # a label without an object
    BADLY_DRAWN = "badly_drawn"  # the object is there, its box is off


Reason = dict[str, str | float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class SuggestedLabel:
    """One label that somebody should look at."""

    kind: LabelErrorKind
    image_index: int
    annotation_id: int  # -1 for a missing label
    prediction_id: int  # the prediction that speaks against the label; -1 where it is the absence of one
    given_class: int  # -1 for a missing label
    proposed_class: int  # -1 for a spurious label
    proposed_box: Box | None  # xyxy pixels; None = leave or remove the box
    score: float  # 0 … 1, the estimated chance that the label is wrong; comparable across kinds
    parts: dict[str, float]  # the named figures behind the score
    reason: Reason  # {"code": …, parameters …}, for the interface to translate
    why: str  # the same as one English sentence


SENTENCES = {
    "wrong_class": "Labelled {given}, but the judge sees {proposed} here with score {score:.2f} and {given} with only "
    "{given_score:.2f}.",
    "missing": "The judge sees {proposed} here with score {score:.2f}, and no label explains it.",
    "spurious": "Labelled {given}, but the judge sees nothing here: the best score is {score:.2f}, where a {given} "
    "usually gets {usual_score:.2f}.",
    "labelled_twice": "Two labels of {given} overlap with IoU {iou:.2f}: one object is labelled twice.",
    "too_large": "The box is larger than the {given} that the judge sees with score {score:.2f} (IoU {iou:.2f}, where "
    "{usual_iou:.2f} is usual).",
    "too_small": "The box is smaller than the {given} that the judge sees with score {score:.2f} (IoU {iou:.2f}, where "
    "{usual_iou:.2f} is usual).",
    "shifted": "The box lies beside the {given} that the judge sees with score {score:.2f} (IoU {iou:.2f}, where "
    "{usual_iou:.2f} is usual).",
}


class Writer:
    """Puts suggestions into words; rows are those of the case's scene."""

    def __init__(
        self,
        case: DoubtCase,
        truth: GroundTruth,
        detections: Detections,
        names: tuple[str, ...],
        leader: NDArray[np.int64],
    ) -> None:
        self.case, self.scene, self.names, self.leader = case, case.scene, names, leader
        self.annotation_ids = truth.annotation_ids[case.scene.gt_row]
        self.prediction_ids = detections.prediction_ids[case.scene.det_row]
        self.det_image = detections.image_index[case.scene.det_row]
        self.row_of_prediction = {int(value): row for row, value in enumerate(self.prediction_ids)}
        found = case.evidence.fit > 0.5
        self.usual_iou = float(np.median(case.evidence.fit[found])) if found.any() else 0.5

    def about_label(
        self, kind: LabelErrorKind, row: int, other: int, score: float, parts: dict[str, float]
    ) -> SuggestedLabel:
        """Suggest another class, to remove the label, or to draw it anew."""
        if kind is LabelErrorKind.WRONG_CLASS:
            return self._wrong_class(row, other, score, parts)
        return (
            self._spurious(row, score, parts)
            if kind is LabelErrorKind.SPURIOUS
            else self._badly_drawn(row, score, parts)
        )

    def labelled_twice(self, row: int, stays: int, score: float) -> SuggestedLabel:
        """Suggest to remove the second label of an object."""
        boxes = self.scene.gt_box[:, :4]
        overlap = float(iou(boxes[[row]], boxes[[stays]])[0, 0])
        reason: Reason = {
            "code": "labelled_twice", "given": self._given(row), "iou": round(overlap, 3),
            "other_annotation": str(self.annotation_ids[stays]),
        }  # fmt: skip
        return self._suggest(
            LabelErrorKind.SPURIOUS, row, -1, -1, None, score, {"spurious": score, "iou": overlap}, reason
        )

    def missing(self, detection: int, score: float, doubt: float) -> SuggestedLabel:
        """Suggest a label for a lone detection; ``doubt`` is the rate x ratio behind the score."""
        label, strength = int(self.scene.det_class[detection]), float(self.scene.det_score[detection])
        reason: Reason = {"code": "missing", "proposed": self.names[label], "score": round(strength, 3)}
        nearest = float(self.scene.any_iou[detection])
        parts = {"missing": score, "doubt": doubt, "score": strength, "nearest_iou": nearest}
        return SuggestedLabel(
            kind=LabelErrorKind.MISSING,
            image_index=int(self.det_image[detection]),
            annotation_id=-1,
            prediction_id=int(self.prediction_ids[detection]),
            given_class=-1,
            proposed_class=label,
            proposed_box=self._merged(detection),
            score=score,
            parts=parts,
            reason=reason,
            why=SENTENCES["missing"].format(**reason),
        )

    def leader_of(self, suggestion: SuggestedLabel) -> int:
        """Return the leading detection of the object that a suggestion is about, -1 where there is none."""
        row = self.row_of_prediction.get(suggestion.prediction_id, -1)
        return int(self.leader[row]) if row >= 0 else -1

    def _wrong_class(self, row: int, other: int, score: float, parts: dict[str, float]) -> SuggestedLabel:
        evidence, given = self.case.evidence, int(self.scene.gt_class[row])
        speaker = int(evidence.speaker[row, other])
        overlap = (
            float(iou(self.scene.gt_box[[row], :4], self.scene.det_box[[speaker], :4])[0, 0]) if speaker >= 0 else 0.0
        )
        reason: Reason = {
            "code": "wrong_class", "given": self.names[given], "proposed": self.names[other], "iou": round(overlap, 3),
            "score": round(float(evidence.strength[row, other]), 3),
            "given_score": round(float(evidence.strength[row, given]), 3),
        }  # fmt: skip
        return self._suggest(LabelErrorKind.WRONG_CLASS, row, speaker, other, None, score, parts, reason)

    def _spurious(self, row: int, score: float, parts: dict[str, float]) -> SuggestedLabel:
        given = int(self.scene.gt_class[row])
        reason: Reason = {
            "code": "spurious", "given": self.names[given],
            "score": round(float(self.case.evidence.strength[row].max()), 3),
            "usual_score": round(float(self.case.self_confidence[given]), 3),
        }  # fmt: skip
        return self._suggest(LabelErrorKind.SPURIOUS, row, -1, -1, None, score, parts, reason)

    def _badly_drawn(self, row: int, score: float, parts: dict[str, float]) -> SuggestedLabel:
        evidence, given = self.case.evidence, int(self.scene.gt_class[row])
        speaker = int(evidence.fit_speaker[row])
        box = self._merged(speaker) if speaker >= 0 else None
        reason: Reason = {
            "code": self._how(row, box), "given": self.names[given], "iou": round(float(evidence.fit[row]), 3),
            "score": round(float(evidence.fit_score[row]), 3), "usual_iou": round(self.usual_iou, 3),
        }  # fmt: skip
        return self._suggest(LabelErrorKind.BADLY_DRAWN, row, speaker, given, box, score, parts, reason)

    def _how(self, row: int, box: Box | None) -> str:
        """Return how the box is off."""
        if box is None:
            return "shifted"
        left, top, right, bottom = box
        ratio = float(self.scene.gt_box[row, 4]) / max((right - left) * (bottom - top), 1e-9)
        return "too_large" if ratio > LARGER else "too_small" if ratio < SMALLER else "shifted"

    def _merged(self, detection: int) -> Box:
        """Return the mean box of the detections that show the same object, weighted by score."""
        start, end = np.searchsorted(self.det_image, [self.det_image[detection], self.det_image[detection] + 1])
        boxes, scores = self.scene.det_box[start:end, :4], self.scene.det_score[start:end]
        same = paired_iou(boxes, np.tile(self.scene.det_box[detection, :4], (len(boxes), 1))) >= MERGED_IOU
        left, top, right, bottom = np.average(boxes[same], axis=0, weights=scores[same]).tolist()
        return left, top, right, bottom

    def _given(self, row: int) -> str:
        return self.names[int(self.scene.gt_class[row])]

    def _suggest(
        self, kind: LabelErrorKind, row: int, speaker: int, proposed: int, box: Box | None, score: float,
        parts: dict[str, float], reason: Reason,
    ) -> SuggestedLabel:  # fmt: skip
        return SuggestedLabel(
            kind=kind,
            image_index=int(self.case.image[row]),
            annotation_id=int(self.annotation_ids[row]),
            prediction_id=int(self.prediction_ids[speaker]) if speaker >= 0 else -1,
            given_class=int(self.scene.gt_class[row]),
            proposed_class=proposed,
            proposed_box=box,
            score=score,
            parts={**parts, **{name: value for name, value in reason.items() if isinstance(value, float)}},
            reason=reason,
            why=SENTENCES[str(reason["code"])].format(**reason),
        )
