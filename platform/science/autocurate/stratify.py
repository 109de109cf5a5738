"""Deal groups of images to sides so that every class and metadata value is parted in the same proportion.

Iterative stratification (Sechidis, Tsoumakas, Vlahavas 2011) for groups instead of single images: the groups that hold
most of some rare label are dealt first, each to the side where it is missed most; then groups change sides as long as
that helps. What is made small is the sum over labels l and sides s of (n_sl - r_s N_l)² / (r_s N_l²).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.autocurate.types import ImageTable
from science.geometry.compiled import compiled

IMAGES_WEIGHT = 10.0  # the number of images on a side counts as much as so many labels
PASSES = 6  # over all groups, moving single ones
MOST_SWAPS = 200_000  # tried exchanges of two groups

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


class LabelMatrix(NamedTuple):
    """How much of each label the G groups hold, sparse by rows; label 0 is the number of images."""

    start: Ints  # (G+1,) the entries of group g are start[g]:start[g + 1]
    label: Ints  # (E,)
    amount: Float64s  # (E,)
    total: Float64s  # (L,) over all groups
    weight: Float64s  # (L,)


def label_matrix(images: ImageTable, group: Ints) -> LabelMatrix:
    """Count images, boxes of each class and images of each metadata value per group."""
    groups, rows = int(group.max(initial=-1)) + 1, np.arange(len(images))
    image, klass = np.nonzero(images.class_counts)
    entries = [(rows, np.zeros(len(images), np.int64), np.ones(len(images)))]
    entries.append((image, 1 + klass, images.class_counts[image, klass].astype(np.float64)))
    labels = 1 + images.class_counts.shape[1]
    for values in images.strata.values():
        given = np.flatnonzero(values >= 0)
        entries.append((given, labels + values[given], np.ones(len(given))))
        labels += int(values.max(initial=-1)) + 1
    which = np.concatenate([group[row] * labels + label for row, label, _ in entries])
    cells, place = np.unique(which, return_inverse=True)
    amounts = np.concatenate([each for _, _, each in entries])
    amount = np.bincount(place.reshape(-1), amounts, minlength=len(cells)).astype(np.float64)
    label = cells % labels
    weight = np.ones(labels)
    weight[0] = IMAGES_WEIGHT
    return LabelMatrix(
        start=np.searchsorted(cells // labels, np.arange(groups + 1)).astype(np.int64),
        label=label.astype(np.int64),
        amount=amount,
        total=np.bincount(label, amount, minlength=labels).astype(np.float64),
        weight=weight,
    )


def stratify(matrix: LabelMatrix, shares: Float64s, seed: int) -> Ints:
    """Return (G,) the side of each group; no side stays empty as long as there are enough groups."""
    groups = len(matrix.start) - 1
    random = np.random.default_rng(seed)
    shuffled = random.permutation(groups)
    part = matrix.amount / matrix.total[matrix.label]  # (E,) of its label
    largest = np.maximum.reduceat(part, matrix.start[:-1]) if groups else np.zeros(0)
    order = shuffled[np.argsort(-largest[shuffled], kind="stable")]
    swaps = random.integers(0, max(groups, 1), (min(MOST_SWAPS, 40 * groups), 2))
    side = np.full(groups, -1, np.int64)
    held = np.zeros((len(shares), len(matrix.total)))
    _deal(matrix, shares, order, side, held)
    for _ in range(PASSES):
        if not _move(matrix, shares, random.permutation(groups), side, held):
            break
    _swap(matrix, shares, swaps, side, held)
    return _fill_empty(matrix, side, len(shares))


def _fill_empty(matrix: LabelMatrix, side: Ints, sides: int) -> Ints:
    """Give each empty side the smallest group of a side that has several."""
    images = np.array([matrix.amount[first] for first in matrix.start[:-1]])  # label 0 stands first in every row
    for s in range(sides):
        if (side == s).any():
            continue
        several = np.flatnonzero(np.bincount(side, minlength=sides)[side] > 1)
        side[several[np.argmin(images[several])]] = s
    return side


@compiled
def _change(matrix: LabelMatrix, shares: Float64s, g: int, s: int, sign: float, held: Float64s) -> float:
    """Return by how much the cost changes if group g comes to side s (sign 1) or leaves it (sign -1)."""
    cost = 0.0
    for e in range(matrix.start[g], matrix.start[g + 1]):
        label = matrix.label[e]
        total = matrix.total[label]
        amount = sign * matrix.amount[e]
        off = held[s, label] - shares[s] * total
        cost += matrix.weight[label] * amount * (2 * off + amount) / (shares[s] * total * total)
    return cost


@compiled
def _place(matrix: LabelMatrix, g: int, s: int, sign: float, held: Float64s) -> None:
    for e in range(matrix.start[g], matrix.start[g + 1]):
        held[s, matrix.label[e]] += sign * matrix.amount[e]


@compiled
def _deal(matrix: LabelMatrix, shares: Float64s, order: Ints, side: Ints, held: Float64s) -> None:
    """Give each group in turn to the side where it lowers the cost most."""
    for g in order:
        best = 0
        lowest = np.inf
        for s in range(len(shares)):
            cost = _change(matrix, shares, g, s, 1.0, held)
            if cost < lowest - 1e-15:
                lowest = cost
                best = s
        side[g] = best
        _place(matrix, g, best, 1.0, held)


@compiled
def _move(matrix: LabelMatrix, shares: Float64s, order: Ints, side: Ints, held: Float64s) -> bool:
    """Move single groups to a better side; returns whether any moved."""
    moved = False
    for g in order:
        now = side[g]
        gain = _change(matrix, shares, g, now, -1.0, held)
        for s in range(len(shares)):
            if s != now and gain + _change(matrix, shares, g, s, 1.0, held) < -1e-12:
                _place(matrix, g, now, -1.0, held)
                _place(matrix, g, s, 1.0, held)
                side[g] = s
                moved = True
                break
    return moved


@compiled
def _swap(matrix: LabelMatrix, shares: Float64s, pairs: Ints, side: Ints, held: Float64s) -> None:
    """Exchange two groups of different sides where that lowers the cost."""
    for k in range(len(pairs)):
        a, b = pairs[k]
        s, t = side[a], side[b]
        if s == t:
            continue
        cost = _change(matrix, shares, a, s, -1.0, held) + _change(matrix, shares, b, t, -1.0, held)
        _place(matrix, a, s, -1.0, held)
        _place(matrix, b, t, -1.0, held)
        cost += _change(matrix, shares, a, t, 1.0, held) + _change(matrix, shares, b, s, 1.0, held)
        if cost < -1e-12:
            side[a], side[b] = t, s
        _place(matrix, a, side[a], 1.0, held)
        _place(matrix, b, side[b], 1.0, held)
