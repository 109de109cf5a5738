"""What auto-curate is told about images: sequences, hashes, label counts, metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curate.duplicates.looked import Searched
from dataset.models import Dataset, Image
from science.autocurate.types import ImageTable
from science.evaluation.arrays import Ground
from science.evaluation.types import GroundTruth

FEW = 20  # a metadata key with 2 to so many values is worth balancing


@dataclass(frozen=True, eq=False)
class CodedImageTable:
    """The table, and by metadata key what its value numbers stand for."""

    table: ImageTable
    values: dict[str, list[Any]] = field(default_factory=dict)


def described_images(
    dataset: Dataset,
    ground: Ground,
    truth: GroundTruth,
    keys: Sequence[str] | None = None,
    copies: Searched | None = None,
) -> CodedImageTable:
    """The images of `ground`, whose labels are `truth`. `keys` None: every metadata key with few values.

    `copies` are what a search for images that show the same has found.
    """
    rows = Image.objects.filter(pk__in=ground.image_ids.tolist()).order_by("pk")
    columns = list(rows.values_list("sequence", "phash", "metadata"))
    values = {key: _values(columns, key) for key in (dataset.metadata_keys if keys is None else keys)}
    if keys is None:
        values = {key: found for key, found in values.items() if 2 <= len(found) <= FEW}
    table = ImageTable.of(
        image_ids=ground.image_ids,
        class_counts=class_counts(ground, truth),
        sequence=_numbered([sequence for sequence, _, _ in columns]),
        hashes=np.array([0 if phash is None else phash for _, phash, _ in columns], np.int64),
        hashed=np.array([phash is not None for _, phash, _ in columns], bool),
        strata={key: _places(columns, key, found) for key, found in values.items()},
        copies=None if copies is None else copies.copies(ground.image_ids),
    )
    return CodedImageTable(table, values)


def class_counts(ground: Ground, truth: GroundTruth) -> NDArray[np.int64]:
    """(I, C) labelled objects of each class on each image: what is ignored is none."""
    images, classes = len(ground.image_ids), len(ground.class_ids)
    cells = truth.image_index * classes + truth.class_index
    cells = np.bincount(cells[~truth.crowd], minlength=images * classes)
    return cells.reshape(images, classes).astype(np.int64)


def _numbered(names: list[str]) -> NDArray[np.int64]:
    """The same number for the same name; -1 for none."""
    numbers = {name: number for number, name in enumerate(sorted({name for name in names if name}))}
    return np.array([numbers.get(name, -1) for name in names], np.int64)


def _values(columns: list[tuple], key: str) -> list[Any]:
    """The key's values on these images, in order."""
    found = {place: metadata[key] for _, _, metadata in columns if (place := _distinct(metadata.get(key)))}
    return [found[place] for place in sorted(found, key=str)]


def _places(columns: list[tuple], key: str, values: list[Any]) -> NDArray[np.int64]:
    places = {_distinct(value): place for place, value in enumerate(values)}
    return np.array([places.get(_distinct(metadata.get(key)), -1) for _, _, metadata in columns], np.int64)


def _distinct(value: Any) -> tuple[str, Any] | None:
    """What makes a value itself (True is not 1); None for lists, objects and null, which are nothing to balance by."""
    return (type(value).__name__, value) if isinstance(value, str | int | float | bool) else None
