"""Flags among a label's attributes by which tools say that it is not to be judged: one fact instead."""

from typing import Any

from dataset.importing.columns import Ignore

FLAGS = {
    "iscrowd": Ignore.CROWD,
    "is_crowd": Ignore.CROWD,
    "crowd": Ignore.CROWD,
    "is_group_of": Ignore.CROWD,
    "group_of": Ignore.CROWD,
    "isgroupof": Ignore.CROWD,
    "ignore": Ignore.REGION,
    "ignored": Ignore.REGION,
    "difficult": Ignore.REGION,
}
TRACKED = frozenset({"track_id", "track", "keyframe"})
OUT_OF_SIGHT = "its track says that the object is out of sight here (outside)"
WORDS = {one.name.lower(): one for one in Ignore}  # as our own exports spell it
SET = (True, 1, "1", "true", "True", "yes")
NOT_SET = (False, 0, "0", "false", "False", "no", None)


def is_out_of_sight(attributes: dict[str, Any] | None) -> bool:
    """Whether a box is one that a track keeps for a frame where its object is not seen, as datumaro writes CVAT's."""
    given = attributes or {}
    return given.get("outside") in SET and not TRACKED.isdisjoint(given)


def of_record(own: Ignore, attributes: dict[str, Any]) -> tuple[Ignore, dict[str, Any] | None]:
    """What a record's own flags and those among its attributes say together: the most, unless a word of ours tells."""
    flagged, rest = parted(attributes)
    told = attributes.get("ignore") in WORDS if isinstance(attributes.get("ignore"), str) else False
    return (flagged or own) if told else max(flagged, own), rest


def parted(attributes: dict[str, Any] | None) -> tuple[Ignore, dict[str, Any] | None]:
    """What the flags among the attributes say, and the attributes without them; other values stay as they are."""
    if isinstance(word := (attributes or {}).get("ignore"), str) and word in WORDS:
        return WORDS[word], {name: other for name, other in (attributes or {}).items() if name.lower() not in FLAGS}
    found, rest = Ignore.NO, attributes
    for key in [key for key in attributes or {} if key.lower() in FLAGS]:
        value = (attributes or {})[key]
        if not isinstance(value, bool | int | float | str | None) or value not in (*SET, *NOT_SET):
            continue
        rest = {name: other for name, other in (rest or {}).items() if name != key}
        if value in SET:
            found = max(found, FLAGS[key.lower()])
    return found, rest
