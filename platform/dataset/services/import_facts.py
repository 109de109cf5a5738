"""What an import says of a label besides its class and box (attributes, ignore, area), against what is known of it.

What its format cannot say, or what none of its labels says while the last import came from another format, it does not
speak of: that stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from dataset.importing.boxes import ROUNDED_AREA, SAME_AREA, PixelBoxes
from dataset.importing.columns import AttributeValues, Ignore
from dataset.importing.grain import Grain
from dataset.importing.matching import STILL
from dataset.services.changed_shapes import moved_along
from dataset.services.import_base import BaseBoxes, attributes_by_hash, hashes_of
from science.shapes.moving import is_alike
from science.shapes.packed import facts_of, unpack

TELL_NO_CROWDS = frozenset({"voc"})  # formats that have `difficult` alone
SAYS_NOTHING = (False, 0, None, "", "Unspecified")  # values that tools write where another format has none

Record = dict[str, Any]


@dataclass(frozen=True)
class SpokenOf:
    """Of an import as a whole: what it speaks of."""

    anything: bool  # besides classes and boxes; YOLO does not
    keys: frozenset[str]  # of attributes that some label has
    ignore: bool
    area: bool
    crowds: bool
    shapes: bool

    @classmethod
    def of(cls, boxes: PixelBoxes, values: Sequence[bytes], form: str, *, anything: bool) -> SpokenOf:
        keys = frozenset(key for value in values for key in orjson.loads(value))
        ignore, area = bool(boxes.ignore.any()), bool(boxes.area.any())
        return cls(anything, keys, ignore, area, form not in TELL_NO_CROWDS, bool(boxes.shapes))


@dataclass(frozen=True)
class LabelFacts:
    """Of one label: its attributes by AttributeValues, an Ignore, and its area where that is not the box's own."""

    attributes: int
    ignore: int
    area: float
    shape: bytes | None = None


