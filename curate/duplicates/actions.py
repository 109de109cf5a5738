"""What is done about duplicates and leaks: slices are made and changed, which can be undone; no image is removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from accounts import access
from accounts.models import Role, User
from accounts.problems import BadInput
from curate.duplicates.groups import Wanted, groups_of, kept_of
from curate.duplicates.leaks import Leaks, leaks_between
from dataset.models import Dataset, Slice, SliceImage
from dataset.selectors.slices import image_ids
from dataset.services.slices import change_members, create_slice, delete_slice

Ids = NDArray[np.int64]


@transaction.atomic
def slice_the_rest(
    *, dataset: Dataset, wanted: Wanted, name: str, by: User, groups: Sequence[int] | None = None
) -> Slice:
    """Make a slice of all images of the groups but the one of each that is kept. Managers and above.

    `groups` are those meant, each by its first image; None: all. Raises BadInput where nothing is left to put in.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    return _slice_of(keepers_of(dataset, wanted, groups), dataset=dataset, wanted=wanted, name=name, by=by)


def keepers_of(dataset: Dataset, wanted: Wanted, groups: Sequence[int] | None) -> dict[int, int]:
    """All images of the groups meant but the kept ones, each with the one that is kept. To be read once for an action:
    a search or a label that comes meanwhile makes other groups, or keeps another image.
    """
    found = _groups_meant(dataset, wanted, groups)
    return {pk: kept for group, kept in zip(found, kept_of(found), strict=True) for pk in group if pk != kept}


def _slice_of(rest: dict[int, int], *, dataset: Dataset, wanted: Wanted, name: str, by: User) -> Slice:
    if not rest:
        sentence = "There are no such duplicates (any more)."
        raise BadInput(sentence, errors={"groups": [sentence]})
    origin = {"kind": "duplicates", "likeness": wanted.likeness.value, "least_overlap": wanted.least_overlap}
    return create_slice(dataset=dataset, name=name, image_ids=list(rest), origin=origin, by=by)


@dataclass(frozen=True)
class SliceChange:
    """What keeping one of each did to a slice: undoing needs it."""

    slice: Slice
    taken_out: list[int]
    put_in: list[int]


@transaction.atomic
def keep_one_of_each(
    *, dataset: Dataset, wanted: Wanted, name: str, by: User, groups: Sequence[int] | None = None
) -> tuple[Slice, list[SliceChange]]:
    """Take all images of the groups but the kept one of each out of every slice, and make a slice of them.

    A kept image that is in no slice takes the place of its copies in the first one that they leave. Slices that such
    actions made stay as they are. Managers and above. Raises BadInput where there are no such groups.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    keepers = keepers_of(dataset, wanted, groups)
    made = _slice_of(keepers, dataset=dataset, wanted=wanted, name=name, by=by)
    changes = []
    slices = [row for row in dataset.slices.order_by("pk") if row.origin.get("kind") != "duplicates"]
    for row in slices:
        taken = _changed(row, keepers.keys(), remove=True, by=by)
        kept = {keepers[pk] for pk in taken}
        put = _changed(row, kept - _in_slices(slices, kept), remove=False, by=by)
        if taken:
            changes.append(SliceChange(row, taken, put))
    return made, changes


@dataclass(frozen=True)
class KeptBefore:
    """What keeping one of each did to a slice, as it is told again to undo it."""

    slice_id: int
    taken_out: list[int]
    put_in: list[int]


@transaction.atomic
def undo_keeping_one(*, dataset: Dataset, made: int, changes: Sequence[KeptBefore], by: User) -> None:
    """What left a slice comes back, what took its place goes, and the slice made of the others too. Managers and above.

    All or nothing. Slices and images that are gone meanwhile, or are as they were, are passed over: undone twice is
    undone.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    slices = dataset.slices.in_bulk([one.slice_id for one in changes])
    for one in changes:
        row = slices.get(one.slice_id)
        if row is not None:
            _changed(row, _still_there(dataset, one.taken_out), remove=False, by=by)
            _changed(row, one.put_in, remove=True, by=by)
    row = dataset.slices.filter(pk=made).first()
    if row is not None:
        delete_slice(row=row, by=by)


def _still_there(dataset: Dataset, ids: list[int]) -> list[int]:
    return list(dataset.images.filter(pk__in=ids).values_list("pk", flat=True))


def _groups_meant(dataset: Dataset, wanted: Wanted, groups: Sequence[int] | None) -> list[list[int]]:
    meant = None if groups is None else set(groups)
    return [group for group in groups_of(dataset, wanted) if meant is None or group[0] in meant]


def _changed(row: Slice, ids: Iterable[int], *, remove: bool, by: User) -> list[int]:
    """Change a slice's members where that changes anything; which those are."""
    members = set(image_ids([row]).tolist())
    meant = [pk for pk in ids if (pk in members) == remove]
    return change_members(row=row, image_ids=meant, remove=remove, by=by)[1].tolist() if meant else []


def _in_slices(slices: Sequence[Slice], ids: Iterable[int]) -> set[int]:
    rows = SliceImage.objects.filter(image_id__in=list(ids), slice__in=slices)
    return set(rows.values_list("image_id", flat=True))


@dataclass(frozen=True)
class TakenOut:
    """Images that left a slice: what undoing needs."""

    slice: Slice
    image_ids: list[int]


@transaction.atomic
def take_copies_out(*, train: Sequence[Slice], validation: Slice, by: User) -> list[TakenOut]:
    """Take out of the training slices every image that has a copy in the validation slice. Managers and above."""
    access.check(by, validation.dataset.project_id, Role.MANAGER)
    copies = _copies(train, validation).training_images
    changes = [change_members(row=row, image_ids=copies, remove=True, by=by) for row in train]
    return [TakenOut(row, changed.tolist()) for row, changed in changes]


@transaction.atomic
def slice_the_copies(*, train: Sequence[Slice], validation: Slice, name: str, by: User) -> Slice:
    """Make a slice of the training images that have a copy in the validation slice. Managers and above."""
    access.check(by, validation.dataset.project_id, Role.MANAGER)
    copies = _copies(train, validation).training_images
    origin = {"kind": "duplicates", "train": [row.pk for row in train], "validation": validation.pk}
    return create_slice(dataset=validation.dataset, name=name, image_ids=copies, origin=origin, by=by)


def _copies(train: Sequence[Slice], validation: Slice) -> Leaks:
    """Raises BadInput where there is nothing to take out."""
    found = leaks_between(validation.dataset, image_ids(train), image_ids(validation))
    if len(found.pairs) == 0:
        sentence = "No image of the training slices has a copy in the validation slice (any more)."
        raise BadInput(sentence, errors={"train": [sentence]})
    return found
