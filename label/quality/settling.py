"""What a task of several people stands at, after one of its copies has moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import User
from label.boxes import differs
from label.models import Batch, Task
from label.quality.gold_marks import HANDED_IN, first_copy, same_iou
from label.quality.models import Consensus, GoldResult, TaskCopy
from label.quality.voting import SeenObject, objects_seen, result_of
from label.selectors.labels import objects_at
from label.services import telling
from science.consensus.vote import weight_of


@dataclass(frozen=True)
class Together:
    """All copies of a task side by side."""

    people: list[int]  # their ids, in the order in which they took their copies
    seen: list[SeenObject]

    @property
    def questions(self) -> list[int]:
        """The places of objects on which no vote stands."""
        return [place for place, one in enumerate(self.seen) if one.vote.question]


def together(task: Task) -> Together:
    """What the copies that count say; those that were skipped do not."""
    rows = TaskCopy.objects.filter(task=task).exclude(state=Task.State.SKIPPED).order_by("pk")
    first = first_copy(task)
    copies = {copy.person_id: copy.boxes if copy.boxes is not None else first for copy in rows}
    return Together(list(copies), objects_seen(copies, vote_weights(task, list(copies)), same_iou(task.batch_id)))


def vote_weights(task: Task, people: list[int]) -> dict[int, float]:
    """By person's id what a vote counts: by the gold tasks of this dataset that they handed in."""
    rows = GoldResult.objects.filter(person__in=people, gold__task__batch__dataset=task.batch.dataset_id)
    sums = rows.values("person").annotate(
        good=Sum("right"), all=Sum(F("right") + F("wrong_class") + F("missed") + F("extra"))
    )
    known = {row["person"]: weight_of(row["good"], row["all"]) for row in sums}
    return {person: known.get(person, weight_of(0, 0)) for person in people}


def settle(task_id: int, *, author: User) -> None:
    """Bring a task to what its copies say: begun, to be decided, or with the votes' result. Inside a transaction.

    `author` is whose copy moved last.
    """
    task = Task.objects.select_related("batch__dataset", "image").get(pk=task_id)
    states = list(TaskCopy.objects.filter(task=task).exclude(state=Task.State.SKIPPED).values_list("state", flat=True))
    Consensus.objects.filter(task=task).delete()
    if len(states) < task.copies or any(state not in HANDED_IN for state in states):
        begun = Task.State.IN_PROGRESS if states else Task.State.TO_LABEL
        shown = first_copy(task) if task.withheld else None
        Task.objects.filter(pk=task_id).update(state=begun, boxes=shown, changed=False, version=F("version") + 1)
        return
    found = together(task)
    decided = None if found.questions else timezone.now()
    Consensus.objects.create(
        task=task,
        answers=answers_of(found),
        overlaps=[one.overlap for one in found.seen if one.overlap is not None],
        questions=len(found.questions),
        decided_at=decided,
    )
    columns: dict[str, Any] = {"state": Task.State.IN_PROGRESS, "version": F("version") + 1}
    if decided:
        columns |= decided_columns(task, found, {})
        columns["state"] = Task.State.IN_REVIEW if task.batch.review else Task.State.DONE
    Task.objects.filter(pk=task_id).update(**columns)
    if decided:
        go_on(task, str(columns["state"]), author=author)


def go_on(task: Task, state: str, *, author: User) -> None:
    """The copies' result is the task's work: a merged batch is open again, and who waits hears of it."""
    Batch.objects.filter(pk=task.batch_id, state=Batch.State.MERGED).update(state=Batch.State.OPEN)
    if task.state != state:
        telling.task_moved(task, state, author)


def decided_columns(task: Task, found: Together, answers: Mapping[int, int | None]) -> dict[str, Any]:
    """The task's columns that hold the result."""
    boxes = result_of(found.seen, answers)
    changed = differs(boxes, objects_at(task.base, [task.image_id]).get(task.image_id, {}))
    return {
        "boxes": boxes if changed or task.withheld else None,
        "changed": changed,
        "workers": found.people,
        "saved_at": timezone.now(),
    }


def answers_of(found: Together) -> dict[str, Any]:
    """What is kept for figures of agreement: who was asked, and by object the class that each gave."""
    units = [{str(person): box["class_id"] for person, box in one.boxes.items()} for one in found.seen]
    return {"people": found.people, "units": units}
