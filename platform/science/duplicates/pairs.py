"""Pairs of pictures that show the same: copies, also mirrored, turned, cut out, moved, lighter or darker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.duplicates.candidates import by_embedding, by_hash, by_points
from science.duplicates.difference import worst_parts
from science.duplicates.geometry import judge_maps, judge_pairs, parts_with_contrast
from science.duplicates.signatures import Signatures, matrix_of
from science.evaluation.threads import side_by_side

AT_ONCE = 4096  # pairs
AGREEING_WHOLE = 0.8  # of the pixels, where nothing but the hash spoke for the pair
# Where points put one picture into the other: agreement of the pixels, points and overlap, one row of which is enough.
SURE = ((0.85, 16, 0.3), (0.95, 10, 0.1), (0.98, 5, 0.1))
# Where two pictures share less than half: how far the part that differs most may be off, in deviations of both
SMALL_SHARE, MOST_OFF = 0.5, 0.4
LEAST_PARTS, PARTS_OF_PIECES = 6, 16

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Pairs:
    """P pairs of pictures of one source."""

    pairs: Ints  # (P, 2) places, the lower first; each pair once
    overlap: Floats  # (P,) area that both show over the area that either shows; 1: the whole picture
    agreement: Floats  # (P,) part of the small parts that correlate
    maps: NDArray[np.float64]  # (P, 6) see geometry.Judged

    def __len__(self) -> int:
        return len(self.pairs)

    @classmethod
    def none(cls) -> Pairs:
        return cls(np.zeros((0, 2), np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32), np.zeros((0, 6)))


def find_pairs(
    pictures: Signatures,
    vectors: NDArray[np.float16] | None = None,
    with_vector: Ints | None = None,
    report: Callable[[float], None] = lambda part: None,
) -> Pairs:
    """Find the pairs of N pictures that show the same.

    `vectors` are the embeddings of the pictures at `with_vector`: their nearest neighbours are looked at as well.
    """
    whole = whole_pictures(pictures, lambda part: report(0.1 * part))
    shared = by_points(pictures.words, pictures.poses, pictures.start)
    report(0.4)
    candidates, mirror = [shared.pairs], [shared.mirror]
    if vectors is not None and with_vector is not None and len(with_vector):
        near = with_vector[by_embedding(vectors)]
        candidates += [np.sort(near, axis=1)] * 2
        mirror += [np.zeros(len(near), bool), np.ones(len(near), bool)]
    report(0.5)
    asked = np.unique(np.column_stack([np.concatenate(candidates), np.concatenate(mirror)]), axis=0)
    asked = asked[~_known(asked[:, :2], whole.pairs, len(pictures))]
    parts = _by_geometry(pictures, asked[:, :2], asked[:, 2] == 1, lambda part: report(0.5 + 0.5 * part))
    return _each_once(_joined(whole, parts))


def whole_pictures(pictures: Signatures, report: Callable[[float], None] = lambda part: None) -> Pairs:
    """Pairs that are alike as a whole, under one of the eight symmetries."""
    found = by_hash(pictures.hashes, parts=parts_with_contrast(pictures.small), least=LEAST_PARTS)
    maps = np.array([matrix_of(s).reshape(6) for s in range(8)])

    def judged(start: int) -> Pairs:
        report(start / max(len(found.pairs), 1))
        rows = slice(start, start + AT_ONCE)
        return _agreeing(pictures, found.pairs[rows], maps[found.symmetry[rows]], AGREEING_WHOLE)

    alike = _joined(Pairs.none(), *map(judged, range(0, len(found.pairs), AT_ONCE)))
    report(1)
    return _each_once(alike)


def _agreeing(pictures: Signatures, pairs: Ints, maps: NDArray[np.float64], least: float) -> Pairs:
    agreement, parts, overlap = judge_maps(pictures.small, pairs, maps)
    good = (agreement >= least) & (parts >= LEAST_PARTS)
    return Pairs(pairs[good], overlap[good], agreement[good], maps[good])


def _by_geometry(
    pictures: Signatures, pairs: Ints, mirror: NDArray[np.bool_], report: Callable[[float], None]
) -> Pairs:
    """Of these candidates, those that have a map under which their pixels agree."""
    maps, numbers = np.zeros((len(pairs), 6)), np.zeros((len(pairs), 4), np.float32)

    def judge(rows: slice) -> None:
        judge_pairs(
            pairs[rows], mirror[rows], pictures.small, pictures.start, pictures.points, pictures.words, pictures.shape,
            maps[rows], numbers[rows],
        )  # fmt: skip
        report(rows.start / max(len(pairs), 1))

    side_by_side(judge, [slice(start, start + AT_ONCE) for start in range(0, len(pairs), AT_ONCE)])
    agreement, count, overlap, points = numbers.T
    good = np.zeros(len(pairs), bool)
    for least_agreement, least_points, least_overlap in SURE:
        good |= (agreement >= least_agreement) & (points >= least_points) & (overlap >= least_overlap)
    good &= count >= PARTS_OF_PIECES
    pieces = np.flatnonzero(good & (overlap < SMALL_SHARE))
    good[pieces[worst_parts(pictures.small, pairs[pieces], maps[pieces]) > MOST_OFF]] = False
    return Pairs(pairs[good], numbers[good, 2], numbers[good, 0], maps[good])


def _known(pairs: Ints, found: Ints, count: int) -> NDArray[np.bool_]:
    """(C,) whether a pair is among those found."""
    return np.isin(pairs[:, 0] * count + pairs[:, 1], found[:, 0] * count + found[:, 1])


def _joined(*found: Pairs) -> Pairs:
    return Pairs(*(np.concatenate([getattr(one, name) for one in found]) for name in Pairs.__dataclass_fields__))


def _each_once(found: Pairs) -> Pairs:
    """Each pair by the map under which it agrees best."""
    order = np.lexsort((-found.agreement, found.pairs[:, 1], found.pairs[:, 0]))
    pairs = found.pairs[order]
    first = np.ones(len(pairs), bool)
    first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    rows = order[first]
    return Pairs(found.pairs[rows], found.overlap[rows], found.agreement[rows], found.maps[rows])
