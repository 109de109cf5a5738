"""Groups of images or objects on which a detector is worse than on the rest, and not by chance.

Looking at many groups finds some that look weak. So what was found on one half of the images is tested on the other,
and of what passes at most one in ten is expected to be false (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.evaluation.matching import AREA_RANGES, AREAS, Matches
from science.evaluation.quantiles import student_cdf, student_quantile
from science.evaluation.resampling import LANES, draws, group_numbers, prepare, score_resamples
from science.evaluation.slice_recalls import (
    INSIDE,
    RECALL_OF_REST,
    REST,
    STANDARD_ERROR,
    UNITS,
    VALUE,
    SlicedBoxes,
    box_totals,
    recall_differences,
)
from science.evaluation.threads import side_by_side

FALSE_DISCOVERIES = 0.10  # expected among what is reported
FEWEST_UNITS = 15  # images or sequences of a group, in each half
FEWEST_BOXES = 30  # of a group, in each half
LARGEST_SHARE = 0.5  # of the boxes: what most of the set is, is not a slice
PROMISING = -1.0  # standard errors below the rest on the first half, to be tested on the second
MOST_TESTED = 60
MOST_SCORED = 8  # values of one fact whose AP is tested, which takes resampling
RESAMPLES = 100
BANDS = 4  # of a fact that is a number
SIZE = "size"

Float64s = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Measure(StrEnum):
    """By what a group is weak."""

    RECALL = "recall"  # of its labelled boxes, at the operating point
    AP = "ap"  # mean over the classes that both it and the rest have


@dataclass(frozen=True, eq=False)
class Fact:
    """What is known of every image: a metadata value, a property, the number of its cluster."""

    name: str
    values: NDArray[np.str_]  # (I,) "" = not known

    @classmethod
    def of(cls, name: str, values: ArrayLike) -> Fact:
        """Take texts as they are, and cut numbers with more than a few values into four bands of equal count."""
        given = np.asarray(values)
        if given.dtype.kind not in "fiu" or len(np.unique(given[np.isfinite(given)])) <= BANDS:
            known = given == given
            return cls(name, np.where(known, given.astype(str), ""))
        known = np.isfinite(given)
        edges = np.unique(np.quantile(given[known], np.linspace(0, 1, BANDS + 1)))
        place = np.clip(np.searchsorted(edges, given, side="right") - 1, 0, len(edges) - 2)
        names = np.array([f"{low:.4g} – {high:.4g}" for low, high in itertools.pairwise(edges)])
        return cls(name, np.where(known, names[place], ""))


@dataclass(frozen=True, eq=False)
class WeakSlice:
    """A group that is worse than the rest. All figures are of the half on which it was tested, not found."""

    facts: tuple[tuple[str, str], ...]  # name and value, of one or two facts
    class_index: int | None  # None = all
    measure: Measure
    value: float
    rest: float
    low: float  # 95 % interval of value - rest
    high: float
    p_value: float
    q_value: float  # the rate of false discoveries at which it would just be reported
    boxes: int  # in the whole set
    images: Bools  # (I,) of the whole set that it has boxes on

    @property
    def code(self) -> str:
        """Name the sentence that says it, for translation."""
        return f"weak_slice.{self.measure.value}" + ("" if self.class_index is None else ".class")

    @property
    def params(self) -> dict[str, Any]:
        """Return what the sentence is filled with."""
        return {
            "facts": [{"name": name, "value": value} for name, value in self.facts],
            "class_index": self.class_index,
            "value": self.value,
            "rest": self.rest,
            "difference": self.value - self.rest,
            "low": self.low,
            "high": self.high,
            "boxes": self.boxes,
            "images": int(np.count_nonzero(self.images)),
        }

    def sentence(self, class_names: Sequence[str]) -> str:
        """Say it in English."""
        where = " and ".join(f"{name} = {value}" for name, value in self.facts)
        what = "AP" if self.measure is Measure.AP else "Recall"
        of = "" if self.class_index is None else f" of {class_names[self.class_index]}"
        return (
            f"{what}{of} is {self.value:.3f} where {where}, against {self.rest:.3f} elsewhere: "
            f"{self.value - self.rest:+.3f} ({self.low:+.3f} to {self.high:+.3f}), {self.boxes} boxes."
        )


@dataclass(frozen=True, eq=False)
class _Group:
    """A candidate: some images, or the boxes of one size; of one class, or of all."""

    facts: tuple[tuple[str, str], ...]
    class_index: int | None
    images: Bools | None  # (I,) None where it is a size
    known: Bools | None  # (I,) where its facts are known
    size: int = 0  # place in AREAS; 0 = all

    @property
    def label(self) -> int:
        """The place of its class among the counts, of which the last is all classes."""
        return -1 if self.class_index is None else self.class_index

    @property
    def is_whole(self) -> bool:
        """Whether it is made of whole images, so that it has an AP."""
        return self.images is not None and self.class_index is None


@dataclass(frozen=True, eq=False)
class _Difference:
    value: float
    rest: float
    standard_error: float
    freedom: int

    @property
    def z(self) -> float:
        return (self.value - self.rest) / self.standard_error if self.standard_error > 0 else 0.0

    @property
    def p_value(self) -> float:
        """One-sided: that the group is not worse."""
        return student_cdf(self.z, self.freedom) if self.standard_error > 0 else 1.0


@dataclass(frozen=True, eq=False)
class _CountsByImage:
    """The set as the search sees it: counts by image, so that a candidate costs a pass over images and not boxes."""

    matches: Matches
    units: Ints  # (I,) image or sequence
    by_unit: Ints  # (I,) the images, those of one unit together
    boxes: NDArray[np.int32]  # (4, I, C + 1) by size and class; the last class is all of them
    found: NDArray[np.int32]  # (4, I, C + 1) those found at the operating point

    @classmethod
    def of(cls, matches: Matches, found: Bools, units: Ints, areas: Float64s | None) -> _CountsByImage:
        real = ~matches.gt_ignored[0]
        shape = (len(AREAS), matches.images, matches.classes + 1)
        boxes, right = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
        for size, (low, high) in enumerate(AREA_RANGES):
            if size and areas is None:
                break
            here = real & (areas >= low) & (areas < high) if size and areas is not None else real
            for table, chosen in ((boxes, here), (right, here & found)):
                place = matches.gt_image[chosen].astype(np.int64) * matches.classes + matches.gt_class[chosen]
                counts = np.bincount(place, minlength=matches.classes * matches.images)
                table[size, :, :-1] = counts.reshape(matches.images, matches.classes)
                table[size, :, -1] = table[size, :, :-1].sum(axis=1)
        return cls(matches, units, np.argsort(units, kind="stable"), boxes, right)

    def sides(self, group: _Group) -> SlicedBoxes:
        """Return the group and what it is compared with, for every class."""
        boxes, found = self.boxes[0], self.found[0]
        if group.images is not None and group.known is not None:
            member = np.where(group.images, INSIDE, REST * group.known).astype(np.int8)
            return SlicedBoxes(member, boxes, found, boxes, found)
        some, seen = self.boxes[group.size], self.found[group.size]
        return SlicedBoxes(np.full(len(boxes), INSIDE | REST, np.int8), some, seen, boxes - some, found - seen)

    def boxes_of(self, group: _Group) -> NDArray[np.int32]:
        """Return (I,) how many boxes of the group each image has."""
        boxes: NDArray[np.int32] = self.boxes[group.size][:, group.label]
        return boxes if group.images is None else np.where(group.images, boxes, 0)


def weak_slices(
    matches: Matches,
    facts: Sequence[Fact],
    *,
    confidence: float,
    iou: float = 0.5,
    areas: Float64s | None = None,
    groups: ArrayLike | None = None,
    rate: float = FALSE_DISCOVERIES,
    seed: int = 0,
) -> list[WeakSlice]:
    """Return the groups that are worse than the rest, the surest first.

    Groups are the values of a fact, pairs of values of two facts, and, where the ``areas`` (N,) of the boxes are given,
    COCO's three sizes; each for all classes together and for each class. ``groups`` as in ``bootstrap``.
    """
    units = group_numbers(groups, matches.images)
    known = _CountsByImage.of(matches, _found(matches, iou, confidence), units, areas)
    count = int(known.units.max(initial=-1)) + 1
    first = np.random.default_rng(seed).permutation(count)[known.units] < count // 2  # (I,)
    candidates = [group for alike in _alike(_candidates(matches, facts, areas)) for group in _looked_at(known, alike)]
    promising = _promising(known, candidates, first)
    differences = side_by_side(lambda each: _test(known, each[0], each[1], ~first), promising)
    tested = [(*each, found) for each, found in zip(promising, differences, strict=True) if found is not None]
    q_values = _benjamini_hochberg([found.p_value for _, _, found in tested])
    reported: dict[tuple[Any, ...], WeakSlice] = {}
    for q, (group, measure, difference) in sorted(zip(q_values, tested, strict=True), key=lambda pair: pair[0]):
        if q > rate:
            continue
        slice_ = _described(known, group, measure, difference, q)
        reported.setdefault((group.facts, group.class_index), slice_)
    return list(reported.values())


def _found(matches: Matches, iou: float, confidence: float) -> Bools:
    """Return (N,) which boxes are found at an operating point."""
    t = matches.threshold(iou)
    right = ((matches.hit[0] >> t) & 1).astype(np.bool_) & (matches.det_score >= confidence)
    found = np.zeros(len(matches.gt_image), np.bool_)
    found[matches.matched[t, right]] = True
    return found


def _candidates(matches: Matches, facts: Sequence[Fact], areas: Float64s | None) -> Iterator[_Group]:
    """Yield the values of a fact, pairs of values of two facts, and sizes: for all classes and for each."""
    by_image = {
        (fact.name, value): fact.values == value for fact in facts for value in np.unique(fact.values).tolist() if value
    }
    known = {fact.name: fact.values != "" for fact in facts}
    labels = (None, *range(matches.classes))
    for (name, value), images in by_image.items():
        yield from (_Group(((name, value),), label, images, known[name]) for label in labels)
    for a, b in itertools.combinations(by_image, 2):
        if a[0] != b[0]:
            images, both = by_image[a] & by_image[b], known[a[0]] & known[b[0]]
            yield from (_Group((a, b), label, images, both) for label in labels)
    if areas is not None:
        for size in range(1, len(AREAS)):
            yield from (_Group(((SIZE, AREAS[size]),), label, None, None, size) for label in labels)


def _alike(groups: Iterable[_Group]) -> list[list[_Group]]:
    """Return the groups in lists of those that differ by class alone, which are counted together."""
    return [list(alike) for _, alike in itertools.groupby(groups, key=lambda group: group.facts)]


def _looked_at(known: _CountsByImage, alike: list[_Group]) -> list[_Group]:
    """Return those that are neither too small nor most of the set."""
    inside, rest = box_totals(known.sides(alike[0]))
    large, all_boxes = inside >= 2 * FEWEST_BOXES, inside + rest
    kept = large & (inside <= LARGEST_SHARE * all_boxes)
    return [group for group in alike if kept[group.label]]


def _promising(known: _CountsByImage, candidates: list[_Group], first: Bools) -> list[tuple[_Group, Measure]]:
    """Return what looks weak on the first half, the weakest first; a pair only where it is weaker than its parts."""
    alike = _alike(candidates)
    found_alike = side_by_side(lambda groups: _recalls(known, groups, first), alike)
    recalls = list(zip(itertools.chain(*alike), itertools.chain(*found_alike), strict=True))
    weak = [(group, found) for group, found in recalls if found is not None and found.z < PROMISING]
    value = {(group.facts, group.class_index): found.value for group, found in recalls if found is not None}
    alone = [
        (group, found)
        for group, found in weak
        if len(group.facts) == 1
        or all(
            found.value < value.get(((fact,), group.class_index), np.inf) - found.standard_error for fact in group.facts
        )
    ]
    alone.sort(key=lambda pair: pair[1].z)
    tested = [(group, Measure.RECALL) for group, _ in alone[:MOST_TESTED]]
    single = [group for group in candidates if len(group.facts) == 1 and group.is_whole]
    gaps = [(gap, k) for k, gap in enumerate(_gaps(known, single, first)) if gap < 0]
    return tested + [(single[k], Measure.AP) for _, k in sorted(gaps)[:MOST_SCORED]]


def _test(known: _CountsByImage, group: _Group, measure: Measure, half: Bools) -> _Difference | None:
    return _recall(known, group, half) if measure is Measure.RECALL else _precision(known, group, half)


def _recall(known: _CountsByImage, group: _Group, images: Bools) -> _Difference | None:
    """Compare the recall of a group and of the rest on some images; None below the minimum support."""
    return _recalls(known, [group], images)[0]


def _recalls(known: _CountsByImage, alike: list[_Group], images: Bools) -> list[_Difference | None]:
    """Return the same of groups that differ by class alone."""
    wanted = known.by_unit[images[known.by_unit]]
    told = recall_differences(wanted, known.units, known.sides(alike[0]), FEWEST_BOXES, FEWEST_UNITS)
    return [
        None
        if np.isnan(row[VALUE])
        else _Difference(float(row[VALUE]), float(row[RECALL_OF_REST]), float(row[STANDARD_ERROR]), int(row[UNITS]) - 1)
        for row in (told[group.label] for group in alike)
    ]


def _gaps(known: _CountsByImage, groups: list[_Group], half: Bools) -> list[float]:
    """Return how much lower the AP of each group of images is, over the classes with enough boxes on both sides.

    Each group is a resample in which its images stand once and the others not at all, and what is left is another one.
    """
    prepared, most = prepare(known.matches, half), LANES // 2

    def scored(start: int) -> list[float]:
        inside = np.array([group.images for group in groups[start : start + most]], np.bool_)
        sides = np.array([inside & half, ~inside & half])  # (2, K, I)
        by_class = score_resamples(prepared, sides.reshape(-1, len(half)).astype(np.int32)).mean(axis=2)
        boxes = sides @ known.boxes[0][:, :-1].astype(np.float64)  # (2, K, C)
        return [
            float(within[each].mean() - without[each].mean()) if each.any() else 0.0
            for each, within, without in zip(
                (boxes >= FEWEST_BOXES).all(axis=0), by_class[: len(inside)], by_class[len(inside) :], strict=True
            )
        ]

    return list(itertools.chain(*side_by_side(scored, range(0, len(groups), most))))


def _precision(known: _CountsByImage, group: _Group, half: Bools) -> _Difference | None:
    """Compare the AP of a group of images and of the rest, with the spread of resamples."""
    if group.images is None or not group.is_whole:
        return None
    sides = [half & group.images, half & ~group.images]
    boxes = np.array([known.boxes[0][side].sum(axis=0) for side in sides])
    shared: Bools = np.logical_and(*(boxes[:, :-1] >= FEWEST_BOXES))
    units = [len(np.unique(known.units[side & (known.boxes[0][:, -1] > 0)])) for side in sides]
    if not shared.any() or min(units) < FEWEST_UNITS:
        return None
    (value, spread), (rest, spread_of_rest) = (_resampled(known, side, shared, seed=k) for k, side in enumerate(sides))
    return _Difference(value, rest, float(np.sqrt(spread + spread_of_rest)), min(units) - 1)


def _resampled(known: _CountsByImage, images: Bools, shared: Bools, *, seed: int) -> tuple[float, float]:
    """Return the AP of some images over some classes (C,), and the variance of it among resamples of the images."""
    prepared = prepare(known.matches, images, shared)
    numbers = np.unique(known.units[images], return_inverse=True)[1].astype(np.int64)
    *blocks, last = draws(numbers, RESAMPLES, seed=seed)
    blocks.append(np.concatenate([last, np.ones((1, len(numbers)), np.int32)]))  # the images as they are, at the end
    scored = []
    for drawn in blocks:
        weights = np.zeros((len(drawn), len(images)), np.int32)
        weights[:, images] = drawn
        scored.append(np.nanmean(score_resamples(prepared, weights)[:, shared].mean(axis=2), axis=1))
    found = np.concatenate(scored)
    return float(found[-1]), float(np.nanvar(found[:-1], ddof=1))


def _benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return the q-value of each."""
    count = len(p_values)
    order = np.argsort(p_values, kind="stable")[::-1]
    q_values, lowest = [1.0] * count, 1.0
    for place, k in enumerate(order.tolist()):
        lowest = min(lowest, p_values[k] * count / (count - place))
        q_values[k] = lowest
    return q_values


def _described(
    known: _CountsByImage, group: _Group, measure: Measure, difference: _Difference, q_value: float
) -> WeakSlice:
    reach = student_quantile(0.975, difference.freedom) * difference.standard_error
    gap = difference.value - difference.rest
    boxes = known.boxes_of(group)
    return WeakSlice(
        facts=group.facts,
        class_index=group.class_index,
        measure=measure,
        value=difference.value,
        rest=difference.rest,
        low=gap - reach,
        high=gap + reach,
        p_value=difference.p_value,
        q_value=q_value,
        boxes=int(boxes.sum()),
        images=boxes > 0,
    )
