"""The scripted reviewer at work: every task of a batch, through the API that the box editor uses."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from client import Halfday
from client.nouns import Suggestion, Task
from demo.plant import KINDS, ImageLabels, Planted
from demo.reviewer import SAME, TIGHT, Answer, ClassBox, ReviewQuestion, is_same, judge
from science.geometry.boxes import iou


@dataclass(frozen=True)
class WorkSeconds:
    """What a person needs for each."""

    open_image: float = 1.0
    decide: float = 2.0
    redraw: float = 5.0  # a box that nobody proposed, on top of the decision


@dataclass(frozen=True)
class ReviewHabits:
    """How the scripted reviewer works."""

    minutes: float | None = None  # no further image is opened after so many; None: all are
    careful: bool = False  # mends all that is wrong in an image once it is open, not only what is asked
    seconds: WorkSeconds = WorkSeconds()

    def is_over(self, review: Review) -> bool:
        """Whether no further image is opened."""
        return self.minutes is not None and review.seconds >= 60 * self.minutes


@dataclass
class Review:
    """What came of it."""

    images: int = 0
    suggestions: int = 0
    seconds: float = 0.0  # of a person's time, counted
    left: int = 0  # images that were not opened
    mended_unasked: int = 0
    verdicts: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "corrected": 0, "rejected": 0})
    planted_found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    recall_by_kind: dict[str, float | None] = field(default_factory=dict)


def review_batch(
    halfday: Halfday,
    batch: int,
    truth: dict[str, ImageLabels],
    class_ids: Sequence[int],
    planted: Sequence[Planted],
    habits: ReviewHabits | None = None,
) -> Review:
    """Answer every suggestion of every task, in the tasks' order, and finish the tasks; or stop when time is up."""
    habits, review = habits or ReviewHabits(), Review()
    errors: dict[str, list[Planted]] = {}
    for error in planted:
        errors.setdefault(error.key, []).append(error)
    for row in list(halfday.batches.tasks(batch)):
        if habits.is_over(review):
            review.left += 1
            continue
        task = halfday.tasks.get(row["id"])
        key = Path(task["image"]["key"]).name
        _review_task(halfday, task, truth[key], class_ids, review, errors.get(key, []), habits)
    for kind in KINDS:
        total = sum(1 for error in planted if error.kind == kind)
        review.recall_by_kind[kind] = review.planted_found[kind] / total if total else None
    return review


def _review_task(
    halfday: Halfday,
    task: Task,
    truth: ImageLabels,
    class_ids: Sequence[int],
    review: Review,
    errors: list[Planted],
    habits: ReviewHabits,
) -> None:
    """One image: answer its pending suggestions one after the other and save once, with the time that it counts as."""
    began = review.seconds
    review.seconds += habits.seconds.open_image
    boxes: list[dict[str, Any]] = [dict(box) for box in task["boxes"]]
    verdicts: list[dict[str, Any]] = []
    reached: set[int] = set()
    for suggestion in task["suggestions"]:
        if suggestion["verdict"] != "pending":
            continue
        doubted = next(
            (b for b in boxes if suggestion["object_id"] is not None and b.get("object_id") == suggestion["object_id"]),
            None,
        )
        others = np.array([b["box"] for b in boxes if b is not doubted], np.float32).reshape(-1, 4)
        asked = ReviewQuestion(
            suggestion["kind"], _drawn(suggestion["given"], class_ids), _drawn(suggestion["proposed"], class_ids)
        )
        answer = judge(asked, truth, others)
        reached |= {i for i, error in enumerate(errors) if points_at(suggestion, error)}
        _apply(answer, doubted, boxes, class_ids)
        review.seconds += habits.seconds.decide + habits.seconds.redraw * is_drawn(asked, answer)
        verdicts.append({"id": suggestion["id"], "verdict": answer.verdict})
        review.verdicts[answer.verdict] += 1
    if habits.careful:
        _mend(boxes, truth, class_ids, review, habits.seconds)
    for i in reached:
        review.planted_found[errors[i].kind] += 1
    review.images += 1
    review.suggestions += len(verdicts)
    worked = review.seconds - began
    halfday.tasks.save(task, boxes=boxes, state="done", verdicts=verdicts, active_seconds=worked)


