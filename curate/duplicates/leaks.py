"""What two sets of images share that a model must not have seen: copies of validation images in training.

All of it is read from tables by SQL, in one breath at 100,000 images: pairs by sight are those that the newest search
stored (found.py), and nothing is compared in a request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curate.duplicates.found import POSES, search_of
from curate.duplicates.search import open_search
from curate.models import CopySearch
from dataset.bulk import copy_out
from dataset.models import Dataset, Image
from dataset.selectors.images import image_brief
from science.duplicates.poses import CopyPose

Ids = NDArray[np.int64]


class Relation(StrEnum):
    """How a validation image is known in training, the surest first."""

    SAME_IMAGE = "same_image"
    SAME_BYTES = "same_bytes"
    BY_SIGHT = "by_sight"  # points and pixels agree


RELATIONS = list(Relation)

STORED = "SELECT first_id, second_id, overlap, pose FROM curate_copypair WHERE dataset_id = %s"
# 64 bits of hash of the bytes' name and of the sequence: enough to see what is equal, and read many times as fast.
COLUMNS = """
    SELECT id, hashtextextended(sha256, 0), CASE sequence WHEN '' THEN 0 ELSE hashtextextended(sequence, 1) END
    FROM dataset_image WHERE dataset_id = %s
"""


@dataclass(frozen=True)
class LeakingPair:
    """A validation image and an image of training that shows the same."""

    validation: int
    training: int
    relation: Relation
    overlap: float  # area that both show over the area that either shows
    pose: CopyPose | None  # of one in the other, where it was seen


@dataclass(frozen=True, eq=False)
class PairColumns:
    """P pairs, the surest first, each validation and training image together once."""

    validation: Ids  # (P,)
    training: Ids  # (P,)
    relation: NDArray[np.int16]  # (P,) place among RELATIONS
    overlap: NDArray[np.float32]  # (P,)
    pose: NDArray[np.int16]  # (P,) place among POSES; -1: not seen

    def __len__(self) -> int:
        return len(self.validation)

    def at(self, start: int, stop: int) -> list[LeakingPair]:
        """Some of them."""
        return [
            LeakingPair(
                int(self.validation[row]), int(self.training[row]), RELATIONS[self.relation[row]],
                float(self.overlap[row]), POSES[self.pose[row]] if self.pose[row] >= 0 else None,
            )
            for row in range(start, min(stop, len(self)))
        ]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Leaks:
    """What a training set and a validation set share, and what was looked for."""

    train: Ids
    validation: Ids
    pairs: PairColumns
    sequences: int  # with images on both sides
    sequence_images: int  # of validation, in such sequences
    search: CopySearch | None  # whose pairs were read

    @property
    def images(self) -> int:
        """How many validation images have a copy in training."""
        return len(np.unique(self.pairs.validation))

    @property
    def training_images(self) -> list[int]:
        """The images of training that have a copy in validation, rising."""
        return np.unique(self.pairs.training).tolist()

    def not_looked_at(self) -> int:
        """Images of either side that no search by sight has looked at, or could read."""
        both = np.concatenate([self.train, self.validation[~np.isin(self.validation, self.train)]])
        if self.search is None:
            return len(both)
        return int(((both > self.search.upto) | np.isin(both, self.search.unreadable)).sum())

    def as_json(self, dataset: Dataset) -> dict[str, Any]:
        """In numbers."""
        _, surest = np.unique(self.pairs.validation, return_index=True)  # pairs stand with the surest first
        known = np.bincount(self.pairs.relation[surest], minlength=len(RELATIONS))
        waiting = open_search(dataset)
        return {
            "train_images": len(self.train),
            "validation_images": len(self.validation),
            "images": self.images,
            "training_images": len(self.training_images),
            "pairs": len(self.pairs),
            "relations": [
                {"relation": one, "images": images} for one, images in zip(RELATIONS, known.tolist(), strict=True)
            ],
            "sequences": self.sequences,
            "sequence_images": self.sequence_images,
            "looked": {
                "search": self.search.job_id if self.search else None,
                "not_looked_at": self.not_looked_at(),
                "with_embedding": self.search.with_embedding if self.search else 0,
                "job": waiting.pk if waiting else None,
            },
        }


def leaks_between(dataset: Dataset, train: Ids, validation: Ids) -> Leaks:
    """What the (T,) training and the (V,) validation images share, each rising, as far as it has been looked for."""
    images = _Images.of(dataset, train, validation)
    pairs = _joined([_same_image(train, validation), _same_bytes(images), _by_sight(dataset, train, validation)])
    sequences, in_them = _sequences(images)
    return Leaks(train, validation, pairs, sequences, in_them, search_of(dataset))


@dataclass(frozen=True, eq=False)
class _Images:
    """The images of a dataset, as far as they are compared here."""

    image_ids: Ids  # (I,)
    bytes_of: Ids  # (I,) the same for the same bytes
    sequence: Ids  # (I,) the same for the same sequence; 0: none
    in_train: NDArray[np.bool_]  # (I,)
    in_validation: NDArray[np.bool_]  # (I,)

    @classmethod
    def of(cls, dataset: Dataset, train: Ids, validation: Ids) -> _Images:
        ids, bytes_of, sequence = copy_out(COLUMNS, [dataset.pk], [np.int64] * 3, ordered=False)
        return cls(ids, bytes_of, sequence, np.isin(ids, train), np.isin(ids, validation))


def _columns(relation: Relation, validation: Ids, training: Ids) -> PairColumns:
    """Pairs of which the whole pictures are the same."""
    count = len(validation)
    code = np.full(count, RELATIONS.index(relation), np.int16)
    return PairColumns(validation, training, code, np.ones(count, np.float32), np.full(count, -1, np.int16))


def _same_image(train: Ids, validation: Ids) -> PairColumns:
    both = validation[np.isin(validation, train)]
    return _columns(Relation.SAME_IMAGE, both, both)


def _same_bytes(images: _Images) -> PairColumns:
    """Pairs of two images of the same bytes."""
    trained, judged = np.flatnonzero(images.in_train), np.flatnonzero(images.in_validation)
    trained = trained[np.argsort(images.bytes_of[trained], kind="stable")]
    start, end = (
        np.searchsorted(images.bytes_of[trained], images.bytes_of[judged], side) for side in ("left", "right")
    )
    judged, start, count = (values[end > start] for values in (judged, start, end - start))
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    first, second = images.image_ids[np.repeat(judged, count)], images.image_ids[trained[np.repeat(start, count) + nth]]
    return _columns(Relation.SAME_BYTES, first[first != second], second[first != second])


def _by_sight(dataset: Dataset, train: Ids, validation: Ids) -> PairColumns:
    first, second, overlap, pose = copy_out(
        STORED, [dataset.pk], [np.int64, np.int64, np.float32, np.int16], ordered=False
    )
    ways = []
    for judged, trained in ((first, second), (second, first)):
        rows = np.flatnonzero(np.isin(judged, validation) & np.isin(trained, train))
        code = np.full(len(rows), RELATIONS.index(Relation.BY_SIGHT), np.int16)
        ways.append(PairColumns(judged[rows], trained[rows], code, overlap[rows], pose[rows]))
    return _stacked(ways)


def _stacked(parts: Iterable[PairColumns]) -> PairColumns:
    listed = list(parts)
    return PairColumns(*(np.concatenate([getattr(one, name) for one in listed]) for name in NAMES))


NAMES = list(PairColumns.__dataclass_fields__)


def _joined(parts: Iterable[PairColumns]) -> PairColumns:
    """Each pair once, by its surest relation; the surest first, then those that share most."""
    every = _stacked(parts)
    order = np.lexsort((every.relation, every.training, every.validation))
    again = np.zeros(len(every), bool)
    again[1:] = (np.diff(every.validation[order]) == 0) & (np.diff(every.training[order]) == 0)
    once = order[~again]
    rows = once[np.lexsort((every.validation[once], -every.overlap[once], every.relation[once]))]
    return PairColumns(*(getattr(every, name)[rows] for name in NAMES))


def _sequences(images: _Images) -> tuple[int, int]:
    """How many sequences have images on both sides, and how many validation images those are."""
    known = images.sequence != 0
    trained = np.sort(images.sequence[images.in_train & known])
    judged = np.sort(images.sequence[images.in_validation & ~images.in_train & known])
    shared = judged[np.searchsorted(trained, judged, "right") > np.searchsorted(trained, judged, "left")]
    return int((shared[1:] != shared[:-1]).sum()) + bool(len(shared)), len(shared)


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
