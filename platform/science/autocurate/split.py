"""Split images into sides that share no sequence, near-duplicate or copy and have one mix of classes and metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.grouping import copies_across, groups_of, pairs_across
from science.autocurate.stratify import label_matrix, stratify
from science.autocurate.types import ImageTable

NEAR_DUPLICATE_BITS = 6  # two images whose 64-bit hashes differ in at most so many bits are taken for the same scene
LARGEST_GROUP = 0.5  # of the smallest side: a chain of near-duplicates that grows beyond is cut at a stricter threshold


@dataclass(frozen=True)
class SplitReport:
    """How even the sides are and what leaks between them."""

    images: list[int]  # per side
    boxes: list[int]  # per side
    groups: int  # units that were not parted
    largest_group: int  # images
    class_boxes: list[list[int]]  # [side][class]
    class_share: list[list[float]]  # [side][class] the part of that class's boxes on that side; NaN = class has none
    strata_images: dict[str, dict[int, list[int]]]  # field -> value number -> images per side
    hash_bits: int  # the strictest threshold used: below hash_bits_asked where a chain was cut
    hash_bits_asked: int
    near_duplicates_across: int  # pairs of images at most hash_bits_asked apart on different sides
    sequences_across: int  # sequences on more than one side, always 0
    copies: int  # pairs of images that show the same, as they were given
    copies_across: int  # of them those on different sides
    images_copied_across: list[int]  # per side: images with a copy on another side


@dataclass(frozen=True, eq=False)
class Split:
    """The side of every image."""

    side: NDArray[np.int64]  # (I,) 0 … S-1
    group: NDArray[np.int64]  # (I,) number of the unit that the image was kept together with
    report: SplitReport


def split(
    images: ImageTable,
    *,
    ratios: Sequence[float] = (0.8, 0.2),
    seed: int = 0,
    hash_bits: int = NEAR_DUPLICATE_BITS,
) -> Split:
    """Split the images in these proportions; the same input and seed give the same split.

    A negative ``hash_bits`` leaves near-duplicates and copies out of account. Raises ``ValueError`` where there are
    fewer separate groups of images than sides, or a ratio is not positive.
    """
    shares = np.asarray(ratios, np.float64)
    if len(shares) < 2 or not (np.isfinite(shares) & (shares > 0)).all():
        raise ValueError("a split needs at least two ratios, all above 0")
    shares = shares / shares.sum()
    group, strictest = _groups(images, hash_bits, int(LARGEST_GROUP * shares.min() * len(images)))
    groups = int(group.max(initial=-1)) + 1
    if groups < len(shares):
        raise ValueError(f"{len(images)} images form {groups} groups to keep together, too few for {len(shares)} sides")
    side = stratify(label_matrix(images, group), shares, seed)[group]
    return Split(side, group, _report(images, side, group, len(shares), strictest, hash_bits))


def _groups(images: ImageTable, hash_bits: int, largest: int) -> tuple[NDArray[np.int64], int]:
    """Return (I,) groups, and the strictest threshold needed to keep them at ``largest`` images.

    Frames of a drive resemble their neighbours, so near-duplicates chain through a whole data set. Only the chains
    that grew too long are cut, by looking at them again one bit stricter, copies by what they share; -1 says that even
    equal hashes had to be parted (a hash that a large part of the images share says nothing). Sequences are never cut.
    """
    group, strictest = groups_of(images, hash_bits), hash_bits
    for bits in range(hash_bits - 1, -2, -1):
        rows = np.flatnonzero(np.bincount(group)[group] > max(largest, 1))
        if not len(rows):
            break
        finer = groups_of(images.take(rows), bits)
        if finer.max() + 1 > len(np.unique(group[rows])):
            group[rows] = finer + group.max() + 1
            strictest = bits
    return np.unique(group, return_inverse=True)[1].reshape(-1).astype(np.int64), strictest


def _report(
    images: ImageTable, side: NDArray[np.int64], group: NDArray[np.int64], sides: int, strictest: int, asked: int
) -> SplitReport:
    class_boxes = np.stack([images.class_counts[side == s].sum(axis=0) for s in range(sides)])  # (S, C)
    totals = class_boxes.sum(axis=0)
    share = np.divide(class_boxes, totals, out=np.full(class_boxes.shape, np.nan), where=totals > 0)
    parted = copies_across(images, side)
    sequences = images.sequence >= 0
    kept = np.unique(np.stack([images.sequence[sequences], side[sequences]]), axis=1)
    return SplitReport(
        images=np.bincount(side, minlength=sides).tolist(),
        boxes=class_boxes.sum(axis=1).tolist(),
        groups=int(group.max()) + 1,
        largest_group=int(np.bincount(group).max()),
        class_boxes=class_boxes.tolist(),
        class_share=share.tolist(),
        strata_images={name: _per_value(values, side, sides) for name, values in images.strata.items()},
        hash_bits=strictest,
        hash_bits_asked=asked,
        near_duplicates_across=pairs_across(images, side, asked),
        sequences_across=kept.shape[1] - len(np.unique(images.sequence[sequences])),
        copies=len(images.copies.pairs),
        copies_across=len(parted),
        images_copied_across=np.bincount(side[np.unique(parted)], minlength=sides).tolist(),
    )


def _per_value(values: NDArray[np.int64], side: NDArray[np.int64], sides: int) -> dict[int, list[int]]:
    """Return the images per side of each value of a metadata field."""
    present = np.unique(values[values >= 0])
    return {int(value): np.bincount(side[values == value], minlength=sides).tolist() for value in present}
