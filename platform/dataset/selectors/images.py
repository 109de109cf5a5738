"""Reads of images: addresses, labels of one image, history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.natural_names import by_name
from dataset.models import Annotation, Image, Revision, Slice
from dataset.selectors.changes import ObjectChange, change_between

THUMB_SIZE = 320


def thumb_url(image_id: int, sha256: str, size: int = THUMB_SIZE) -> str:
    """The address of a thumbnail. It carries the content's hash, so a browser may keep it for ever."""
    return f"/api/v1/images/{image_id}/thumbnail?size={size}&v={sha256[:12]}"


def file_url(image_id: int, sha256: str) -> str:
    """The address of an image's bytes; see thumb_url."""
    return f"/api/v1/images/{image_id}/file?v={sha256[:12]}"


def crop_url(kind: str, row_id: int, sha256: str) -> str:
    """The address of the cut-out around a label (`kind` "annotations") or a prediction ("predictions")."""
    return f"/api/v1/{kind}/{row_id}/crop?v={sha256[:12]}"


def image_brief(image: Image) -> dict[str, object]:
    """An image in few words, as other things show it."""
    return {
        "id": image.pk,
        "key": image.key,
        "thumb": thumb_url(image.pk, image.sha256),
        "width": image.width,
        "height": image.height,
    }


def annotations_at(image: Image, revision: int) -> QuerySet[Annotation]:
    """The image's labels at the revision."""
    alive = Q(died=None) | Q(died__gt=revision)
    return Annotation.objects.filter(alive, image=image, born__lte=revision).order_by("pk")


LABEL_STATES = """
    SELECT id, CASE WHEN EXISTS (
        SELECT FROM dataset_annotation AS label WHERE label.image_id = image.id AND label.died IS NULL) THEN 'labelled'
        WHEN labelled_since IS NULL THEN 'not_labelled' ELSE 'negative' END
    FROM dataset_image AS image WHERE id = ANY(%s)
"""


def label_states_of(image_ids: Sequence[int]) -> dict[int, str]:
    """Of each image whether it is labelled now: not_labelled, negative (there is nothing), labelled."""
    with connection.cursor() as cursor:
        cursor.execute(LABEL_STATES, [list(image_ids)])
        return dict(cursor.fetchall())


def label_state_at(image: Image, revision: int) -> str:
    """The same of one image at a revision."""
    if annotations_at(image, revision).exists():
        return "labelled"
    return "negative" if image.labelled_since is not None and image.labelled_since <= revision else "not_labelled"


def slices_with(image: Image) -> QuerySet[Slice]:
    return Slice.objects.filter(slice_images__image=image).order_by(by_name())


@dataclass(frozen=True)
class HistoryEntry:
    """What one revision did to one image."""

    revision: Revision
    changes: list[ObjectChange]


def history_of(image: Image) -> list[HistoryEntry]:
    """The revisions that touched the image, newest first."""
    before: dict[int, dict[int, Annotation]] = defaultdict(dict)
    after: dict[int, dict[int, Annotation]] = defaultdict(dict)
    for row in Annotation.objects.filter(image=image):
        after[row.born][row.object_id] = row
        if row.died is not None:
            before[row.died][row.object_id] = row
    numbers = sorted({*before, *after}, reverse=True)
    revisions = {
        row.number: row
        for row in Revision.objects.filter(dataset=image.dataset_id, number__in=numbers).select_related("author")
    }
    return [
        HistoryEntry(
            revisions[number],
            [
                change_between(image, before[number].get(object_id), after[number].get(object_id))
                for object_id in sorted({*before[number], *after[number]})
            ],
        )
        for number in numbers
        if number in revisions
    ]
