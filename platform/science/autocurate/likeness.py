"""How like images are: embeddings in few directions, or the bits of perceptual hashes where there are no embeddings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.grouping import HASH_BITS
from science.autocurate.types import ImageTable

DIRECTIONS = 64  # what varies less hardly orders neighbours, and distances are found much faster
SAMPLE = 4096  # vectors that the directions are found from
ROUNDS = 3  # of the power iteration that finds them
REFERENCES = 256  # images that stand for the pool where its density is measured
CROWD = 0.05  # the part of the pool that an average image has within the radius by which density is counted
SAME = 1e-6  # squared distance below which two points are one
BLOCK = 512  # rows of distances at once

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Likeness:
    """Points whose distance says how different two images are."""

    vectors: Float32s  # (I, E)
    points: Float32s  # (I, D) the same in few directions: no farther from each other than the vectors
    known: Bools  # (I,) false where nothing is known of an image
    measure: str  # "embedding", "hash" or "none"

    def shown(self, squared: NDArray[np.floating]) -> Float64s:
        """Squared distances of vectors as people know them: cosine distances, or how many bits differ."""
        return np.asarray(squared, np.float64) * (0.5 if self.measure == "embedding" else HASH_BITS / 4)


def likeness_of(images: ImageTable, vectors: NDArray[np.floating] | None, seed: int) -> Likeness:
    """Compare by ``vectors`` (I, D), zero where an image has none, if most images have one; else by hash."""
    if vectors is not None and len(images):
        known = np.asarray(vectors.any(axis=1))
        if known.mean() > 0.5:
            whole = np.ascontiguousarray(vectors, np.float32)
            return Likeness(whole, few_directions(whole, known, seed), known, "embedding")
    bits = np.unpackbits(images.hashes[:, None].view(np.uint8), axis=1).astype(np.float32)
    points = (bits * 2 - 1) / np.sqrt(HASH_BITS).astype(np.float32)
    return Likeness(points, points, images.hashed, "hash" if images.hashed.any() else "none")


def few_directions(vectors: Float32s, known: Bools, seed: int) -> Float32s:
    """Return (I, 64) coordinates along the directions in which the vectors of length 1 vary most.

    Distances are at most those between the vectors. The directions are those of a randomised range finder (Halko,
    Martinsson, Tropp, *Finding structure with randomness*, 2011) on a sample of the vectors.
    """
    if vectors.shape[1] <= DIRECTIONS:
        return vectors
    random = np.random.default_rng(seed)
    rows = np.flatnonzero(known)
    sample = vectors[np.sort(random.choice(rows, min(SAMPLE, len(rows)), replace=False))]
    middle = sample.mean(axis=0)
    sample = sample - middle
    basis = random.standard_normal((vectors.shape[1], DIRECTIONS)).astype(np.float32)
    for _ in range(ROUNDS):
        basis = np.linalg.qr(sample.T @ (sample @ basis))[0]
    basis = basis @ np.linalg.svd(sample @ basis, full_matrices=False)[2].T  # what varies most comes first
    points: Float32s = vectors @ basis - middle @ basis
    points[~known] = 0
    return points


def nearest(points: Float32s, of: Ints, among: Ints) -> tuple[Ints, Float32s]:
    """Return for each row of ``of`` (N,) the nearest row of ``among`` and its distance; -1 and infinity of none."""
    found, distance = np.full(len(of), -1), np.full(len(of), np.inf, np.float32)
    if len(among):
        there = points[among]
        for start in range(0, len(of), BLOCK):
            few = of[start : start + BLOCK]
            found[start : start + BLOCK] = among[_squared_but_own(points[few], there).argmin(axis=1)]
        distance = np.sqrt(apart(points, of, found))
    return found, distance


def neighbours(likeness: Likeness, rows: Ints, among: Bools) -> tuple[list[int], list[float]]:
    """Return for each of the (N,) rows the other image ``among`` (I,) these that is most like it, and how far it is.

    Distances are as people know them; -1 and infinity where nothing is known.
    """
    known = likeness.known
    near = np.where(known[rows], _nearest_others(likeness.points, rows, np.flatnonzero(among & known)), -1)
    distance = np.where(near >= 0, likeness.shown(apart(likeness.vectors, rows, near)), np.inf)
    return near.tolist(), distance.tolist()


def _nearest_others(points: Float32s, of: Ints, among: Ints) -> Ints:
    """Return for each row of ``of`` (N,) the nearest row of ``among`` but itself; -1 of none."""
    found = np.full(len(of), -1)
    for start in range(0, len(of) if len(among) else 0, BLOCK):
        few = of[start : start + BLOCK]
        squared = _squared_but_own(points[few], points[among])
        squared[few[:, None] == among] = np.inf
        best = squared.argmin(axis=1)
        found[start : start + BLOCK] = np.where(np.isfinite(squared[np.arange(len(few)), best]), among[best], -1)
    return found


def apart(vectors: Float32s, a: Ints, b: Ints) -> Float32s:
    """Return (N,) the squared distance of each row of ``a`` from that of ``b``."""
    squared: Float32s = ((vectors[a] - vectors[b]) ** 2).sum(axis=1)
    return squared


def _squared(a: Float32s, b: Float32s) -> Float32s:
    """(N, M) squared distances."""
    squared: Float32s = _squared_but_own(a, b)
    squared += (a**2).sum(axis=1)[:, None]
    return np.maximum(squared, np.float32(0), out=squared)


def _squared_but_own(a: Float32s, b: Float32s) -> Float32s:
    """(N, M) squared distances without the squared length of ``a``, which orders nothing."""
    squared: Float32s = (-2 * a) @ b.T
    squared += (b**2).sum(axis=1)
    return squared


@dataclass(frozen=True, eq=False)
class Density:
    """How crowded the pool is around each of its images."""

    share: Float64s  # (N,) the part of the pool that looks like it
    reach: float  # the distance within which an average image has the pool divided by the budget, a twentieth at most


def density(points: Float32s, pool: Ints, budget: int, seed: int) -> Density:
    """Count around each image of the pool how many of some reference images are near."""
    if len(pool) < 2:
        return Density(np.ones(len(pool)), 1.0)
    random = np.random.default_rng([seed, 1])
    chosen = np.sort(random.choice(len(pool), min(REFERENCES, len(pool)), replace=False))
    squared = _squared(points[pool], points[pool[chosen]])  # (N, R)
    rows = np.linspace(0, len(pool) - 1, min(len(pool), SAMPLE)).astype(np.int64)
    pairs = squared[rows][rows[:, None] != chosen]
    radius, reach = np.quantile(pairs, [CROWD, min(CROWD, 1 / max(budget, 1))], method="lower")
    near = (squared <= radius).sum(axis=1)
    return Density(np.maximum(near, 1) / len(chosen), float(np.sqrt(max(reach, SAME))))
