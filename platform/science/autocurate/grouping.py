"""Images that must not be parted: those of one sequence, near-duplicates by perceptual hash, and copies by sight.

Two 64-bit hashes that differ in at most k bits agree entirely in at least one of k + 1 bands of bits. So only images
that share a band are compared: near-linear for real images, where comparing all pairs would be quadratic.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.autocurate.types import ImageTable
from science.geometry.compiled import compiled

HASH_BITS = 64

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]


def groups_of(images: ImageTable, hash_bits: int) -> Ints:
    """Return (I,) group numbers 0 … G-1, in order of first appearance.

    Images are in one group if a chain of shared sequences, and of hashes and copies at most ``hash_bits`` apart joins
    them; a negative ``hash_bits`` leaves hashes and copies out.
    """
    parent = np.arange(len(images))
    _join_equal(parent, np.flatnonzero(images.sequence >= 0), images.sequence)
    alike = images.copies.pairs[images.copies.apart <= hash_bits]
    _join_rows(parent, np.ascontiguousarray(alike[:, 0]), np.ascontiguousarray(alike[:, 1]))
    if hash_bits >= 0:
        hashed = np.flatnonzero(images.hashed)
        _join_equal(parent, hashed, images.hashes.view(np.int64))
        unique, first = np.unique(images.hashes[hashed], return_index=True)
        if hash_bits > 0 and len(unique) > 1:
            _join_near(parent, unique, hashed[first], *_bands(unique, hash_bits), hash_bits)
    roots = _roots(parent)
    _, first_seen, numbers = np.unique(roots, return_index=True, return_inverse=True)
    rank = np.empty(len(first_seen), np.int64)
    rank[np.argsort(first_seen)] = np.arange(len(first_seen))
    return rank[numbers.reshape(-1)]


def pairs_across(images: ImageTable, side: Ints, hash_bits: int) -> int:
    """Return how many pairs of images lie on different sides with hashes at most ``hash_bits`` apart."""
    hashed = np.flatnonzero(images.hashed)
    if not len(hashed) or hash_bits < 0:
        return 0
    unique, place = np.unique(images.hashes[hashed], return_inverse=True)
    sides = int(side.max()) + 1
    counts = np.bincount(place.reshape(-1) * sides + side[hashed], minlength=len(unique) * sides)
    counts = counts.reshape(len(unique), sides)  # (U, S) images with that hash on each side
    totals = counts.sum(axis=1)
    same_hash = int((totals**2 - (counts**2).sum(axis=1)).sum()) // 2
    if hash_bits == 0 or len(unique) < 2:
        return same_hash
    return same_hash + _count_across(unique, counts, *_bands(unique, hash_bits), hash_bits)


def copies_across(images: ImageTable, side: Ints) -> Ints:
    """Return (C, 2) the copies of which the two lie on different sides."""
    pairs = images.copies.pairs
    across: Ints = pairs[side[pairs[:, 0]] != side[pairs[:, 1]]]
    return across


@dataclass(frozen=True)
class Distinct:
    """How different from each other images are taken."""

    most: int  # images
    per_sequence: int = 1  # at most so many of one sequence
    hash_bits: int = 6  # near-duplicates differ in at most so many bits of their hashes; -1 = none are
    least_distance: float = 0.02  # near-duplicates have at most this cosine distance; -1 = none are


def distinct_images(
    images: ImageTable, order: Ints, wanted: Distinct, vectors: NDArray[np.floating] | None = None
) -> Ints:
    """Return the first images in this order that are no near-duplicate of one before them.

    Only those taken are compared, so nothing chains. ``vectors`` (I, D) are of length 1, or zero where there is none.
    """
    sequence = np.where(images.sequence >= 0, images.sequence, -1)
    places = np.unique(sequence, return_inverse=True)[1].reshape(-1)
    looks = np.zeros((len(images), 0), np.float32) if vectors is None else np.ascontiguousarray(vectors, np.float32)
    limits = _Limits(wanted.most, wanted.per_sequence, wanted.hash_bits, 1 - wanted.least_distance)
    taken: Ints = _take_apart(order, images.hashes, images.hashed, sequence, places, looks, limits)
    return taken


class _Limits(NamedTuple):
    most: int
    per_sequence: int
    hash_bits: int
    cosine: float  # from here on two images look the same


def _bands(unique: Hashes, hash_bits: int) -> tuple[Hashes, Ints]:
    """Return each band's mask (K,) and the order (K, U) that brings equal bits of the band together."""
    edges = np.linspace(0, HASH_BITS, min(hash_bits, HASH_BITS - 1) + 2).astype(int)
    masks = np.array([((1 << int(high)) - 1) ^ ((1 << int(low)) - 1) for low, high in pairwise(edges)])
    masks = masks.astype(np.uint64)
    return masks, np.stack([np.argsort(unique & mask, kind="stable") for mask in masks]).astype(np.int64)


