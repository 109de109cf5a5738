"""A save that is plainly right, seen without a serializer: editors send these all day, some with thousands of boxes.

What is not plainly right is None here, and the serializer says what is wrong with it, or takes it after all.
tests/label/test_plain_saves.py holds that both understand the same.
"""

import re
from typing import Any

from dataset.importing.ignoring import WORDS
from label.assists.recording import KINDS, LONGEST, OUTCOMES
from label.models import Task
from label.quality.sittings import plain_sitting

MOST_BOXES = 10_000  # on one image
LONGEST_ID = 80  # characters
LONGEST_KEY = 64  # of an assist
PROVENANCES = ["imported", "human", "model"]
VERDICTS = ["pending", "accepted", "corrected", "rejected"]
PLAIN_ID = re.compile(r"[0-9A-Za-z_-]+")
NUMBERS = (int, float)  # not bool, which is an int of another name

SAVE_FIELDS = {"boxes", "state", "active_seconds", "sitting", "verdicts", "assists"}
ASSIST_FIELDS = {"key", "kind", "outcome", "box_id", "offered", "checkpoint", "seconds"}
NEEDED = {"id", "class_id", "box"}
BOX_FIELDS = NEEDED | {"object_id", "attributes", "ignore", "provenance"}


def plain_save(body: Any, longest_sitting: float) -> dict[str, Any] | None:
    """As TaskSaveSerializer understands it; None where it has to look. `longest_sitting` is in seconds."""
    if type(body) is not dict or not body.keys() <= SAVE_FIELDS:
        return None
    seconds, state = body.get("active_seconds", 0), body.get("state", Task.State.DONE)
    if type(seconds) not in NUMBERS or not 0 <= seconds <= longest_sitting or not _is_one_of(state, Task.State.values):
        return None
    if not (_all_plain(body.get("boxes", []), is_plain_box) and _all_plain(body.get("verdicts", []), is_plain_verdict)):
        return None
    if "sitting" in body and not plain_sitting(body["sitting"], longest_sitting):
        return None
    if not _all_plain(body.get("assists", []), is_plain_assist):
        return None
    found = dict(body)
    if "boxes" in body:
        found["boxes"] = [box | {"box": list(map(float, box["box"]))} for box in body["boxes"]]
    if "active_seconds" in body:
        found["active_seconds"] = float(seconds)
    return found


def _all_plain(rows: Any, is_plain: Any) -> bool:
    return type(rows) is list and len(rows) <= MOST_BOXES and all(map(is_plain, rows))


def is_plain_verdict(one: Any) -> bool:
    return (
        type(one) is dict
        and one.keys() == {"id", "verdict"}
        and type(one["id"]) is int
        and _is_one_of(one["verdict"], VERDICTS)
    )


def is_plain_assist(one: Any) -> bool:
    """Of a box that was drawn, which is told of with every save; others the serializer looks at."""
    return (
        type(one) is dict
        and one.keys() == ASSIST_FIELDS
        and _is_plain_id(one["key"])
        and len(one["key"]) <= LONGEST_KEY
        and _is_one_of(one["kind"], KINDS)
        and _is_one_of(one["outcome"], OUTCOMES)
        and _is_plain_id(one["box_id"])
        and one["offered"] is None
        and one["checkpoint"] is None
        and type(one["seconds"]) is float
        and 0 <= one["seconds"] <= LONGEST
    )


def is_plain_box(one: Any) -> bool:
    """Whether every field is there that must be, none that is not known, and each of its very kind."""
    return (
        type(one) is dict
        and NEEDED <= one.keys() <= BOX_FIELDS
        and _is_plain_id(one["id"])
        and type(one["class_id"]) is int
        and type(one.get("object_id", 0)) in (int, type(None))
        and _is_plain_place(one["box"])
        and type(one.get("attributes", {})) is dict
        and _is_one_of(one.get("ignore", "no"), WORDS)
        and _is_one_of(one.get("provenance", "human"), PROVENANCES)
    )


def _is_plain_id(name: Any) -> bool:
    return (
        type(name) is str and 0 < len(name) <= LONGEST_ID and name.isascii() and name.isprintable() and " " not in name
    )


def _is_plain_place(box: Any) -> bool:
    if type(box) is not list or len(box) != 4:
        return False
    return all(type(value) in NUMBERS and -1e15 < value < 1e15 for value in box)


def _is_one_of(word: Any, words: Any) -> bool:
    return type(word) is str and word in words
