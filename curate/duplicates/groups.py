"""Groups of duplicates: images of the same bytes, and images that show the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Count, Q
from numpy.typing import NDArray

from curate.duplicates.found import found_pairs, not_looked_at, search_of
from curate.duplicates.search import open_search
from dataset.models import Dataset, Image
from dataset.selectors.images import image_brief
from science.duplicates.groups import groups_of_pairs

Ids = NDArray[np.int64]
SHOWN = 24  # images of a group on a page

SAME_BYTES = """
    SELECT array_agg(id ORDER BY id) AS ids FROM dataset_image WHERE dataset_id = %s
    GROUP BY sha256 HAVING count(*) > 1 ORDER BY count(*) DESC, min(id)
"""
BYTES = "SELECT id, sha256 FROM dataset_image WHERE id = ANY(%s)"


class CopyKind(StrEnum):
    EXACT = "exact"  # the same bytes
    NEAR = "near"  # the same to look at, or a part of it


@dataclass(frozen=True)
class Wanted:
    """Which groups are meant."""

    likeness: CopyKind
    least_overlap: float = 0.0  # of near ones: how much of both pictures they share at least


def groups_of(dataset: Dataset, wanted: Wanted) -> list[list[int]]:
    """The groups, the largest first, each with its image ids rising."""
    if wanted.likeness == CopyKind.EXACT:
        return same_bytes(dataset)
    pairs = found_pairs(dataset, wanted.least_overlap)
    bytes_of = sha256_of(np.unique(pairs))
    groups = [group.tolist() for group in groups_of_pairs(pairs)]
    return [group for group in groups if len({bytes_of[pk] for pk in group}) > 1]


def same_bytes(dataset: Dataset) -> list[list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(SAME_BYTES, [dataset.pk])
        return [ids for (ids,) in cursor.fetchall()]


def sha256_of(image_ids: Ids) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(BYTES, [image_ids.tolist()])
        return dict(cursor.fetchall())


def kept_of(groups: list[list[int]]) -> list[int]:
    """The image of each group to keep: that with most boxes, then that with most pixels, then the first."""
    ids = [pk for group in groups for pk in group]
    current = Count("annotations", filter=Q(annotations__died=None))
    rows = Image.objects.filter(pk__in=ids).annotate(boxes=current).values_list("pk", "boxes", "width", "height")
    worth = {pk: (boxes, width * height, -pk) for pk, boxes, width, height in rows}
    return [max(group, key=lambda pk: worth.get(pk, (0, 0, -pk))) for group in groups]


def overview(dataset: Dataset, wanted: Wanted) -> tuple[dict[str, Any], list[list[int]]]:
    """How many groups and images there are, and what was looked at; with the groups."""
    groups = groups_of(dataset, wanted)
    search, job = search_of(dataset), open_search(dataset)
    exact = groups if wanted.likeness == CopyKind.EXACT else same_bytes(dataset)
    return {
        "groups": len(groups),
        "images": sum(map(len, groups)),
        "exact_copies": sum(len(group) - 1 for group in exact),
        "searched": None
        if search is None
        else {
            "job": search.job_id,
            "at": search.found_at,
            "images": search.images,
            "unreadable": len(search.unreadable),
            "with_embedding": search.with_embedding,
            "not_looked_at": not_looked_at(dataset, search),
        },
        "job": job.pk if job else None,
    }, groups


def as_json(groups: list[list[int]]) -> list[dict[str, Any]]:
    """Groups as a page shows them: the one that would be kept first, then some of the others."""
    kept = kept_of(groups)
    shown = [[keep, *(pk for pk in group if pk != keep)][:SHOWN] for keep, group in zip(kept, groups, strict=True)]
    ids = [pk for group in shown for pk in group]
    current = Count("annotations", filter=Q(annotations__died=None))
    rows = {row.pk: row for row in Image.objects.filter(pk__in=ids).annotate(boxes=current)}
    return [
        {
            "id": group[0],
            "count": len(group),
            "images": [
                {**image_brief(rows[pk]), "boxes": rows[pk].boxes, "kept": place == 0}
                for place, pk in enumerate(few)
                if pk in rows
            ],
        }
        for group, few in zip(groups, shown, strict=True)
    ]
