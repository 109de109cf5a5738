"""The finer shapes of boxes in working copies, as JSON: kept, moved with their boxes, replaced. Pure, no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from science.shapes.inside import check_inside
from science.shapes.moving import moved
from science.shapes.shape_json import as_json, from_json

Shape = Mapping[str, Any]
SAME_PLACE = 0.01  # pixels: a box that moved less has not moved
MASK_LEFT = "its mask was left out: a mask cannot follow its box"


def is_still(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether a box has not moved."""
    return all(abs(a - b) < SAME_PLACE for a, b in zip(one, other, strict=True))


def saved_shape(
    box: Mapping[str, Any],
    place: Sequence[float],
    known: tuple[Sequence[float], Shape | None] | None,
    size: tuple[int, int],
) -> Shape | None:
    """The shape of a box that is saved at a place; `known` are the box and the shape that it had before.

    `size` are the image's width and height in pixels.

    A client that knows nothing of shapes sends none: then it is moved along. Null says that there is none. Raises
    ``BadShape``.
    """
    before = known[1] if known else None
    if "shape" not in box:
        return moved_shape(before, known[0], place) if known else None
    given = box["shape"]
    if given is None or given == before:
        return before if given is not None else None
    shape = from_json(given)
    check_inside(shape, *size)
    return as_json(shape)


def moved_shape(shape: Shape | None, before: Sequence[float], after: Sequence[float]) -> Shape | None:
    """A shape once its box, xyxy, has gone from one place to another; None of a mask whose box has moved."""
    if shape is None or is_still(before, after):
        return shape
    found = moved(from_json(dict(shape)), before, after)
    return None if found is None else as_json(found)


def at_place(box: Mapping[str, Any], place: Sequence[float]) -> dict[str, Any]:
    """A box of a working copy at another place, its shape with it."""
    shape = moved_shape(box.get("shape"), box["box"], place)
    others = {name: value for name, value in box.items() if name != "shape"}
    return others | {"box": list(place)} | ({} if shape is None else {"shape": shape})
