"""One greedy COCO matching pass, in columns, so that a subset or resample of the images needs no second one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from curate.diagnosis.types import Detections, GroundTruth
from geometry.compiled import compiled

IOU_THRESHOLDS: tuple[float, ...] = tuple(np.linspace(0.5, 0.95, 10).tolist())  # COCO's ten, to the last bit
AREAS: tuple[str, ...] = ("all", "small", "medium", "large")
AREA_RANGES: tuple[tuple[float, float], ...] = ((0.0, 1e10), (0.0, 32.0**2), (32.0**2, 96.0**2), (96.0**2, 1e10))
MAX_DETECTIONS = 100  # per image and class, the highest scores
MOST_THRESHOLDS = 16  # one bit each in ``hit``

Float64s = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Matches:
    """Which detection found which box, at each IoU threshold and in each of the four object sizes.

    D detections (after the limit per image and class), sorted by class, then score from high to low, ties by image
    and by the order given. N boxes in the order of the ground truth. ``hit`` and ``ignored`` hold one bit per IoU
    threshold: bit t of ``hit[a, d]`` says that detection d found a box of size a at threshold t, the same bit of
    ``ignored`` that it counts neither as right nor as wrong there.
    """

    classes: int  # C
    iou_thresholds: NDArray[np.float64]  # (T,) rising, T <= 16
    image_ids: NDArray[np.int64]  # (I,)
    det_row: NDArray[np.int64]  # (D,) position in the Detections that were matched
    det_image: NDArray[np.int32]  # (D,)
    det_class: NDArray[np.int32]  # (D,)
    det_score: NDArray[np.float64]  # (D,)
    det_rank: NDArray[np.int32]  # (D,) 0 = the highest score of its image and class
    hit: NDArray[np.uint16]  # (4, D) bits over T
    ignored: NDArray[np.uint16]  # (4, D) bits over T
    matched: NDArray[np.int32]  # (T, D) position in the GroundTruth, size "all"; -1 = none
    gt_image: NDArray[np.int32]  # (N,)
    gt_class: NDArray[np.int32]  # (N,)
    gt_ignored: NDArray[np.bool_]  # (4, N) a crowd, or of another size

    @property
    def images(self) -> int:
        """The number of images, I."""
        return len(self.image_ids)

    def class_bounds(self) -> NDArray[np.int64]:
        """Return (C+1,) positions: the detections of class c are ``bounds[c]:bounds[c + 1]``."""
        bounds: NDArray[np.int64] = np.searchsorted(self.det_class, np.arange(self.classes + 1)).astype(np.int64)
        return bounds

    def threshold(self, iou: float) -> int:
        """Return the position of an IoU threshold; raises ``ValueError`` where it was not matched at."""
        position = int(np.abs(self.iou_thresholds - iou).argmin())
        if abs(self.iou_thresholds[position] - iou) > 1e-9:
            raise ValueError(f"no matches at IoU {iou}")
        return position

    def save(self, path: Path | str | IO[bytes]) -> None:
        """Write one compressed ``.npz``, to a path or into an open file."""
        np.savez_compressed(path, **{column.name: getattr(self, column.name) for column in fields(self)})

    @classmethod
    def load(cls, path: Path | str) -> Matches:
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            columns = {column.name: stored[column.name] for column in fields(cls)}
        return cls(**{**columns, "classes": int(columns["classes"])})


class _Rows(NamedTuple):
    """Detections or boxes, sorted by key."""

    key: NDArray[np.int64]  # (K,) one number per (class, image)
    box: Float64s  # (K, 5) ``compact_boxes``
    crowd: Bools  # (K,) boxes only


class _Found(NamedTuple):
    """What the walk fills; ``matched`` points into the sorted boxes."""

    hit: NDArray[np.uint16]  # (4, D)
    ignored: NDArray[np.uint16]  # (4, D)
    matched: NDArray[np.int64]  # (T, D)


def match(
    truth: GroundTruth,
    detections: Detections,
    *,
    classes: int,
    iou_thresholds: tuple[float, ...] = IOU_THRESHOLDS,
    max_detections: int = MAX_DETECTIONS,
) -> Matches:
    """Match detections to boxes per image and class as pycocotools does.

    Detections in falling score each take the free box of their class with the highest IoU at or above the
    threshold; a real box is preferred to an ignored one (crowd, other size). Raises ``ValueError`` where a class
    or image lies outside ``classes`` or the ground truth's images.
    """
    _check(truth, detections, classes, len(iou_thresholds))
    order, rank = _ranked(detections, max_detections)
    gt_order = np.lexsort((truth.image_index, truth.class_index))
    gt_ignored = _ignored(truth)
    dets = _Rows(
        _keys(detections.class_index, detections.image_index, truth.images)[order],
        compact_boxes(detections.boxes, detections.box_area)[order],
        np.zeros(len(order), np.bool_),
    )
    gts = _Rows(
        _keys(truth.class_index, truth.image_index, truth.images)[gt_order],
        compact_boxes(truth.boxes, truth.box_area)[gt_order],
        truth.crowd[gt_order],
    )
    thresholds = np.minimum(np.asarray(iou_thresholds, np.float64), 1 - 1e-10)  # pycocotools' ceiling
    found = _match_groups(dets, gts, gt_ignored[:, gt_order], thresholds, np.asarray(AREA_RANGES))
    padded = np.append(gt_order, -1)  # -1 stays -1
    by_score = np.lexsort((-detections.scores[order].astype(np.float64), detections.class_index[order]))
    rows = order[by_score]
    return Matches(
        classes=classes,
        iou_thresholds=np.asarray(iou_thresholds, np.float64),
        image_ids=truth.image_ids,
        det_row=rows,
        det_image=detections.image_index[rows].astype(np.int32),
        det_class=detections.class_index[rows].astype(np.int32),
        det_score=detections.scores[rows].astype(np.float64),
        det_rank=rank[by_score],
        hit=found.hit[:, by_score],
        ignored=found.ignored[:, by_score],
        matched=padded[found.matched[:, by_score]].astype(np.int32),
        gt_image=truth.image_index.astype(np.int32),
        gt_class=truth.class_index.astype(np.int32),
        gt_ignored=gt_ignored,
    )


def _check(truth: GroundTruth, detections: Detections, classes: int, thresholds: int) -> None:
    if not 1 <= thresholds <= MOST_THRESHOLDS:
        raise ValueError(f"1 to {MOST_THRESHOLDS} IoU thresholds, not {thresholds}")
    for name, index, length in (
        ("GroundTruth.class_index", truth.class_index, classes),
        ("Detections.class_index", detections.class_index, classes),
        ("Detections.image_index", detections.image_index, truth.images),
    ):
        if len(index) and (index.min() < 0 or index.max() >= length):
            raise ValueError(f"{name} must lie in 0 … {length - 1}")


def _keys(class_index: NDArray[np.int64], image_index: NDArray[np.int64], images: int) -> NDArray[np.int64]:
    """Return one number per (class, image), rising by class, then image."""
    return class_index * images + image_index


def _ranked(detections: Detections, most: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the positions kept, by class, image and falling score, and each one's rank among its image and class."""
    scores = detections.scores.astype(np.float64)
    order = np.lexsort((-scores, detections.image_index, detections.class_index)).astype(np.int64)
    classes, images = detections.class_index[order], detections.image_index[order]
    first = np.ones(len(order), bool)
    first[1:] = (classes[1:] != classes[:-1]) | (images[1:] != images[:-1])
    starts = np.flatnonzero(first)
    rank = np.arange(len(order)) - starts[np.cumsum(first) - 1] if len(order) else np.zeros(0, np.int64)
    kept = rank < most
    return order[kept], rank[kept].astype(np.int32)


