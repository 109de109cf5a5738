"""What an import's boxes mean for images that are in the dataset already.

Three ways are compared: what was imported before (the base), what is imported now, and what people have made of it
since. Only the difference between the two imports is applied, and never to an object that a person has touched: so
the same import again changes nothing, and a corrected file brings its corrections.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dataset.bulk import copy_out
from dataset.importing.boxes import PixelBoxes
from dataset.importing.matching import match, unchanged
from dataset.importing.types import BoxCounts, ImportProblem, Problems
from dataset.models import Dataset, Provenance, Revision
from dataset.selectors.annotations import labels_at
from dataset.services.change_plans import Counts, Plan
from dataset.services.rows import NEW_OBJECT, NewRows
from geometry.boxes import iou

SAME_PLACE_IOU = 0.9  # a box that a person has already added where the import adds one
FORGOTTEN = (Revision.Kind.IMPORT, Revision.Kind.REVERT)  # what these removed was not removed by a person's edit

BASE = """
    SELECT DISTINCT ON (object_id) id, object_id, image_id, label_class_id, x1, y1, x2, y2, coalesce(died, 0)::bigint
    FROM dataset_annotation
    WHERE image_id = ANY(%s) AND provenance = %s
    ORDER BY object_id, born DESC
"""


@dataclass(frozen=True)
class IncomingImage:
    """An image and the boxes that the import gives it; classes are LabelClass ids."""

    image_id: int
    key: str
    boxes: PixelBoxes


@dataclass(frozen=True)
class Known:
    """Boxes of images in the dataset, ordered by image."""

    row_id: NDArray[np.int64]
    object_id: NDArray[np.int64]
    image_id: NDArray[np.int64]
    class_id: NDArray[np.int64]
    boxes: NDArray[np.float32]
    died: NDArray[np.int64]  # 0 while alive

    def of(self, image_id: int) -> slice:
        """The places of one image's boxes."""
        return slice(*np.searchsorted(self.image_id, [image_id, image_id + 1]).tolist())


@dataclass
class Changes:
    """The rows to close and to add, collected image by image."""

    closed: list[int] = field(default_factory=list)
    image_id: list[int] = field(default_factory=list)
    class_id: list[int] = field(default_factory=list)
    boxes: list[NDArray[np.float32]] = field(default_factory=list)
    object_id: list[int] = field(default_factory=list)
    attributes: dict[int, dict[str, object]] = field(default_factory=dict)

    def add(self, incoming: IncomingImage, place: int, object_id: int = NEW_OBJECT) -> None:
        if place in incoming.boxes.attributes:
            self.attributes[len(self.image_id)] = incoming.boxes.attributes[place]
        self.image_id.append(incoming.image_id)
        self.class_id.append(int(incoming.boxes.classes[place]))
        self.boxes.append(incoming.boxes.boxes[place])
        self.object_id.append(object_id)

    def add_all(self, incoming: IncomingImage) -> None:
        for place in range(len(incoming.boxes.classes)):
            self.add(incoming, place)

    def as_plan(self, counts: BoxCounts) -> Plan:
        rows = NewRows(
            image_id=np.array(self.image_id, dtype=np.int64),
            class_id=np.array(self.class_id, dtype=np.int64),
            boxes=np.array(self.boxes, dtype=np.float32).reshape(-1, 4),
            provenance=np.full(len(self.image_id), Provenance.IMPORTED, dtype=np.int16),
            object_id=np.array(self.object_id, dtype=np.int64),
            attributes=self.attributes,
        )
        totals = Counts(added=counts.added, changed=counts.changed, removed=counts.removed)
        return Plan(np.array(self.closed, dtype=np.int64), rows, totals)


def plan_labels(
    dataset: Dataset,
    fresh: list[IncomingImage],
    known: list[IncomingImage],
    counts: BoxCounts,
    problems: Problems,
) -> Plan:
    """The next revision: all boxes of fresh images, the differences of known ones. Fills in the counts."""
    changes = Changes()
    for incoming in fresh:
        changes.add_all(incoming)
    counts.added += len(changes.image_id)
    if known:
        ids = [incoming.image_id for incoming in known]
        comparison = Comparison(load_base(dataset, ids), load_current(dataset, ids), changes, counts, problems)
        for incoming in known:
            comparison.compare(incoming)
    return changes.as_plan(counts)


def load_base(dataset: Dataset, image_ids: list[int]) -> Known:
    """The last imported version of each object that no later import (or revert) took away."""
    dtypes = [np.int64] * 4 + [np.float32] * 4 + [np.int64]
    row, object_id, image, label, x1, y1, x2, y2, died = copy_out(BASE, [image_ids, int(Provenance.IMPORTED)], dtypes)
    numbers = Revision.objects.filter(dataset=dataset, kind__in=FORGOTTEN).values_list("number", flat=True)
    kept = np.flatnonzero(~np.isin(died, list(numbers)))
    order = kept[np.lexsort([row[kept], image[kept]])]
    boxes = np.stack([x1, y1, x2, y2], axis=1)
    return Known(row[order], object_id[order], image[order], label[order], boxes[order], died[order])


def load_current(dataset: Dataset, image_ids: list[int]) -> Known:
    now = labels_at(dataset=dataset, revision=dataset.head_revision, image_ids=image_ids)
    died = np.zeros(len(now), dtype=np.int64)
    return Known(now.annotation_id, now.object_id, now.image_id, now.class_id, now.boxes, died)


class Comparison:
    """Compares images that are in the dataset with what is imported for them."""

    def __init__(self, base: Known, current: Known, changes: Changes, counts: BoxCounts, problems: Problems) -> None:
        self.base = base
        self.current = current
        self.changes = changes
        self.counts = counts
        self.problems = problems

    def compare(self, incoming: IncomingImage) -> None:
        """Collect the differences of one image."""
        base = self.base.of(incoming.image_id)
        start, new = base.start, incoming.boxes
        if self.is_as_before(base, new):
            self.counts.unchanged += len(new.classes)
            return
        pairs = match(self.base.class_id[base], self.base.boxes[base], new.classes, new.boxes)
        for old, place in pairs:
            self.pair(incoming, start + old, place)
        for old in set(range(base.stop - start)) - {old for old, _ in pairs}:
            self.gone(incoming, start + old)
        for place in sorted(set(range(len(new.classes))) - {place for _, place in pairs}):
            self.appeared(incoming, place)

    def is_as_before(self, base: slice, new: PixelBoxes) -> bool:
        """Whether the import says of the image what it said before, box by box: by far the commonest case."""
        return np.array_equal(self.base.class_id[base], new.classes) and np.array_equal(
            self.base.boxes[base], new.boxes
        )

    def pair(self, incoming: IncomingImage, old: int, place: int) -> None:
        new = incoming.boxes
        if unchanged(int(self.base.class_id[old]), self.base.boxes[old], int(new.classes[place]), new.boxes[place]):
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
        now, new = self.current.of(incoming.image_id), incoming.boxes
        same_class = self.current.class_id[now] == new.classes[place]
        overlap = iou(self.current.boxes[now], new.boxes[place : place + 1])[:, 0]
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
        self.problems.add(ImportProblem(incoming.key, reason))
        self.counts.unchanged += 1
        return False
