"""Average precision of many resamples at once: images carry integer weights, matches stay as they are.

An image drawn twice counts twice; drawing it does not change which detection matches which box, so a resample costs
one walk over the detections instead of an evaluation, and many resamples are walked side by side: the weights of an
image in all of them are read at once, and counted several by one instruction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.evaluation.average_precision import RECALL_POINTS
from science.evaluation.matching import Matches
from science.geometry.compiled import compiled_in_place

BLOCK = 64  # resamples whose weights are held in memory at once
LANES = 64  # resamples that are walked side by side
TINY = 1e-300  # keeps one over nothing finite, and adds nothing to a count

Float64s = NDArray[np.float64]
Weights = NDArray[np.uint8] | NDArray[np.int32]  # (I, LANES)


class Prepared(NamedTuple):
    """What a resample needs of an evaluation, size "all": detections by class and falling score, and boxes by class."""

    bounds: NDArray[np.int64]  # (C+1,) the detections of each class
    image: NDArray[np.int32]  # (D,)
    hit: NDArray[np.uint16]  # (D,) bits of the T thresholds
    ignored: NDArray[np.uint16]  # (D,) bits
    any_ignored: NDArray[np.bool_]  # (C,) whether any detection of the class is ignored at any threshold
    box_image: NDArray[np.int32]  # (N',) image of each countable box, by class
    box_bounds: NDArray[np.int64]  # (C+1,)
    steps: int  # T


def prepare(
    matches: Matches, images: NDArray[np.bool_] | None = None, classes: NDArray[np.bool_] | None = None
) -> Prepared:
    """Sort out once what every resample reads, of all or of some images (I,) and classes (C,).

    The same as of ``matches.of(images, classes=classes)``, without a copy of what no resample reads.
    """
    rows = _of(matches.det_image, matches.det_class, images, classes)
    counted = _of(matches.gt_image, matches.gt_class, images, classes)
    real = np.flatnonzero(~matches.gt_ignored[0] if counted is None else ~matches.gt_ignored[0] & counted)
    by_class = real[np.argsort(matches.gt_class[real], kind="stable")]
    kept = slice(None) if rows is None else np.flatnonzero(rows)
    ignored, numbers = matches.ignored[0, kept], np.arange(matches.classes + 1)
    bounds = np.searchsorted(matches.det_class[kept], numbers).astype(np.int64)
    return Prepared(
        bounds=bounds,
        image=matches.det_image[kept],
        hit=matches.hit[0, kept],
        ignored=ignored,
        any_ignored=np.array([ignored[bounds[c] : bounds[c + 1]].any() for c in range(matches.classes)]),
        box_image=matches.gt_image[by_class],
        box_bounds=np.searchsorted(matches.gt_class[by_class], numbers).astype(np.int64),
        steps=len(matches.iou_thresholds),
    )


def _of(
    image: NDArray[np.int32],
    class_index: NDArray[np.int32],
    images: NDArray[np.bool_] | None,
    classes: NDArray[np.bool_] | None,
) -> NDArray[np.bool_] | None:
    """Return (K,) which boxes are on some images and of some classes; None where all are."""
    if images is None:
        return None if classes is None else classes[class_index]
    return images[image] if classes is None else images[image] & classes[class_index]


def score_resamples(prepared: Prepared, weights: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return (B, C, T) average precision for (B, I) weights; NaN where the resample has no box of the class."""
    blocks = [_score_lanes(prepared, weights[start : start + LANES]) for start in range(0, max(len(weights), 1), LANES)]
    return np.concatenate(blocks)


