"""What people changed of pre-labels, by class: the detector's errors on these images. Pure, no Django."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from label.assists.fates import same_place
from science.geometry.boxes import iou
from science.proportion import wilson

Box = Mapping[str, Any]  # {"id", "class_id", "box"}
SAME_OBJECT = 0.5  # IoU from which a box drawn anew stands for one that was deleted
KINDS = ("kept", "moved", "relabelled", "deleted", "added")
MOST_TASKS = 100  # named for each class and kind


@dataclass(frozen=True)
class Correction:
    """One box: what became of it, its class as given (of an added one: as drawn), and the class that it has now."""

    kind: str
    class_id: int
    now: int | None  # None: it was deleted


@dataclass
class ClassCorrections:
    """One class's boxes by what became of them, and the tasks that they stand in."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    became: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # relabelled to which class, how often
    tasks: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def given(self) -> int:
        return sum(self.counts[kind] for kind in KINDS if kind != "added")


def corrections(given: Sequence[Box], now: Iterable[Box], base: Iterable[str] = ()) -> list[Correction]:
    """What a person made of the boxes of one image; `base` are the ids of those that stood there before.

    A box that was deleted and drawn anew (IoU of at least 0.5 with the best of them) was moved, or relabelled where
    its class is another now.
    """
    present = {one["id"]: one for one in now}
    known = {one["id"] for one in given} | set(base)
    drawn = [one for name, one in present.items() if name not in known]
    gone = [one for one in given if one["id"] not in present]
    anew = drawn_anew(gone, drawn)
    found = [of_box(one, present.get(one["id"]) or anew.get(one["id"])) for one in given]
    used = {one["id"] for one in anew.values()}
    return found + [Correction("added", one["class_id"], one["class_id"]) for one in drawn if one["id"] not in used]


def drawn_anew(gone: Sequence[Box], drawn: Sequence[Box]) -> dict[str, Box]:
    """By the id of a deleted box, the drawn one that stands for it: the largest overlaps first, each box once."""
    if not gone or not drawn:
        return {}
    overlap = iou(np.array([one["box"] for one in gone]), np.array([one["box"] for one in drawn]))
    pairs: dict[str, Box] = {}
    while overlap.max() >= SAME_OBJECT:
        row, column = map(int, np.unravel_index(overlap.argmax(), overlap.shape))
        pairs[gone[row]["id"]] = drawn[column]
        overlap[row], overlap[:, column] = 0, 0
    return pairs


def of_box(given: Box, now: Box | None) -> Correction:
    """A given box beside what stands for it now. A new class weighs more than a new place."""
    if now is None:
        return Correction("deleted", given["class_id"], None)
    if now["class_id"] != given["class_id"]:
        return Correction("relabelled", given["class_id"], now["class_id"])
    kind = "kept" if same_place(now["box"], given["box"]) else "moved"
    return Correction(kind, given["class_id"], now["class_id"])


def by_class(rows: Iterable[tuple[int, Correction]]) -> dict[int, ClassCorrections]:
    """(task id, correction) pairs summed up by the class that was given, or drawn."""
    found: dict[int, ClassCorrections] = defaultdict(ClassCorrections)
    for task_id, one in rows:
        entry = found[one.class_id]
        entry.counts[one.kind] += 1
        if one.kind == "relabelled" and one.now is not None:
            entry.became[one.now] += 1
        if one.kind != "kept":
            name_task(entry.tasks[one.kind], task_id)
    return dict(found)


def name_task(tasks: list[int], task_id: int) -> None:
    if task_id not in tasks and len(tasks) < MOST_TASKS:
        tasks.append(task_id)


def shares(entry: ClassCorrections) -> dict[str, dict[str, Any] | None]:
    """Parts with Wilson's interval: of the given boxes what was right, and of the objects what was missed.

    The objects of a class are its given boxes that are objects at all (not deleted) and the added ones.
    """
    objects = entry.given - entry.counts["deleted"] + entry.counts["added"]
    return {"right": part(entry.counts["kept"], entry.given), "missed": part(entry.counts["added"], objects)}


def part(some: int, whole: int) -> dict[str, Any] | None:
    """{"share", "low", "high"}; None of nothing."""
    ends = wilson(some, whole)
    return {"share": some / whole, **ends} if ends else None
