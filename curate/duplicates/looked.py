"""What a search for copies looked at and found, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.types import Copies

STEPS = 6  # by which two images are further apart the less they share

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Searched:
    """What a search looked at, and the pairs that it found."""

    image_ids: Ids  # (N,) rising: looked at
    unreadable: Ids  # not looked at: no thumbnail could be read or made
    with_vector: int  # images whose embeddings were looked at too
    pairs: Ids  # (P, 2) image ids, the lower first
    overlap: NDArray[np.float32]  # (P,) area that both show over the area that either shows
    agreement: NDArray[np.float32]  # (P,)
    maps: NDArray[np.float64]  # (P, 6) where a place of the first lies in the second, both from 0 to 1

    def among(self, image_ids: Ids) -> Searched:
        """The pairs of which both are among these."""
        kept = np.isin(self.pairs, image_ids).all(axis=1)
        return Searched(
            self.image_ids, self.unreadable, self.with_vector, self.pairs[kept], self.overlap[kept],
            self.agreement[kept], self.maps[kept],
        )  # fmt: skip

    def copies(self, image_ids: Ids) -> Copies:
        """The pairs by the places of (I,) rising images."""
        found = self.among(image_ids)
        return Copies(np.searchsorted(image_ids, found.pairs), np.ceil((1 - found.overlap) * STEPS).astype(np.int64))

    def looked_at(self, image_ids: Ids) -> NDArray[np.bool_]:
        """(I,) whether an image was looked at, or tried to."""
        return np.isin(image_ids, self.image_ids) | np.isin(image_ids, self.unreadable)
