"""Labels of an image as a whole, as labellers give them one by one: tags, and metadata of known keys and values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from dataset.models import Image, ImageTag, Tag
from dataset.services.tags import checked_name
from dataset.tag_names import REJECTED

LONGEST = 200  # characters of a metadata value


@dataclass(frozen=True)
class ImageLabelChanges:
    """What is to change of one image. `metadata`: a scalar by key, None takes it away."""

    add_tags: Iterable[str] = ()
    remove_tags: Iterable[str] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def label_image(*, image: Image, labels: ImageLabelChanges, by: User) -> Image:
    """Change one image's tags and metadata, with an audit line that holds what they were. Labellers and above.

    Tags must be the dataset's or `rejected`, metadata keys the dataset's: only managers bring new ones, in the grid or
    by an import. Raises BadInput naming what is not.
    """
    access.check(by, image.dataset.project_id, Role.LABELLER)
    locked = Image.objects.select_for_update().get(pk=image.pk)
    before = {key: locked.metadata.get(key) for key in labels.metadata}
    _check_keys(image, labels.metadata)
    added = [_tag(image, name) for name in labels.add_tags]
    removed = Tag.objects.filter(dataset=image.dataset_id, name__in=list(labels.remove_tags))
    ImageTag.objects.bulk_create((ImageTag(tag=tag, image=locked) for tag in added), ignore_conflicts=True)
    ImageTag.objects.filter(image=locked, tag__in=removed).delete()
    kept = {**locked.metadata, **labels.metadata}
    locked.metadata = {key: value for key, value in kept.items() if value is not None or key not in labels.metadata}
    locked.save(update_fields=["metadata"])
    data = {
        "image": locked.pk, "added": [tag.name for tag in added], "removed": [tag.name for tag in removed],
        "metadata": {key: [before[key], labels.metadata[key]] for key in labels.metadata},
    }  # fmt: skip
    audit.record(by=by, action="image.label", target=locked.key, project=image.dataset.project_id, data=data)
    return locked


def _check_keys(image: Image, metadata: Mapping[str, Any]) -> None:
    """Known keys, plain values."""
    errors = {}
    for key, value in metadata.items():
        if key not in image.dataset.metadata_keys:
            errors[f"metadata.{key}"] = [f"No image of this dataset has {key}; an import brings new keys."]
        elif isinstance(value, str) and len(value) > LONGEST:
            errors[f"metadata.{key}"] = [f"A value may have {LONGEST} characters."]
    if errors:
        raise BadInput(next(iter(errors.values()))[0], errors=errors)


def _tag(image: Image, name: str) -> Tag:
    name = checked_name(name)
    if name == REJECTED:
        return Tag.objects.get_or_create(dataset_id=image.dataset_id, name=name)[0]
    found = Tag.objects.filter(dataset=image.dataset_id, name=name).first()
    if found is None:
        sentence = f"This dataset has no tag {name}; somebody who manages it makes new ones in the grid."
        raise BadInput(sentence, errors={"add_tags": [sentence]})
    return found
