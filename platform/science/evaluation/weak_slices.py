"""Groups of images or objects on which a detector is worse than on the rest, and not by chance.

Looking at many groups finds some that look weak. So what was found on one half of the images is tested on the other,
and of what passes at most one in ten is expected to be false (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.evaluation.average_precision import accumulate
from science.evaluation.matching import AREA_RANGES, AREAS, Matches
from science.evaluation.quantiles import student_cdf, student_quantile
from science.evaluation.resampling import draws, group_numbers, prepare, score_resamples

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


class _Counts(NamedTuple):
    """Boxes on each image, and how many of them are found."""

    boxes: Ints  # (I,)
    found: Ints  # (I,)

    def on(self, images: Bools) -> _Counts:
        return _Counts(self.boxes * images, self.found * images)


@dataclass(frozen=True, eq=False)
class _Group:
    """A candidate: some images, or the boxes of one size; of one class, or of all."""

    facts: tuple[tuple[str, str], ...]
    class_index: int | None
    images: Bools | None  # (I,) None where it is a size
    known: Bools | None  # (I,) where its facts are known
    size: int = 0  # place in AREAS; 0 = all

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
    boxes: Ints  # (4, C + 1, I) by size and class; the last class is all of them
    found: Ints  # (4, C + 1, I) those found at the operating point

    @classmethod
    def of(cls, matches: Matches, found: Bools, units: Ints, areas: Float64s | None) -> _CountsByImage:
        real = ~matches.gt_ignored[0]
        shape = (len(AREAS), matches.classes + 1, matches.images)
        boxes, right = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for size, (low, high) in enumerate(AREA_RANGES):
            if size and areas is None:
                break
            here = real & (areas >= low) & (areas < high) if size and areas is not None else real
            for table, chosen in ((boxes, here), (right, here & found)):
                place = matches.gt_class[chosen].astype(np.int64) * matches.images + matches.gt_image[chosen]
                counts = np.bincount(place, minlength=matches.classes * matches.images)
                table[size, :-1] = counts.reshape(matches.classes, matches.images)
                table[size, -1] = table[size, :-1].sum(axis=0)
        return cls(matches, units, boxes, right)

    def sides(self, group: _Group) -> tuple[_Counts, _Counts]:
        """Return the group and what it is compared with."""
        label = -1 if group.class_index is None else group.class_index
        every = _Counts(self.boxes[0, label], self.found[0, label])
        if group.images is not None and group.known is not None:
            return every.on(group.images), every.on(group.known & ~group.images)
        inside = _Counts(self.boxes[group.size, label], self.found[group.size, label])
        return inside, _Counts(every.boxes - inside.boxes, every.found - inside.found)


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
    candidates = [group for group in _candidates(matches, facts, areas) if _is_looked_at(known, group)]
    promising = _promising(known, candidates, first)
    tested = [(group, measure, _test(known, group, measure, ~first)) for group, measure in promising]
    tested = [each for each in tested if each[2] is not None]
    q_values = _benjamini_hochberg([each[2].p_value for each in tested if each[2]])
    reported: dict[tuple[Any, ...], WeakSlice] = {}
    for q, (group, measure, difference) in sorted(zip(q_values, tested, strict=True), key=lambda pair: pair[0]):
        if q > rate or difference is None:
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


def _is_looked_at(known: _CountsByImage, group: _Group) -> bool:
    """Whether it is neither too small nor most of the set."""
    inside, rest = (int(side.boxes.sum()) for side in known.sides(group))
    return inside >= 2 * FEWEST_BOXES and inside <= LARGEST_SHARE * (inside + rest)


def _promising(known: _CountsByImage, candidates: list[_Group], first: Bools) -> list[tuple[_Group, Measure]]:
    """Return what looks weak on the first half, the weakest first; a pair only where it is weaker than its parts."""
    recalls = [(group, _recall(known, group, first)) for group in candidates]
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
    half = known.matches.of(first)
    gaps = [(gap, k) for k, group in enumerate(candidates) if len(group.facts) == 1 and (gap := _gap(half, group)) < 0]
    return tested + [(candidates[k], Measure.AP) for _, k in sorted(gaps)[:MOST_SCORED]]


def _test(known: _CountsByImage, group: _Group, measure: Measure, half: Bools) -> _Difference | None:
    return _recall(known, group, half) if measure is Measure.RECALL else _precision(known, group, half)


def _recall(known: _CountsByImage, group: _Group, images: Bools) -> _Difference | None:
    """Compare the recall of a group and of the rest on some images; None below the minimum support.

    A ratio of sums over units, linearised: images of one sequence, or boxes of one image, are not independent.
    """
    count = int(known.units.max(initial=-1)) + 1
    influence, values, fewest = np.zeros(count), [], count
    for sign, side in zip((1, -1), known.sides(group), strict=True):
        boxes = np.bincount(known.units[images], side.boxes[images], minlength=count)
        total, present = float(boxes.sum()), int(np.count_nonzero(boxes))
        if total < FEWEST_BOXES or present < FEWEST_UNITS:
            return None
        right = np.bincount(known.units[images], side.found[images], minlength=count)
        values.append(float(right.sum() / total))
        influence += sign * (right - values[-1] * boxes) / total * np.sqrt(present / (present - 1))
        fewest = min(fewest, present)
    return _Difference(values[0], values[1], float(np.sqrt(np.sum(influence**2))), fewest - 1)


def _gap(matches: Matches, group: _Group) -> float:
    """Return how much lower the AP of a group of images is, over the classes with enough boxes on both sides."""
    if group.images is None or not group.is_whole:
        return 0.0
    inside, outside = matches.of(group.images), matches.of(~group.images)
    shared = _shared(inside, outside)
    if not shared.any():
        return 0.0
    return float(np.mean(_classes(inside)[shared]) - np.mean(_classes(outside)[shared]))


def _shared(inside: Matches, outside: Matches) -> Bools:
    counts = [np.bincount(each.gt_class[~each.gt_ignored[0]], minlength=each.classes) for each in (inside, outside)]
    return (counts[0] >= FEWEST_BOXES) & (counts[1] >= FEWEST_BOXES)


def _classes(matches: Matches) -> Float64s:
    return np.array([each.ap for each in accumulate(matches).per_class()])


def _precision(known: _CountsByImage, group: _Group, half: Bools) -> _Difference | None:
    """Compare the AP of a group of images and of the rest, with the spread of resamples."""
    if group.images is None or not group.is_whole:
        return None
    sides = [known.matches.of(half & group.images), known.matches.of(half & ~group.images)]
    shared = _shared(sides[0], sides[1])
    units = [len(np.unique(known.units[side.gt_image[~side.gt_ignored[0]]])) for side in sides]
    if not shared.any() or min(units) < FEWEST_UNITS:
        return None
    spread = 0.0
    for k, side in enumerate(sides):
        prepared, here = prepare(side), half & (group.images if k == 0 else ~group.images)
        numbers = np.unique(known.units[here], return_inverse=True)[1].astype(np.int64)
        scored = []
        for drawn in draws(numbers, RESAMPLES, seed=k):
            weights = np.zeros((len(drawn), len(half)), np.int32)
            weights[:, here] = drawn
            scored.append(np.nanmean(score_resamples(prepared, weights)[:, shared].mean(axis=2), axis=1))
        spread += float(np.nanvar(np.concatenate(scored), ddof=1))
    values = [float(np.mean(_classes(side)[shared])) for side in sides]
    return _Difference(values[0], values[1], float(np.sqrt(spread)), min(units) - 1)


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
    boxes = known.sides(group)[0].boxes
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