def _score_lanes(prepared: Prepared, weights: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the same for at most ``LANES`` resamples, whose weights of an image are laid side by side."""
    small = weights.max(initial=0) <= np.iinfo(np.uint8).max
    lanes = np.zeros((weights.shape[1], LANES), np.uint8 if small else np.int32)
    lanes[:, : len(weights)] = weights.T
    classes = len(prepared.bounds) - 1
    scored = np.full((classes, prepared.steps, LANES), np.nan)
    _score.compile()  # type: ignore[attr-defined]
    _score(lanes, prepared, RECALL_POINTS, _Lanes.of(prepared.steps), scored)
    return scored[:, :, : len(weights)].transpose(2, 0, 1)


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


class _Lanes(NamedTuple):
    """Where the walk down a class stands, in ``LANES`` resamples side by side."""

    boxes: Float64s  # (L,) of the class
    kept: Float64s  # (T, L) detections that count so far; one row for all thresholds where none is ignored
    part: Float64s  # (L,) one over ``kept``
    weight: Float64s  # (L,) of the detection's image
    found: Float64s  # (T, L) boxes found so far
    needed: Float64s  # (T, L) with how many of them the next recall point is reached
    best: Float64s  # (T, L) the best precision since the last recall point was reached
    place: NDArray[np.int64]  # (T, L) the last recall point that was reached
    bests: Float64s  # (T, R, L) the best precision between each recall point and the next

    @classmethod
    def of(cls, steps: int) -> _Lanes:
        one, each = (LANES,), (steps, LANES)
        return cls(
            np.empty(one), np.empty(each), np.empty(one), np.empty(one), np.empty(each), np.empty(each), np.empty(each),
            np.empty(each, np.int64), np.empty((steps, len(RECALL_POINTS), LANES)),
        )  # fmt: skip


@compiled_in_place
def _score(weights: Weights, evaluation: Prepared, points: Float64s, lanes: _Lanes, scored: Float64s) -> None:
    """Walk down all classes: each detection once, for all resamples and thresholds, and fill in (C, T, L)."""
    for c in range(len(evaluation.bounds) - 1):
        _begin(c, weights, evaluation, points, lanes)
        if evaluation.any_ignored[c]:
            _walk_with_ignored(c, weights, evaluation, points, lanes)
        else:
            _walk(c, weights, evaluation, points, lanes)
        _end(c, points, lanes, scored)


@compiled_in_place
def _begin(c: int, weights: Weights, evaluation: Prepared, points: Float64s, lanes: _Lanes) -> None:
    """Count the boxes of a class and set its walk back to the top."""
    lanes.boxes[:] = 0.0
    for j in range(evaluation.box_bounds[c], evaluation.box_bounds[c + 1]):
        row = weights[evaluation.box_image[j]]
        for b in range(LANES):
            lanes.boxes[b] += row[b]
    lanes.kept[:] = TINY
    lanes.found[:] = 0.0
    lanes.best[:] = 0.0
    lanes.place[:] = 0
    lanes.bests[:] = 0.0
    for t in range(len(lanes.found)):
        for b in range(LANES):
            lanes.needed[t, b] = _needed(1, lanes.boxes[b], points)


@compiled_in_place
def _needed(r: int, boxes: float, points: Float64s) -> float:
    """Return the lowest number of boxes with which recall point ``r`` is reached; infinite where it never is."""
    if r >= len(points) or boxes == 0:
        return np.inf
    wanted = np.floor(points[r] * boxes)
    while wanted > 0 and (wanted - 1) / boxes >= points[r]:
        wanted -= 1
    while wanted / boxes < points[r]:
        wanted += 1
    return float(wanted)


@compiled_in_place
def _walk(c: int, weights: Weights, evaluation: Prepared, points: Float64s, lanes: _Lanes) -> None:
    """Walk down a class of which no detection is ignored, so that as many count at each threshold."""
    kept = lanes.kept[0]
    for d in range(evaluation.bounds[c], evaluation.bounds[c + 1]):
        row, hit = weights[evaluation.image[d]], evaluation.hit[d]
        if hit == 0:
            for b in range(LANES):
                kept[b] += row[b]
            continue
        for b in range(LANES):
            weight = float(row[b])
            lanes.weight[b] = weight
            kept[b] += weight
            lanes.part[b] = 1.0 / kept[b]
        for t in range(len(lanes.found)):
            if hit & np.uint16(1 << t):
                _find(t, points, lanes)


@compiled_in_place
def _walk_with_ignored(c: int, weights: Weights, evaluation: Prepared, points: Float64s, lanes: _Lanes) -> None:
    """Walk down a class of which some detections count at some thresholds only."""
    for d in range(evaluation.bounds[c], evaluation.bounds[c + 1]):
        row, hit, ignored = weights[evaluation.image[d]], evaluation.hit[d], evaluation.ignored[d]
        for b in range(LANES):
            lanes.weight[b] = row[b]
        for t in range(len(lanes.found)):
            bit = np.uint16(1 << t)
            if ignored & bit:
                continue
            for b in range(LANES):
                lanes.kept[t, b] += lanes.weight[b]
            if hit & bit:
                for b in range(LANES):
                    lanes.part[b] = 1.0 / lanes.kept[t, b]
                _find(t, points, lanes)


@compiled_in_place
def _find(t: int, points: Float64s, lanes: _Lanes) -> None:
    """Count a detection that is right at a threshold.

    Its precision counts for every recall point up to its own: so it may stand with those before, too.
    """
    found, needed, best = lanes.found[t], lanes.needed[t], lanes.best[t]
    reached = False
    for b in range(LANES):  # without a branch, so that resamples are counted several at a time
        found[b] += lanes.weight[b]
        precision = found[b] * lanes.part[b]
        best[b] = precision if precision > best[b] else best[b]
        reached |= found[b] >= needed[b]
    if reached:
        _pass_points(t, points, lanes)


@compiled_in_place
def _pass_points(t: int, points: Float64s, lanes: _Lanes) -> None:
    """Note the best precision so far in the resamples in which the next recall point is reached."""
    for b in range(LANES):
        if lanes.found[t, b] < lanes.needed[t, b]:
            continue
        lanes.bests[t, lanes.place[t, b], b] = lanes.best[t, b]
        lanes.best[t, b] = lanes.found[t, b] * lanes.part[b]
        while lanes.found[t, b] >= lanes.needed[t, b]:
            lanes.place[t, b] += 1
            lanes.needed[t, b] = _needed(lanes.place[t, b] + 1, lanes.boxes[b], points)


@compiled_in_place
def _end(c: int, points: Float64s, lanes: _Lanes, scored: Float64s) -> None:
    """Take the mean over the recall points of the best precision from each on; there is none without a box."""
    for t in range(len(lanes.found)):
        for b in range(LANES):
            if lanes.boxes[b] == 0:
                continue
            lanes.bests[t, lanes.place[t, b], b] = lanes.best[t, b]
            best, total = 0.0, 0.0
            for r in range(len(points) - 1, -1, -1):
                best = max(best, lanes.bests[t, r, b])
                total += best
            scored[c, t, b] = total / len(points)
