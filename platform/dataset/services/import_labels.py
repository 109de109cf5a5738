"""What an import's boxes mean for images that are in the dataset already.

Three ways are compared: what was imported before (the base), what is imported now, and what people have made of it
since. Only the difference between the two imports is applied, and never to an object that a person has touched: so
the same import again changes nothing, and a corrected file brings its corrections.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from dataset.bulk import copy_out
from dataset.importing.boxes import PixelBoxes
from dataset.importing.matching import is_unchanged, match
from dataset.importing.types import BoxCounts, ImportProblem, Problems
from dataset.models import Dataset, Provenance, Revision
from dataset.selectors.annotations import labels_at
from dataset.services.change_plans import Counts, RevisionPlan
from dataset.services.rows import NEW_OBJECT, NewRows
from science.geometry.boxes import iou

SAME_PLACE_IOU = 0.9  # a box that a person has already added where the import adds one
FORGOTTEN = (Revision.Kind.IMPORT, Revision.Kind.REVERT)  # what these removed was not removed by a person's edit

BASE = """
    SELECT DISTINCT ON (object_id) id, object_id, image_id, label_class_id, x1, y1, x2, y2, coalesce(died, 0)::bigint,
           coalesce(hashtextextended(attributes::text, 0), 0) # (ignore::bigint << 40)
               # ('x' || encode(float4send(area), 'hex'))::bit(32)::bigint
    FROM dataset_annotation
    WHERE image_id = ANY(%s) AND provenance = %s
    ORDER BY object_id, born DESC
"""


HASHES = """
    SELECT hashtextextended(given.value::jsonb::text, 0)
    FROM unnest(%s::text[]) WITH ORDINALITY AS given (value, place) ORDER BY place
"""


@dataclass(frozen=True)
class Incoming:
    """What the import says: boxes, by image, with LabelClass ids for classes.

    `row_ids` and `keys` are of the source's images. `known`: places of the images that were in the dataset before and
    of whose boxes the import speaks; boxes of all other images are new. `same_attributes`: the format has none, so it
    says nothing about those that the dataset has, nor of what is ignored.
    """

    boxes: PixelBoxes
    row_ids: NDArray[np.int64]
    keys: Sequence[str]
    known: NDArray[np.intp]
    values: Sequence[bytes]
    same_attributes: bool = False


@dataclass(frozen=True)
class IncomingImage:
    """One image of it."""

    image_id: int
    key: str
    classes: NDArray[np.int64]  # LabelClass ids
    boxes: NDArray[np.float32]
    attributes: NDArray[np.int32]  # places in Incoming.values
    ignore: NDArray[np.int16]
    area: NDArray[np.float32]
    hashes: NDArray[np.int64] | None  # of attributes, ignore and area; None: the format has none of them


@dataclass(frozen=True)
class KnownBoxes:
    """Boxes of images in the dataset, ordered by image."""

    row_id: NDArray[np.int64]
    object_id: NDArray[np.int64]
    image_id: NDArray[np.int64]
    class_id: NDArray[np.int64]
    boxes: NDArray[np.float32]
    died: NDArray[np.int64]  # 0 while alive
    hashes: NDArray[np.int64]  # of attributes, ignore and area; 0 for none

    def of(self, image_id: int) -> slice:
        """The places of one image's boxes."""
        return slice(*np.searchsorted(self.image_id, [image_id, image_id + 1]).tolist())


@dataclass
class RowChanges:
    """The rows to close and to add, collected image by image."""

    closed: list[int] = field(default_factory=list)
    image_id: list[int] = field(default_factory=list)
    class_id: list[int] = field(default_factory=list)
    boxes: list[NDArray[np.float32]] = field(default_factory=list)
    object_id: list[int] = field(default_factory=list)
    attributes: list[int] = field(default_factory=list)
    ignore: list[int] = field(default_factory=list)
    area: list[float] = field(default_factory=list)

    def add(self, incoming: IncomingImage, place: int, object_id: int = NEW_OBJECT) -> None:
        self.image_id.append(incoming.image_id)
        self.class_id.append(int(incoming.classes[place]))
        self.boxes.append(incoming.boxes[place])
        self.object_id.append(object_id)
        self.attributes.append(int(incoming.attributes[place]))
        self.ignore.append(int(incoming.ignore[place]))
        self.area.append(float(incoming.area[place]))

    def as_rows(self, values: Sequence[bytes]) -> NewRows:
        return NewRows(
            image_id=np.array(self.image_id, dtype=np.int64),
            class_id=np.array(self.class_id, dtype=np.int64),
            boxes=np.array(self.boxes, dtype=np.float32).reshape(-1, 4),
            provenance=np.full(len(self.image_id), Provenance.IMPORTED, dtype=np.int16),
            object_id=np.array(self.object_id, dtype=np.int64),
            attributes=np.array(self.attributes, dtype=np.int32),
            values=values,
            ignore=np.array(self.ignore, dtype=np.int16),
            area=np.array(self.area, dtype=np.float32),
        )


