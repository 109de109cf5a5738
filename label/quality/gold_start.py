"""What a gold task shows at first: its right labels with errors planted, or no box. Pure, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from label.box_shapes import at_place
from science.autocurate.planting import other_classes, redrawn_boxes

SPOILT = 0.4  # chance of each box to be given an error; at least one box of a task has one
KINDS = ("wrong_class", "missing", "badly_drawn")  # a box too many would have an id that no other new task has

Boxes = list[dict[str, Any]]


@dataclass(frozen=True)
class ImageGround:
    """What errors are drawn on: the image in pixels, and the dataset's class ids."""

    width: int
    height: int
    class_ids: Sequence[int]


def planted(boxes: Sequence[Mapping[str, Any]], ground: ImageGround, random: np.random.Generator) -> Boxes:
    """The boxes with some given another class, some left out and some drawn badly."""
    if not boxes:
        return []
    hit = random.random(len(boxes)) < SPOILT
    hit[random.integers(len(boxes))] = True
    shown: Boxes = []
    for box, spoilt in zip(boxes, hit, strict=True):
        shown += _spoilt(box, ground, random) if spoilt else [dict(box)]
    return shown


def _spoilt(box: Mapping[str, Any], ground: ImageGround, random: np.random.Generator) -> Boxes:
    kind = KINDS[random.integers(len(KINDS))]
    if kind == "wrong_class" and len(ground.class_ids) > 1:
        return [dict(box) | {"class_id": _another(box["class_id"], ground, random)}]
    if kind == "badly_drawn":
        drawn, found = redrawn_boxes(np.array([box["box"]]), np.array([[ground.width, ground.height]], float), random)
        if found[0]:
            return [at_place(box, [round(float(side), 2) for side in drawn[0]])]
    return []


def _another(class_id: int, ground: ImageGround, random: np.random.Generator) -> int:
    own = np.array([list(ground.class_ids).index(class_id)])
    evenly = np.ones((len(ground.class_ids),) * 2)
    return int(ground.class_ids[int(other_classes(own, evenly, random)[0])])
