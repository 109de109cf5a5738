"""Which pairs of pictures are worth a closer look: near-linear in their number, where all pairs would be quadratic."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.autocurate.grouping import bit_count
from science.evaluation.threads import side_by_side
from science.geometry.compiled import compiled

HASH_BITS = 7  # of 64, two whole pictures may differ in under one of the symmetries
VOTERS = 96  # points of a picture that have keys, at most
TABLES = 12  # keys of a point
KEY_BITS = (28, 48)  # the more points, the longer: about as many pairs of points share a key by chance
CROWD = 24  # points with one key: beyond, the key says nothing
VOTES = 2  # keys that two pictures have in common
CHOSEN = 24  # of the pictures that one shares most keys with; half as many where there are MANY pictures
MANY = 20_000
NEIGHBOURS = 8  # by embedding
DIRECTIONS = 96  # that embeddings are looked at in
BLOCK = 1024

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Floats = NDArray[np.float32]


class HashPairs(NamedTuple):
    """Pairs of pictures, the first the lower number, by their hashes."""

    pairs: Ints  # (C, 2)
    symmetry: Ints  # (C,) under which the first looks like the second


def by_hash(hashes: Words, bits: int = HASH_BITS) -> HashPairs:
    """Pairs of (N, S) hashes of which one of the first's S differs from the second's first in few enough bits.

    Two hashes that differ in at most k bits agree in one of k + 1 bands of bits; only those that share a band are
    compared (Manku, Jain, Das Sarma 2007).
    """
    edges = np.linspace(0, 64, bits + 2).astype(int)
    symmetries = hashes.shape[1]
    masks = [np.uint64(((1 << int(high)) - 1) ^ ((1 << int(low)) - 1)) for low, high in pairwise(edges)]
    turned, plain = np.ascontiguousarray(hashes).reshape(-1), np.ascontiguousarray(hashes[:, 0])

    def of_band(mask: np.uint64) -> Ints:
        order, others = np.argsort(plain & mask, kind="stable"), np.argsort(turned & mask, kind="stable")
        found: Ints = _near_in_band(plain, order, turned, others, mask, bits, symmetries)
        return found

    codes = np.unique(np.concatenate([np.zeros(0, np.int64), *side_by_side(of_band, masks)]))
    place, symmetry = codes // symmetries, codes % symmetries
    first, second = place // max(len(hashes), 1), place % max(len(hashes), 1)
    return HashPairs(np.column_stack([first, second]), symmetry)


@compiled
def _near_in_band(
    plain: Words, order: Ints, turned: Words, others: Ints, mask: np.uint64, bits: int, symmetries: int
) -> Ints:
    """Codes (a N + b) S + s of pictures a < b that share the band, a under s."""
    count = len(plain)
    found = np.empty(1024, np.int64)
    n = 0
    j = 0
    i = 0
    while i < count and j < len(turned):
        key = plain[order[i]] & mask
        other = turned[others[j]] & mask
        if other < key:
            j += 1
            continue
        end_i = i
        while end_i < count and plain[order[end_i]] & mask == key:
            end_i += 1
        if other == key:
            end_j = j
            while end_j < len(turned) and turned[others[end_j]] & mask == key:
                end_j += 1
            for v in range(j, end_j):
                a, s = others[v] // symmetries, others[v] % symmetries
                look = turned[others[v]]
                for u in range(i, end_i):
                    b = order[u]
                    if a < b and bit_count(look ^ plain[b]) <= bits:
                        if n == len(found):
                            found = np.concatenate((found, np.empty(n, np.int64)))
                        found[n] = (a * count + b) * symmetries + s
                        n += 1
            j = end_j
        i = end_i
    return found[:n]


class PointPairs(NamedTuple):
    """Pairs of pictures, the first the lower number, by what their points have in common."""

    pairs: Ints  # (C, 2)
    mirror: NDArray[np.bool_]  # (C,) one of them mirrored
    votes: Ints  # (C,)


def by_points(words: Words, start: Ints) -> PointPairs:
    """Pairs of pictures whose points share keys: some bits of their descriptions, in several tables.

    (P, 4) descriptions, those of picture n at start[n]:start[n + 1], the best spread first. A key that many points have
    is passed over. Kept are, of each picture, the few that share most keys with it.
    """
    pictures = len(start) - 1
    picture = np.repeat(np.arange(pictures), np.diff(start))
    voting = np.flatnonzero(np.arange(len(words)) - start[picture] < VOTERS)
    words, picture = words[voting], picture[voting]
    length = int(np.clip(round(2 * np.log2(max(len(words), 1))), *KEY_BITS))
    random = np.random.default_rng(7)
    bits = np.stack([random.choice(256, length, replace=False) for _ in range(TABLES)])

    def of_table(chosen: Ints) -> Ints:
        plain, mirror = keys_of(words, chosen), keys_of(words, (chosen + 128) % 256)
        order, others = np.argsort(plain, kind="stable"), np.argsort(mirror, kind="stable")
        found: Ints = _sharing(plain, order, mirror, others, picture, pictures, CROWD)
        return np.unique(found)  # a table has one vote

    codes, votes = np.unique(np.concatenate([np.zeros(0, np.int64), *side_by_side(of_table, bits)]), return_counts=True)
    codes, votes = codes[votes >= VOTES], votes[votes >= VOTES]
    first, second = np.divmod(codes // 2, max(pictures, 1))
    kept = np.flatnonzero(_rank(first, second, votes, pictures) < (CHOSEN if pictures <= MANY else CHOSEN // 2))
    return PointPairs(np.column_stack([first, second])[kept], codes[kept] % 2 == 1, votes[kept])


def _rank(first: Ints, second: Ints, votes: Ints, pictures: int) -> Ints:
    """(C,) which place a pair has among those of its pictures, by votes: the better of the two places."""
    picture, pair = np.concatenate([first, second]), np.tile(np.arange(len(first)), 2)
    order = np.lexsort((-votes[pair], picture))
    began = np.searchsorted(picture[order], np.arange(pictures))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order)) - began[picture[order]]
    return np.minimum(place[: len(first)], place[len(first) :])


@compiled
def keys_of(words: Words, chosen: Ints) -> Words:
    """(P,) the chosen bits of each description."""
    keys = np.zeros(len(words), np.uint64)
    for k in range(len(words)):
        key = np.uint64(0)
        for bit in chosen:
            key = (key << np.uint64(1)) | ((words[k, bit // 64] >> np.uint64(bit % 64)) & np.uint64(1))
        keys[k] = key
    return keys


@compiled
def _sharing(plain: Words, order: Ints, mirror: Words, others: Ints, picture: Ints, pictures: int, crowd: int) -> Ints:
    """Codes (a N + b) 2 + m of pictures a < b with points of one key; m: the key of a's point as it is mirrored."""
    count = len(plain)
    found = np.empty(65536, np.int64)
    n = 0
    i = j = 0
    while i < count:
        key = plain[order[i]]
        end_i = i
        while end_i < count and plain[order[end_i]] == key:
            end_i += 1
        while j < count and mirror[others[j]] < key:
            j += 1
        end_j = j
        while end_j < count and mirror[others[end_j]] == key:
            end_j += 1
        need = (end_i - i) * (end_i - i + end_j - j)
        if end_i - i <= crowd and end_j - j <= crowd:
            while n + need > len(found):
                found = np.concatenate((found, np.empty(len(found), np.int64)))
            for u in range(i, end_i):
                b = picture[order[u]]
                for v in range(i, u):
                    a = picture[order[v]]
                    if a != b:
                        found[n] = (min(a, b) * pictures + max(a, b)) * 2
                        n += 1
                for v in range(j, end_j):
                    a = picture[others[v]]
                    if a < b:
                        found[n] = (a * pictures + b) * 2 + 1
                        n += 1
        i, j = end_i, end_j
    return found[:n]


def by_embedding(vectors: NDArray[np.float16], neighbours: int = NEIGHBOURS) -> Ints:
    """(C, 2) each of (N, D) vectors with its nearest others, the lower number first.

    They are looked at in DIRECTIONS random directions, which keep angles well enough to choose candidates by (Johnson
    and Lindenstrauss), and make the comparison of all with all a tenth of the work.
    """
    count = len(vectors)
    if count < 2:
        return np.zeros((0, 2), np.int64)
    random = np.random.default_rng(3)
    turned = vectors.astype(np.float32) @ random.normal(size=(vectors.shape[1], DIRECTIONS)).astype(np.float32)
    turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
    few = min(neighbours, count - 1)
    found = []
    for first in range(0, count, BLOCK):
        alike = turned[first : first + BLOCK] @ turned.T
        rows = np.arange(len(alike))
        alike[rows, first + rows] = -2
        near = np.argpartition(-alike, few - 1, axis=1)[:, :few]
        found.append(np.column_stack([np.repeat(first + rows, few), near.reshape(-1)]))
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
