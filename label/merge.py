"""The three-way merge of one image's boxes: pure, no Django.

base    the labels that the task started from
ours    the task's working copy
theirs  the labels as they are now, which may have moved on meanwhile

An object is followed by its object id. Its class, its box, its finer shape, whether it is ignored and each of its
attributes are merged on their own, so that a new class from one side and a new box from the other side do not collide;
two different values for one of them do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from label.box_shapes import is_still
from science.geometry.boxes import iou

Box = tuple[float, float, float, float]  # xyxy pixels

COUNTS = "no"  # as `ignore`: it is not ignored
SAME_OBJECT = 0.95  # IoU from which two boxes drawn by two people are one and the same
SAME_SPOT = 0.7  # IoU from which they may be one object, and somebody must say


class Resolution(StrEnum):
    """What a person decides about a conflict. `BOTH` is open only where both sides drew a new box."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


class Clash(StrEnum):
    """How the two sides came into conflict."""

    BOTH_CHANGED = "both_changed"
    OURS_REMOVED = "ours_removed"  # the task deleted what the other side changed
    THEIRS_REMOVED = "theirs_removed"  # the task changed what the other side deleted
    BOTH_ADDED = "both_added"  # a new box on each side, at one spot


@dataclass(frozen=True)
class ObjectState:
    """One box as it stands: class, place, attributes, and whether it is ignored."""

    class_id: int
    box: Box
    attributes: Mapping[str, Any] = field(default_factory=dict)
    ignore: str = COUNTS  # an Ignore's word
    shape: Mapping[str, Any] | None = None  # science.shapes.shape_json's form

    def same_box(self, other: ObjectState) -> bool:
        return is_still(self.box, other.box)

    def same(self, other: ObjectState) -> bool:
        mine, theirs = ((one.class_id, one.ignore, one.attributes, one.shape) for one in (self, other))
        return mine == theirs and self.same_box(other)


