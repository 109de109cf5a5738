"""Boxes and images per bin, from one number per box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Flags = NDArray[np.bool_]

CELLS_AT_ONCE = 64_000_000  # of the table images × bins; above, sorting takes less memory
ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, eq=False)
class Binned:
    """Boxes by their image and bin."""

    owners: Ids  # (N,) image ids
    bins: Ids  # (N,) 0 to bins - 1

    def boxes(self, bins: int) -> Ids:
        """`(bins,)` boxes in each."""
        return np.bincount(self.bins, minlength=bins).astype(np.int64)

    def images(self, bins: int) -> Ids:
        """`(bins,)` images with at least one box in each."""
        if len(self.owners) == 0:
            return np.zeros(bins, np.int64)
        places, count = ranked_ids(self.owners)
        if count * bins > CELLS_AT_ONCE:
            return np.bincount(np.unique(places * bins + self.bins) % bins, minlength=bins).astype(np.int64)
        found: Ids = _table(places, self.bins, count, bins).sum(axis=0, dtype=np.int64)
        return found

    def merged(self, into: Ids) -> Binned:
        """Bin k becomes bin `into[k]`."""
        return Binned(self.owners, into[self.bins])

    def presence(self, image_ids: Ids, bins: int) -> Flags:
        """`(I, bins)` whether each of the images (ids rise) has a box in the bin; other images' boxes are left out."""
        places = np.searchsorted(image_ids, self.owners)
        places = np.minimum(places, max(len(image_ids) - 1, 0))
        mine = image_ids[places] == self.owners if len(image_ids) else np.zeros(len(self.owners), bool)
        return _table(places[mine], self.bins[mine], len(image_ids), bins)

    def per_image(self, image_ids: Ids) -> Ids:
        """`(I,)` boxes of each of the images, whose ids rise."""
        places = np.searchsorted(image_ids, self.owners)
        mine = (places < len(image_ids)) & (image_ids[np.minimum(places, len(image_ids) - 1)] == self.owners)
        return np.bincount(places[mine], minlength=len(image_ids)).astype(np.int64)


def ranked_ids(ids: Ids) -> tuple[Ids, int]:
    """`(N,)` the place of each id among the different ones, and how many these are."""
    low, high = int(ids.min()), int(ids.max())
    if high - low > 20 * len(ids) + 1_000_000:
        different, places = np.unique(ids, return_inverse=True)
        return places.astype(np.int64), len(different)
    seen = np.zeros(high - low + 1, bool)
    seen[ids - low] = True
    places = np.cumsum(seen) - 1
    return places[ids - low], int(places[-1]) + 1


def _table(places: Ids, bins: Ids, images: int, count: int) -> Flags:
    """`(images, count)` which pairs occur."""
    table = np.zeros(images * count, bool)
    table[places * count + bins] = True
    return table.reshape(images, count)


def images_with_both(rows: Flags, columns: Flags) -> Ids:
    """`(R, C)` images that have both, from `(I, R)` and `(I, C)`."""
    found = np.zeros((rows.shape[1], columns.shape[1]))
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        found += rows[part].astype(np.float32).T @ columns[part].astype(np.float32)
    return np.rint(found).astype(np.int64)


def one_hot(codes: Ids, count: int) -> Flags:
    """`(I, count)` from `(I,)` codes; -1 is none."""
    table = np.zeros((len(codes), count), bool)
    known = np.flatnonzero(codes >= 0)
    table[known, codes[known]] = True
    return table