def plan_labels(dataset: Dataset, incoming: Incoming, counts: BoxCounts, problems: Problems) -> RevisionPlan:
    """The next revision: all boxes of fresh images, the differences of known ones. Fills in the counts."""
    changes = RowChanges()
    fresh = fresh_rows(incoming)
    counts.added += len(fresh)
    if len(incoming.known):
        ids = incoming.row_ids[incoming.known].tolist()
        comparison = LabelComparison(load_base(dataset, ids), load_current(dataset, ids), changes, counts, problems)
        for image in images_of(incoming):
            comparison.compare(image)
    totals = Counts(added=counts.added, changed=counts.changed, removed=counts.removed)
    return RevisionPlan(
        np.array(changes.closed, dtype=np.int64), joined(fresh, changes.as_rows(incoming.values)), totals
    )


def fresh_rows(incoming: Incoming) -> NewRows:
    """The rows of images that are new to the dataset."""
    boxes = incoming.boxes
    chosen: slice | NDArray[np.intp] = slice(None)  # all, without a copy
    if len(incoming.known):
        is_known = np.zeros(len(incoming.row_ids), dtype=bool)
        is_known[incoming.known] = True
        chosen = np.flatnonzero(~is_known[boxes.image])
    images = boxes.image[chosen]
    return NewRows(
        image_id=incoming.row_ids[images],
        class_id=boxes.classes[chosen],
        boxes=boxes.boxes[chosen],
        provenance=np.full(len(images), Provenance.IMPORTED, dtype=np.int16),
        object_id=np.full(len(images), NEW_OBJECT, dtype=np.int64),
        attributes=boxes.attributes[chosen],
        values=incoming.values,
        ignore=boxes.ignore[chosen],
        area=boxes.area[chosen],
    )


def joined(first: NewRows, second: NewRows) -> NewRows:
    """The rows of both, which share their values."""
    if not len(second):
        return first
    names = ("image_id", "class_id", "boxes", "provenance", "object_id", "attributes", "ignore", "area")
    both = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names}
    return NewRows(**both, values=first.values)


def images_of(incoming: Incoming) -> Iterator[IncomingImage]:
    """The known images, one by one."""
    boxes, hashes = incoming.boxes, None
    if not incoming.same_attributes:
        hashes = hashes_of(incoming.values)[boxes.attributes] ^ (boxes.ignore.astype(np.int64) << 40)
        hashes ^= np.ascontiguousarray(boxes.area).view(np.uint32).astype(np.int64)
    starts = np.searchsorted(boxes.image, incoming.known).tolist()
    stops = np.searchsorted(boxes.image, incoming.known, side="right").tolist()
    for place, start, stop in zip(incoming.known.tolist(), starts, stops, strict=True):
        own = slice(start, stop)
        yield IncomingImage(
            int(incoming.row_ids[place]),
            incoming.keys[place],
            boxes.classes[own],
            boxes.boxes[own],
            boxes.attributes[own],
            boxes.ignore[own],
            boxes.area[own],
            None if hashes is None else hashes[own],
        )


def hashes_of(values: Sequence[bytes]) -> NDArray[np.int64]:
    """The hash of every set of attributes, as the database has it, and 0 for none, where NO_ATTRIBUTES points."""
    with connection.cursor() as cursor:
        cursor.execute(HASHES, [[value.decode() for value in values]])
        return np.array([row[0] for row in cursor.fetchall()] + [0], dtype=np.int64)


