"""Boxes of a task's working copy: what a client may save, checked box by box. Pure, no Django.

A box travels as {"id": "o123" | "n<key>", "object_id": 123 | None, "class_id", "box": [x1, y1, x2, y2],
"attributes": {}, "ignore", "provenance"}, xyxy pixels of the upright image; `ignore` is an Ignore's word. One that
has a finer shape has "shape" too, in science.shapes.shape_json's form.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dataset.attribute_rules import AttributeRule, faults
from label.box_shapes import MASK_LEFT, saved_shape
from label.merge import COUNTS, Box, ObjectState
from science.geometry.boxes import clip
from science.shapes.finer import BadShape

NEW_ID = re.compile(r"n[0-9A-Za-z_-]{1,64}")
LARGEST_ATTRIBUTES = 8192  # characters of JSON


@dataclass(frozen=True)
class BoxLimits:
    """What boxes are checked against: the image's size, the dataset's classes, the objects at the task's base.

    `rules` are the dataset's schema of attributes; `kept` the attributes that the stored working copy has by box id;
    `shaped` its boxes, where some have a shape.
    """

    width: int  # pixels
    height: int
    class_ids: frozenset[int]
    base: Mapping[int, ObjectState]  # by object id
    rules: Sequence[AttributeRule] = ()
    kept: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shaped: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass
class Checked:
    """Boxes ready to be stored, remarks on what was adjusted, and by box id what is wrong."""

    boxes: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)  # {"id", "note", "box"}
    errors: dict[str, list[str]] = field(default_factory=dict)


def check_boxes(boxes: Sequence[Mapping[str, Any]], canvas: BoxLimits) -> Checked:
    """Check every box; the caller stores `boxes` only where `errors` is empty."""
    checked = Checked()
    seen: set[str] = set()
    for box in boxes:
        name = str(box["id"])
        problems = [*_identity_problems(box, name, seen, canvas), *_content_problems(box, canvas)]
        seen.add(name)
        if problems:
            checked.errors.setdefault(f"boxes.{name[:80]}", []).extend(problems)
            continue
        place, clipped = _place(box["box"], canvas)
        if place is None:
            checked.errors.setdefault(f"boxes.{name}", []).append(_outside(box["box"], canvas))
            continue
        try:
            stored = _stored(box, name, place, canvas)
        except BadShape as error:
            checked.errors.setdefault(f"boxes.{name}", []).append(f"The shape has {error}.")
            continue
        if "shape" not in stored and "shape" not in box and _known_shape(name, canvas) is not None:
            checked.notes.append({"id": name, "note": MASK_LEFT, "box": stored["box"]})
        if clipped:
            checked.notes.append({"id": name, "note": "clipped to the image", "box": stored["box"]})
        checked.boxes.append(stored)
    return checked


def _identity_problems(box: Mapping[str, Any], name: str, seen: set[str], canvas: BoxLimits) -> Iterable[str]:
    if name in seen:
        yield "This id stands on two boxes."
    object_id = box.get("object_id")
    if object_id is not None and name != f"o{object_id}":
        yield f"The id of object {object_id} is o{object_id}."
    known = object_id_of(name)
    if known is None:
        if not NEW_ID.fullmatch(name):
            yield "An id is o and an object's number, or n and a key of your own."
    elif known not in canvas.base:
        yield f"Object {known} is not on this image at the revision that the task started from."


def _content_problems(box: Mapping[str, Any], canvas: BoxLimits) -> Iterable[str]:
    if box["class_id"] not in canvas.class_ids:
        yield f"The class {box['class_id']} is not one of this dataset."
    if len(box["box"]) != 4 or not all(map(math.isfinite, box["box"])):
        yield "A box is four finite numbers: x1, y1, x2, y2."
    if box.get("attributes"):
        yield from _attribute_problems(json.dumps(box["attributes"]))
        if canvas.rules:
            yield from faults(canvas.rules, box["class_id"], box["attributes"], _known_attributes(box, canvas))


def _known_attributes(box: Mapping[str, Any], canvas: BoxLimits) -> dict[str, Any]:
    """What the box had before this save: those values may stay, whatever the schema says now."""
    name = str(box["id"])
    before = canvas.base.get(object_id) if (object_id := object_id_of(name)) is not None else None
    return {**(before.attributes if before else {}), **canvas.kept.get(name, {})}


def _attribute_problems(attributes: str) -> Iterable[str]:
    if len(attributes) > LARGEST_ATTRIBUTES:
        yield f"The attributes of a box may take {LARGEST_ATTRIBUTES} characters."
    if not storable(attributes):
        yield "The attributes hold a character that cannot be stored."


def storable(text: str) -> bool:
    """False where JSON text holds what a database cannot: the zero character, or half a surrogate pair."""
    try:
        decoded = json.dumps(json.loads(text), ensure_ascii=False)
        decoded.encode()
    except (UnicodeEncodeError, ValueError):
        return False
    return "\\u0000" not in decoded


def _place(box: Sequence[float], canvas: BoxLimits) -> tuple[Box | None, bool]:
    """The box cut to the image as float32 values, None where nothing is left; and whether it was cut."""
    given = np.array([box], np.float32)
    cut = clip(given, canvas.width, canvas.height)[0]
    if not (cut[2] > cut[0] and cut[3] > cut[1]):
        return None, True
    x1, y1, x2, y2 = (float(str(value)) for value in cut)  # the shortest decimals that name the float32 values
    return (x1, y1, x2, y2), bool((cut != given[0]).any())


def _outside(box: Sequence[float], canvas: BoxLimits) -> str:
    if box[2] <= box[0] or box[3] <= box[1]:
        return "The box has no area: x1 must be less than x2, and y1 less than y2."
    return f"The box lies outside the image, which is {canvas.width} × {canvas.height} pixels."


def _stored(box: Mapping[str, Any], name: str, place: Box, canvas: BoxLimits) -> dict[str, Any]:
    object_id = object_id_of(name)
    before = canvas.base.get(object_id) if object_id is not None else None
    state = ObjectState(box["class_id"], place, box.get("attributes") or {}, _ignore(box, before))
    if before is not None and state.same_box(before):
        state = replace(state, box=before.box)  # what a client rounded has not moved
    shape = saved_shape(box, state.box, _known(name, canvas), (canvas.width, canvas.height))
    state = replace(state, shape=shape)
    return box_json(name, state, provenance=box.get("provenance") or "human")


def _known(name: str, canvas: BoxLimits) -> tuple[Sequence[float], Mapping[str, Any] | None] | None:
    """Box and shape as the working copy has them, or the labels that it started from."""
    if (box := canvas.shaped.get(name)) is not None:
        return box["box"], box.get("shape")
    object_id = object_id_of(name)
    state = canvas.base.get(object_id) if object_id is not None else None
    return (state.box, state.shape) if state else None


def _known_shape(name: str, canvas: BoxLimits) -> Mapping[str, Any] | None:
    known = _known(name, canvas)
    return known[1] if known else None


def _ignore(box: Mapping[str, Any], before: ObjectState | None) -> str:
    """What the box says; a client that knows nothing of it leaves it as it is."""
    return str(box.get("ignore") or (before.ignore if before else COUNTS))


def object_id_of(name: str) -> int | None:
    """The object id in "o123"; None for a new box's id."""
    return int(name[1:]) if re.fullmatch(r"o[0-9]{1,18}", name) else None


