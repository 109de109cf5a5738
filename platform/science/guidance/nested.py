"""Subsets of a training set that lie in each other, for a learning curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from science.autocurate.split import split
from science.autocurate.types import ImageTable


def nested_subsets(images: ImageTable, fractions: Sequence[float], seed: int = 0) -> list[NDArray[np.bool_]]:
    """Return (I,) members of each subset, in the order of the fractions, each a part of every larger one.

    Each is split off the next larger one as ``split`` does: the same mix of classes and metadata, sequences and
    near-duplicates kept together. Raises ``ValueError`` where there are too few separate groups of images, or where a
    fraction is not between 0 and 1.
    """
    if any(not 0 < one <= 1 for one in fractions):
        raise ValueError("a fraction of the images lies between 0 and 1")
    rows, found = np.arange(len(images)), {}
    for fraction in sorted(set(fractions), reverse=True):
        share = fraction * len(images) / max(len(rows), 1)
        if share < 1 - 1e-9:
            rows = rows[split(images.take(rows), ratios=(share, 1 - share), seed=seed).side == 0]
        found[fraction] = np.isin(np.arange(len(images)), rows)
    return [found[fraction] for fraction in fractions]
