"""One greedy COCO matching pass, in columns, so that a subset or resample of the images needs no second one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.ordering import by_class_and_image, by_falling_score
from science.evaluation.overlaps import NearShapes, near_shapes
from science.evaluation.threads import FEW_ROWS, cores, side_by_side
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import box_and_area
from science.geometry.compiled import compiled, compiled_in_place

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
    hit: NDArray[np.uint16]  # (A, D) bits over T, of A object sizes: COCO's four, unless others were asked for
    ignored: NDArray[np.uint16]  # (A, D) bits over T
    matched: NDArray[np.int32]  # (T, D) position in the GroundTruth, size "all"; -1 = none
    gt_image: NDArray[np.int32]  # (N,)
    gt_class: NDArray[np.int32]  # (N,)
    gt_ignored: NDArray[np.bool_]  # (A, N) a crowd, or of another size

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

    def of(
        self,
        images: NDArray[np.bool_] | None = None,
        *,
        classes: NDArray[np.bool_] | None = None,
        confidence: float | None = None,
    ) -> Matches:
        """Return the matches of some images (I,), of some classes (C,), or from a score on, without matching again.

        Images, classes and boxes keep their numbers: boxes left out are ignored, detections left out are gone. Exact,
        as what is left out changes no match of what stays: matching is per image and class, and by falling score.
        """
        det, gt = np.ones(len(self.det_image), np.bool_), np.ones(len(self.gt_image), np.bool_)
        if images is not None:
            det, gt = images[self.det_image], images[self.gt_image]
        if classes is not None:
            det, gt = det & classes[self.det_class], gt & classes[self.gt_class]
        if confidence is not None:
            det = det & (self.det_score >= confidence)
        columns = ("det_row", "det_image", "det_class", "det_score", "det_rank")
        return replace(
            self,
            **{name: getattr(self, name)[det] for name in columns},
            hit=self.hit[:, det],
            ignored=self.ignored[:, det],
            matched=self.matched[:, det],
            gt_ignored=self.gt_ignored | ~gt,
        )

    def save(self, path: Path | str | IO[bytes]) -> None:
        """Write one compressed ``.npz``, to a path or into an open file."""
        np.savez_compressed(path, **{column.name: getattr(self, column.name) for column in fields(self)})

    @classmethod
    def load(cls, path: Path | str | IO[bytes]) -> Matches:
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            columns = {column.name: stored[column.name] for column in fields(cls)}
        return cls(**{**columns, "classes": int(columns["classes"])})


class _Rows(NamedTuple):
    """Detections or boxes: what is sorted by key, and the columns in the order given that ``row`` points into."""

    key: NDArray[np.int64]  # (K,) one number per (class, image), rising
    row: NDArray[np.int32]  # (K,)
    box: Float64s  # (all, 4) xyxy pixels
    area: Float64s  # (all,) square pixels
    flag: Bools  # (all,) a crowd box; a detection that may be wrong without counting


class _MatchColumns(NamedTuple):
    """What the walk fills, at the places where the detections stand by class and score: what is one's lies together."""

    place: NDArray[np.int32]  # (K,) of the detections sorted by key
    hit: NDArray[np.uint16]  # (D, A)
    ignored: NDArray[np.uint16]  # (D, A)
    matched: NDArray[np.int32]  # (D, T)


class _Room(NamedTuple):
    """Where the walk notes what it knows of the boxes of one image and class."""

    value: Float64s  # (K,) IoU of a candidate
    levels: NDArray[np.uint16]  # (K,) bits of the thresholds that it reaches
    box: NDArray[np.int64]  # (K,) which one it is
    taken: NDArray[np.uint16]  # (K, A) bits of the thresholds at which a box is found already
    ignored: Bools  # (K, A) whether a box does not count for a size
    near: Float64s  # (K, 5) xyxy and area, -1 = a crowd

    @classmethod
    def of(cls, most: int, sizes: int) -> _Room:
        return cls(np.empty(most), np.empty(most, np.uint16), np.empty(most, np.int64),
                   np.zeros((most, sizes), np.uint16), np.empty((most, sizes), np.bool_),
                   np.empty((most, 5)))  # fmt: skip


