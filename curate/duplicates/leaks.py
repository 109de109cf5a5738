"""What two sets of images share that a model must not have seen: copies of validation images in training."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from curate.duplicates.search import Searched, newest_search, open_search, searched
from dataset.models import Dataset, Image
from dataset.selectors.images import image_brief
from science.autocurate.split import NEAR_DUPLICATE_BITS
from science.duplicates.candidates import by_hash
from science.duplicates.poses import CopyPose, pose_of

Ids = NDArray[np.int64]


class Relation(StrEnum):
    """How a validation image is known in training, the surest first."""

    SAME_IMAGE = "same_image"
    SAME_BYTES = "same_bytes"
    BY_SIGHT = "by_sight"  # points and pixels agree
    BY_HASH = "by_hash"  # of a pair that was not looked at more closely


@dataclass(frozen=True)
class LeakingPair:
    """A validation image and an image of training that shows the same."""

    validation: int
    training: int
    relation: Relation
    overlap: float = 1.0  # area that both show over the area that either shows
    pose: CopyPose | None = None  # of one in the other, where it was seen


@dataclass(frozen=True, eq=False)
class Leaks:
    """What a training set and a validation set share, and what was looked for."""

    train: Ids
    validation: Ids
    pairs: list[LeakingPair]  # the surest first, one for each validation image and relation to a training image
    sequences: int  # with images on both sides
    sequence_images: int  # of validation, in such sequences
    searched: Searched | None
    job: int | None  # the search that was read

    @property
    def images(self) -> int:
        """How many validation images have a copy in training."""
        return len({pair.validation for pair in self.pairs})

    @property
    def training_images(self) -> list[int]:
        """The images of training that have a copy in validation, rising."""
        return sorted({pair.training for pair in self.pairs})

    def not_looked_at(self) -> int:
        """Images of either side that no search by sight has looked at, or could read."""
        both = np.union1d(self.train, self.validation)
        return len(both) if self.searched is None else int((~np.isin(both, self.searched.image_ids)).sum())

    def as_json(self, dataset: Dataset) -> dict[str, Any]:
        """In numbers."""
        known: dict[int, Relation] = {}
        for pair in self.pairs:
            known.setdefault(pair.validation, pair.relation)
        waiting = open_search(dataset)
        return {
            "train_images": len(self.train),
            "validation_images": len(self.validation),
            "images": self.images,
            "training_images": len(self.training_images),
            "pairs": len(self.pairs),
            "relations": [
                {"relation": one.value, "images": sum(found == one for found in known.values())} for one in Relation
            ],
            "sequences": self.sequences,
            "sequence_images": self.sequence_images,
            "looked": {
                "search": self.job,
                "not_looked_at": self.not_looked_at(),
                "with_embedding": self.searched.with_vector if self.searched else 0,
                "job": waiting.pk if waiting else None,
            },
        }


def leaks_between(dataset: Dataset, train: Ids, validation: Ids) -> Leaks:
    """What the (T,) training and the (V,) validation images share, as far as it has been looked for."""
    rows = _Columns.of(Image.objects.filter(dataset=dataset, pk__in=np.union1d(train, validation).tolist()))
    found, job = searched(dataset), newest_search(dataset)
    pairs: dict[tuple[int, int], LeakingPair] = {}
    for pair in [*_same_image(train, validation), *_same_bytes(rows, train, validation)]:
        pairs.setdefault((pair.validation, pair.training), pair)
    for pair in [*_by_sight(found, train, validation), *_by_hash(rows, found, train, validation)]:
        pairs.setdefault((pair.validation, pair.training), pair)
    order = list(Relation)
    listed = sorted(pairs.values(), key=lambda pair: (order.index(pair.relation), -pair.overlap, pair.validation))
    sequences, images = _sequences(rows, train, validation)
    return Leaks(train, validation, listed, sequences, images, found, job.pk if job and found else None)


@dataclass(frozen=True, eq=False)
class _Columns:
    image_ids: Ids  # (I,) rising
    sha256: list[str]
    sequence: list[str]
    hashes: NDArray[np.uint64]  # (I,)
    hashed: NDArray[np.bool_]

    @classmethod
    def of(cls, images: QuerySet[Image]) -> _Columns:
        rows = list(images.order_by("pk").values_list("pk", "sha256", "sequence", "phash"))
        hashes = np.array([phash or 0 for *_, phash in rows], np.int64)
        return cls(
            np.array([pk for pk, *_ in rows], np.int64),
            [sha256 for _, sha256, *_ in rows],
            [sequence for _, _, sequence, _ in rows],
            hashes.view(np.uint64),
            np.array([phash is not None for *_, phash in rows], bool),
        )


def _same_image(train: Ids, validation: Ids) -> list[LeakingPair]:
    return [LeakingPair(pk, pk, Relation.SAME_IMAGE) for pk in np.intersect1d(train, validation).tolist()]


def _same_bytes(rows: _Columns, train: Ids, validation: Ids) -> list[LeakingPair]:
    training: dict[str, list[int]] = {}
    in_train, in_validation = np.isin(rows.image_ids, train), np.isin(rows.image_ids, validation)
    for place in np.flatnonzero(in_train):
        training.setdefault(rows.sha256[place], []).append(int(rows.image_ids[place]))
    return [
        LeakingPair(int(rows.image_ids[place]), other, Relation.SAME_BYTES)
        for place in np.flatnonzero(in_validation)
        for other in training.get(rows.sha256[place], [])
        if other != rows.image_ids[place]
    ]


def _by_sight(found: Searched | None, train: Ids, validation: Ids) -> list[LeakingPair]:
    if found is None:
        return []
    return [
        LeakingPair(judged, trained, Relation.BY_SIGHT, float(found.overlap[place]), pose_of(found.maps[place]))
        for place, (judged, trained) in _across(found.pairs, train, validation)
    ]


def _by_hash(rows: _Columns, found: Searched | None, train: Ids, validation: Ids) -> list[LeakingPair]:
    """Near-duplicates by the hash that an import measures, of which one was not looked at more closely."""
    hashed = np.flatnonzero(rows.hashed)
    if found is not None:
        seen = np.isin(rows.image_ids, found.image_ids)
        if seen[hashed].all():
            return []
    near = by_hash(rows.hashes[hashed, None], NEAR_DUPLICATE_BITS).pairs
    pairs = rows.image_ids[hashed[near]].reshape(-1, 2)
    if found is not None:
        pairs = pairs[~np.isin(pairs, found.image_ids).all(axis=1)]
    return [
        LeakingPair(judged, trained, Relation.BY_HASH) for _, (judged, trained) in _across(pairs, train, validation)
    ]


def _across(pairs: Ids, train: Ids, validation: Ids) -> list[tuple[int, tuple[int, int]]]:
    """Of (P, 2) pairs those with one image on each side: their place, the validation image and the other."""
    across = []
    for a, b in ((0, 1), (1, 0)):
        judged, trained = np.isin(pairs[:, a], validation), np.isin(pairs[:, b], train)
        across += [(int(p), (int(pairs[p, a]), int(pairs[p, b]))) for p in np.flatnonzero(judged & trained)]
    return across


def _sequences(rows: _Columns, train: Ids, validation: Ids) -> tuple[int, int]:
    in_train, in_validation = np.isin(rows.image_ids, train), np.isin(rows.image_ids, validation)
    trained = {rows.sequence[place] for place in np.flatnonzero(in_train)} - {""}
    judged = [rows.sequence[place] for place in np.flatnonzero(in_validation & ~in_train)]
    shared = [name for name in judged if name in trained]
    return len(set(shared)), len(shared)


def pairs_as_json(pairs: list[LeakingPair]) -> list[dict[str, Any]]:
    """Pairs as a page shows them side by side."""
    rows = Image.objects.in_bulk([pk for pair in pairs for pk in (pair.validation, pair.training)])
    return [
        {
            "validation": image_brief(rows[pair.validation]),
            "training": image_brief(rows[pair.training]),
            "relation": pair.relation.value,
            "overlap": round(pair.overlap, 3),
            "pose": pair.pose.value if pair.pose else None,
        }
        for pair in pairs
        if pair.validation in rows and pair.training in rows
    ]
