"""Slices: named, static sets of images."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db import IntegrityError, connection, transaction
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from dataset.bulk import copy_in
from dataset.models import Dataset, Slice, SliceImage

Ids = NDArray[np.int64]


def as_ids(image_ids: Iterable[int] | Ids) -> Ids:
    """Ascending, each once."""
    return np.unique(np.asarray(image_ids if isinstance(image_ids, np.ndarray) else list(image_ids), dtype=np.int64))


def check_images(dataset: Dataset, image_ids: Ids) -> None:
    """Raise BadInput unless every one is an image of the dataset."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM dataset_image WHERE dataset_id = %s AND id = ANY(%s)",
            [dataset.pk, image_ids.tolist()],
        )
        strangers = len(image_ids) - int(cursor.fetchone()[0])
    if strangers:
        raise BadInput(f"{strangers} of these images are not in this dataset.", errors={"images": ["Unknown images."]})


def create_slice(
    *,
    dataset: Dataset,
    name: str,
    image_ids: Iterable[int] | Ids,
    origin: dict[str, Any],
    by: User,
    description: str = "",
) -> Slice:
    """Make a slice as `store_slice` does. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    return store_slice(
        dataset=dataset, name=name, image_ids=image_ids, origin=origin, author=by, description=description
    )


@transaction.atomic
def store_slice(
    *,
    dataset: Dataset,
    name: str,
    image_ids: Iterable[int] | Ids,
    origin: dict[str, Any],
    author: User | None,
    description: str = "",
) -> Slice:
    """A new slice of these images. `origin` says how it came about: {"kind": "query", "q": "…"}, {"kind": "hand"} …

    Raises Conflict where the dataset has a slice of that name, BadInput where an image is not the dataset's.
    """
    ids = as_ids(image_ids)
    check_images(dataset, ids)
    try:
        with transaction.atomic():
            row = Slice.objects.create(
                dataset=dataset,
                name=name,
                description=description,
                origin=origin,
                image_count=len(ids),
                created_by=author,
            )
    except IntegrityError as error:
        raise name_taken(name) from error
    copy_in("dataset_sliceimage", {"slice_id": np.full(len(ids), row.pk, dtype=np.int64), "image_id": ids})
    _note(row, "slice.create", author, images=len(ids))
    return row


def sibling(row: Slice, other: int) -> Slice:
    """Another slice of the same dataset. Raises BadInput where it is none."""
    found = Slice.objects.filter(dataset=row.dataset_id, pk=other).first()
    if found is None:
        reason = f"There is no slice {other} in this dataset."
        raise BadInput(reason, errors={"other": [reason]})
    return found


def name_taken(name: str) -> Conflict:
    return Conflict(f"There is a slice named {name} already.", errors={"name": ["This name is taken."]})


def _note(row: Slice, action: str, author: User | None, **data: Any) -> None:
    data = {"slice": row.pk, **data}
    audit.record(by=author, action=action, target=row.name, project=row.dataset.project_id, data=data)


@transaction.atomic
def change_slice(*, row: Slice, by: User, name: str | None = None, description: str | None = None) -> Slice:
    """Rename or describe it; its images and origin stay. Managers and above."""
    access.check(by, row.dataset.project_id, Role.MANAGER)
    row.name = row.name if name is None else name
    row.description = row.description if description is None else description
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "description"])
    except IntegrityError as error:
        raise name_taken(row.name) from error
    _note(row, "slice.change", by)
    return row


@transaction.atomic
def change_images(*, row: Slice, add: Iterable[int], remove: Iterable[int], by: User) -> Slice:
    """Put images in and take images out; those already in, or not in, do no harm. Manifests made before stay.

    Managers and above.
    """
    access.check(by, row.dataset.project_id, Role.MANAGER)
    row = Slice.objects.select_for_update().select_related("dataset").get(pk=row.pk)
    added, removed = as_ids(add), as_ids(remove)
    check_images(row.dataset, added)
    SliceImage.objects.filter(slice=row, image_id__in=removed.tolist()).delete()
    SliceImage.objects.bulk_create(
        [SliceImage(slice=row, image_id=image_id) for image_id in added.tolist()],
        ignore_conflicts=True,
        batch_size=10_000,
    )
    row.image_count = SliceImage.objects.filter(slice=row).count()
    row.save(update_fields=["image_count"])
    _note(row, "slice.change_images", by, added=len(added), removed=len(removed), images=row.image_count)
    return row


PUT_IN = """
    INSERT INTO dataset_sliceimage (slice_id, image_id) SELECT %s, unnest(%s::bigint[])
    ON CONFLICT (slice_id, image_id) DO NOTHING RETURNING image_id
"""
TAKE_OUT = "DELETE FROM dataset_sliceimage WHERE slice_id = %s AND image_id = ANY(%s) RETURNING image_id"


@transaction.atomic
def change_members(*, row: Slice, image_ids: Iterable[int] | Ids, remove: bool, by: User) -> tuple[Slice, Ids]:
    """Put images in, or take them out; also returns those that were not in, or were in, before: what undoing needs.

    Managers and above.
    """
    access.check(by, row.dataset.project_id, Role.MANAGER)
    row = Slice.objects.select_for_update().select_related("dataset").get(pk=row.pk)
    ids = as_ids(image_ids)
    check_images(row.dataset, ids)
    with connection.cursor() as cursor:
        cursor.execute(TAKE_OUT if remove else PUT_IN, [row.pk, ids.tolist()])
        changed = np.sort(np.array([found[0] for found in cursor.fetchall()], dtype=np.int64))
    row.image_count += -len(changed) if remove else len(changed)
    row.save(update_fields=["image_count"])
    counts = {"added": 0, "removed": len(changed)} if remove else {"added": len(changed), "removed": 0}
    _note(row, "slice.change_images", by, **counts, images=row.image_count)
    return row, changed


@transaction.atomic
def delete_slice(*, row: Slice, by: User) -> None:
    """Managers and above. Raises Conflict while a run or an endpoint needs it: what was trained must stay nameable."""
    access.check(by, row.dataset.project_id, Role.MANAGER)
    _note(row, "slice.delete", by, images=row.image_count)
    try:
        with transaction.atomic():
            row.delete()
    except IntegrityError as error:
        raise Conflict("A training run, an endpoint or a gate names this slice, so it stays.") from error
