"""What the map's points are coloured by: each image's class, metadata value, sequence, slice or verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from curate.models import Evaluation
from dataset.models import Dataset, Image, Slice, SliceImage

Ids = NDArray[np.int64]

FEW = 12  # groups that still can be told apart; the rest is "other"
PARTS = 6  # a number with more values than that is cut into parts of about equally many images
NONE = -1  # an image about which nothing is known
VERDICTS = ("fn", "fp", "tp")  # an image counts as its worst one

# The class with the most labels on the image, of equal ones the first.
CLASSES = """
SELECT DISTINCT ON (image_id) image_id, label_class_id FROM (
    SELECT image_id, label_class_id, count(*) AS boxes FROM dataset_annotation
    WHERE dataset_id = %s AND died IS NULL AND ignore = 0 GROUP BY image_id, label_class_id
) counted ORDER BY image_id, boxes DESC, label_class_id
"""
JUDGED = """
SELECT image_id, min(CASE verdict WHEN 'fn' THEN 0 WHEN 'fp' THEN 1 ELSE 2 END) FROM curate_match
WHERE evaluation_id = %s GROUP BY image_id
"""


@dataclass(frozen=True)
class Colours:
    """The groups, largest first where they have no order of their own, and for each image the place of its group."""

    groups: list[dict[str, Any]]
    of: Ids  # (N,) in the order of the ids asked for; -1: none

    @classmethod
    def counted(cls, named: Sequence[dict[str, Any]], of: Ids) -> Colours:
        counts = np.bincount(of[of >= 0], minlength=len(named))
        return cls([{**group, "images": int(count)} for group, count in zip(named, counts, strict=True)], of)


def by_class(dataset: Dataset, image_ids: Ids) -> Colours:
    """By the class that an image shows most; images without labels have none."""
    with connection.cursor() as cursor:
        cursor.execute(CLASSES, [dataset.pk])
        found = dict(cursor.fetchall())
    classes = list(dataset.classes.order_by("index").values_list("pk", "name", "colour"))
    places = {pk: place for place, (pk, _, _) in enumerate(classes)}
    of = np.array([places.get(found.get(pk, 0), NONE) for pk in image_ids.tolist()], np.int64)
    named = [{"name": name, "colour": colour} for _, name, colour in classes]
    return Colours.counted(named, of)


def by_metadata(dataset: Dataset, image_ids: Ids, key: str) -> Colours:
    """By a metadata key's values; a number with many values in parts."""
    rows = Image.objects.filter(dataset=dataset, metadata__has_key=key).values_list("pk", "metadata")
    found = {pk: metadata[key] for pk, metadata in rows if isinstance(metadata[key], str | int | float | bool)}
    values = [found.get(pk) for pk in image_ids.tolist()]
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {int, float} and len({value for value in values if value is not None}) > FEW:
        return in_parts(values)
    return in_groups([None if value is None else str(value) for value in values])


def by_sequence(dataset: Dataset, image_ids: Ids) -> Colours:
    found = dict(Image.objects.filter(dataset=dataset).exclude(sequence="").values_list("pk", "sequence"))
    return in_groups([found.get(pk) for pk in image_ids.tolist()])


def by_slice(one: Slice, image_ids: Ids) -> Colours:
    """Inside or outside."""
    members = np.fromiter(SliceImage.objects.filter(slice=one).values_list("image_id", flat=True), np.int64)
    inside = np.isin(image_ids, members)
    return Colours.counted([{"name": one.name}, {"code": "outside"}], np.where(inside, 0, 1))


def by_evaluation(evaluation: Evaluation, image_ids: Ids) -> Colours:
    """By the worst verdict on the image: something missed, else something found wrongly, else all found."""
    with connection.cursor() as cursor:
        cursor.execute(JUDGED, [evaluation.pk])
        found = dict(cursor.fetchall())
    of = np.array([found.get(pk, NONE) for pk in image_ids.tolist()], np.int64)
    return Colours.counted([{"code": verdict} for verdict in VERDICTS], of)


def in_groups(values: Sequence[str | None]) -> Colours:
    """A group for each of the most frequent values, one for all others."""
    counts = Counter(value for value in values if value is not None)
    names = [name for name, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
    shown = names if len(names) <= FEW else names[: FEW - 1]
    places = {name: place for place, name in enumerate(shown)}
    of = np.array([NONE if one is None else places.get(one, len(shown)) for one in values], np.int64)
    named: list[dict[str, Any]] = [{"name": name} for name in shown]
    return Colours.counted(named if len(shown) == len(names) else [*named, {"code": "other"}], of)


def in_parts(values: Sequence[Any]) -> Colours:
    """Numbers, in parts of about equally many images."""
    numbers = np.array([np.nan if value is None else float(value) for value in values])
    known = numbers[~np.isnan(numbers)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, PARTS + 1)))
    of = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, len(edges) - 2)
    of = np.where(np.isnan(numbers), NONE, of)
    named = [{"name": f"{low:g} – {high:g}"} for low, high in pairwise(edges)]
    return Colours.counted(named, of)