def _ignored(truth: GroundTruth) -> NDArray[np.bool_]:
    """Return (4, N) true where a box does not count for an object size."""
    size = compact_boxes(truth.boxes, truth.box_area)[:, 4] if truth.area is None else truth.area
    low, high = np.asarray(AREA_RANGES)[:, :1], np.asarray(AREA_RANGES)[:, 1:]
    outside: NDArray[np.bool_] = truth.crowd[None, :] | (size[None, :] < low) | (size[None, :] > high)
    return outside


def compact_boxes(boxes: NDArray[np.floating], box_area: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Return (N, 5): each box as float64 xyxy, then its area in square pixels, as a file stated it where it did."""
    xyxy = boxes.astype(np.float64)
    stated = (xyxy[:, 2] - xyxy[:, 0]) * (xyxy[:, 3] - xyxy[:, 1]) if box_area is None else box_area
    return np.concatenate([xyxy, stated[:, None]], axis=1)


@compiled
def overlap(a: Float64s, b: Float64s, crowd: bool) -> float:
    """IoU of two rows of ``compact_boxes``; on a crowd the part of ``a`` that lies inside it."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    if width <= 0:
        return 0.0
    height = min(a[3], b[3]) - max(a[1], b[1])
    if height <= 0:
        return 0.0
    shared = width * height
    return float(shared / a[4] if crowd else shared / (a[4] + b[4] - shared))


@compiled
def _match_groups(dets: _Rows, gts: _Rows, gt_ignored: Bools, thresholds: Float64s, ranges: Float64s) -> _Found:
    """Match every (class, image) group; rows of both sides are sorted by key."""
    sizes, steps, total = len(ranges), len(thresholds), len(dets.key)
    hit = np.zeros((sizes, total), np.uint16)
    ignored = np.zeros((sizes, total), np.uint16)
    matched = np.full((steps, total), -1, np.int64)
    d = 0
    g = 0
    while d < total:
        key = dets.key[d]
        d_end = d
        while d_end < total and dets.key[d_end] == key:
            d_end += 1
        while g < len(gts.key) and gts.key[g] < key:
            g += 1
        g_end = g
        while g_end < len(gts.key) and gts.key[g_end] == key:
            g_end += 1
        overlaps = np.empty((d_end - d, g_end - g))
        for i in range(d_end - d):
            for j in range(g_end - g):
                overlaps[i, j] = overlap(dets.box[d + i], gts.box[g + j], gts.crowd[g + j])
        for a in range(sizes):
            found = _Found(hit[a : a + 1, d:d_end], ignored[a : a + 1, d:d_end], matched[:, d:d_end])
            _match_group(overlaps, gts.crowd[g:g_end], gt_ignored[a, g:g_end], thresholds, found, g if a == 0 else -1)
            for i in range(d, d_end):
                if dets.box[i, 4] < ranges[a, 0] or dets.box[i, 4] > ranges[a, 1]:  # unmatched and of another size
                    ignored[a, i] |= ~hit[a, i] & np.uint16((1 << steps) - 1)
        d = d_end
        g = g_end
    return _Found(hit, ignored, matched)


@compiled
def _match_group(
    overlaps: Float64s, crowd: Bools, gt_ignored: Bools, thresholds: Float64s, found: _Found, offset: int
) -> None:
    """Match one image, class and object size; the boxes found are kept, counted from ``offset``, unless it is -1."""
    count = len(gt_ignored)
    real_first = np.argsort(gt_ignored, kind="mergesort")
    for t in range(len(thresholds)):
        bit = np.uint16(1 << t)
        taken = np.zeros(count, np.bool_)
        for i in range(len(overlaps)):
            best = -1
            least = thresholds[t]
            for k in range(count):
                j = real_first[k]
                if taken[j] and not crowd[j]:
                    continue
                if best >= 0 and not gt_ignored[best] and gt_ignored[j]:
                    break  # a real box is found; ignored ones come after it
                if overlaps[i, j] >= least:
                    best = j
                    least = overlaps[i, j]
            if best < 0:
                continue
            taken[best] = True
            if offset >= 0:
                found.matched[t, i] = best + offset
            if gt_ignored[best]:
                found.ignored[0, i] |= bit
            else:
                found.hit[0, i] |= bit