def match(
    truth: GroundTruth,
    detections: Detections,
    *,
    classes: int,
    iou_thresholds: tuple[float, ...] = IOU_THRESHOLDS,
    max_detections: int = MAX_DETECTIONS,
    area_ranges: tuple[tuple[float, float], ...] = AREA_RANGES,
) -> Matches:
    """Match detections to boxes per image and class as pycocotools does.

    Detections in falling score each take the free box of their class with the highest IoU at or above the
    threshold; a real box is preferred to an ignored one (crowd, other size). ``area_ranges`` are the object sizes in
    square pixels, both ends included, the first of which is meant to be all. Where the labels have shapes, the IoU is
    theirs. Raises ``ValueError`` where a class or image lies outside ``classes`` or the ground truth's images.
    """
    _check(truth, detections, classes, len(iou_thresholds))
    scores = detections.scores.astype(np.float64, copy=False)
    ranked = _ranked(detections, scores, classes, truth.images, max_detections)
    gt_ignored = _ignored(truth, area_ranges)
    optional = np.zeros(len(detections), np.bool_) if detections.optional is None else detections.optional
    dets = _Rows(ranked.key, ranked.row, *box_and_area(detections.boxes, detections.box_area), optional)
    gts = _labelled_rows(truth, classes)
    steps, sizes, total = len(iou_thresholds), len(area_ranges), len(ranked.row)
    columns = _by_class_and_score(ranked, detections, scores, classes, truth.images)
    found = _MatchColumns(
        columns.place[ranked.row],
        np.empty((total, sizes), np.uint16),
        np.empty((total, sizes), np.uint16),
        np.empty((total, steps), np.int32),
    )
    thresholds = np.minimum(np.asarray(iou_thresholds, np.float64), 1 - 1e-10)  # pycocotools' ceiling
    ranges = np.asarray(area_ranges, np.float64)
    near = near_shapes(truth, detections, least=min(iou_thresholds))
    _match_all(dets, gts, gt_ignored, thresholds, ranges, near, found)
    return Matches(
        classes=classes,
        iou_thresholds=np.asarray(iou_thresholds, np.float64),
        image_ids=truth.image_ids,
        det_row=columns.row,
        det_image=columns.image,
        det_class=columns.label,
        det_score=columns.score,
        det_rank=columns.rank,
        hit=np.ascontiguousarray(found.hit.T),
        ignored=np.ascontiguousarray(found.ignored.T),
        matched=found.matched.T,
        gt_image=truth.image_index.astype(np.int32),
        gt_class=truth.class_index.astype(np.int32),
        gt_ignored=gt_ignored,
    )


def _labelled_rows(truth: GroundTruth, classes: int) -> _Rows:
    """Return the labelled boxes by class and image."""
    order = by_class_and_image(truth.class_index, truth.image_index, classes, truth.images)
    key = truth.class_index[order] * truth.images + truth.image_index[order]
    return _Rows(key, order, *box_and_area(truth.boxes, truth.box_area), truth.crowd)