def box_json(name: str, state: ObjectState, *, provenance: str) -> dict[str, Any]:
    """A box as clients see it and as the working copy keeps it."""
    found = {
        "id": name,
        "object_id": object_id_of(name),
        "class_id": state.class_id,
        "box": list(state.box),
        "attributes": dict(state.attributes),
        "ignore": state.ignore,
        "provenance": provenance,
    }
    return found if state.shape is None else found | {"shape": dict(state.shape)}


def split_boxes(boxes: Iterable[Mapping[str, Any]]) -> tuple[dict[int, ObjectState], dict[str, ObjectState]]:
    """A working copy's boxes: those of known objects by object id, and the new ones by their key."""
    known: dict[int, ObjectState] = {}
    added: dict[str, ObjectState] = {}
    for box in boxes:
        x1, y1, x2, y2 = box["box"]
        facts = box["attributes"] or {}, box.get("ignore", COUNTS), box.get("shape")
        state = ObjectState(box["class_id"], (x1, y1, x2, y2), *facts)
        object_id = object_id_of(box["id"])
        if object_id is None:
            added[box["id"]] = state
        else:
            known[object_id] = state
    return known, added


def differs(boxes: Iterable[Mapping[str, Any]], base: Mapping[int, ObjectState]) -> bool:
    """Whether a working copy says anything else than the labels it started from."""
    known, added = split_boxes(boxes)
    return bool(added) or known.keys() != base.keys() or any(not known[k].same(base[k]) for k in known)
