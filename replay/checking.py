"""Whether a ledger's file has everything that a replay reads, before anything is trained. Pure.

A shape is a type, a dict of shapes by key, a list of one shape (any number of them), a tuple of shapes (so many), or
`OrNull`, or `OneOf` several tuples. The first place that differs is named as one would write it in Python:
`replay.runs[2].train`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OrNull:
    """The shape, or null."""

    shape: Any


@dataclass(frozen=True)
class OneOf:
    """The first of these shapes that has as many entries."""

    shapes: tuple[tuple[Any, ...], ...]


COUNTED = (int, float, float, float, float)  # class, x1, y1, x2, y2
LABEL = OneOf((COUNTED, (*COUNTED, str)))  # how it is ignored behind them, where it is
FIGURE = {"value": OrNull(float), "low": OrNull(float), "high": OrNull(float)}
RUN = {
    "role": str, "id": int, "name": str, "baseline": str, "weights": str, "parent": OrNull(int),
    "control_of": OrNull(int), "train": OrNull(int), "validation": OrNull(int), "train_hash": OrNull(str),
    "validation_hash": OrNull(str), "revision": int, "settings": dict,
    "figures": OrNull({"AP": FIGURE, "AP50": FIGURE}),
    "start": OrNull({"run": OrNull(int), "kind": str, "name": str, "sha256": str}),
}  # fmt: skip
LEDGER = {
    "project": dict, "dataset": {"name": str}, "run": {"name": str}, "made_at": str,
    "replay": {
        "classes": [str],
        "images": [(str, str, str)],
        "sets": [{"name": OrNull(str), "images": [int]}],
        "states": [{"revision": int, "edits": [(int, OrNull(LABEL), OrNull(LABEL))]}],
        "runs": [RUN],
        "comparisons": [{"over": str, "a": int, "b": int, "mAP": {**FIGURE, "verdict": str}}],
    },
}  # fmt: skip
KINDS = {int: "a whole number", float: "a number", str: "text", dict: "an object"}


def differences(content: Any) -> Iterator[str]:
    """What is not as a replay needs it, one sentence each; shapes first, then what points into other lists."""
    found = list(_of_shape(content, LEDGER, ""))
    yield from found or _dangling(content["replay"])


def _of_shape(value: Any, shape: Any, place: str) -> Iterator[str]:
    if isinstance(shape, OrNull):
        if value is not None:
            yield from _of_shape(value, shape.shape, place)
    elif isinstance(shape, OneOf):
        fit = [one for one in shape.shapes if isinstance(value, list) and len(one) == len(value)]
        yield from _of_shape(value, (fit or shape.shapes)[0], place)
    elif isinstance(shape, dict):
        yield from _of_keys(value, shape, place)
    elif isinstance(shape, list | tuple):
        yield from _of_items(value, shape, place)
    elif isinstance(value, bool) or not isinstance(value, (int, float) if shape is float else shape):
        yield f"{place} is not {KINDS[shape]}"


def _of_keys(value: Any, shape: dict[str, Any], place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place or 'it'} is not an object"
        return
    for key, inner in shape.items():
        where = f"{place}.{key}".strip(".")
        if key in value:
            yield from _of_shape(value[key], inner, where)
        else:
            yield f"{where} is missing"


def _of_items(value: Any, shape: list[Any] | tuple[Any, ...], place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{place} is not a list"
    elif isinstance(shape, tuple) and len(value) != len(shape):
        yield f"{place} has {len(value)} entries, not {len(shape)}"
    else:
        shapes = shape if isinstance(shape, tuple) else shape * len(value)
        for at, (one, inner) in enumerate(zip(value, shapes, strict=True)):
            yield from _of_shape(one, inner, f"{place}[{at}]")


def _dangling(replay: dict[str, Any]) -> Iterator[str]:
    """Numbers that name a place in another list, where there is none."""
    sets, states, runs = replay["sets"], replay["states"], replay["runs"]
    if not runs:
        yield "replay.runs has no run"
    revisions, ids = [one["revision"] for one in states], [one["id"] for one in runs]
    for at, one in enumerate(sets):
        yield from _outside(one["images"], range(len(replay["images"])), f"replay.sets[{at}].images")
    for at, one in enumerate(states):
        images = [edit[0] for edit in one["edits"]]
        yield from _outside(images, range(len(replay["images"])), f"replay.states[{at}].edits")
        classes = [int(label[0]) for edit in one["edits"] for label in edit[1:] if label is not None]
        yield from _outside(classes, range(len(replay["classes"])), f"replay.states[{at}].edits")
    for at, one in enumerate(runs):
        places = [one[side] for side in ("train", "validation") if one[side] is not None]
        yield from _outside(places, range(len(sets)), f"replay.runs[{at}]")
        yield from _outside([one["revision"]], revisions, f"replay.runs[{at}].revision")
    for at, one in enumerate(replay["comparisons"]):
        yield from _outside([one["a"], one["b"]], ids, f"replay.comparisons[{at}]")


def _outside(named: Sequence[int], known: Sequence[int], place: str) -> Iterator[str]:
    there = set(known)
    lost = [one for one in named if one not in there]
    if lost:
        yield f"{place} names {lost[0]}, which the file does not have"
