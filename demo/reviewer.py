"""The scripted reviewer: judges each suggestion against the truth, as a careful person with the image at hand would.

It answers only what it is asked. An error that no suggestion points at stays in the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.plant import ImageLabels
from science.geometry.boxes import iou

SAME = 0.5  # IoU from which a box is taken to mean a thing
TIGHT = 0.8  # IoU from which a box counts as well drawn


@dataclass(frozen=True, slots=True)
class ClassBox:
    """A class and a box (4,) xyxy pixels, as given by a label or proposed by a suggestion."""

    class_index: int
    box: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ReviewQuestion:
    """A suggestion: `given` is the label it doubts (None: a missing one), `proposed` its better one (None: nothing)."""

    kind: str  # wrong_class, missing, spurious, badly_drawn
    given: ClassBox | None
    proposed: ClassBox | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`verdict`: accepted, corrected or rejected. `label`: what shall stand in place of `given`; None: nothing.

    Rejected means that the label stays as it is, whatever `label` says.
    """

    verdict: str
    label: ClassBox | None


def judge(asked: ReviewQuestion, truth: ImageLabels, others: NDArray[np.float32]) -> Answer:
    """Answer one suggestion. `others` (M, 4): the image's other labels, so that no thing is labelled twice."""
    looked_at = asked.given or asked.proposed
    if looked_at is None:
        return Answer("rejected", None)
    true = true_thing(looked_at.box, looked_at.class_index, truth)
    if true is None:
        return Answer("rejected", None) if asked.given is None else _settle(asked, None)
    if asked.given is None and len(others) and iou(true.box[None], others).max() >= TIGHT:
        return Answer("rejected", None)  # it has a label already
    return _settle(asked, true)


def true_thing(box: NDArray[np.float32], class_index: int, truth: ImageLabels) -> ClassBox | None:
    """The true thing that a box means: the best overlap, of its own class if that comes near; None without one."""
    if not len(truth.boxes):
        return None
    shared = iou(box[None], truth.boxes)[0]
    own = np.where(truth.classes == class_index, shared, 0.0)
    best = int(own.argmax()) if own.max() >= max(SAME, shared.max() - 0.2) else int(shared.argmax())
    if shared[best] < (SAME if truth.classes[best] != class_index else 0.3):
        return None
    return ClassBox(int(truth.classes[best]), truth.boxes[best])


def _settle(asked: ReviewQuestion, true: ClassBox | None) -> Answer:
    """Compare what is, what was proposed and what is true."""
    if is_same(asked.given, true):
        return Answer("rejected", asked.given)
    if is_same(asked.proposed, true):
        return Answer("accepted", asked.proposed)
    return Answer("corrected", true)


def is_same(one: ClassBox | None, other: ClassBox | None) -> bool:
    """Both nothing, or the same class and well-matched boxes."""
    if one is None or other is None:
        return one is other
    return one.class_index == other.class_index and float(iou(one.box[None], other.box[None])[0, 0]) >= TIGHT
