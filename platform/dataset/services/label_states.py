"""Saying of images that there is nothing on them, or that they are not labelled: a revision without a box."""

from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from accounts import access
from accounts.models import Role, User
from accounts.problems import BadInput
from dataset.models import Dataset, Revision
from dataset.services.change_plans import Counts
from dataset.services.revisions import RevisionNote, lock, make_revision

Ids = NDArray[np.int64]
NEGATIVE, NOT_LABELLED = "negative", "not_labelled"

SET_STATE = """
    UPDATE dataset_image AS image SET labelled_since = %(since)s
    WHERE dataset_id = %(dataset)s AND id = ANY(%(images)s)
      AND (labelled_since IS NULL) = %(was_unlabelled)s
      AND NOT EXISTS (SELECT FROM dataset_annotation AS label WHERE label.image_id = image.id AND label.died IS NULL)
"""


@transaction.atomic
def set_label_state(
    *,
    dataset: Dataset,
    image_ids: Ids,
    state: str,
    by: User,
    on: int | None = None,
    origin: dict[str, Any] | None = None,
) -> tuple[Revision, int]:
    """A revision from which on images without a box are negatives, or are not labelled; and how many changed.

    Images with boxes stay as they are: they are labelled. Managers and above. Raises RevisionConflict where `on` is
    given and is not the head, BadInput where nothing would change.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    locked = lock(dataset, on)
    number = locked.head_revision + 1
    values = {
        "dataset": locked.pk,
        "images": image_ids.tolist(),
        "since": number if state == NEGATIVE else None,
        "was_unlabelled": state == NEGATIVE,
    }
    with connection.cursor() as cursor:
        cursor.execute(SET_STATE, values)
        changed = cursor.rowcount
    if not changed:
        raise BadInput("None of these images is without boxes and in another state than this.")
    said = "there is nothing on" if state == NEGATIVE else "not labelled:"
    note = RevisionNote(Revision.Kind.EDIT, f"{said} {changed} image{'s' if changed > 1 else ''}", origin or {})
    return make_revision(locked, number, note, Counts(), author=by), changed
