"""K folds for out-of-fold prediction: a judge never saw the image, its sequence or its near-duplicates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from science.autocurate.split import NEAR_DUPLICATE_BITS, split
from science.autocurate.types import ImageTable


def folds(images: ImageTable, *, k: int = 3, seed: int = 0, hash_bits: int = NEAR_DUPLICATE_BITS) -> NDArray[np.int64]:
    """Return the (I,) fold 0 … k-1 of every image; folds are of one size and mix.

    Raises ``ValueError`` where fewer than k separate groups of images exist, or k is below 2.
    """
    if k < 2:
        raise ValueError("out-of-fold prediction needs at least two folds")
    return split(images, ratios=[1.0] * k, seed=seed, hash_bits=hash_bits).side