def _match_all(
    dets: _Rows,
    gts: _Rows,
    gt_ignored: NDArray[np.bool_],
    thresholds: Float64s,
    ranges: Float64s,
    near: NearShapes,
    found: _MatchColumns,
) -> None:
    """Fill in what was found, a part of the classes and images on each thread."""
    most = _most_alike(gts.key)
    _match_parts.compile()  # type: ignore[attr-defined]
    side_by_side(
        lambda part: _match_parts(
            part[0], part[1], dets, gts, gt_ignored, thresholds, ranges, near, _Room.of(most, len(ranges)), found
        ),
        _parts(dets.key),
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


class _KeptDetections(NamedTuple):
    """The detections that are kept, by class, image and falling score."""

    row: NDArray[np.int32]  # (K,)
    key: NDArray[np.int64]  # (K,) one number per (class, image), rising
    rank: NDArray[np.int32]  # (all,) of each detection, in the order given, among its image and class


class _KeptColumns(NamedTuple):
    """The detections that are kept, by class and falling score; ties by image and by the order given."""

    row: NDArray[np.int64]  # (K,)
    image: NDArray[np.int32]
    label: NDArray[np.int32]
    score: Float64s
    rank: NDArray[np.int32]
    place: NDArray[np.int32]  # (all,) where each detection stands


def _ranked(detections: Detections, scores: Float64s, classes: int, images: int, most: int) -> _KeptDetections:
    """Return what is kept: the detections with the highest scores of each image and class."""
    order = by_class_and_image(detections.class_index, detections.image_index, classes, images)
    keys, bounds = _grouped(order, detections.class_index, detections.image_index, images)
    order = by_falling_score(order, scores, bounds)
    rank = _ranks(order, bounds)
    if np.diff(bounds).max(initial=0) <= most:
        return _KeptDetections(order, keys, rank)
    kept = rank[order] < most
    return _KeptDetections(order[kept], keys[kept], rank)


@compiled
def _grouped(
    order: NDArray[np.int32], class_index: NDArray[np.int64], image_index: NDArray[np.int64], images: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return one number per (class, image), rising, for rows in that order, and where each group begins and ends."""
    keys, bounds = np.empty(len(order), np.int64), np.empty(len(order) + 1, np.int64)
    groups = 0
    for k in range(len(order)):
        keys[k] = class_index[order[k]] * images + image_index[order[k]]
        if k == 0 or keys[k] != keys[k - 1]:
            bounds[groups] = k
            groups += 1
    bounds[groups] = len(order)
    return keys, bounds[: groups + 1]


@compiled
def _ranks(order: NDArray[np.int32], bounds: NDArray[np.int64]) -> NDArray[np.int32]:
    ranks = np.empty(len(order), np.int32)
    for group in range(len(bounds) - 1):
        for k in range(bounds[group], bounds[group + 1]):
            ranks[order[k]] = k - bounds[group]
    return ranks


def _by_class_and_score(
    ranked: _KeptDetections, detections: Detections, scores: Float64s, classes: int, images: int
) -> _KeptColumns:
    """Sort class by class, side by side."""
    kept = len(ranked.row)
    columns = _KeptColumns(
        np.empty(kept, np.int64), np.empty(kept, np.int32), np.empty(kept, np.int32), np.empty(kept),
        np.empty(kept, np.int32), np.empty(len(detections), np.int32),
    )  # fmt: skip
    bounds = np.searchsorted(ranked.key, np.arange(classes + 1) * max(images, 1))
    _write.compile()  # type: ignore[attr-defined]

    def sort(c: int) -> None:
        rows = by_falling_score(ranked.row[bounds[c] : bounds[c + 1]], scores, np.array([0, bounds[c + 1] - bounds[c]]))
        _write(rows, bounds[c], c, detections.image_index, scores, ranked.rank, columns)

    side_by_side(sort, np.argsort(-np.diff(bounds), kind="stable").tolist())
    return columns


@compiled
def _write(
    rows: NDArray[np.int32],
    start: int,
    label: int,
    image_index: NDArray[np.int64],
    scores: Float64s,
    rank: NDArray[np.int32],
    to: _KeptColumns,
) -> None:
    """Write the columns of a class, which begin at ``start``."""
    for k in range(len(rows)):
        row = rows[k]
        to.row[start + k] = row
        to.image[start + k] = image_index[row]
        to.label[start + k] = label
        to.score[start + k] = scores[row]
        to.rank[start + k] = rank[row]
        to.place[row] = start + k


def _parts(key: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return ranges of the detections, cut between one image and class and the next, to be walked side by side."""
    count = 1 if len(key) < FEW_ROWS else 4 * cores()
    cuts = [0]
    for wanted in range(1, count):
        at = len(key) * wanted // count
        cuts.append(int(np.searchsorted(key, key[at])))
    cuts.append(len(key))
    return [(low, high) for low, high in itertools.pairwise(cuts) if low < high]


def _ignored(truth: GroundTruth, ranges: tuple[tuple[float, float], ...]) -> NDArray[np.bool_]:
    """Return (A, N) true where a box does not count for an object size."""
    size = truth.area if truth.area is not None else _sizes(truth)
    low, high = np.asarray(ranges, np.float64)[:, :1], np.asarray(ranges, np.float64)[:, 1:]
    outside: NDArray[np.bool_] = truth.crowd[None, :] | (size[None, :] < low) | (size[None, :] > high)
    return outside


def _sizes(truth: GroundTruth) -> Float64s:
    """Return (N,) the areas of the shapes, or of the boxes where there are none."""
    return box_and_area(truth.boxes, truth.box_area)[1] if truth.shapes is None else truth.shapes.areas()


def compact_boxes(boxes: NDArray[np.floating], box_area: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Return (N, 5): each box as float64 xyxy, then its area in square pixels, as a file stated it where it did."""
    xyxy = boxes.astype(np.float64)
    stated = (xyxy[:, 2] - xyxy[:, 0]) * (xyxy[:, 3] - xyxy[:, 1]) if box_area is None else box_area
    return np.concatenate([xyxy, stated[:, None]], axis=1)


@compiled_in_place
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


@compiled_in_place
def _match_parts(  # noqa: C901 one walk for all thresholds and sizes, in one piece for speed
    start: int,
    end: int,
    dets: _Rows,
    gts: _Rows,
    gt_ignored: Bools,
    thresholds: Float64s,
    ranges: Float64s,
    shapes: NearShapes,
    room: _Room,
    found: _MatchColumns,
) -> None:
    """Match the (class, image) groups of a range of the detections, all thresholds of a pair at once.

    A detection's candidates stand by falling IoU, the later box first at a tie: the one that pycocotools would take.
    At each of the thresholds that are still open it takes the first that is free there.
    """
    steps, sizes = len(thresholds), len(ranges)
    full = np.uint16((1 << steps) - 1)
    least = thresholds[0]
    for t in range(1, steps):
        least = min(least, thresholds[t])
    value, levels, box, taken, near = room.value, room.levels, room.box, room.taken, room.near
    unwanted = room.ignored
    shaped = len(shapes.begin) > 0
    d = start
    g = np.searchsorted(gts.key, dets.key[start])
    while d < end:
        key = dets.key[d]
        d_end = d
        while d_end < end and dets.key[d_end] == key:
            d_end += 1
        while g < len(gts.key) and gts.key[g] < key:
            g += 1
        g_end = g
        while g_end < len(gts.key) and gts.key[g_end] == key:
            g_end += 1
        around = g_end - g
        for j in range(around):
            gt = gts.row[g + j]
            near[j, 0], near[j, 1], near[j, 2], near[j, 3] = (
                gts.box[gt, 0],
                gts.box[gt, 1],
                gts.box[gt, 2],
                gts.box[gt, 3],
            )
            near[j, 4] = -1.0 if gts.flag[gt] else gts.area[gt]
            for a in range(sizes):
                taken[j, a] = 0
                unwanted[j, a] = gt_ignored[a, gt]
        for i in range(d, d_end):
            row = dets.row[i]
            place = found.place[i]
            left_edge, top, right_edge, bottom = dets.box[row, 0], dets.box[row, 1], dets.box[row, 2], dets.box[row, 3]
            area = dets.area[row]
            count = 0
            for p in range(shapes.begin[row], shapes.end[row]) if shaped else range(0):
                j = np.searchsorted(gts.row[g:g_end], shapes.box[p])
                count = _note(shapes.value[p], j, thresholds, count, value, levels, box)
            for j in range(0 if shaped else around):
                width = min(right_edge, near[j, 2]) - max(left_edge, near[j, 0])
                height = min(bottom, near[j, 3]) - max(top, near[j, 1])
                if width <= 0 or height <= 0:
                    continue
                shared = width * height  # IoU, or on a crowd the part of the detection that lies inside it
                shared = shared / area if near[j, 4] < 0 else shared / (area + near[j, 4] - shared)
                if shared < least:
                    continue
                count = _note(shared, j, thresholds, count, value, levels, box)
            for t in range(steps):
                found.matched[place, t] = -1
            for a in range(sizes):
                hit, ignored, left = np.uint16(0), np.uint16(0), full
                for kind in range(2 if count else 0):  # real boxes, then ignored ones
                    for k in range(count):
                        if unwanted[box[k], a] != (kind == 1):
                            continue
                        gt = gts.row[g + box[k]]
                        mask = levels[k] & left
                        if not gts.flag[gt]:
                            mask &= ~taken[box[k], a]
                            taken[box[k], a] |= mask
                        left &= ~mask
                        if kind == 1:
                            ignored |= mask
                        else:
                            hit |= mask
                        if a == 0 and mask:
                            for t in range(steps):
                                if mask & np.uint16(1 << t):
                                    found.matched[place, t] = gt
                if dets.flag[row] or area < ranges[a, 0] or area > ranges[a, 1]:  # unmatched, and of another size
                    ignored |= full & ~hit
                found.hit[place, a] = hit
                found.ignored[place, a] = ignored
        d = d_end
        g = g_end


@compiled_in_place
def _note(
    shared: float,
    j: int,
    thresholds: Float64s,
    count: int,
    value: Float64s,
    levels: NDArray[np.uint16],
    box: NDArray[np.int64],
) -> int:
    """Note a candidate by falling IoU, and which thresholds it reaches; return how many there are."""
    k = count
    while k > 0 and value[k - 1] <= shared:
        value[k], levels[k], box[k] = value[k - 1], levels[k - 1], box[k - 1]
        k -= 1
    value[k], box[k] = shared, j
    mask = 0
    for t in range(len(thresholds)):  # without a branch, as it cannot be foreseen
        mask |= (1 if shared >= thresholds[t] else 0) << t
    levels[k] = np.uint16(mask)
    return count + 1


@compiled_in_place
def _most_alike(keys: NDArray[np.int64]) -> int:
    """Return the length of the longest run of equal keys."""
    most, start = 0, 0
    for k in range(1, len(keys) + 1):
        if k == len(keys) or keys[k] != keys[start]:
            most = max(most, k - start)
            start = k
    return most