def _join_equal(parent: Ints, rows: Ints, values: Ints) -> None:
    """Join the images at ``rows`` that have the same value."""
    if len(rows):
        _, first, place = np.unique(values[rows], return_index=True, return_inverse=True)
        _join_rows(parent, rows, rows[first][place.reshape(-1)])


@compiled
def _find(parent: Ints, i: int) -> int:
    """Return the root of i, halving the path on the way."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled
def _join_rows(parent: Ints, a: Ints, b: Ints) -> None:
    """Join a[k] with b[k]; the smaller root stays one, so that the result does not hang on the order."""
    for k in range(len(a)):
        i = _find(parent, a[k])
        j = _find(parent, b[k])
        parent[max(i, j)] = min(i, j)


@compiled
def _roots(parent: Ints) -> Ints:
    roots = np.empty(len(parent), np.int64)
    for i in range(len(parent)):
        roots[i] = _find(parent, i)
    return roots


@compiled
def bit_count(bits: np.uint64) -> int:
    """Return the number of ones: summed in pairs, fours, eights, then all bytes by one multiplication."""
    pairs = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    fours = (pairs & np.uint64(0x3333333333333333)) + ((pairs >> np.uint64(2)) & np.uint64(0x3333333333333333))
    eights = (fours + (fours >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((eights * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _join_near(parent: Ints, unique: Hashes, image: Ints, masks: Hashes, orders: Ints, hash_bits: int) -> None:
    """Join images whose hashes are near; ``image[u]`` is an image with the hash ``unique[u]``."""
    for k in range(len(masks)):
        start = 0
        for end in range(1, len(unique) + 1):
            if end < len(unique) and (unique[orders[k, end]] ^ unique[orders[k, start]]) & masks[k] == 0:
                continue
            for i in range(start, end):
                for j in range(i + 1, end):
                    u, v = orders[k, i], orders[k, j]
                    if bit_count(unique[u] ^ unique[v]) <= hash_bits:
                        a = _find(parent, image[u])
                        b = _find(parent, image[v])
                        parent[max(a, b)] = min(a, b)
            start = end


@compiled
def _any_equal(different: np.uint64, masks: Hashes) -> bool:
    """Return whether two hashes agree in any of the bands."""
    for k in range(len(masks)):  # noqa: SIM110, compiled code has no any()
        if different & masks[k] == 0:
            return True
    return False


@compiled
def _count_across(unique: Hashes, counts: Ints, masks: Hashes, orders: Ints, hash_bits: int) -> int:
    """Count pairs of images on different sides whose different hashes are near, each pair in its first common band."""
    total = 0
    for k in range(len(masks)):
        start = 0
        for end in range(1, len(unique) + 1):
            if end < len(unique) and (unique[orders[k, end]] ^ unique[orders[k, start]]) & masks[k] == 0:
                continue
            for i in range(start, end):
                for j in range(i + 1, end):
                    u, v = orders[k, i], orders[k, j]
                    different = unique[u] ^ unique[v]
                    if bit_count(different) > hash_bits or _any_equal(different, masks[:k]):
                        continue
                    all_u = counts[u].sum()
                    all_v = counts[v].sum()
                    total += all_u * all_v - (counts[u] * counts[v]).sum()
            start = end
    return total


@compiled
def _cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Return the cosine of two vectors of length 1; 0 where one of them is zero."""
    total = 0.0
    for d in range(len(a)):
        total += a[d] * b[d]
    return total


@compiled
def _take_apart(
    order: Ints,
    hashes: Hashes,
    hashed: NDArray[np.bool_],
    sequence: Ints,
    places: Ints,
    looks: NDArray[np.float32],
    limits: _Limits,
) -> Ints:
    taken = np.empty(max(limits.most, 0), np.int64)
    of_sequence = np.zeros(len(places) + 1, np.int64)
    count = 0
    for image in order:
        if count >= limits.most:
            break
        if sequence[image] >= 0 and of_sequence[places[image]] >= limits.per_sequence:
            continue
        new = True
        for k in range(count):
            other = taken[k]
            if hashed[image] and hashed[other] and bit_count(hashes[image] ^ hashes[other]) <= limits.hash_bits:
                new = False
                break
            if looks.shape[1] > 0 and _cosine(looks[image], looks[other]) >= limits.cosine:
                new = False
                break
        if new:
            taken[count] = image
            count += 1
            of_sequence[places[image]] += 1
    return taken[:count]
