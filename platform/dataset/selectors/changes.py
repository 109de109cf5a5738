"""What a revision changed, object by object."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from dataset.importing.columns import Ignore
from dataset.models import Annotation, Image, Revision
from science.shapes.packed import unpack
from science.shapes.shape_json import as_json

Box = list[float]


@dataclass(frozen=True)
class Shape:
    """Class and box of an object on one side of a change."""

    class_id: int
    box: Box  # xyxy pixels
    ignore: str = "no"  # an Ignore's word
    packed: bytes | None = None  # its finer shape

    @property
    def shape(self) -> dict[str, Any] | None:
        """The finer shape as JSON."""
        return None if self.packed is None else as_json(unpack(self.packed))


@dataclass(frozen=True)
class ObjectChange:
    """One object before and after; None where it was not."""

    image: Image | None
    object_id: int
    change: str  # added, removed, relabelled, moved, relabelled_and_moved, reshaped, ignored, attributes
    before: Shape | None
    after: Shape | None


def box_of(row: Annotation) -> Box:
    """The box as the shortest decimals that name its float32 values."""
    return [row.x1, row.y1, row.x2, row.y2]


def shape_of(row: Annotation | None) -> Shape | None:
    return None if row is None else Shape(row.label_class_id, box_of(row), Ignore(row.ignore).word, packed_of(row))


def packed_of(row: Annotation) -> bytes | None:
    return None if row.shape is None else bytes(row.shape)


def kind_of(before: Shape | None, after: Shape | None) -> str:
    """One word for the difference."""
    if before is None or after is None:
        return "added" if before is None else "removed"
    relabelled, moved = before.class_id != after.class_id, before.box != after.box
    if relabelled and moved:
        return "relabelled_and_moved"
    ignored = before.ignore != after.ignore
    if relabelled or moved:
        return "relabelled" if relabelled else "moved"
    reshaped = before.packed != after.packed
    return "reshaped" if reshaped else "ignored" if ignored else "attributes"


def change_between(image: Image | None, before: Annotation | None, after: Annotation | None) -> ObjectChange:
    row = after or before
    if row is None:
        raise ValueError("A change needs one side.")
    sides = shape_of(before), shape_of(after)
    return ObjectChange(image, row.object_id, kind_of(*sides), *sides)


def changes_of(revision: Revision, *, after: int = 0, limit: int) -> list[ObjectChange]:
    """The revision's changes by rising object id, those above `after`.

    Births and deaths are each read in index order up to the limit and joined here, so a page of a revision of millions
    costs as much as a page of one of ten.
    """
    rows = Annotation.objects.filter(dataset=revision.dataset_id, object_id__gt=after).order_by("object_id")
    born = {row.object_id: row for row in rows.filter(born=revision.number)[:limit]}
    died = {row.object_id: row for row in rows.filter(died=revision.number)[:limit]}
    objects = sorted({*born, *died})[:limit]
    images = images_of(born.get(key) or died[key] for key in objects)
    return [
        change_between(images.get((born.get(key) or died[key]).image_id), died.get(key), born.get(key))
        for key in objects
    ]


def images_of(rows: Iterable[Annotation]) -> dict[int, Image]:
    return Image.objects.in_bulk({row.image_id for row in rows})


SUMMARY = """
    WITH died AS (SELECT * FROM dataset_annotation WHERE dataset_id = %(dataset)s AND died = %(number)s),
         born AS (SELECT * FROM dataset_annotation WHERE dataset_id = %(dataset)s AND born = %(number)s)
    SELECT coalesce(born.label_class_id, died.label_class_id),
           CASE WHEN died.id IS NULL THEN 'added' WHEN born.id IS NULL THEN 'removed' ELSE 'changed' END,
           died.label_class_id IS DISTINCT FROM born.label_class_id,
           (died.x1, died.y1, died.x2, died.y2) IS DISTINCT FROM (born.x1, born.y1, born.x2, born.y2),
           count(*)
    FROM died FULL JOIN born ON born.object_id = died.object_id
    GROUP BY 1, 2, 3, 4
"""


def summary_of(revision: Revision) -> dict[str, Any]:
    """How many changes of which kind, in all and by class. Counted once, then kept with the revision."""
    if revision.summary is None:
        revision.summary = change_counts(revision)
        revision.save(update_fields=["summary"])
    return dict(revision.summary)


def change_counts(revision: Revision) -> dict[str, Any]:
    """A relabelled object counts under its new class."""
    with connection.cursor() as cursor:
        cursor.execute(SUMMARY, {"dataset": revision.dataset_id, "number": revision.number})
        rows = cursor.fetchall()
    by_class: dict[int, dict[str, int]] = {}
    kinds = {"relabelled": 0, "moved": 0, "added": 0, "removed": 0}
    for class_id, what, relabelled, moved, count in rows:
        counts = by_class.setdefault(class_id, {"class_id": class_id, "added": 0, "changed": 0, "removed": 0})
        counts[what] += count
        if what != "changed":
            kinds[what] += count
        else:
            kinds["relabelled"] += count if relabelled else 0
            kinds["moved"] += count if moved else 0
    return {"by_class": [by_class[key] for key in sorted(by_class)], "changes_by_kind": kinds}
