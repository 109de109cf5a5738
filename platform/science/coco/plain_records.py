"""Whether records of a JSON list are plain, so that ``json_records`` reads all that is in them into columns.

A record is plain if it has no names but those that are known, its numbers are numbers (no text in quotes, no NaN, no
true), and whatever else stands in it is null, or lists of numbers as a polygon is. Whoever takes plain records as
columns and all others as objects finds the same in both; a megabyte is looked through in two milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.coco.json_records import (
    CLOSE,
    CLOSE_LIST,
    COLON,
    COMMA,
    END,
    LETTER_NULL,
    MINUS,
    NINE,
    OPEN,
    OPEN_LIST,
    QUOTE,
    SPLIT,
    ZERO,
    Bytes,
    Float64s,
    ParsedStretch,
    RecordFields,
    read_number,
    read_records,
    skip_space,
)
from science.geometry.compiled import compiled, compiled_in_place

DEEPEST = 4  # lists in lists; a polygon has two
LETTERS_OF_NULL = np.frombuffer(b"null", np.uint8)


@dataclass(frozen=True)
class PlainFields:
    """What a plain record has: names whose values are read, and names whose values may be passed over."""

    read: RecordFields
    text: Bytes  # (K, 32) of both
    length: NDArray[np.int64]  # (K,)


def plain_fields(read: RecordFields, passed_over: list[str]) -> PlainFields:
    """The table of both kinds of names."""
    known = [row.tobytes()[:length] for row, length in zip(read.text, read.length.tolist(), strict=True)]
    names = [*known, *(name.encode() for name in passed_over)]
    text = np.zeros((len(names), 32), np.uint8)
    for row, name in zip(text, names, strict=True):
        row[: len(name)] = np.frombuffer(name, np.uint8)
    return PlainFields(read, text, np.array([len(name) for name in names]))


def read_plain(text: Bytes, at: int, stop: int, fields: PlainFields) -> tuple[Float64s, int] | None:
    """Read the records from the one that begins at a byte to the last that begins before ``stop``.

    Returns (N, K + 3) values in the order of the names, NaN where a record lacks one, and the byte after the last
    record. None where any of them is not plain, or is broken: nothing is said of those.
    """
    end = plain_end(text, at, len(text), stop, fields.text, fields.length)
    if end < 0:
        return None
    found = ParsedStretch(*read_records(text, at, len(text), end, fields.read))
    if found.how not in (SPLIT, END):  # lists where a number should be
        return None
    for record, column, start, last in found.hard.tolist():
        found.values[record, column] = float(text[start:last].tobytes())
    return found.values, end


@compiled
def plain_end(text: Bytes, at: int, end: int, stop: int, names: Bytes, lengths: NDArray[np.int64]) -> int:
    """Return the byte after the last plain record that begins before ``stop``; -1 where one is not plain."""
    after = -1
    while True:
        if at >= end or text[at] != OPEN:
            return -1
        at = _record_end(text, at, end, names, lengths)
        if at < 0:
            return -1
        after = at
        at = skip_space(text, at, end)
        if at >= end or (text[at] != COMMA and text[at] != CLOSE_LIST):
            return -1
        if text[at] == CLOSE_LIST:
            return after
        at = skip_space(text, at + 1, end)
        if at >= stop:
            return after


@compiled_in_place
def _record_end(text: Bytes, at: int, end: int, names: Bytes, lengths: NDArray[np.int64]) -> int:
    """Return the byte after the plain record that begins here, -1 where it is none."""
    guess = 0  # names mostly come in one order
    at = skip_space(text, at + 1, end)
    while at < end and text[at] == QUOTE:
        found = -1
        for k in range(len(lengths)):
            place = (guess + k) % len(lengths)
            if _is_name(text, at + 1, end, names, place, lengths[place]):
                found = place
                break
        if found < 0:
            return -1
        guess = found + 1
        at = skip_space(text, at + lengths[found] + 2, end)
        if at >= end or text[at] != COLON:
            return -1
        at = _value_end(text, skip_space(text, at + 1, end), end)
        if at < 0:
            return -1
        at = skip_space(text, at, end)
        if at < end and text[at] == CLOSE:
            return at + 1
        if at >= end or text[at] != COMMA:
            return -1
        at = skip_space(text, at + 1, end)
    return -1


@compiled_in_place
def _is_name(text: Bytes, at: int, end: int, names: Bytes, place: int, length: int) -> bool:
    """Return whether the string whose first letter is at ``at`` is that name."""
    if at + length >= end or text[at + length] != QUOTE:
        return False
    same = True
    for k in range(length):
        same = same and names[place, k] == text[at + k]
    return same


@compiled_in_place
def _value_end(text: Bytes, at: int, end: int) -> int:  # noqa: C901 a state machine
    """Return the byte after a number, null, or lists of them; -1 where anything else begins."""
    depth = 0
    while at < end:
        byte = text[at]
        if byte == OPEN_LIST:
            depth += 1
            at = skip_space(text, at + 1, end)
            if depth > DEEPEST:
                return -1
            if at < end and text[at] != CLOSE_LIST:
                continue
        elif byte == LETTER_NULL:
            for k in range(4):
                if at + k >= end or text[at + k] != LETTERS_OF_NULL[k]:
                    return -1
            at += 4
        elif ZERO <= byte <= NINE or (byte == MINUS and at + 1 < end and ZERO <= text[at + 1] <= NINE):
            _, at, kind = read_number(text, at, end)
            if kind == 2:
                return -1
        else:
            return -1
        at = skip_space(text, at, end) if depth else at
        while depth and at < end and text[at] == CLOSE_LIST:
            depth -= 1
            at = at + 1 if depth == 0 else skip_space(text, at + 1, end)
        if depth == 0:
            return at
        if at >= end or text[at] != COMMA:
            return -1
        at = skip_space(text, at + 1, end)
    return -1
