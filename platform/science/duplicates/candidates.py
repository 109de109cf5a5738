"""Which pairs of pictures are worth a closer look: near-linear in their number, where all pairs would be quadratic."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.autocurate.grouping import bit_count
from science.evaluation.threads import side_by_side
from science.geometry.compiled import compiled, compiled_in_place

HASH_BITS = 7  # of 64, two whole pictures may differ in under one of the symmetries
MOST_ALIKE = 64  # pictures that one is paired with by hash in a band, spread over all that are like it, and …
NEXT_ALIKE = 16  # … the next ones: hundreds of pictures of one hash would be tens of thousands of pairs
VOTERS = 128  # points of a picture that are compared, at most
ALIKE_BITS = 40  # of 256, two points may differ in to be taken for the same; geometry takes more
LIST = 128  # points that are nearest to one pivot, about
LONGEST_LIST = 1024  # looked at
PROBES = 3  # lists in which the points like one are looked for
CROWD = 256  # pictures with a point like one: beyond, the point says nothing
VOTES = 2  # points that two pictures have in common
TURNS, SCALES = 8, 5  # that votes are told apart by
AT_ONCE = 2048  # pictures
CHOSEN = 24  # of the pictures that one shares most keys with; half as many where there are MANY pictures
MANY = 20_000
NEIGHBOURS = 8  # by embedding
DIRECTIONS = 96  # that embeddings are looked at in
BLOCK = 1024

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Floats = NDArray[np.float32]
Poses = NDArray[np.uint8]


class HashPairs(NamedTuple):
    """Pairs of pictures, the first the lower number, by their hashes."""

    pairs: Ints  # (C, 2)
    symmetry: Ints  # (C,) under which the first looks like the second


def by_hash(hashes: Words, bits: int = HASH_BITS, parts: Ints | None = None, least: int = 0) -> HashPairs:
    """Pairs of (N, S) hashes of which one of the first's S differs from the second's first in few enough bits.

    With (N,) `parts` those pairs alone that have at least so many between them: flat pictures, of which there may be
    thousands (black frames), all have one hash, and nothing to be told alike by. Where very many are alike (a camera
    that stands still), each is paired with some of them, so that all hang together and pairs stay few.

    Two hashes that differ in at most k bits agree in one of k + 1 bands of bits; only those that share a band are
    compared (Manku, Jain, Das Sarma 2007).
    """
    edges = np.linspace(0, 64, bits + 2).astype(int)
    symmetries = hashes.shape[1]
    masks = [np.uint64(((1 << int(high)) - 1) ^ ((1 << int(low)) - 1)) for low, high in pairwise(edges)]
    turned, plain = np.ascontiguousarray(hashes).reshape(-1), np.ascontiguousarray(hashes[:, 0])
    counted = np.zeros(len(hashes), np.int64) if parts is None else parts

    def of_band(mask: np.uint64) -> Ints:
        order, others = np.argsort(plain & mask, kind="stable"), np.argsort(turned & mask, kind="stable")
        found: Ints = _near_in_band(plain, order, turned, others, mask, bits, symmetries, counted, least)
        return found

    codes = np.unique(np.concatenate([np.zeros(0, np.int64), *side_by_side(of_band, masks)]))
    place, symmetry = codes // symmetries, codes % symmetries
    first, second = place // max(len(hashes), 1), place % max(len(hashes), 1)
    return HashPairs(np.column_stack([first, second]), symmetry)


@compiled
def _spread(near: Ints, first: int, symmetries: int, s: int, found: Ints, n: int) -> tuple[Ints, int]:
    """Add the codes of the pictures near one: all, or where they are many the next ones and some of the others."""
    step = (len(near) + MOST_ALIKE - 1) // MOST_ALIKE
    for k in range(len(near)):
        if k < NEXT_ALIKE or k % step == 0:
            if n == len(found):
                found = np.concatenate((found, np.empty(n, np.int64)))
            found[n] = (first + near[k]) * symmetries + s
            n += 1
    return found, n


@compiled
def _near_in_band(
    plain: Words,
    order: Ints,
    turned: Words,
    others: Ints,
    mask: np.uint64,
    bits: int,
    symmetries: int,
    parts: Ints,
    least: int,
) -> Ints:
    """Codes (a N + b) S + s of pictures a < b that share the band, a under s, and have enough parts."""
    count = len(plain)
    found = np.empty(1024, np.int64)
    near = np.empty(1024, np.int64)
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
                alike = 0
                for u in range(i, end_i):
                    b = order[u]
                    if a < b and parts[a] + parts[b] >= least and bit_count(look ^ plain[b]) <= bits:
                        if alike == len(near):
                            near = np.concatenate((near, np.empty(alike, np.int64)))
                        near[alike] = b
                        alike += 1
                found, n = _spread(near[:alike], a * count, symmetries, s, found, n)
            j = end_j
        i = end_i
    return found[:n]


class PointPairs(NamedTuple):
    """Pairs of pictures, the first the lower number, by what their points have in common."""

    pairs: Ints  # (C, 2)
    mirror: NDArray[np.bool_]  # (C,) one of them mirrored


class _Lists(NamedTuple):
    """Points in lists, each by the pivot that it is nearest to; pivots again by the head that they are nearest to."""

    heads: Words  # (H, 4)
    pivots: Words  # (L, 4) those of head h at of_head[h]:of_head[h + 1]
    of_head: Ints  # (H + 1,)
    words: Words  # (P, 4) those of list l at of_list[l]:of_list[l + 1]
    poses: Poses  # (P,)
    picture: NDArray[np.int32]  # (P,)
    of_list: Ints  # (L + 1,)


def by_points(words: Words, poses: Poses, start: Ints) -> PointPairs:
    """Pairs of pictures of which points look alike.

    (P, 4) descriptions and (P,) poses, those of picture n at start[n]:start[n + 1], the best spread first. A point is
    compared with those of the lists that it is nearest to, as it is and mirrored. Each point votes for the pictures
    that have one like it, the less the more such pictures there are, and for a turn and a scale: votes count together
    only where these agree (weak geometric consistency: Jegou, Douze, Schmid 2008). Kept are, of each picture, the few
    with most votes.
    """
    pictures = len(start) - 1
    voting = _voting(start)
    if len(voting) < 2:
        return PointPairs(np.zeros((0, 2), np.int64), np.zeros(0, bool))
    picture = np.repeat(np.arange(pictures, dtype=np.int32), np.diff(start))
    lists = _lists_of(words[voting], poses[voting], picture[voting])
    chosen = CHOSEN if pictures <= MANY else CHOSEN // 2

    def of_pictures(part: range) -> Ints:
        found: Ints = _alike(words, poses, start, part.start, part.stop, VOTERS, chosen, *lists)
        return found

    parts = [range(first, min(first + AT_ONCE, pictures)) for first in range(0, pictures, AT_ONCE)]
    codes = np.unique(np.concatenate([np.zeros(0, np.int64), *side_by_side(of_pictures, parts)]))
    first, second = np.divmod(codes // 2, max(pictures, 1))
    return PointPairs(np.column_stack([first, second]), codes % 2 == 1)


def _voting(start: Ints) -> Ints:
    """The places of the first VOTERS points of each picture."""
    return np.flatnonzero(np.arange(start[-1]) - np.repeat(start[:-1], np.diff(start)) < VOTERS)


def _lists_of(words: Words, poses: Poses, picture: NDArray[np.int32]) -> _Lists:
    """Put (P, 4) points into lists about LIST long. Pivots are points drawn by chance: more where more points are."""
    random = np.random.default_rng(7)
    lists = max(1, len(words) // LIST)
    pivots = words[np.sort(random.choice(len(words), lists, replace=False))]
    heads = pivots[np.sort(random.choice(lists, max(1, round(lists**0.5)), replace=False))]
    whole = np.array([0, len(heads)])
    head_of = _side_by_side_nearest(pivots, heads[:1], heads, whole)
    order = np.argsort(head_of, kind="stable")
    pivots, of_head = pivots[order], _ends(head_of, len(heads))
    list_of = _side_by_side_nearest(words, heads, pivots, of_head)
    order = np.argsort(list_of, kind="stable")
    return _Lists(heads, pivots, of_head, words[order], poses[order], picture[order], _ends(list_of, lists))


def _ends(numbers: Ints, count: int) -> Ints:
    """(count + 1,) where each number begins in what is sorted by it."""
    return np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=count))]).astype(np.int64)


def _side_by_side_nearest(words: Words, heads: Words, pivots: Words, of_head: Ints) -> Ints:
    parts = [words[first : first + 65536] for first in range(0, len(words), 65536)]
    return np.concatenate(side_by_side(lambda part: _nearest_pivots(part, heads, pivots, of_head), parts))


@compiled_in_place
def _differing(q: Words, words: Words, k: int) -> int:
    """In how many of 256 bits the (4,) description differs from the one at k."""
    return (
        bit_count(q[0] ^ words[k, 0])
        + bit_count(q[1] ^ words[k, 1])
        + bit_count(q[2] ^ words[k, 2])
        + bit_count(q[3] ^ words[k, 3])
    )


@compiled_in_place
def _probe(q: Words, heads: Words, pivots: Words, of_head: Ints, near: Ints, bits: Ints) -> None:
    """Fill the numbers of the (n,) pivots that q is nearest to, the nearest first, of the two nearest heads."""
    near[:] = -1
    bits[:] = 1000
    best = last = -1
    for _ in range(min(2, len(heads))):
        least = 2**40
        for h in range(len(heads)):
            apart = _differing(q, heads, h) * 4096 + h
            if last < apart < least:
                least, best = apart, h
        last = least
        for pivot in range(of_head[best], of_head[best + 1]):
            apart = _differing(q, pivots, pivot)
            if apart < bits[-1]:
                _put(pivot, apart, near, bits)


@compiled_in_place
def _put(pivot: int, apart: int, near: Ints, bits: Ints) -> None:
    """Put a pivot in its place among the nearest."""
    at = len(near) - 1
    while at > 0 and apart < bits[at - 1]:
        near[at], bits[at] = near[at - 1], bits[at - 1]
        at -= 1
    near[at], bits[at] = pivot, apart


@compiled
def _nearest_pivots(words: Words, heads: Words, pivots: Words, of_head: Ints) -> Ints:
    """(P,) the pivot that each of (P, 4) descriptions is nearest to, as far as the nearest heads tell."""
    found = np.zeros(len(words), np.int64)
    near, bits = np.zeros(1, np.int64), np.zeros(1, np.int64)
    for k in range(len(words)):
        _probe(words[k], heads, pivots, of_head, near, bits)
        found[k] = max(near[0], 0)
    return found


@compiled
def _alike(
    words: Words,
    poses: Poses,
    start: Ints,
    first: int,
    last: int,
    voters: int,
    chosen: int,
    heads: Words,
    pivots: Words,
    of_head: Ints,
    listed: Words,
    posed: Poses,
    picture: NDArray[np.int32],
    of_list: Ints,
) -> Ints:
    """Codes (a N + b) 2 + m of the pictures that first:last share most votes with, m: one of them mirrored."""
    pictures = len(start) - 1
    votes = np.zeros((2, pictures, TURNS * SCALES), np.float32)
    voters_of = np.zeros((2, pictures), np.int16)
    stamp = np.full((2, pictures), -1, np.int64)
    touched = np.zeros(2 * pictures, np.int64)
    one_point, its_bin = np.zeros(CROWD, np.int64), np.zeros(CROWD, np.int64)
    near, bits = np.zeros(PROBES, np.int64), np.zeros(PROBES, np.int64)
    q = np.zeros(4, np.uint64)
    found = np.zeros((last - first) * 2 * chosen, np.int64)
    n = 0
    for a in range(first, last):
        met = 0
        for k in range(start[a], min(start[a + 1], start[a] + voters)):
            for m in range(2):
                for w in range(4):
                    q[w] = words[k, (w + 2 * m) % 4]  # mirrored, the halves change places
                _probe(q, heads, pivots, of_head, near, bits)
                alike = _points_like(
                    q, a, k, m, poses[k], near, listed, posed, picture, of_list, stamp[m], one_point, its_bin
                )
                if alike == CROWD:
                    continue
                for t in range(alike):
                    b = one_point[t]
                    if voters_of[m, b] == 0:
                        touched[met] = b * 2 + m
                        met += 1
                    voters_of[m, b] += 1
                    votes[m, b, its_bin[t]] += 1 / np.sqrt(alike)
        n = _most_voted(a, touched[:met], votes, voters_of, chosen, found, n)
    return found[:n]


@compiled_in_place
def _points_like(
    q: Words,
    a: int,
    k: int,
    m: int,
    pose: int,
    near: Ints,
    listed: Words,
    posed: Poses,
    picture: NDArray[np.int32],
    of_list: Ints,
    stamp: Ints,
    one_point: Ints,
    its_bin: Ints,
) -> int:
    """Fill the pictures, but for a, that have a point like q in the near lists, and by how much it is turned.

    Returns how many, CROWD at most. `stamp` holds the point for which a picture was filled in last.
    """
    alike = 0
    for probe in near:
        if probe < 0:
            continue
        for p in range(of_list[probe], min(of_list[probe + 1], of_list[probe] + LONGEST_LIST)):
            if alike == CROWD:
                return alike
            if _differing(q, listed, p) > ALIKE_BITS:
                continue
            b = picture[p]
            if b == a or stamp[b] == k:
                continue
            stamp[b] = k
            one_point[alike], its_bin[alike] = b, _bin_of(pose, posed[p], m == 1)
            alike += 1
    return alike


@compiled_in_place
def _bin_of(a: int, b: int, mirror: bool) -> int:
    """By how much a point is turned and scaled to lie on another: a turn of TURNS, a scale of SCALES."""
    turn = (b // 8 + a // 8 if mirror else b // 8 - a // 8 + 32) % 32
    return (turn * TURNS // 32) * SCALES + (b % 8 - a % 8 + 7) * SCALES // 15


@compiled_in_place
def _best_bin(votes: Floats) -> float:
    """The most votes for one turn and scale, and the next ones, of (TURNS * SCALES,)."""
    best = 0.0
    for turn in range(TURNS):
        one, next_one = turn * SCALES, (turn + 1) % TURNS * SCALES
        for scale in range(SCALES - 1):
            near = votes[one + scale] + votes[one + scale + 1] + votes[next_one + scale] + votes[next_one + scale + 1]
            best = max(best, near)
    return best


@compiled
def _most_voted(
    a: int, touched: Ints, votes: Floats, voters_of: NDArray[np.int16], chosen: int, found: Ints, n: int
) -> int:
    """Add the codes of the pictures that a shares most votes with to the n found; the counts are zero again then."""
    pictures = votes.shape[1]
    worth = np.zeros(len(touched), np.float32)
    for t in range(len(touched)):
        b, m = touched[t] // 2, touched[t] % 2
        worth[t] = _best_bin(votes[m, b]) if voters_of[m, b] >= VOTES else 0
        votes[m, b, :] = 0
        voters_of[m, b] = 0
    order = np.argsort(-worth)
    for t in order[:chosen]:
        if worth[t] == 0:
            break
        b, m = touched[t] // 2, touched[t] % 2
        found[n] = (min(a, b) * pictures + max(a, b)) * 2 + m
        n += 1
    return n


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
