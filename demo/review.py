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
from demo.reviewer import SAME, Answer, ClassBox, ReviewQuestion, judge
from science.geometry.boxes import iou


@dataclass
class Review:
    """What came of it."""

    images: int = 0
    suggestions: int = 0
    verdicts: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "corrected": 0, "rejected": 0})
    planted_found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    recall_by_kind: dict[str, float | None] = field(default_factory=dict)


def review_batch(
    halfday: Halfday, batch: int, truth: dict[str, ImageLabels], class_ids: Sequence[int], planted: Sequence[Planted]
) -> Review:
    """Answer every suggestion of every task, and finish the tasks."""
    review = Review()
    errors: dict[str, list[Planted]] = {}
    for error in planted:
        errors.setdefault(error.key, []).append(error)
    for row in list(halfday.batches.tasks(batch)):
        task = halfday.tasks.get(row["id"])
        key = Path(task["image"]["key"]).name
        _review_task(halfday, task, truth[key], class_ids, review, errors.get(key, []))
    for kind in KINDS:
        total = sum(1 for error in planted if error.kind == kind)
        review.recall_by_kind[kind] = review.planted_found[kind] / total if total else None
    return review


def _review_task(
    halfday: Halfday, task: Task, truth: ImageLabels, class_ids: Sequence[int], review: Review, errors: list[Planted]
) -> None:
    """One image: answer its pending suggestions one after the other and save once."""
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
        verdicts.append({"id": suggestion["id"], "verdict": answer.verdict})
        review.verdicts[answer.verdict] += 1
    for i in reached:
        review.planted_found[errors[i].kind] += 1
    review.images += 1
    review.suggestions += len(verdicts)
    halfday.tasks.save(task, boxes=boxes, state="done", verdicts=verdicts)


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