def load_base(dataset: Dataset, image_ids: list[int]) -> KnownBoxes:
    """The last imported version of each object that no later import (or revert) took away."""
    dtypes = [np.int64] * 4 + [np.float32] * 4 + [np.int64] * 2
    columns = copy_out(BASE, [image_ids, int(Provenance.IMPORTED)], dtypes)
    row, object_id, image, label, x1, y1, x2, y2, died, hashes = columns
    numbers = Revision.objects.filter(dataset=dataset, kind__in=FORGOTTEN).values_list("number", flat=True)
    kept = np.flatnonzero(~np.isin(died, list(numbers)))
    order = kept[np.lexsort([row[kept], image[kept]])]
    boxes = np.stack([x1, y1, x2, y2], axis=1)
    return KnownBoxes(
        row[order], object_id[order], image[order], label[order], boxes[order], died[order], hashes[order]
    )


def load_current(dataset: Dataset, image_ids: list[int]) -> KnownBoxes:
    now = labels_at(dataset=dataset, revision=dataset.head_revision, image_ids=image_ids)
    nothing = np.zeros(len(now), dtype=np.int64)
    return KnownBoxes(now.annotation_id, now.object_id, now.image_id, now.class_id, now.boxes, nothing, nothing)


class LabelComparison:
    """Compares images that are in the dataset with what is imported for them."""

    def __init__(
        self, base: KnownBoxes, current: KnownBoxes, changes: RowChanges, counts: BoxCounts, problems: Problems
    ) -> None:
        self.base = base
        self.current = current
        self.changes = changes
        self.counts = counts
        self.problems = problems

    def compare(self, incoming: IncomingImage) -> None:
        """Collect the differences of one image."""
        base = self.base.of(incoming.image_id)
        start = base.start
        if self.is_as_before(base, incoming):
            self.counts.unchanged += len(incoming.classes)
            return
        pairs = match(self.base.class_id[base], self.base.boxes[base], incoming.classes, incoming.boxes)
        for old, place in pairs:
            self.pair(incoming, start + old, place)
        for old in set(range(base.stop - start)) - {old for old, _ in pairs}:
            self.gone(incoming, start + old)
        for place in sorted(set(range(len(incoming.classes))) - {place for _, place in pairs}):
            self.appeared(incoming, place)

    def is_as_before(self, base: slice, new: IncomingImage) -> bool:
        """Whether the import says of the image what it said before, box by box: by far the commonest case."""
        return (
            np.array_equal(self.base.class_id[base], new.classes)
            and np.array_equal(self.base.boxes[base], new.boxes)
            and (new.hashes is None or np.array_equal(self.base.hashes[base], new.hashes))
        )

    def pair(self, incoming: IncomingImage, old: int, place: int) -> None:
        same = incoming.hashes is None or self.base.hashes[old] == incoming.hashes[place]
        now = int(incoming.classes[place]), incoming.boxes[place]
        if same and is_unchanged(int(self.base.class_id[old]), self.base.boxes[old], *now):
            self.counts.unchanged += 1
        elif self.is_ours(incoming, old):
            self.counts.changed += 1
            self.changes.closed.append(int(self.base.row_id[old]))
            self.changes.add(incoming, place, int(self.base.object_id[old]))

    def gone(self, incoming: IncomingImage, old: int) -> None:
        if self.is_ours(incoming, old):
            self.counts.removed += 1
            self.changes.closed.append(int(self.base.row_id[old]))

    def appeared(self, incoming: IncomingImage, place: int) -> None:
        """A box that the last import did not have: added, unless a person has added it meanwhile."""
        now = self.current.of(incoming.image_id)
        same_class = self.current.class_id[now] == incoming.classes[place]
        overlap = iou(self.current.boxes[now], incoming.boxes[place : place + 1])[:, 0]
        if (same_class & (overlap >= SAME_PLACE_IOU)).any():
            self.counts.unchanged += 1
            return
        self.counts.added += 1
        self.changes.add(incoming, place)

    def is_ours(self, incoming: IncomingImage, old: int) -> bool:
        """Whether the object is still as it was imported; reports where a person has changed it."""
        if self.base.died[old] == 0:
            return True
        reason = f"object {self.base.object_id[old]} was changed by a person since it was imported, and was kept so"
        self.problems.add(ImportProblem(incoming.key, reason, "skipped", "changed_by_person"))
        self.counts.unchanged += 1
        return False
