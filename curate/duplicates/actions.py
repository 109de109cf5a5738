"""What is done about duplicates and leaks: slices are made and changed, which can be undone; no image is removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from accounts import access
from accounts.models import Role, User
from accounts.problems import BadInput
from curate.duplicates.groups import Wanted, groups_of, kept_of
from curate.duplicates.leaks import Leaks, leaks_between
from dataset.models import Dataset, Slice
from dataset.selectors.slices import image_ids
from dataset.services.slices import change_members, create_slice

Ids = NDArray[np.int64]


@transaction.atomic
def slice_the_rest(
    *, dataset: Dataset, wanted: Wanted, name: str, by: User, groups: Sequence[int] | None = None
) -> Slice:
    """Make a slice of all images of the groups but the one of each that is kept. Managers and above.

    `groups` are those meant, each by its first image; None: all. Raises BadInput where nothing is left to put in.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    meant = None if groups is None else set(groups)
    found = [group for group in groups_of(dataset, wanted) if meant is None or group[0] in meant]
    kept = set(kept_of(found))
    rest = [pk for group in found for pk in group if pk not in kept]
    if not rest:
        sentence = "There are no such duplicates (any more)."
        raise BadInput(sentence, errors={"groups": [sentence]})
    origin = {"kind": "duplicates", "likeness": wanted.likeness.value, "least_overlap": wanted.least_overlap}
    return create_slice(dataset=dataset, name=name, image_ids=rest, origin=origin, by=by)


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
