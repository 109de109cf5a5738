"""Removing images from a dataset, where nothing needs them any more."""

from __future__ import annotations

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from accounts import access
from accounts.models import Role, User
from accounts.problems import Conflict
from dataset.models import Dataset
from dataset.services.removing import remove_images as remove
from dataset.services.slices import as_ids
from label.models import Task

Ids = NDArray[np.int64]

IN_MANIFESTS = """
    SELECT count(*) FROM (SELECT unnest(%s::bigint[]) INTERSECT
    SELECT unnest(image_ids) FROM dataset_manifest WHERE dataset_id = %s) AS needed
"""


@transaction.atomic
def remove_images(*, dataset: Dataset, image_ids: Ids, by: User) -> tuple[int, int]:
    """Remove them for good; returns how many images and how many current labels went. Owners only.

    Raises Conflict where a manifest, that is a training, an evaluation or a prediction, names one of them, or a task of
    Label is about one: what was measured must stay nameable, and nobody's work may vanish.
    """
    access.check(by, dataset.project_id, Role.OWNER)
    ids = as_ids(image_ids)
    with connection.cursor() as cursor:
        cursor.execute(IN_MANIFESTS, [ids.tolist(), dataset.pk])
        frozen = int(cursor.fetchone()[0])
    if frozen:
        raise Conflict(
            f"{frozen} of these images were used in a training, an evaluation or a prediction, so they stay."
        )
    if labelled := Task.objects.filter(image__in=ids.tolist()).values("image").distinct().count():
        raise Conflict(f"{labelled} of these images are in a batch of Label, so they stay.")
    return remove(dataset=dataset, image_ids=ids, author=by)
