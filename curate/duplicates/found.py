"""The pairs that a dataset's newest search found, in a table, so that requests answer from them by SQL."""

from __future__ import annotations

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from curate.duplicates.looked import Searched
from curate.models import CopyPair, CopySearch
from dataset.bulk import copy_in, copy_out
from dataset.models import Dataset, Image
from science.duplicates.poses import CopyPose, pose_of

Ids = NDArray[np.int64]
POSES = list(CopyPose)  # the order must not change: rows hold places in it

PAIRS = "SELECT first_id, second_id FROM curate_copypair WHERE dataset_id = %s AND overlap >= %s ORDER BY id"
CAME_LATER = "SELECT id FROM dataset_image WHERE dataset_id = %s AND id > %s"


@transaction.atomic
def store_found(dataset: Dataset, found: Searched, job_id: int, signatures: str = "") -> None:
    """Put a search's pairs in the place of those of the one before. Images that were removed meanwhile are left out."""
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    CopyPair.objects.filter(dataset=dataset).delete()
    looked = np.concatenate([found.image_ids, found.unreadable])
    row = {
        "job_id": job_id,
        "upto": int(looked.max(initial=0)),
        "images": len(found.image_ids),
        "unreadable": found.unreadable.tolist(),
        "with_embedding": found.with_vector,
        "signatures": signatures,
    }
    CopySearch.objects.filter(dataset=dataset).delete()
    CopySearch.objects.create(dataset=dataset, **row)
    there = np.isin(found.pairs, _still_there(dataset, np.unique(found.pairs))).all(axis=1)
    poses = [POSES.index(pose_of(m)) for m in found.maps[there]]
    copy_in(
        "curate_copypair",
        {
            "dataset_id": np.full(there.sum(), dataset.pk, np.int64),
            "first_id": found.pairs[there, 0],
            "second_id": found.pairs[there, 1],
            "overlap": found.overlap[there],
            "agreement": found.agreement[there],
            "pose": np.array(poses, np.int16),
        },
    )


def _still_there(dataset: Dataset, image_ids: Ids) -> Ids:
    rows = Image.objects.filter(dataset=dataset, pk__in=image_ids.tolist()).order_by("pk")
    return np.array(list(rows.values_list("pk", flat=True)), np.int64)


def found_pairs(dataset: Dataset, least_overlap: float) -> Ids:
    """(P, 2) image ids of the pairs that share at least so much."""
    return np.column_stack(copy_out(PAIRS, [dataset.pk, least_overlap], [np.int64, np.int64]))


def search_of(dataset: Dataset) -> CopySearch | None:
    """What the newest search looked at; None where there was none."""
    return CopySearch.objects.filter(dataset=dataset).first()


def not_looked_at(dataset: Dataset, search: CopySearch) -> int:
    """How many of the dataset's images have come since the search."""
    return dataset.images.filter(pk__gt=search.upto).count()
