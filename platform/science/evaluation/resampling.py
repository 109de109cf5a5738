"""Average precision of many resamples at once: images carry integer weights, matches stay as they are.

An image drawn twice counts twice; drawing it does not change which detection matches which box, so a resample costs
one walk over the right detections instead of an evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.evaluation.average_precision import RECALL_POINTS
from science.evaluation.matching import Matches
from science.geometry.compiled import compiled

BLOCK = 64  # resamples whose weights are held in memory at once


class Prepared(NamedTuple):
    """What a resample needs of an evaluation, size "all"; the right detections of (class, threshold) lie together."""

    bounds: NDArray[np.int64]  # (C+1,) the detections of each class
    image: NDArray[np.int32]  # (D,)
    ignored: NDArray[np.uint16]  # (D,) bits
    any_ignored: NDArray[np.bool_]  # (C,) whether any detection of the class is ignored at any threshold
    right: NDArray[np.int32]  # (P,) positions of right detections, rising
    right_image: NDArray[np.int32]  # (P,) their images
    right_bounds: NDArray[np.int64]  # (C, T, 2) their place in ``right``
    box_image: NDArray[np.int32]  # (N',) image of each countable box, by class
    box_bounds: NDArray[np.int64]  # (C+1,)


def prepare(matches: Matches) -> Prepared:
    """Sort out once what every resample reads."""
    bounds, steps = matches.class_bounds(), len(matches.iou_thresholds)
    pieces, spans = [np.zeros(0, np.int32)], np.zeros((matches.classes, steps, 2), np.int64)
    filled = 0
    for c in range(matches.classes):
        bits = matches.hit[0, bounds[c] : bounds[c + 1]]
        for t in range(steps):
            piece = np.flatnonzero(bits & np.uint16(1 << t)).astype(np.int32) + np.int32(bounds[c])
            pieces.append(piece)
            spans[c, t] = filled, filled + len(piece)
            filled += len(piece)
    right = np.concatenate(pieces)
    real = np.flatnonzero(~matches.gt_ignored[0])
    by_class = real[np.argsort(matches.gt_class[real], kind="stable")]
    return Prepared(
        bounds=bounds,
        image=matches.det_image,
        ignored=matches.ignored[0],
        any_ignored=np.array([matches.ignored[0, bounds[c] : bounds[c + 1]].any() for c in range(matches.classes)]),
        right=right,
        right_image=matches.det_image[right],
        right_bounds=spans,
        box_image=matches.gt_image[by_class],
        box_bounds=np.searchsorted(matches.gt_class[by_class], np.arange(matches.classes + 1)).astype(np.int64),
    )


def score_resamples(prepared: Prepared, weights: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return (B, C, T) average precision for (B, I) weights; NaN where the resample has no box of the class."""
    scored: NDArray[np.float64] = _score(weights, prepared, RECALL_POINTS)
    return scored


def group_numbers(groups: ArrayLike | None, images: int) -> NDArray[np.int64]:
    """Return (I,) group numbers 0 … G-1; an image without one (negative, or None given) is a group of its own."""
    if groups is None:
        return np.arange(images, dtype=np.int64)
    given = np.asarray(groups, np.int64).reshape(-1)
    if len(given) != images:
        raise ValueError(f"groups has {len(given)} rows, expected {images}")
    alone = given < 0
    named = np.where(alone, np.arange(images) + given.max(initial=0) + 1, given)
    numbers: NDArray[np.int64] = np.unique(named, return_inverse=True)[1].astype(np.int64)
    return numbers


def draws(groups: NDArray[np.int64], resamples: int, seed: int) -> Iterator[NDArray[np.int32]]:
    """Yield blocks (B, I) of how often each image stands in each resample: as many groups as there are, with return."""
    generator = np.random.default_rng(seed)
    count = int(groups.max(initial=-1)) + 1
    for start in range(0, resamples, BLOCK):
        size = min(BLOCK, resamples - start)
        picked = generator.integers(0, count, (size, count)) + np.arange(size)[:, None] * count
        times = np.bincount(picked.ravel(), minlength=size * count).reshape(size, count)
        yield np.ascontiguousarray(times[:, groups], dtype=np.int32)


@compiled
def _score(weights: NDArray[np.int32], evaluation: Prepared, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Walk all resamples, classes and thresholds."""
    resamples = len(weights)
    classes, steps, _ = evaluation.right_bounds.shape
    result = np.full((resamples, classes, steps), np.nan)
    kept = np.zeros(len(evaluation.image), np.int64)  # detections of the class down to here
    for b in range(resamples):
        weight = weights[b]
        for c in range(classes):
            boxes = 0
            for j in range(evaluation.box_bounds[c], evaluation.box_bounds[c + 1]):
                boxes += weight[evaluation.box_image[j]]
            if boxes == 0:
                continue
            for t in range(steps):
                if t == 0 or evaluation.any_ignored[c]:
                    _count_kept(weight, evaluation, c, t, kept)
                rows = slice(evaluation.right_bounds[c, t, 0], evaluation.right_bounds[c, t, 1])
                result[b, c, t] = _average_precision(
                    weight, evaluation.right[rows], evaluation.right_image[rows], kept, boxes, points
                )
    return result


@compiled
def _count_kept(weight: NDArray[np.int32], evaluation: Prepared, c: int, t: int, kept: NDArray[np.int64]) -> None:
    """Fill in for each detection of a class how many that count are at its score or above."""
    bit = np.uint16(1 << t)
    total = 0
    for d in range(evaluation.bounds[c], evaluation.bounds[c + 1]):
        if not evaluation.ignored[d] & bit:
            total += weight[evaluation.image[d]]
        kept[d] = total


@compiled
def _average_precision(
    weight: NDArray[np.int32],
    right: NDArray[np.int32],
    right_image: NDArray[np.int32],
    kept: NDArray[np.int64],
    boxes: int,
    points: NDArray[np.float64],
) -> float:
    """Mean over the recall points of the best precision from there on; from the lowest right detection upwards.

    The best precision is kept as a fraction and a recall point looked at only when near: divisions are what costs here.
    """
    found = 0
    for k in range(len(right)):
        found += weight[right_image[k]]
    r = len(points) - 1
    while r >= 0 and points[r] > found / boxes:
        r -= 1
    total = 0.0
    best_found = 0
    best_kept = 1
    near = points[r] * boxes + 1  # no recall point is passed before ``found`` is below this
    for k in range(len(right) - 1, -1, -1):
        w = weight[right_image[k]]
        if w == 0:
            continue
        if found * best_kept > best_found * kept[right[k]]:
            best_found = found
            best_kept = kept[right[k]]
        found -= w
        if found > near:
            continue
        while r >= 0 and points[r] > found / boxes:
            total += best_found / best_kept
            r -= 1
        near = points[r] * boxes + 1 if r >= 0 else -1.0
    return (total + best_found / best_kept) / len(points)  # recall 0 is reached by the first detection, right or wrong
