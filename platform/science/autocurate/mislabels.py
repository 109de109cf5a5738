"""Find labels that are probably wrong, by what detectors that never saw the image say (out-of-fold)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.autocurate.crops import Crops, EmptyPlaces, empty_places
from science.autocurate.density_ratio import Rate
from science.autocurate.doubts import (
    Doubt,
    DoubtCase,
    Unlabelled,
    badly_drawn,
    build_case,
    lone_detections,
    missing_doubt,
    proposed_classes,
    spurious_doubt,
    wrong_class,
)
from science.autocurate.evidence import LOOSE_IOU
from science.autocurate.judge import Judge, judge_of
from science.autocurate.suggestions import LabelErrorKind, SuggestedLabel, Writer
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import iou

__all__ = [
    "Crops",
    "CropsWanted",
    "Judge",
    "LabelErrorKind",
    "MislabelReport",
    "MislabelSettings",
    "Rate",
    "SuggestedLabel",
    "crops_wanted",
    "find_mislabels",
]

LABELLED_TWICE_IOU = 0.8  # two labels of one class that overlap by so much are one object
LABELLED_TWICE_CHANCE = 0.9
WORTH_A_LOOK = 0.06  # a detection below this score is hardly ever a missing label, and there are many
FEW_LABELS = 100  # below which it says that there is little to learn from

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class MislabelSettings:
    """What may be suggested; the defaults suit a small judge trained for minutes."""

    kinds: tuple[LabelErrorKind, ...] = tuple(LabelErrorKind)
    limit: int | None = None  # at most so many suggestions, the most certain first
    smallest_score: float = 0.2  # leave out what is less likely wrong than this
    seed: int = 0  # of the planted errors


@dataclass(frozen=True)
class MislabelReport:
    """The suggestions, most certain first, and what can be expected of them."""

    suggestions: list[SuggestedLabel]
    expected_precision: float  # mean score of the suggestions: the part that is probably right; NaN without any
    expected_errors: dict[LabelErrorKind, float]  # estimated number of errors of each kind in the labels, found or not
    expected_recall: dict[
        LabelErrorKind, float
    ]  # the part of planted errors of each kind that scored high enough; NaN = unknown
    judged_boxes: int
    rates: dict[LabelErrorKind, Rate]  # of errors among labels, or (missing) lone detections; not known: chance < 0.5
    judge: Judge
    notes: list[dict[str, str | float]] = field(default_factory=list)  # what weakened the judgement, code + parameters


def find_mislabels(
    truth: GroundTruth,
    detections: Detections,
    *,
    class_names: Sequence[str],
    image_sizes: ArrayLike | None = None,
    settings: MislabelSettings | None = None,
    crops: Crops | None = None,
) -> MislabelReport:
    """Return typed suggestions for the labels, judged by out-of-fold detections.

    Give every detection down to a score of 0.05 or less, of all classes (one place may have several); ``image_sizes``
    (I, 2) are width and height in pixels, guessed from the boxes where left out. With ``crops`` (``crops_wanted`` says
    what to cut out) an encoder's opinion counts beside the judge's. One label gets at most one suggestion; a missing
    label is not raised for a second detection of a labelled object.
    """
    wanted = settings or MislabelSettings()
    sizes = _guess_sizes(truth, detections) if image_sizes is None else np.asarray(image_sizes, np.float64)
    case = build_case(truth, detections, sizes, len(class_names), wanted.seed, crops)
    unlabelled = missing_doubt(case)
    doubts = {
        LabelErrorKind.WRONG_CLASS: wrong_class(case),
        LabelErrorKind.SPURIOUS: spurious_doubt(case),
        LabelErrorKind.BADLY_DRAWN: badly_drawn(case),
        LabelErrorKind.MISSING: unlabelled.doubt,
    }
    judge = judge_of(case, truth, detections)
    if judge.is_weak:
        doubts = {kind: doubt.held() for kind, doubt in doubts.items()}
        unlabelled = replace(unlabelled, doubt=doubts[LabelErrorKind.MISSING])
    writer = Writer(case, truth, detections, tuple(class_names), unlabelled.leader)
    found = _about_labels(case, doubts, unlabelled, wanted, writer)
    found += _about_detections(case, unlabelled, found, wanted, writer)
    found.sort(key=lambda each: (-each.score, each.image_index, each.annotation_id, each.prediction_id))
    found = found[: wanted.limit]
    return MislabelReport(
        suggestions=found,
        expected_precision=float(np.mean([each.score for each in found])) if found else float("nan"),
        expected_errors={kind: doubts[kind].errors for kind in wanted.kinds},
        expected_recall={kind: doubts[kind].found_again(wanted.smallest_score) for kind in wanted.kinds},
        judged_boxes=len(case.labels),
        rates={kind: doubts[kind].rate for kind in wanted.kinds},
        judge=judge,
        notes=_notes(case, judge),
    )


@dataclass(frozen=True, eq=False)
class CropsWanted:
    """What to cut out of the images, beside the labels."""

    places: EmptyPlaces
    detected: Ints  # (K,) rows of the detections: the surest of each object, labelled or not


def crops_wanted(
    truth: GroundTruth, detections: Detections, *, classes: int, image_sizes: ArrayLike, seed: int = 0
) -> CropsWanted:
    """Say which boxes an encoder should look into; ``image_sizes`` (I, 2) are width and height in pixels."""
    case = build_case(truth, detections, np.asarray(image_sizes, np.float64), classes, seed)
    found = lone_detections(case)
    rows = np.concatenate([found.alone, found.stripped])
    rows = np.sort(rows[case.scene.det_score[rows] >= WORTH_A_LOOK])
    return CropsWanted(empty_places(truth, image_sizes, seed=seed), case.scene.det_row[rows])


def _about_labels(
    case: DoubtCase,
    doubts: dict[LabelErrorKind, Doubt],
    unlabelled: Unlabelled,
    wanted: MislabelSettings,
    writer: Writer,
) -> list[SuggestedLabel]:
    """Suggest for each label the likeliest of the three errors it can have."""
    kinds = [
        kind
        for kind in (LabelErrorKind.WRONG_CLASS, LabelErrorKind.SPURIOUS, LabelErrorKind.BADLY_DRAWN)
        if kind in wanted.kinds
    ]
    if not kinds or not len(case.labels):
        return []
    chance = np.stack([doubts[kind].chance for kind in kinds], axis=1)  # (N, kinds)
    other = proposed_classes(case, np.arange(len(case.labels)), case.labels) if case.classes > 1 else case.labels
    twice = _labelled_twice(case) if LabelErrorKind.SPURIOUS in wanted.kinds else {}
    found = []
    doubted = np.flatnonzero(chance.max(axis=1) >= wanted.smallest_score).tolist()
    for row in sorted({*doubted, *twice}):
        kind, score = kinds[int(chance[row].argmax())], float(chance[row].max())
        if row in twice and score < LABELLED_TWICE_CHANCE:
            found.append(writer.labelled_twice(row, twice[row], LABELLED_TWICE_CHANCE))
        else:
            parts = {each.value: float(value) for each, value in zip(kinds, chance[row], strict=True)}
            parts["doubt"] = doubts[kind].doubt(row)
            found.append(writer.about_label(kind, row, int(other[row]), score, parts))
    return found


def _about_detections(
    case: DoubtCase,
    unlabelled: Unlabelled,
    about_labels: list[SuggestedLabel],
    wanted: MislabelSettings,
    writer: Writer,
) -> list[SuggestedLabel]:
    """Suggest labels for lone detections, but for those that a suggestion about a label explains already."""
    if LabelErrorKind.MISSING not in wanted.kinds:
        return []
    explained: dict[int, float] = {}  # leading detection -> how surely
    for each in about_labels:
        leader = writer.leader_of(each)
        explained[leader] = max(each.score, explained.get(leader, 0.0))
    chance = unlabelled.doubt.chance
    return [
        writer.missing(int(detection), float(score), unlabelled.doubt.doubt(row))
        for row, (detection, score) in enumerate(zip(unlabelled.detection, chance, strict=True))
        if score >= wanted.smallest_score and not _is_explained(case, explained, int(detection), float(score))
    ]


def _is_explained(case: DoubtCase, explained: dict[int, float], detection: int, score: float) -> bool:
    """Whether a doubt about a label speaks of the same object: one that lies close by, or is the surer one."""
    return detection in explained and (case.scene.any_iou[detection] >= LOOSE_IOU or explained[detection] >= score)


def _labelled_twice(case: DoubtCase) -> dict[int, int]:
    """Return the less well confirmed of two labels of one class that are one object, and the label that stays."""
    scene, doubled = case.scene, {}
    for start, end in zip(scene.gt_start[:-1], scene.gt_start[1:], strict=True):
        overlaps = iou(scene.gt_box[start:end, :4], scene.gt_box[start:end, :4])
        for a, b in np.argwhere(np.triu(overlaps > LABELLED_TWICE_IOU, 1)) + start:
            if scene.gt_class[a] != scene.gt_class[b] or a in doubled or b in doubled:
                continue
            worse, better = (a, b) if case.evidence.fit[a] < case.evidence.fit[b] else (b, a)
            doubled[int(worse)] = int(better)
    return doubled


def _guess_sizes(truth: GroundTruth, detections: Detections) -> Float64s:
    """Return (I, 2) sizes: as far as the boxes of an image reach, at least the median of all images."""
    reach = np.ones((truth.images, 2))
    for rows, boxes in ((truth.image_index, truth.boxes), (detections.image_index, detections.boxes)):
        np.maximum.at(reach, rows, boxes[:, 2:].astype(np.float64))
    return np.maximum(reach, np.median(reach, axis=0)) if len(reach) else reach


def _notes(case: DoubtCase, judge: Judge) -> list[dict[str, str | float]]:
    notes: list[dict[str, str | float]] = []
    if len(case.labels) < FEW_LABELS:
        notes.append({"code": "few_labels", "labels": float(len(case.labels))})
    if judge.is_weak:
        notes.append({"code": "weak_judge", "AP": round(judge.AP, 3), "tells_apart": round(judge.tells_apart, 3)})
    return notes
