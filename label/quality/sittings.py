"""Time at work, stored with the save that tells it."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection

from accounts.models import User
from accounts.problems import BadInput
from label.models import Task

KINDS = ("draw", "move", "relabel", "attribute", "delete", "accept", "reject")  # of steps
ROUNDING = 1.0  # second by which all steps together may exceed the sitting
MOST_STEPS = 1000  # of one sitting; a client begins another one then

RECORD = """
WITH known AS (
    SELECT seconds FROM label_sitting WHERE task_id = %(task)s AND person_id = %(person)s AND key = %(key)s
), kept AS (
    INSERT INTO label_sitting (task_id, person_id, key, began_at, ended_at, seconds, steps, review)
    VALUES (%(task)s, %(person)s, %(key)s, now() - make_interval(secs => %(seconds)s), now(), %(seconds)s, %(steps)s,
        %(review)s)
    ON CONFLICT (task_id, person_id, key) DO UPDATE
        SET seconds = EXCLUDED.seconds, steps = EXCLUDED.steps, ended_at = EXCLUDED.ended_at
        WHERE EXCLUDED.seconds >= label_sitting.seconds
    RETURNING seconds
)
SELECT (SELECT seconds FROM kept), (SELECT seconds FROM known)
"""


def check_sitting(sitting: Mapping[str, Any]) -> None:
    """Raise BadInput where the steps took longer than the sitting."""
    total = sum(step["seconds"] for step in sitting.get("steps", ()))
    if total > sitting["seconds"] + ROUNDING:
        detail = f"The steps take {total:.1f} s, the whole sitting {sitting['seconds']:.1f} s."
        raise BadInput(detail, errors={"sitting.steps": [detail]})


def record_time(*, task: Task, person: User, sitting: Mapping[str, Any] | None, more: float) -> float:
    """Store a sitting as far as it is, or `more` seconds that no sitting tells; returns the seconds that are new.

    Inside the save's transaction: where that is refused, nothing was counted.
    """
    if sitting is None:
        told: Mapping[str, Any] = {"key": uuid.uuid4().hex, "seconds": more}
        return _record(task, person, told) if more > 0 else 0.0
    return _record(task, person, sitting)


def _record(task: Task, person: User, sitting: Mapping[str, Any]) -> float:
    steps = [[step["kind"], step.get("class_id"), round(step["seconds"], 2)] for step in sitting.get("steps", ())]
    values = {
        "task": task.pk,
        "person": person.pk,
        "key": sitting["key"],
        "seconds": sitting["seconds"],
        "steps": json.dumps(steps),
        "review": task.state == Task.State.IN_REVIEW and task.assignee_id != person.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORD, values)
        kept, known = cursor.fetchone()
    return 0.0 if kept is None else float(kept - (known or 0.0))


def plain_sitting(one: Any, longest: float) -> bool:
    """Whether a sitting is plainly right, see api/plain_saves.py."""
    return (
        type(one) is dict
        and one.keys() == {"key", "seconds", "steps"}
        and type(one["key"]) is str
        and one["key"].isalnum()
        and one["key"].isascii()
        and len(one["key"]) <= 40
        and _is_number(one["seconds"], longest)
        and type(one["steps"]) is list
        and len(one["steps"]) <= MOST_STEPS
        and all(_plain_step(step, longest) for step in one["steps"])
    )


def _plain_step(step: Any, longest: float) -> bool:
    return (
        type(step) is dict
        and step.keys() == {"kind", "class_id", "seconds"}
        and step["kind"] in KINDS
        and type(step["class_id"]) in (int, type(None))
        and _is_number(step["seconds"], longest)
    )


def _is_number(value: Any, most: float) -> bool:
    return type(value) in (int, float) and 0 <= value <= most
