"""Which values may enter: what is kept can be read back, written as JSON and exported.

The one rule for request bodies, query parameters, label files, image metadata, attributes and the results of jobs.
What breaks it is refused with its place, or mended and reported. Pure, no Django.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LARGEST_ID = 2**63 - 1  # of a row; Postgres' bigint
PLAINLY_KEPT = 2**53  # whole numbers below fit every reader; no infinity is less, and what is no number neither
LEAST, MOST = -(2**63), 2**64 - 1  # whole numbers within 64 bits, with a sign or without: JSON's readers know no more
DEEPEST = 64  # lists and objects within each other; orjson writes 254, and what is kept is wrapped in answers
EARLIEST, LATEST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)  # a year and a zone fit around it
NOT_KEPT = re.compile(r"[\x00\ud800-\udfff]")  # NUL and halves of letters, which no database keeps
IN_ITS_PLACE = "\ufffd"
MANY_DIGITS = re.compile(r"\d{1000}")  # Python reads no number of more than 4,300

Trail = tuple[Any, ...]  # the steps from a value up to the outermost: (last, (the one before, (…, ())))


@dataclass(frozen=True)
class Fault:
    """Where a value cannot be kept ("edits.3.attributes.speed"; empty: the value itself), and why."""

    place: str
    reason: str


def first_fault(value: Any) -> Fault | None:
    """The first thing in a JSON value that cannot be kept. However deep it is: nothing here calls itself."""
    return next(faults(value), None)


def faults(value: Any) -> Iterator[Fault]:
    """What cannot be kept of a JSON value; what lies too deep is not looked into."""
    waiting: list[tuple[Any, Trail, int]] = [(value, (), 0)]
    while waiting:
        one, trail, depth = waiting.pop()
        if not isinstance(one, Mapping | list | tuple):
            if reason := reason_against(one):
                yield Fault(place_of(trail), reason)
            continue
        if depth == DEEPEST:
            yield Fault(place_of(trail), f"It is nested more than {DEEPEST} deep.")
            continue
        if isinstance(one, Mapping):
            odd = [key for key in one if not is_plainly_kept(key)]
            yield from (Fault(place_of((key, trail)), reason) for key in odd if (reason := reason_against(key)))
        inner = one.items() if isinstance(one, Mapping) else enumerate(one)
        waiting += [(part, (step, trail), depth + 1) for step, part in inner if not is_plainly_kept(part)][::-1]


def is_plainly_kept(value: Any) -> bool:
    """The usual cases, decided at once."""
    kind = type(value)
    if kind is str:
        return bool(value.isprintable())
    if kind is float or kind is int:
        return bool(-PLAINLY_KEPT < value < PLAINLY_KEPT)
    return value is None or kind is bool


def reason_against(value: Any) -> str:
    """Why a value that holds no others cannot be kept, or nothing."""
    if isinstance(value, str):
        return "" if value.isprintable() else reason_against_text(value)
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return "" if LEAST <= value <= MOST else "It is a whole number of more than 64 bits."
    if isinstance(value, float):
        return "" if math.isfinite(value) else f"{value} is no number that JSON has."
    if isinstance(value, datetime):
        return "" if is_kept_moment(value) else "It lies outside the years 1000 to 9000."
    return ""


def reason_against_text(text: str) -> str:
    found = NOT_KEPT.search(text)
    if found is None:
        return ""
    return "It holds a NUL character." if found[0] == "\0" else "It holds half a letter (a lone surrogate)."


def reason_against_parameter(text: str) -> str:
    """Why what stands in an address cannot be read, or nothing."""
    return "It holds a number of 1,000 digits or more." if MANY_DIGITS.search(text) else reason_against_text(text)


def is_kept_moment(moment: datetime) -> bool:
    """Whether a time, which has its zone, can be kept and shown in every zone."""
    return EARLIEST <= moment <= LATEST


def place_of(trail: Trail) -> str:
    """edits.3.attributes, at most a line long and without what cannot be shown."""
    steps = []
    while trail:
        step, trail = trail
        steps.append(mended_text(str(step))[:80])
    return ".".join(reversed(steps[-12:]))


def mended_text(text: str) -> str:
    """The text with a mark where something cannot be kept."""
    return text if text.isprintable() else NOT_KEPT.sub(IN_ITS_PLACE, text)


def mended(value: Any, faulty: list[Fault] | None = None) -> Any:
    """The JSON value as it can be kept; what was mended is added to `faulty`.

    Texts and names lose what cannot be kept, whole numbers of more than 64 bits become texts, which lose no digit;
    what is no number, and what lies too deep, becomes null.
    """
    found = list(faults(value))
    if faulty is not None:
        faulty += found
    return _mended(value, 0) if found else value


def _mended(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return mended_text(value)
    if isinstance(value, Mapping | list | tuple) and depth == DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {mended_name(name): _mended(part, depth + 1) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(part, depth + 1) for part in value]
    if isinstance(value, int) and reason_against(value):
        return str(value) if abs(value) < 10**4000 else None  # Python writes no longer ones
    return None if reason_against(value) else value


def mended_name(name: Any) -> Any:
    return mended_text(name) if isinstance(name, str) else name