@dataclass(frozen=True)
class MergeChange:
    """What a merge will do to one object of the present labels: add (`before` None), set, or remove (`after` None)."""

    image_id: int
    object_id: int | None  # None: an object that does not exist yet
    before: ObjectState | None
    after: ObjectState | None
    key: str = ""  # the working copy's own name for a new box

    @property
    def kind(self) -> str:
        """added, removed, relabelled, moved, relabelled_and_moved, reshaped, ignored or attributes."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        relabelled = self.before.class_id != self.after.class_id
        moved = not self.before.same_box(self.after)
        if relabelled and moved:
            return "relabelled_and_moved"
        if relabelled:
            return "relabelled"
        if moved:
            return "moved"
        if self.before.shape != self.after.shape:
            return "reshaped"
        return "ignored" if self.before.ignore != self.after.ignore else "attributes"


@dataclass(frozen=True)
class MergeConflict:
    """Two different answers for one object. Named by the object id that the other side knows it by."""

    image_id: int
    object_id: int
    clash: Clash
    base: ObjectState | None
    ours: ObjectState | None
    theirs: ObjectState | None
    key: str = ""


@dataclass(frozen=True)
class Merge:
    """The outcome for one image. `unchanged` counts objects that nobody on our side touched, or both alike."""

    changes: list[MergeChange] = field(default_factory=list)
    conflicts: list[MergeConflict] = field(default_factory=list)
    unchanged: int = 0


def merge_image(
    *,
    image_id: int,
    base: Mapping[int, ObjectState],
    ours: Mapping[int, ObjectState],
    added: Mapping[str, ObjectState],
    theirs: Mapping[int, ObjectState],
) -> Merge:
    """Merge one image; `base`, `ours` and `theirs` are by object id, `added` are our new boxes by their own key."""
    merge = Merge()
    unchanged = 0
    for object_id, before in base.items():
        outcome = merge_object(image_id, object_id, before, ours.get(object_id), theirs.get(object_id))
        if isinstance(outcome, MergeConflict):
            merge.conflicts.append(outcome)
        elif outcome is not None:
            merge.changes.append(outcome)
        else:
            unchanged += 1
    unchanged += _merge_added(merge, image_id, added, {k: s for k, s in theirs.items() if k not in base})
    return replace(merge, unchanged=unchanged)


def merge_object(
    image_id: int, object_id: int, base: ObjectState, ours: ObjectState | None, theirs: ObjectState | None
) -> MergeChange | MergeConflict | None:
    """Merge one object that the base has; None where nothing is to be done."""
    if ours is not None and ours.same(base):
        return None  # we did not touch it: whatever they did stands
    if ours is None and theirs is None:
        return None  # both deleted it
    if theirs is None:
        return MergeConflict(image_id, object_id, Clash.THEIRS_REMOVED, base, ours, None)
    if ours is None:
        if theirs.same(base):
            return MergeChange(image_id, object_id, before=theirs, after=None)
        return MergeConflict(image_id, object_id, Clash.OURS_REMOVED, base, None, theirs)
    combined = _combine(base, ours, theirs)
    if combined is None:
        return MergeConflict(image_id, object_id, Clash.BOTH_CHANGED, base, ours, theirs)
    return None if combined.same(theirs) else MergeChange(image_id, object_id, before=theirs, after=combined)


def _combine(base: ObjectState, ours: ObjectState, theirs: ObjectState) -> ObjectState | None:
    """Class, box, shape, ignore and each attribute from the side that changed it; None where both did, differently."""
    if ours.class_id != base.class_id and theirs.class_id not in (base.class_id, ours.class_id):
        return None
    if ours.ignore != base.ignore and theirs.ignore not in (base.ignore, ours.ignore):
        return None
    we_moved, they_moved = not ours.same_box(base), not theirs.same_box(base)
    if we_moved and they_moved and not ours.same_box(theirs):
        return None
    if ours.shape != base.shape and theirs.shape != base.shape and ours.shape != theirs.shape:
        return None
    attributes = _combine_attributes(base.attributes, ours.attributes, theirs.attributes)
    if attributes is None:
        return None
    combined = ObjectState(
        class_id=ours.class_id if ours.class_id != base.class_id else theirs.class_id,
        box=theirs.box if they_moved or not we_moved else ours.box,
        attributes=attributes,
        ignore=ours.ignore if ours.ignore != base.ignore else theirs.ignore,
        shape=ours.shape if ours.shape != base.shape else theirs.shape,
    )
    return combined if _is_outlined(combined, ours, theirs) else None


def _is_outlined(combined: ObjectState, ours: ObjectState, theirs: ObjectState) -> bool:
    """Whether a shape stands at the place where it was drawn: not one side's shape in the other's box."""
    return combined.shape is None or any(
        combined.shape == side.shape and combined.same_box(side) for side in (ours, theirs)
    )


_ABSENT = object()


def _combine_attributes(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any] | None:
    combined = dict(theirs)
    for name in {**base, **ours}:
        old, mine, other = (side.get(name, _ABSENT) for side in (base, ours, theirs))
        if mine in (old, other):
            continue
        if other != old:
            return None
        if mine is _ABSENT:
            combined.pop(name, None)
        else:
            combined[name] = mine
    return combined


def _merge_added(
    merge: Merge, image_id: int, added: Mapping[str, ObjectState], new_theirs: Mapping[int, ObjectState]
) -> int:
    """Our new boxes, against those that the other side added meanwhile. Returns how many were there already."""
    already = 0
    pairs = _pair_by_place(list(added.values()), list(new_theirs.values()))
    their_ids = list(new_theirs)
    for position, (key, state) in enumerate(added.items()):
        overlap, other = pairs.get(position, (0.0, -1))
        if overlap < SAME_SPOT:
            merge.changes.append(MergeChange(image_id, None, before=None, after=state, key=key))
            continue
        object_id = their_ids[other]
        theirs = new_theirs[object_id]
        if overlap >= SAME_OBJECT and replace(theirs, box=state.box) == state:
            already += 1
        else:
            merge.conflicts.append(MergeConflict(image_id, object_id, Clash.BOTH_ADDED, None, state, theirs, key=key))
    return already


def _pair_by_place(ours: Sequence[ObjectState], theirs: Sequence[ObjectState]) -> dict[int, tuple[float, int]]:
    """Pair boxes one to one, the greatest overlap first: position in `ours` -> (IoU, position in `theirs`)."""
    if not ours or not theirs:
        return {}
    overlaps = iou(np.array([s.box for s in ours]), np.array([s.box for s in theirs]))  # (N, M)
    pairs: dict[int, tuple[float, int]] = {}
    taken: set[int] = set()
    for flat in np.argsort(-overlaps, axis=None, kind="stable"):
        mine, other = (int(i) for i in np.unravel_index(flat, overlaps.shape))
        if overlaps[mine, other] < SAME_SPOT:
            break
        if mine not in pairs and other not in taken:
            pairs[mine] = (float(overlaps[mine, other]), other)
            taken.add(other)
    return pairs


def resolve(conflict: MergeConflict, resolution: Resolution) -> MergeChange | None:
    """Turn a decided conflict into a change of the present labels; None where those stand as they are.

    Raises ValueError for `both` where only one of the two can be had.
    """
    if resolution is Resolution.THEIRS:
        return None
    if conflict.clash is Clash.BOTH_ADDED:
        if resolution is Resolution.BOTH:
            return MergeChange(conflict.image_id, None, before=None, after=conflict.ours, key=conflict.key)
        return MergeChange(conflict.image_id, conflict.object_id, before=conflict.theirs, after=conflict.ours)
    if resolution is Resolution.BOTH:
        raise ValueError("Only two new boxes at one spot can both be kept.")
    return MergeChange(conflict.image_id, conflict.object_id, before=conflict.theirs, after=conflict.ours)
