"""What auto-curate is told about images, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Copies:
    """P pairs of images of which one was seen to show what the other shows: cut out, mirrored, turned, moved …"""

    pairs: NDArray[np.int64]  # (P, 2) places of images
    apart: NDArray[np.int64]  # (P,) 0 for the whole picture, more the less they share: what chains are cut by

    @classmethod
    def none(cls) -> Copies:
        return cls(np.zeros((0, 2), np.int64), np.zeros(0, np.int64))

    def among(self, rows: NDArray[np.int64], count: int) -> Copies:
        """Those of whom both are at the (R,) rows of so many images, by their places among the rows."""
        place = np.full(count, -1, np.int64)
        place[rows] = np.arange(len(rows))
        pairs = place[self.pairs]
        kept = (pairs >= 0).all(axis=1)
        return Copies(pairs[kept], self.apart[kept])


@dataclass(frozen=True, eq=False)
class ImageTable:
    """I images: their sequence, perceptual hash, labels, metadata, and which are copies of others."""

    image_ids: NDArray[np.int64]  # (I,)
    class_counts: NDArray[np.int64]  # (I, C) labelled boxes of each class
    sequence: NDArray[np.int64]  # (I,) the same number = one sequence; -1 = none
    hashes: NDArray[np.uint64]  # (I,) 64-bit perceptual hash
    hashed: NDArray[np.bool_]  # (I,) false where there is no hash
    strata: dict[str, NDArray[np.int64]] = field(default_factory=dict)  # field -> (I,) value number; -1 = not given
    copies: Copies = field(default_factory=Copies.none)

    def __len__(self) -> int:
        return len(self.image_ids)

    def take(self, rows: NDArray[np.int64]) -> ImageTable:
        """Return the images at these positions, in that order."""
        return ImageTable(
            image_ids=self.image_ids[rows],
            class_counts=self.class_counts[rows],
            sequence=self.sequence[rows],
            hashes=self.hashes[rows],
            hashed=self.hashed[rows],
            strata={name: values[rows] for name, values in self.strata.items()},
            copies=self.copies.among(rows, len(self)),
        )

    @classmethod
    def of(
        cls,
        *,
        image_ids: ArrayLike,
        class_counts: ArrayLike | None = None,
        sequence: ArrayLike | None = None,
        hashes: ArrayLike | None = None,
        hashed: ArrayLike | None = None,
        strata: Mapping[str, ArrayLike] | None = None,
        copies: Copies | None = None,
    ) -> ImageTable:
        """Build from anything array-like; what is left out counts as unknown.

        ``hashes`` may be signed (as a database keeps 64 bits); raises ``ValueError`` where lengths differ.
        """
        ids = np.asarray(image_ids, np.int64).reshape(-1)
        count = len(ids)
        bits = np.zeros(count, np.uint64) if hashes is None else _unsigned(hashes)
        known = np.full(count, hashes is not None) if hashed is None else np.asarray(hashed, bool).reshape(-1)
        table = cls(
            image_ids=ids,
            class_counts=np.zeros((count, 0), np.int64)
            if class_counts is None
            else np.asarray(class_counts, np.int64).reshape(count, -1),
            sequence=np.full(count, -1, np.int64) if sequence is None else np.asarray(sequence, np.int64).reshape(-1),
            hashes=bits,
            hashed=known,
            strata={name: np.asarray(values, np.int64).reshape(-1) for name, values in (strata or {}).items()},
            copies=Copies.none() if copies is None else copies,
        )
        columns = {"sequence": table.sequence, "hashes": bits, "hashed": known, **table.strata}
        for name, values in columns.items():
            if len(values) != count:
                raise ValueError(f"ImageTable.{name} has {len(values)} rows, expected {count}")
        return table


def _unsigned(hashes: ArrayLike) -> NDArray[np.uint64]:
    array = np.asarray(hashes).reshape(-1)
    if array.dtype == np.int64:
        return array.view(np.uint64)
    return array.astype(np.uint64)
