"""What a gold task shows at first, and the marks of who hands it in."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import User
from label.models import Task
from label.quality.models import GoldResult, GoldTask, QualityPlan
from label.selectors.labels import boxes_at
from science.consensus.units import SAME_OBJECT
from science.gold import marks

HANDED_IN = (Task.State.IN_REVIEW, Task.State.DONE)
Boxes = Sequence[Mapping[str, Any]]


def first_copy(task: Task) -> list[dict[str, Any]]:
    """What people find when they open the task: of a gold task with a start of its own that, else the labels."""
    if task.withheld:
        start = GoldTask.objects.filter(task=task).values_list("start", flat=True).first()
        if start is not None:
            return list(start)
    return boxes_at(task.base, task.image_id)


def mark_hand_in(*, task: Task, person: User, state: str, boxes: Boxes | None) -> None:
    """Mark a gold task that is handed in by this save; a person's first hand-in counts, later ones do not."""
    if state not in HANDED_IN or task.state in HANDED_IN:
        return
    gold = GoldTask.objects.filter(task=task).first()
    if gold is None:
        return
    given = boxes if boxes is not None else (task.boxes if task.boxes is not None else first_copy(task))
    GoldResult.objects.get_or_create(gold=gold, person=person, defaults=_counts(gold, given, same_iou(task.batch_id)))


def same_iou(batch_id: int) -> float:
    """From which on two boxes of the batch are one object."""
    asked = QualityPlan.objects.filter(batch=batch_id).values_list("same_iou", flat=True).first()
    return asked or SAME_OBJECT


def _counts(gold: GoldTask, given: Boxes, same: float) -> dict[str, Any]:
    counted = [box for box in given if box.get("ignore", "no") == "no"]
    found = marks(
        truth=[box["box"] for box in gold.truth],
        truth_classes=[box["class_id"] for box in gold.truth],
        given=[box["box"] for box in counted],
        given_classes=[box["class_id"] for box in counted],
        forgiven=[box.get("ignore", "no") != "no" for box in gold.truth],
        same=same,
    )
    return {
        "right": found.right,
        "wrong_class": found.wrong_class,
        "missed": found.missed,
        "extra": found.extra,
        "overlap": found.overlap,
        "by_class": found.by_class,
    }
