"""Tags: hung on images and taken off, many images at a time."""

from collections.abc import Iterable

import numpy as np
from django.db import IntegrityError, connection, transaction
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from dataset.models import Dataset, Tag
from dataset.services.slices import as_ids, check_images

Ids = NDArray[np.int64]
LONGEST = 60

HANG = """
    INSERT INTO dataset_imagetag (tag_id, image_id) SELECT %s, unnest(%s::bigint[])
    ON CONFLICT (tag_id, image_id) DO NOTHING RETURNING image_id
"""
TAKE_OFF = "DELETE FROM dataset_imagetag WHERE tag_id = %s AND image_id = ANY(%s) RETURNING image_id"


@transaction.atomic
def tag_images(*, dataset: Dataset, name: str, image_ids: Iterable[int] | Ids, by: User) -> tuple[Tag, Ids]:
    """Hang a tag on images; a new word becomes a tag. Returns it, and the images that did not have it before.

    Managers and above. Raises BadInput where the name is empty or too long, or an image is not the dataset's.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    ids = as_ids(image_ids)
    check_images(dataset, ids)
    tag, _ = Tag.objects.get_or_create(dataset=dataset, name=checked_name(name))
    changed = _changed(HANG, tag, ids)
    _note(tag, "tag.add", by, images=len(changed))
    return tag, changed


@transaction.atomic
def untag_images(*, tag: Tag, image_ids: Iterable[int] | Ids, by: User) -> Ids:
    """Take a tag off images; returns those that had it. Managers and above.

    The tag stays, also when no image has it any more.
    """
    access.check(by, tag.dataset.project_id, Role.MANAGER)
    changed = _changed(TAKE_OFF, tag, as_ids(image_ids))
    _note(tag, "tag.remove", by, images=len(changed))
    return changed


@transaction.atomic
def rename_tag(*, tag: Tag, name: str, by: User) -> Tag:
    """Managers and above. Raises Conflict where the dataset has a tag of that name."""
    access.check(by, tag.dataset.project_id, Role.MANAGER)
    tag.name = checked_name(name)
    try:
        with transaction.atomic():
            tag.save(update_fields=["name"])
    except IntegrityError as error:
        raise Conflict(f"There is a tag {tag.name} already.", errors={"name": ["This name is taken."]}) from error
    _note(tag, "tag.rename", by)
    return tag


@transaction.atomic
def delete_tag(*, tag: Tag, by: User) -> None:
    """Take it off all images and forget it. Managers and above."""
    access.check(by, tag.dataset.project_id, Role.MANAGER)
    _note(tag, "tag.delete", by, images=tag.image_tags.count())
    tag.delete()


def checked_name(name: str) -> str:
    """The name without spaces around it; raises BadInput where nothing or too much is left."""
    short = " ".join(name.split())
    if not short or len(short) > LONGEST:
        sentence = f"A tag has 1 to {LONGEST} characters."
        raise BadInput(sentence, errors={"name": [sentence]})
    return short


def tag_named(dataset: Dataset, name: str) -> Tag:
    """The dataset's tag of that name. Raises BadInput where there is none."""
    found = Tag.objects.filter(dataset=dataset, name=name).select_related("dataset").first()
    if found is None:
        sentence = f"This dataset has no tag {name}."
        raise BadInput(sentence, errors={"name": [sentence]})
    return found


def _changed(statement: str, tag: Tag, image_ids: Ids) -> Ids:
    with connection.cursor() as cursor:
        cursor.execute(statement, [tag.pk, image_ids.tolist()])
        return np.sort(np.array([row[0] for row in cursor.fetchall()], dtype=np.int64))


def _note(tag: Tag, action: str, by: User, **data: int) -> None:
    data = {"dataset": tag.dataset_id, "tag": tag.pk, **data}
    audit.record(by=by, action=action, target=tag.name, project=tag.dataset.project_id, data=data)
