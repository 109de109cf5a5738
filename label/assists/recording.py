"""What a save tells of assists, stored with it; and what a save's boxes say of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.problems import BadInput
from label.assists.fates import REFUSED, fate_of
from label.assists.models import Assist, PrelabelledTask
from label.models import Task

LONGEST = 120.0  # seconds that one box may have taken: more was a pause
MOST = 2000  # of one save
KINDS = list(Assist.Kind.values)
OUTCOMES = ["taken", "refused"]

Boxes = Sequence[Mapping[str, Any]]


def record_assists(*, task: Task, person: User, assists: Sequence[Mapping[str, Any]], boxes: Boxes | None) -> None:
    """Store the save's assists, and judge those of the task anew where the save brings boxes.

    Called inside the save's transaction. An assist told again under its key replaces what was told before.
    """
    if assists:
        check_assists(assists)
        rows = [row_of(task, person, one) for one in assists]
        Assist.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["task", "key"],
            update_fields=["kind", "fate", "box_id", "base", "offered", "checkpoint_id", "seconds"],
        )
    if boxes is not None and (assists or getattr(task, "helped", True)):
        judge_anew(told_for(task, person), boxes)
        remember(task, boxes)


def check_assists(assists: Sequence[Mapping[str, Any]]) -> None:
    """Raise BadInput where there are too many, or one key twice."""
    keys = [one["key"] for one in assists]
    if len(keys) > MOST or len(set(keys)) < len(keys):
        sentence = f"A save may tell of {MOST} assists, each under a key of its own."
        raise BadInput(sentence, errors={"assists": [sentence]})


def row_of(task: Task, person: User, one: Mapping[str, Any]) -> Assist:
    refused = one["outcome"] == "refused"
    return Assist(
        task=task,
        person=person,
        key=one["key"],
        kind=one["kind"],
        fate=REFUSED if refused else Assist.Fate.UNCHANGED,
        box_id="" if refused else one.get("box_id") or "",
        base=task.base,
        offered=dict(one["offered"]) if one.get("offered") else None,
        checkpoint_id=one.get("checkpoint"),
        seconds=min(max(float(one["seconds"]), 0.0), LONGEST),
    )


def told_for(task: Task, person: User) -> QuerySet[Assist]:
    """The assists whose boxes a save of this person's brings: all of the task, or of their own copy of it."""
    rows = Assist.objects.filter(task=task, base=task.base)
    return rows if task.copies == 1 else rows.filter(person=person)


def judge_anew(told: QuerySet[Assist], boxes: Boxes) -> None:
    """The fate of each assist whose box can still be told by its id."""
    present = {one["id"]: one for one in boxes}
    changed = []
    for row in told.exclude(box_id=""):
        fate = fate_of(row.kind, row.offered, present.get(row.box_id))
        if fate != row.fate:
            row.fate = fate
            changed.append(row)
    if changed:
        Assist.objects.bulk_update(changed, ["fate"])


def remember(task: Task, boxes: Boxes) -> None:
    """The boxes as people left them, beside what the task was pre-labelled with."""
    given = PrelabelledTask.objects.filter(task=task, base=task.base)
    if given.exists():
        given.update(now=[{name: one[name] for name in ("id", "class_id", "box")} for one in boxes])
