"""What an import's boxes mean for images that are in the dataset already.

Three ways are compared: what was imported before (the base), what is imported now, and what people have made of it
since. Only the difference between the two imports is applied, and never to an object that a person has touched: so
the same import again changes nothing, and a corrected file brings its corrections.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dataset.importing.boxes import PixelBoxes, picked_shapes
from dataset.importing.grain import Grain
from dataset.importing.matching import is_still, match
from dataset.importing.scratch import looked_up
from dataset.importing.types import BoxCounts, ImportProblem, Problems
from dataset.models import Dataset, Provenance
from dataset.services.change_plans import Counts, RevisionPlan
from dataset.services.import_base import BaseBoxes, KnownBoxes, load_base, load_current
from dataset.services.import_facts import FactComparison, LabelFacts, SpokenOf
from dataset.services.rows import NEW_OBJECT, NewRows
from science.geometry.boxes import iou

SAME_PLACE_IOU = 0.9  # a box that a person has already added where the import adds one


@dataclass(frozen=True)
class Incoming:
    """What the import says: boxes, by image, with LabelClass ids for classes.

    `row_ids` and `keys` are of the source's images. `known`: places of the images that were in the dataset before and
    of whose boxes the import speaks; boxes of all other images are new. `grain`: how finely its numbers are given.
    `same_attributes`: the format has none, so it says nothing about those that the dataset has, nor of what is ignored.
    """

    boxes: PixelBoxes
    row_ids: NDArray[np.int64]
    keys: Sequence[str]
    known: NDArray[np.intp]
    values: Sequence[bytes]
    format: str
    grain: Grain
    sizes: NDArray[np.int64]  # (I, 2) width and height of the source's images
    same_attributes: bool = False


@dataclass(frozen=True)
class IncomingImage:
    """One image of it; `start` is the place of its first box among all of them."""

    image_id: int
    key: str
    start: int
    classes: NDArray[np.int64]  # LabelClass ids
    boxes: NDArray[np.float32]
    size: NDArray[np.int64]  # (2,) width and height

    @property
    def places(self) -> slice:
        return slice(self.start, self.start + len(self.classes))


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
    shapes: dict[int, bytes] = field(default_factory=dict)

    def add(self, incoming: IncomingImage, place: int, facts: LabelFacts, object_id: int = NEW_OBJECT) -> None:
        if facts.shape is not None:
            self.shapes[len(self.image_id)] = facts.shape
        self.image_id.append(incoming.image_id)
        self.class_id.append(int(incoming.classes[place]))
        self.boxes.append(incoming.boxes[place])
        self.object_id.append(object_id)
        self.attributes.append(facts.attributes)
        self.ignore.append(facts.ignore)
        self.area.append(facts.area)

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
            shapes=self.shapes,
        )


def plan_labels(dataset: Dataset, incoming: Incoming, counts: BoxCounts, problems: Problems) -> RevisionPlan:
    """The next revision: all boxes of fresh images, the differences of known ones. Fills in the counts."""
    changes = RowChanges()
    rows = fresh_rows(incoming)
    counts.added += len(rows)
    if len(incoming.known):
        comparison = comparison_with(dataset, incoming, changes, counts, problems)
        for image in images_of(incoming):
            comparison.compare(image)
        rows = joined(rows, changes.as_rows(comparison.facts.values.values))
    totals = Counts(added=counts.added, changed=counts.changed, removed=counts.removed)
    return RevisionPlan(np.array(changes.closed, dtype=np.int64), rows, totals)


def comparison_with(
    dataset: Dataset, incoming: Incoming, changes: RowChanges, counts: BoxCounts, problems: Problems
) -> LabelComparison:
    """With what the dataset has of the known images."""
    ids = incoming.row_ids[incoming.known].tolist()
    base, boxes, values = load_base(dataset, ids, incoming.format), incoming.boxes, incoming.values
    said = SpokenOf.of(boxes, values, incoming.format, anything=not incoming.same_attributes)
    facts = FactComparison(base, boxes, values, said, incoming.grain)
    return LabelComparison(facts, load_current(dataset, ids), changes, counts, problems)


def fresh_rows(incoming: Incoming) -> NewRows:
    """The rows of images that are new to the dataset."""
    boxes = incoming.boxes
    chosen: slice | NDArray[np.intp] = slice(None)  # all, without a copy
    shapes = boxes.shapes
    if len(incoming.known):
        is_known = np.zeros(len(incoming.row_ids), dtype=bool)
        is_known[incoming.known] = True
        chosen = np.flatnonzero(~is_known[boxes.image])
        shapes = picked_shapes(shapes, chosen) if shapes else shapes
    images = boxes.image[chosen]
    return NewRows(
        image_id=looked_up(incoming.row_ids, images),
        class_id=boxes.classes[chosen],
        boxes=boxes.boxes[chosen],
        provenance=np.broadcast_to(np.int16(Provenance.IMPORTED), len(images)),
        object_id=np.broadcast_to(np.int64(NEW_OBJECT), len(images)),
        attributes=boxes.attributes[chosen],
        values=incoming.values,
        ignore=boxes.ignore[chosen],
        area=boxes.area[chosen],
        shapes=shapes,
    )


def joined(first: NewRows, second: NewRows) -> NewRows:
    """The rows of both; the second's values begin with the first's."""
    if not len(second):
        return first
    names = ("image_id", "class_id", "boxes", "provenance", "object_id", "attributes", "ignore", "area")
    both = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names}
    after = {len(first) + place: shape for place, shape in second.shapes.items()}
    return NewRows(**both, values=second.values, shapes={**first.shapes, **after})


def images_of(incoming: Incoming) -> Iterator[IncomingImage]:
    """The known images, one by one."""
    boxes = incoming.boxes
    starts = np.searchsorted(boxes.image, incoming.known).tolist()
    stops = np.searchsorted(boxes.image, incoming.known, side="right").tolist()
    for place, start, stop in zip(incoming.known.tolist(), starts, stops, strict=True):
        yield IncomingImage(
            int(incoming.row_ids[place]),
            incoming.keys[place],
            start,
            boxes.classes[start:stop],
            boxes.boxes[start:stop],
            incoming.sizes[place],
        )


class LabelComparison:
    """Compares images that are in the dataset with what is imported for them."""

    def __init__(
        self, facts: FactComparison, current: KnownBoxes, changes: RowChanges, counts: BoxCounts, problems: Problems
    ) -> None:
        self.facts = facts
        self.base: BaseBoxes = facts.base
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
            and self.facts.are_same(base, new.places)
        )

    def pair(self, incoming: IncomingImage, old: int, place: int) -> None:
        if self.is_same(incoming, old, place):
            self.counts.unchanged += 1
        elif self.is_ours(incoming, old):
            self.counts.changed += 1
            self.changes.closed.append(int(self.base.row_id[old]))
            facts = self.facts.kept(old, incoming.start + place)
            self.changes.add(incoming, place, facts, int(self.base.object_id[old]))

    def is_same(self, incoming: IncomingImage, old: int, place: int) -> bool:
        """Whether a label says what it said, as finely as its file can say it."""
        before, now = self.base.boxes[old], incoming.boxes[place]
        return (
            int(self.base.class_id[old]) == int(incoming.classes[place])
            and (is_still(before, now) or self.facts.grain.is_rounding(before, now, incoming.size))
            and self.facts.is_same(old, incoming.start + place)
        )

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
        self.changes.add(incoming, place, self.facts.of_new(incoming.start + place))

    def is_ours(self, incoming: IncomingImage, old: int) -> bool:
        """Whether the object is still as it was imported; reports where a person has changed it."""
        if self.base.died[old] == 0:
            return True
        reason = f"object {self.base.object_id[old]} was changed by a person since it was imported, and was kept so"
        self.problems.add(ImportProblem(incoming.key, reason, "skipped", "changed_by_person"))
        self.counts.unchanged += 1
        return False
