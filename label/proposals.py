"""Carrying a suggestion out on a working copy's boxes without an editor, and taking that back. Pure, no Django.

A person decides on many suggestions at once and sees only a crop of each. So nothing is changed that is no longer as
the suggestion describes it: whoever drew, relabelled or deleted the box meanwhile has decided already (see Left).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from label.box_shapes import at_place
from label.boxes import box_json
from label.merge import ObjectState
from science.geometry.boxes import iou

BoxRow = dict[str, Any]
Boxes = list[BoxRow]

SAME_PLACE = 0.02  # pixels an edge may differ: suggestions are stored with three decimals
ANSWERS_MISSING = 0.5  # IoU from which a box that is there already is what was proposed, as in the editor
CARRIED_OUT = ("accepted", "corrected")


class Left(Exception):
    """The box is not what the suggestion was about any more; `why` is "gone" or "changed"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Proposal:
    """What a suggestion says of one object or place; boxes are xyxy pixels."""

    id: int
    kind: str
    object_id: int | None
    given: Mapping[str, Any] | None
    proposed: Mapping[str, Any] | None

    @property
    def box_id(self) -> str:
        """Of the box that it is about. A missing one gets this id when it is made, so that it can be found again."""
        return f"ns{self.id}" if self.object_id is None else f"o{self.object_id}"


@dataclass(frozen=True)
class GridAnswer:
    """A person's verdict; with `class_id` it is "something was wrong, and it is this class"."""

    verdict: str
    class_id: int | None = None


def carried_out(boxes: Boxes, about: Proposal, answer: GridAnswer) -> Boxes:
    """The boxes after the answer; the same list where there is nothing to do. Raises Left."""
    if answer.verdict not in CARRIED_OUT:
        return boxes
    if answer.verdict == "corrected":
        return boxes if answer.class_id is None else _relabelled(boxes, about, answer.class_id)
    if about.kind == "missing":
        return _added(boxes, about)
    if about.kind == "spurious":
        return [box for box in boxes if box["id"] != about.box_id]
    return _as_proposed(boxes, about)


def taken_back(boxes: Boxes, about: Proposal, earlier: str, base: Mapping[str, BoxRow]) -> Boxes:
    """The boxes before an `earlier` verdict was carried out; `base` are those that the task started from, by id.

    A box that was drawn anew since stays as it is drawn: Left.
    """
    if earlier not in CARRIED_OUT:
        return boxes
    present = _find(boxes, about.box_id)
    if about.kind == "missing":
        if present is not None and about.proposed and not _same_place(present["box"], about.proposed["box"]):
            raise Left("changed")
        return [box for box in boxes if box["id"] != about.box_id]
    first = base.get(about.box_id)
    if first is None:
        return boxes
    if present is None:
        return [*boxes, dict(first)] if about.kind == "spurious" else boxes
    if about.kind == "badly_drawn" and not _is_one_of(present["box"], first, about.proposed or first):
        raise Left("changed")
    moved_by_it = about.proposed is not None and _same_place(present["box"], about.proposed["box"])
    place = {"box": list(first["box"]), "shape": first.get("shape")} if moved_by_it else {}
    back = {"class_id": first["class_id"]} | place
    return _edited(boxes, present, back | {"provenance": first["provenance"]})


def _added(boxes: Boxes, about: Proposal) -> Boxes:
    proposed = about.proposed
    if proposed is None or _find(boxes, about.box_id) or _is_there(boxes, proposed):
        return boxes
    return [*boxes, _new(about, proposed["class_id"], provenance="model")]


def _is_there(boxes: Sequence[BoxRow], proposed: Mapping[str, Any]) -> bool:
    """Whether somebody drew it already."""
    alike = [box["box"] for box in boxes if box["class_id"] == proposed["class_id"]]
    return bool(alike) and bool((iou(np.array(alike), np.array([proposed["box"]])) >= ANSWERS_MISSING).any())


def _new(about: Proposal, class_id: int, *, provenance: str) -> BoxRow:
    x1, y1, x2, y2 = (about.proposed or about.given or {})["box"]
    return box_json(about.box_id, ObjectState(class_id, (x1, y1, x2, y2)), provenance=provenance)


def _as_proposed(boxes: Boxes, about: Proposal) -> Boxes:
    """A wrong class changes only the class, a bad outline only the outline."""
    present, given, proposed = _find(boxes, about.box_id), about.given, about.proposed
    if present is None or given is None or proposed is None:
        raise Left("gone")
    if about.kind == "wrong_class":
        if present["class_id"] not in (given["class_id"], proposed["class_id"]):
            raise Left("changed")
        return _edited(boxes, present, {"class_id": proposed["class_id"], "provenance": "model"})
    if not _is_one_of(present["box"], given, proposed):
        raise Left("changed")
    return _edited(boxes, present, {"box": list(proposed["box"]), "provenance": "model"})


def _relabelled(boxes: Boxes, about: Proposal, class_id: int) -> Boxes:
    present = _find(boxes, about.box_id)
    if present is not None:
        return _edited(boxes, present, {"class_id": class_id, "provenance": "human"})
    if about.kind != "missing":
        raise Left("gone")
    return [*boxes, _new(about, class_id, provenance="human")]


def _edited(boxes: Boxes, present: BoxRow, fields: Mapping[str, Any]) -> Boxes:
    if all(present.get(name) == value for name, value in fields.items() if name != "provenance"):
        return boxes
    edited = {**(at_place(present, fields["box"]) if "box" in fields else present), **fields}
    return [edited if box is present else box for box in boxes]


def _find(boxes: Sequence[BoxRow], box_id: str) -> BoxRow | None:
    return next((box for box in boxes if box["id"] == box_id), None)


def _is_one_of(box: Sequence[float], *known: Mapping[str, Any]) -> bool:
    return any(_same_place(box, one["box"]) for one in known)


def _same_place(first: Sequence[float], second: Sequence[float]) -> bool:
    return all(abs(a - b) <= SAME_PLACE for a, b in zip(first, second, strict=True))
