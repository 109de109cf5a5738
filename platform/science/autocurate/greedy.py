"""Take images one after the other, each the most worth having beside those taken before.

The worth of an image only falls while others are taken: what it shows is needed less, and something like it is there.
So an image whose last known worth is below another's present one need not be looked at again (Minoux, *Accelerated
greedy algorithms*, 1978), and its distances to what was taken meanwhile are computed only when they could matter.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.autocurate.grouping import bit_count
from science.geometry.compiled import compiled, compiled_in_place

OPEN, TAKEN, DUPLICATE, SEQUENCE = 0, 1, 2, 3

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]


class Candidates(NamedTuple):
    """N images to choose from, and what each of them is worth before anything is taken."""

    fixed: Float64s  # (N,) worth that stays
    amounts: Float64s  # (N, C) how many objects of each class it brings
    values: Ints  # (N, F) places of its metadata values; -1 = not given
    cost: Float64s  # (N,) what its worth is divided by
    points: Float32s  # (N, D) where it lies
    vectors: Float32s  # (N, E) where exactly: no two are nearer than their points
    known: Bools  # (N,) whether that is known
    squared: Float64s  # (N,) squared distance to the nearest labelled image; changed in place
    hashes: NDArray[np.uint64]  # (N,)
    hashed: Bools  # (N,)
    there: Ints  # (L,) the labelled images that have a hash
    sequence: Ints  # (N,) -1 = none
    state: Ints  # (N,) OPEN where it may be taken; changed in place


class Needs(NamedTuple):
    """One more object of a class, or image with a value, is worth its weight / (1 + as many as there are / enough)."""

    class_weight: Float64s  # (C,)
    class_there: Float64s  # (C,) changed in place
    class_enough: float
    value_weight: Float64s  # (V,)
    value_there: Float64s  # (V,) changed in place
    value_enough: float


class Limits(NamedTuple):
    """When to stop, and what counts as the same."""

    budget: int
    per_sequence: int
    hash_bits: int  # so many that differ make two images suspect
    sure_bits: int  # and so many near-duplicates, where nothing else is known of them
    reach: float  # distance from which on something counts as new
    floor: float  # what the worth of something that is there already is multiplied by
    least: float  # squared distance of two images that are near-duplicates; negative = whatever they are
    alike: float  # the same of two whose hashes say so too


class TakenImages(NamedTuple):
    """The images taken, in order."""

    rows: Ints  # (K,)
    worth: Float64s  # (K,) when it was taken
    novelty: Float64s  # (K,) 0 … 1, when it was taken


def take(candidates: Candidates, needs: Needs, limits: Limits) -> TakenImages:
    """Take up to ``budget`` images, each the first of those with the highest worth."""
    places = np.unique(candidates.sequence, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return TakenImages(*_take(candidates, needs, limits, places))


@compiled
def _take(candidates: Candidates, needs: Needs, limits: Limits, places: Ints) -> tuple[Ints, Float64s, Float64s]:
    """Look at the image that was last worth most: take it if that is its present worth, else put it back."""
    most = min(limits.budget, len(candidates.fixed))
    taken, worth, novelty, count = np.empty(most, np.int64), np.empty(most), np.empty(most), 0
    seen = np.zeros(len(candidates.fixed), np.int64)  # how many of those taken an image was compared with
    of_sequence = np.zeros(len(candidates.fixed) + 1, np.int64)
    heap = [(-_worth(candidates, needs, limits, i), i) for i in range(len(seen)) if candidates.state[i] == OPEN]
    heapq.heapify(heap)
    while count < most and len(heap) > 0:
        negative, i = heapq.heappop(heap)
        if candidates.sequence[i] >= 0 and of_sequence[places[i]] >= limits.per_sequence:
            candidates.state[i] = SEQUENCE
        elif _is_there(candidates, limits, taken[:count], seen[i], i):
            candidates.state[i] = DUPLICATE
        elif seen[i] < count:
            seen[i] = count
            heapq.heappush(heap, (-_worth(candidates, needs, limits, i), i))
        else:
            candidates.state[i] = TAKEN
            taken[count], worth[count], novelty[count] = i, -negative, _novelty(candidates, limits, i)
            count += 1
            of_sequence[places[i]] += 1
            _supply(candidates, needs, i)
    return taken[:count], worth[:count], novelty[:count]


@compiled_in_place
def _worth(candidates: Candidates, needs: Needs, limits: Limits, i: int) -> float:
    worth: float = candidates.fixed[i]
    for c in range(len(needs.class_weight)):
        if candidates.amounts[i, c] > 0:
            wanted = needs.class_weight[c] / (1 + needs.class_there[c] / needs.class_enough)
            worth += candidates.amounts[i, c] * wanted
    for value in candidates.values[i]:
        if value >= 0:
            worth += needs.value_weight[value] / (1 + needs.value_there[value] / needs.value_enough)
    worth *= _novelty(candidates, limits, i) / candidates.cost[i]
    return worth


@compiled_in_place
def _novelty(candidates: Candidates, limits: Limits, i: int) -> float:
    """Return the floor for what lies on something that is there, 1 from the reach on; half way where nobody knows."""
    near = 0.5
    if candidates.known[i]:
        near = min(1.0, np.sqrt(candidates.squared[i]) / limits.reach)
    return limits.floor + (1 - limits.floor) * near


@compiled_in_place
def _is_there(candidates: Candidates, limits: Limits, taken: Ints, seen: int, i: int) -> bool:
    """Compare an image with those taken since it was last compared; return whether one is its near-duplicate."""
    if seen == 0 and candidates.hashed[i]:
        for other in candidates.there:
            if _suspect(candidates, limits, i, other) and _looks_alike(candidates, limits, i, other):
                return True
    for other in taken[seen:]:  # noqa: SIM110
        if _is_duplicate(candidates, limits, i, other):
            return True
    return False


@compiled_in_place
def _is_duplicate(candidates: Candidates, limits: Limits, i: int, other: int) -> bool:
    """Note how far image i is from one taken, and return whether they are near-duplicates.

    Hashes alone decide where an embedding is missing: of other images they only lower what the embeddings must show,
    since road scenes have nearly the same hash that show different things.
    """
    suspect = _suspect(candidates, limits, i, other)
    if not candidates.known[i] or not candidates.known[other]:
        return suspect and _looks_alike(candidates, limits, i, other)
    least = limits.alike if suspect else limits.least
    matters = max(least, min(candidates.squared[i], limits.reach**2))
    squared = _distance(candidates.points[i], candidates.points[other], matters)
    candidates.squared[i] = min(candidates.squared[i], squared)
    if squared > least:
        return False
    return _distance(candidates.vectors[i], candidates.vectors[other], least) <= least


@compiled_in_place
def _suspect(candidates: Candidates, limits: Limits, i: int, other: int) -> bool:
    bits = bit_count(candidates.hashes[i] ^ candidates.hashes[other])
    return bits <= limits.hash_bits and candidates.hashed[i] and candidates.hashed[other]


@compiled_in_place
def _looks_alike(candidates: Candidates, limits: Limits, i: int, other: int) -> bool:
    """Return whether two images of nearly the same hash are near-duplicates."""
    if not candidates.known[i] or not candidates.known[other]:
        return bit_count(candidates.hashes[i] ^ candidates.hashes[other]) <= limits.sure_bits
    return _distance(candidates.vectors[i], candidates.vectors[other], limits.alike) <= limits.alike


@compiled_in_place
def _distance(a: Float32s, b: Float32s, most: float) -> float:
    """Return the squared distance, or any part of it that is more than ``most``: what comes first is largest."""
    s, t, u, v = np.float32(0), np.float32(0), np.float32(0), np.float32(0)  # four strands to be followed at once
    whole = len(a) - len(a) % 4
    for d in range(0, whole, 4):
        e, f, g, h = a[d] - b[d], a[d + 1] - b[d + 1], a[d + 2] - b[d + 2], a[d + 3] - b[d + 3]
        s += e * e
        t += f * f
        u += g * g
        v += h * h
        if d % 16 == 12 and s + t + u + v > most:
            break
    else:
        for d in range(whole, len(a)):
            e = a[d] - b[d]
            s += e * e
    total: float = s + t + u + v  # type: ignore[assignment]
    return total


@compiled_in_place
def _supply(candidates: Candidates, needs: Needs, i: int) -> None:
    """Count what the image brings as there."""
    for c in range(len(needs.class_weight)):
        needs.class_there[c] += candidates.amounts[i, c]
    for value in candidates.values[i]:
        if value >= 0:
            needs.value_there[value] += 1
