"""Removing images from a dataset."""

import numpy as np
from django.db import connection, transaction
from django.db.models import F
from numpy.typing import NDArray

from accounts import audit
from accounts.models import User
from accounts.wording import worded
from dataset.models import Dataset, Image, Revision, Slice
from dataset.services.change_plans import Counts
from dataset.services.revisions import RevisionNote, lock, make_revision
from dataset.services.rows import close_rows
from dataset.services.slices import as_ids, check_images

Ids = NDArray[np.int64]

MEMBERS = "SELECT slice_id, count(*) FROM dataset_sliceimage WHERE image_id = ANY(%s) GROUP BY slice_id"


@transaction.atomic
def remove_images(*, dataset: Dataset, image_ids: Ids, author: User | None) -> tuple[int, int]:
    """Remove images with their places in slices and their tags; returns how many images and current labels went.

    Their labels end in a revision of their own, so that every count of the history stays true; going back to an earlier
    revision does not bring them again. The bytes stay: other datasets may share them. Raises BadInput where an image is
    not the dataset's. Whether anything still needs the images, and who may, is for the caller to ask.
    """
    ids = as_ids(image_ids)
    locked = lock(dataset)
    check_images(locked, ids)
    boxes = _close_labels(locked, ids, author)
    _leave_slices(ids)
    Image.objects.filter(dataset=locked, pk__in=ids.tolist()).delete()
    Dataset.objects.filter(pk=locked.pk).update(image_count=F("image_count") - len(ids))
    data = {"dataset": locked.pk, "images": len(ids), "boxes": boxes}
    audit.record(by=author, action="images.remove", target=locked.name, project=locked.project_id, data=data)
    return len(ids), boxes


def _close_labels(locked: Dataset, ids: Ids, author: User | None) -> int:
    """End the images' labels in a revision, where they have any; returns how many."""
    number = locked.head_revision + 1
    closed = close_rows(locked.pk, "image_id = ANY(%(images)s)", {"images": ids.tolist()}, died=number)
    if closed:
        note = RevisionNote(
            Revision.Kind.EDIT, worded("{n} {n:image|images} removed", n=len(ids)), {"images_removed": len(ids)}
        )
        make_revision(locked, number, note, Counts(removed=closed), author=author)
    return closed


def _leave_slices(ids: Ids) -> None:
    """Correct the counts of the slices that they were in; the rows themselves go with the images."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS, [ids.tolist()])
        counts = cursor.fetchall()
    for slice_id, members in counts:
        Slice.objects.filter(pk=slice_id).update(image_count=F("image_count") - members)