class FactComparison:
    """Compares facts of known labels with imported ones; places count in the base and in the import."""

    def __init__(
        self, base: BaseBoxes, boxes: PixelBoxes, values: Sequence[bytes], said: SpokenOf, grain: Grain
    ) -> None:
        self.base, self.boxes, self.said, self.grain = base, boxes, said, grain
        self.values = AttributeValues.of_all(values)
        self.hashes = hashes_of(values)[boxes.attributes]
        self.known = attributes_by_hash(base)
        self.alike: dict[tuple[int, int, bool], bool] = {}  # sets of attributes that have been compared

    def are_same(self, old: slice, new: slice) -> bool:
        """Whether the facts of all labels of an image are what they were, each in its place."""
        base, boxes = self.base, self.boxes
        if (base.shapes or boxes.shapes) and any(self.shapes_at(old, new)):
            return False
        return not self.said.anything or (
            np.array_equal(base.hashes[old], self.hashes[new])
            and np.array_equal(base.ignore[old], boxes.ignore[new])
            and np.array_equal(base.area[old], boxes.area[new])
        )

    def is_same(self, old: int, new: int) -> bool:
        if self.are_same(slice(old, old + 1), slice(new, new + 1)):
            return True
        foreign = bool(self.base.foreign[old])
        if not self.has_same_shape(old, new, foreign=foreign):
            return False
        if not self.said.anything:
            return True
        ignored = Ignore(int(self.base.ignore[old])), Ignore(int(self.boxes.ignore[new]))
        return (
            self.is_as_ignored(*ignored, foreign=foreign)
            and self.has_same_attributes(old, new, foreign=foreign)
            and self.has_same_area(old, new, foreign=foreign)
        )

    def is_as_ignored(self, before: Ignore, now: Ignore, *, foreign: bool) -> bool:
        if before == now or (foreign and not self.said.ignore):
            return True
        return foreign and not self.said.crowds and now == Ignore.REGION and before != Ignore.NO

    def has_same_attributes(self, old: int, new: int, *, foreign: bool) -> bool:
        key = (int(self.base.hashes[old]), int(self.hashes[new]), foreign)
        if key not in self.alike:
            sides = self.attributes_before(old), self.attributes_now(new)
            self.alike[key] = plain(sides[0], self.said.keys) == plain(sides[1]) if foreign else sides[0] == sides[1]
        return self.alike[key]

    def attributes_before(self, old: int) -> Record:
        return dict(orjson.loads(self.known.get(int(self.base.hashes[old]), b"{}")))

    def attributes_now(self, new: int) -> Record:
        return self.values.of(int(self.boxes.attributes[new])) or {}

    def shapes_at(self, old: slice, new: slice) -> Iterator[bool]:
        """Of each label of an image whether its shape is another now."""
        before, now = self.base.shapes, self.boxes.shapes
        places = zip(range(old.start, old.stop), range(new.start, new.stop), strict=True)
        return (before.get(one) != now.get(other) for one, other in places)

    def has_same_shape(self, old: int, new: int, *, foreign: bool) -> bool:
        """Whether it is the same or another rounding; a format that has none, or none here, says nothing of it."""
        before, now = self.base.shapes.get(old), self.boxes.shapes.get(new)
        if before == now or (not self.said.shapes and (foreign or not self.said.anything)):
            return True
        if before is None or now is None:
            return now is None and foreign
        within = STILL if self.grain.form in ("fractions", "centred") else self.grain.step / 2 + STILL
        return is_alike(unpack(before), unpack(now), within)

    def has_same_area(self, old: int, new: int, *, foreign: bool) -> bool:
        """Areas that are not stated are the boxes' own; of another format one may come from sides that are rounded."""
        before, now = float(self.base.area[old]), float(self.boxes.area[new])
        if before == now or (foreign and not self.said.area):
            return True
        if before and now and not foreign:  # two that are stated
            return False
        width, height = (self.base.boxes[old, 2:] - self.base.boxes[old, :2]).astype(np.float64).tolist()
        own = width * height
        if (shape := self.base.shapes.get(old)) is not None:
            return self.is_area_of(shape, before or own, now or own)
        off = abs((before or own) - (now or own))
        return off <= max(SAME_AREA * own, ROUNDED_AREA, self.rounded_side() * (width + height))

    def is_area_of(self, shape: bytes, before: float, now: float) -> bool:
        """One that was not stated, while now that of the shape is, as an export writes it."""
        facts = facts_of(shape)
        off = min(abs(now - before), abs(now - facts.area))
        return off <= max(SAME_AREA * facts.area, ROUNDED_AREA, (self.rounded_side() + STILL) * facts.length)

    def rounded_side(self) -> float:
        """Pixels by which a side may be another rounding; fractions are finer than any stated area."""
        return self.grain.step if self.grain.form in ("xyxy", "xywh") else 0.0

    def of_new(self, new: int) -> LabelFacts:
        """As the import has them."""
        now = self.boxes
        shape = now.shapes.get(new)
        return LabelFacts(int(now.attributes[new]), int(now.ignore[new]), float(now.area[new]), shape)

    def kept(self, old: int, new: int) -> LabelFacts:
        """Of a label that has changed: what is not spoken of stays, but for the area, which was another box's."""
        said, now = self.said, self.of_new(new)
        if said.anything and not self.base.foreign[old]:
            return now
        before = {key: value for key, value in self.attributes_before(old).items() if key not in said.keys}
        ignore = now.ignore if said.anything and said.ignore else int(self.base.ignore[old])
        shape = self.moved_shape(old, new) if now.shape is None else now.shape
        return LabelFacts(self.values.code(before | self.attributes_now(new)), ignore, now.area, shape)

    def moved_shape(self, old: int, new: int) -> bytes | None:
        """The shape that the label has, moved as its box is."""
        return moved_along(self.base.shapes.get(old), self.base.boxes[old].tolist(), self.boxes.boxes[new].tolist())


def plain(attributes: Record, keys: frozenset[str] | None = None) -> Record:
    """Those among the keys (None: all) whose values say something."""
    return {
        key: value
        for key, value in attributes.items()
        if (keys is None or key in keys) and not (isinstance(value, str | int | None) and value in SAYS_NOTHING)
    }
