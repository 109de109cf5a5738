"""Manifests that were made of a slice, and how it stands to them now."""

from dataclasses import dataclass

import numpy as np

from dataset.models import Manifest, Slice
from dataset.selectors.slices import image_ids


@dataclass(frozen=True)
class FrozenSlice:
    """A manifest, and what has come into the slice and gone out of it since."""

    manifest: Manifest
    alone: bool  # made of this slice and no other
    added: int
    removed: int


def manifests_of(row: Slice) -> list[FrozenSlice]:
    """The manifests that name the slice, newest first. Where they were made of several slices, nothing is compared."""
    named = Manifest.objects.filter(dataset=row.dataset_id, slices__contains=[{"id": row.pk}]).order_by("-pk")
    now = image_ids(row)
    return [compared(manifest, now) for manifest in named]


def compared(manifest: Manifest, now: np.ndarray) -> FrozenSlice:
    alone = len(manifest.slices) == 1
    then = np.array(manifest.image_ids, dtype=np.int64) if alone else now
    common = len(np.intersect1d(now, then, assume_unique=True))
    return FrozenSlice(manifest, alone, added=len(now) - common, removed=len(then) - common)
