"""What became of every box at an operating point, as counts: what a moving slider asks for, without a row per box."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.histograms import SIDES
from science.evaluation.judging import NONE, BoxFindings, judge_image
from science.evaluation.overlaps import Overlaps, image_parts
from science.evaluation.threads import side_by_side
from science.evaluation.verdicts import BACKGROUND_IOU, ERROR_TYPES, FN, FP
from science.geometry.compiled import compiled, compiled_in_place

SCORE_EDGES = np.arange(1, 21) / 20  # 0.05 … 1
OVERLAP_BINS = 20

Counts = NDArray[np.int64]
Edges = NDArray[np.float64]


class Tally(NamedTuple):
    """The rows of ``verdicts``, counted. The last axis of three is the verdict: true and false positives, missed."""

    by_image: NDArray[np.int32]  # (I, 3)
    confusion: Counts  # (C+1, C+1) labelled class down, predicted across, background last
    found: Counts  # (C,) true positives by class
    wrong: Counts  # (C, 7) false positives by predicted class and error type
    missed: Counts  # (C, 7) labelled boxes that were not found, by class and error type
    overlaps: Counts  # (20,) true positives by IoU, from the threshold to 1
    right_scores: Counts  # (19,) true positives between ``SCORE_EDGES``
    wrong_scores: Counts  # (19,) false positives
    score_sums: Edges  # (19,) of the scores of both
    sizes: Counts  # (S, 3) by the object's size, between ``SIDES``
    size_images: Counts  # (S,) images with any

    def counts(self, images: NDArray[np.bool_] | None = None) -> Counts:
        """Return (3,) true positives, false positives and missed boxes, of all images or of some."""
        some = self.by_image if images is None else self.by_image[images]
        counts: Counts = some.sum(axis=0, dtype=np.int64)
        return counts


class BoxBins(NamedTuple):
    """In which bin each box stands, whatever the operating point: places in ``SIDES`` and between ``SCORE_EDGES``."""

    det_size: NDArray[np.int8]  # (M,)
    det_score: NDArray[np.int8]  # (M,)
    gt_size: NDArray[np.int8]  # (N,)

    @classmethod
    def of(cls, pairs: Overlaps, scores: NDArray[np.floating]) -> BoxBins:
        """Scores are compared as the table keeps them and the grid asks: in float32."""
        areas, edges = np.array(SIDES) ** 2, SCORE_EDGES.astype(np.float32)
        return cls(
            _places(pairs.dets.area, areas), _places(scores.astype(np.float32), edges), _places(pairs.gts.area, areas)
        )


class _JudgedAt(NamedTuple):
    """Where the boxes are judged."""

    iou: float
    confidence: float
    background_iou: float
    overlaps: NDArray[np.float32]  # edges, as the table keeps them and the grid compares


class _Counted(NamedTuple):
    """What a walk over some images counts."""

    dets: Counts  # (C, 7, 2) by class, error type, and whether a box is missed in the same cell
    gts: Counts  # (C, 7, C+1) missed boxes by class, error type, and the class they are taken for
    overlaps: Counts  # (20,)
    scores: Counts  # (19, 2) wrong and right
    score_sums: Edges  # (19,)
    sizes: Counts  # (S, 3)
    size_images: Counts  # (S,)

    @classmethod
    def nothing(cls, classes: int) -> _Counted:
        types, bins, sizes = len(ERROR_TYPES), len(SCORE_EDGES) - 1, len(SIDES) - 1
        return cls(
            dets=np.zeros((classes, types, 2), np.int64),
            gts=np.zeros((classes, types, classes + 1), np.int64),
            overlaps=np.zeros(OVERLAP_BINS, np.int64),
            scores=np.zeros((bins, 2), np.int64),
            score_sums=np.zeros(bins),
            sizes=np.zeros((sizes, 3), np.int64),
            size_images=np.zeros(sizes, np.int64),
        )


def tally(
    pairs: Overlaps,
    scores: NDArray[np.floating],
    *,
    classes: int,
    iou: float,
    confidence: float,
    bins: BoxBins | None = None,
    images: NDArray[np.bool_] | None = None,
) -> Tally:
    """Count what ``verdicts`` would give a row, of all images or of some (I,).

    ``scores`` (M,) are those of the detections of ``pairs``, ``bins`` theirs where they are there already; scores and
    confidence are compared in their precision.
    """
    count = len(pairs.dets.bounds) - 1
    shown = np.ones(count, np.bool_) if images is None else images
    placed = bins or BoxBins.of(pairs, scores)
    dets, gts = _unknown(len(scores)), _unknown(len(pairs.gts.class_index))
    by_image = np.zeros((count, 3), np.int32)
    edges = np.linspace(iou, 1, OVERLAP_BINS + 1).astype(np.float32)
    point = _JudgedAt(min(iou, 1 - 1e-10), float(scores.dtype.type(confidence)), BACKGROUND_IOU, edges)
    _tally.compile()  # type: ignore[attr-defined]

    def count_part(part: tuple[int, int]) -> _Counted:
        counted = _Counted.nothing(classes)
        _tally(part[0], part[1], shown, pairs, scores, placed, point, dets, gts, by_image, counted)
        return counted

    parts = side_by_side(count_part, image_parts(count, len(scores)))
    return _told(by_image, _Counted(*(np.sum(columns, axis=0) for columns in zip(*parts, strict=True))))


def _told(by_image: NDArray[np.int32], counted: _Counted) -> Tally:
    """Return what the page asks for."""
    of_class = counted.dets.sum(axis=2)
    confusion = np.zeros((len(of_class) + 1, len(of_class) + 1), np.int64)
    confusion[:-1] = counted.gts.sum(axis=1)
    confusion[:-1, :-1] += np.diag(of_class[:, NONE])
    confusion[-1, :-1] = counted.dets[:, NONE + 1 :, 0].sum(axis=1)
    wrong = of_class.copy()
    wrong[:, NONE] = 0
    return Tally(
        by_image=by_image, confusion=confusion, found=of_class[:, NONE], wrong=wrong, missed=counted.gts.sum(axis=2),
        overlaps=counted.overlaps, right_scores=counted.scores[:, 1], wrong_scores=counted.scores[:, 0],
        score_sums=counted.score_sums, sizes=counted.sizes, size_images=counted.size_images,
    )  # fmt: skip


def _unknown(count: int) -> BoxFindings:
    """Return room for the findings of K boxes; they are reset image by image."""
    return BoxFindings(np.empty(count, np.int8), np.empty(count, np.int32), np.empty(count), np.empty(count, np.bool_))


@compiled_in_place
def _tally(
    start: int,
    end: int,
    shown: NDArray[np.bool_],
    pairs: Overlaps,
    scores: NDArray[np.floating],
    bins: BoxBins,
    point: _JudgedAt,
    dets: BoxFindings,
    gts: BoxFindings,
    by_image: NDArray[np.int32],
    to: _Counted,
) -> None:
    """Judge and count the images ``start`` … ``end`` - 1 as far as they are shown."""
    for image in range(start, end):
        if not shown[image]:
            continue
        first, last = pairs.dets.bounds[image], pairs.dets.bounds[image]
        while last < pairs.dets.bounds[image + 1] and scores[pairs.dets.row[last]] >= point.confidence:
            last += 1
        rows = pairs.dets.row[first:last]
        boxes = pairs.gts.row[pairs.gts.bounds[image] : pairs.gts.bounds[image + 1]]
        _forget(rows, dets)
        _forget(boxes, gts)
        judge_image(image, first, last, pairs, point.iou, point.background_iou, dets, gts)
        sizes = _count_detections(by_image[image], rows, pairs, scores, bins, point, dets, to)
        sizes |= _count_missed(by_image[image], boxes, pairs, bins, gts, to)
        for s in range(len(to.size_images)):
            to.size_images[s] += (sizes >> s) & 1


@compiled_in_place
def _forget(rows: NDArray[np.int32], known: BoxFindings) -> None:
    for k in rows:
        known.other[k] = -1
        known.overlap[k] = 0.0
        known.mutual[k] = False


@compiled_in_place
def _count_detections(
    image: NDArray[np.int32],
    rows: NDArray[np.int32],
    pairs: Overlaps,
    scores: NDArray[np.floating],
    bins: BoxBins,
    point: _JudgedAt,
    dets: BoxFindings,
    to: _Counted,
) -> int:
    """Count the detections of an image that found a box or are wrong; return a bit for each size that is met."""
    sizes = 0
    for i in rows:
        error, j = dets.error[i], dets.other[i]
        if error < NONE:
            continue
        right = 1 if error == NONE else 0
        size = bins.gt_size[j] if j >= 0 else bins.det_size[i]
        to.dets[pairs.dets.class_index[i], error, 1 if dets.mutual[i] else 0] += 1
        to.scores[bins.det_score[i], right] += 1
        to.score_sums[bins.det_score[i]] += scores[i]
        to.sizes[size, FP - right] += 1
        image[FP - right] += 1
        sizes |= 1 << size
        if right:
            to.overlaps[_place(np.float32(dets.overlap[i]), point.overlaps)] += 1
    return sizes


@compiled_in_place
def _count_missed(
    image: NDArray[np.int32], boxes: NDArray[np.int32], pairs: Overlaps, bins: BoxBins, gts: BoxFindings, to: _Counted
) -> int:
    """Count the labelled boxes of an image that were not found; return a bit for each size that is met."""
    sizes = 0
    for j in boxes:
        if gts.error[j] <= NONE:
            continue
        taken_for = pairs.dets.class_index[gts.other[j]] if gts.mutual[j] else -1
        to.gts[pairs.gts.class_index[j], gts.error[j], taken_for] += 1
        to.sizes[bins.gt_size[j], FN] += 1
        image[FN] += 1
        sizes |= 1 << bins.gt_size[j]
    return sizes


@compiled
def _places(values: NDArray[np.floating], edges: NDArray[np.floating]) -> NDArray[np.int8]:
    """Return (K,) the bin of each value."""
    found = np.empty(len(values), np.int8)
    for k in range(len(values)):
        found[k] = _place(values[k], edges)
    return found


@compiled_in_place
def _place(value: float | np.float32, edges: NDArray[np.floating]) -> int:
    """Return the bin of a value, its lower edge included; what lies outside falls into the first or last."""
    last = len(edges) - 2
    place = int((value - edges[0]) / (edges[last + 1] - edges[0]) * (last + 1))  # right where edges are even
    place = min(max(place, 0), last)
    while place < last and value >= edges[place + 1]:
        place += 1
    while place > 0 and value < edges[place]:
        place -= 1
    return place