def is_drawn(asked: ReviewQuestion, answer: Answer) -> bool:
    """Whether the reviewer must draw: the box that shall stand is neither the label's nor the proposed one."""
    if answer.verdict != "corrected" or answer.label is None:
        return False
    known = [one.box for one in (asked.given, asked.proposed) if one is not None]
    return not known or bool(iou(answer.label.box[None], np.stack(known)).max() < TIGHT)


def _mend(
    boxes: list[dict[str, Any]], truth: ImageLabels, class_ids: Sequence[int], review: Review, seconds: WorkSeconds
) -> None:
    """Put right what is still wrong with an image: what has no thing goes, what is off is changed, what lacks comes."""
    free = set(range(len(truth.boxes)))
    for box in list(boxes):
        label = ClassBox(list(class_ids).index(box["class_id"]), np.array(box["box"], np.float32))
        true = _closest(label, truth, free)
        if true is not None:
            free.discard(true)
        thing = None if true is None else ClassBox(int(truth.classes[true]), truth.boxes[true])
        if is_same(label, thing):
            continue
        _apply(Answer("corrected", thing), box, boxes, class_ids)
        review.seconds += seconds.decide + seconds.redraw * (thing is not None and not _is_tight(label, thing))
        review.mended_unasked += 1
    for true in sorted(free):
        _apply(Answer("corrected", ClassBox(int(truth.classes[true]), truth.boxes[true])), None, boxes, class_ids)
        review.seconds += seconds.decide + seconds.redraw
        review.mended_unasked += 1


def _closest(label: ClassBox, truth: ImageLabels, free: set[int]) -> int | None:
    """The true thing that nobody has labelled yet and that a label means, None where there is none."""
    if not free:
        return None
    places = np.array(sorted(free))
    shared = iou(label.box[None], truth.boxes[places])[0] + 0.2 * (truth.classes[places] == label.class_index)
    best = int(shared.argmax())
    return int(places[best]) if shared[best] >= SAME else None


def _is_tight(one: ClassBox, other: ClassBox) -> bool:
    return bool(iou(one.box[None], other.box[None])[0, 0] >= TIGHT)


def points_at(suggestion: Suggestion, error: Planted) -> bool:
    """The suggestion is about the thing that a planted error is about, whatever it takes the error to be."""
    drawn = suggestion["given"] or suggestion["proposed"]
    places = [box for box in (error.given_box, error.true_box) if box is not None]
    if drawn is None or not places:
        return False
    if (suggestion["given"] is None) != (error.given_box is None):
        return False  # a label too few is no label that is wrong
    return bool(iou([drawn["box"]], places).max() >= SAME)


def _apply(
    answer: Answer, doubted: dict[str, Any] | None, boxes: list[dict[str, Any]], class_ids: Sequence[int]
) -> None:
    """Change the task's boxes as the answer says."""
    if answer.verdict == "rejected":
        return
    if answer.label is None:
        if doubted is not None:
            boxes.remove(doubted)
        return
    class_id, box = class_ids[answer.label.class_index], _plain(answer.label.box)
    if doubted is not None:
        doubted.update(class_id=class_id, box=box)
    else:
        boxes.append({"id": f"n{uuid.uuid4()}", "object_id": None, "class_id": class_id, "box": box, "attributes": {}})


def _drawn(given: Any, class_ids: Sequence[int]) -> ClassBox | None:
    return (
        None
        if given is None
        else ClassBox(list(class_ids).index(given["class_id"]), np.array(given["box"], np.float32))
    )


def _plain(box: NDArray[np.float32]) -> list[float]:
    return [round(float(v), 2) for v in box]
