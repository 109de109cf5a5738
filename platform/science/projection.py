"""Vectors on a plane, neighbours near each other: UMAP (McInnes, Healy and Melville 2018) on principal components.

The one file that imports umap. Only the encoder's own process imports it: its first call compiles for some seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

COMPONENTS = 50  # that UMAP sees: what varies least is mostly noise, and neighbours are found much faster
NEIGHBOURS = 15  # of each point that it tries to keep near
FEWEST = 3 * NEIGHBOURS  # points; with less there is nothing to unfold, and the first two components say as much
FIT = 20_000  # vectors that the components are computed from
SAME = 1e-6  # of the vectors' length 1
MARGIN = 0.02  # of the plane, left free on each side


@dataclass(frozen=True, slots=True)
class Projected:
    """Vectors on a plane."""

    points: NDArray[np.float32]  # (N, 2), each coordinate from 0 to 1
    method: str  # "umap" or "pca"


def project(vectors: NDArray[np.floating], seed: int) -> Projected:
    """(N, D) vectors to N points between 0 and 1. The same vectors and seed give the same points."""
    components = principal(np.asarray(vectors, np.float32), seed)
    if len(vectors) < FEWEST or is_one_point(components):
        return Projected(framed(components[:, :2]), "pca")
    import umap

    reducer = umap.UMAP(n_neighbors=NEIGHBOURS, min_dist=0.1, random_state=seed, n_jobs=1, init=start(components))
    return Projected(framed(reducer.fit_transform(components)), "umap")


def principal(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """(N, 50) coordinates along the directions in which the vectors vary most, those first."""
    chosen = vectors
    if len(vectors) > FIT:
        chosen = vectors[np.sort(np.random.default_rng(seed).choice(len(vectors), FIT, replace=False))]
    middle = chosen.mean(axis=0) if len(chosen) else np.zeros(vectors.shape[1], np.float32)
    _, directions = np.linalg.eigh((chosen - middle).T @ (chosen - middle))  # (D, D) columns, rising
    main = directions[:, ::-1][:, :COMPONENTS]
    main = main * np.sign(main[np.abs(main).argmax(axis=0), np.arange(main.shape[1])])  # else the map may come mirrored
    components: NDArray[np.float32] = ((vectors - middle) @ main).astype(np.float32)
    return components


def is_one_point(components: NDArray[np.float32]) -> bool:
    """Whether (N, D) components differ by no more than float32's rounding: UMAP gives NaN for such."""
    return float(np.ptp(components, axis=0).max()) < SAME


def start(components: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where UMAP begins: the first two components, ten wide. Steadier than its own spectral start, and quicker."""
    return components[:, :2] * (10 / max(float(np.abs(components[:, :2]).max()), 1e-9))


def framed(points: NDArray[np.floating]) -> NDArray[np.float32]:
    """Moved and scaled into the unit square, both axes alike; a few far strays are drawn at its edge."""
    if len(points) == 0:
        return np.zeros((0, 2), np.float32)
    low, high = np.percentile(points, [0.1, 99.9], axis=0) if len(points) > 1000 else (points.min(0), points.max(0))
    span = max(float((high - low).max()), SAME)
    unit = 0.5 + (points - (low + high) / 2) / span * (1 - 2 * MARGIN)
    placed: NDArray[np.float32] = np.clip(unit, 0, 1).astype(np.float32)
    return placed
