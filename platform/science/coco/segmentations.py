"""COCO's `segmentation` read straight from the bytes of a file: polygons, and RLE as numbers or as compressed text."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.coco.json_records import (
    BACKSLASH,
    CLOSE,
    CLOSE_LIST,
    COLON,
    COMMA,
    OPEN,
    OPEN_LIST,
    QUOTE,
    Bytes,
    read_number,
    skip_space,
    skip_string,
    skip_value,
)
from science.evaluation.threads import cores, side_by_side
from science.geometry.compiled import compiled, compiled_in_place
from science.shapes.masks import Float64s, Int32s, Int64s, Masks, closed_up, joined
from science.shapes.polygons import Polygons, filled
from science.shapes.rle_text import FIRST_LETTER, MORE, SIGN
from science.shapes.turned import TurnedBoxes, turned_of_corners

FINE, BROKEN, NO_SHAPE, ODD_NUMBERS, BAD_TEXT, NOT_WHOLE, OTHER_SIZE, NOT_FOUR, HOLLOW = range(9)
WHY = {
    BROKEN: 'its "segmentation" is neither lists of polygons nor an RLE with "size" and "counts"',
    NO_SHAPE: 'it has no "segmentation"',
    ODD_NUMBERS: "a polygon has an odd count of numbers",
    BAD_TEXT: "the counts of its RLE are no compressed text",
    NOT_WHOLE: "the counts of its RLE do not add up to its image",
    OTHER_SIZE: "its RLE is of another size than its image",
    NOT_FOUR: 'its "segmentation" is not one polygon of four corners',
    HOLLOW: "its four corners are not those of a convex shape",
}
HARD_ROOM = 4096  # numbers of more digits than a float has, in all of a file: nobody writes them
FEW_VALUES = 2_000
LETTERS_OF_SIZE = np.frombuffer(b"size", np.uint8)
LETTERS_OF_COUNTS = np.frombuffer(b"counts", np.uint8)


class WrongShape(ValueError):
    """A record, counted among those given, whose shape cannot be read."""

    def __init__(self, row: int, how: int) -> None:
        super().__init__(WHY[how])
        self.row = row


class ParsedPolygons(NamedTuple):
    """The polygons of N values, in rings."""

    numbers: Float64s  # (P,) x, y, x, y …
    ring: Int64s  # (G+1,) numbers of ring g are ``ring[g]:ring[g + 1]``
    first: Int64s  # (N+1,) rings of value k are ``first[k]:first[k + 1]``


def read_masks(text: Bytes, places: Float64s, height: Int32s, width: Int32s) -> Masks:
    """Masks of values that begin at these bytes, on images of these sizes. Raises ``WrongShape``."""
    at = _places(places)
    coded = text[at] == OPEN
    if coded.all():
        return _coded(text, at, height, width, np.arange(len(at)))
    drawn = _polygons(text, at[~coded], np.flatnonzero(~coded))
    filled_in = filled(
        Polygons(drawn.numbers.reshape(-1, 2), drawn.ring // 2, drawn.first), height[~coded], width[~coded]
    )
    if not coded.any():
        return filled_in
    given = _coded(text, at[coded], height[coded], width[coded], np.flatnonzero(coded))
    order = np.concatenate([np.flatnonzero(~coded), np.flatnonzero(coded)])
    return joined([filled_in, given]).take(np.argsort(order))


def read_turned(text: Bytes, places: Float64s) -> TurnedBoxes:
    """Turned boxes of values that are one polygon of four corners each. Raises ``WrongShape``."""
    at = _places(places)
    parsed = _polygons(text, at, np.arange(len(at)))
    rings, numbers = np.diff(parsed.first), np.diff(parsed.ring)
    four = rings == 1
    four[four] = numbers[parsed.first[:-1][four]] == 8
    if not four.all():
        raise WrongShape(int(np.flatnonzero(~four)[0]), NOT_FOUR)
    corners = parsed.numbers.reshape(-1, 4, 2)
    try:
        return turned_of_corners(corners)
    except ValueError:
        hollow = next(k for k in range(len(corners)) if _is_hollow(corners[k]))
        raise WrongShape(hollow, HOLLOW) from None


def read_polygons(text: Bytes, places: Float64s) -> Polygons:
    """Polygons of values that are lists of rings and begin at these bytes. Raises ``WrongShape``."""
    at = _places(places)
    drawn = _polygons(text, at, np.arange(len(at)))
    return Polygons(drawn.numbers.reshape(-1, 2), drawn.ring // 2, drawn.first)


def _is_hollow(corners: Float64s) -> bool:
    try:
        turned_of_corners(corners[None])
    except ValueError:
        return True
    return False


def _places(places: Float64s) -> Int64s:
    missing = np.flatnonzero(np.isnan(places))
    if len(missing):
        raise WrongShape(int(missing[0]), NO_SHAPE)
    return places.astype(np.int64)


def _coded(text: Bytes, at: Int64s, height: Int32s, width: Int32s, rows: Int64s) -> Masks:
    """Masks of the values that are an RLE; ``rows`` name them in an error."""
    cuts = np.linspace(0, len(at), (4 * cores() if len(at) > FEW_VALUES else 1) + 1).astype(np.int64).tolist()
    room = [0, *np.cumsum([_room(text, at, low, high) for low, high in pairwise(cuts)]).tolist()]
    start, end = np.empty(room[-1], np.int32), np.empty(room[-1], np.int32)  # untouched memory costs nothing
    counts = np.zeros(len(at), np.int64)
    _parse_runs.compile()  # type: ignore[attr-defined]
    wrong = side_by_side(
        lambda k: _parse_runs(text, at, height, width, cuts[k], cuts[k + 1], start[room[k] :], end[room[k] :], counts),
        range(len(cuts) - 1),
    )
    for row, how in wrong:
        if how != FINE:
            raise WrongShape(int(rows[row]), how)
    return closed_up(start, end, counts, cuts, room, height, width)


def _polygons(text: Bytes, at: Int64s, rows: Int64s) -> ParsedPolygons:
    """The polygons of values; ``rows`` name them in an error."""
    numbers, ring, first, hard, how = _parse_polygons(text, at)
    if how != FINE:
        raise WrongShape(int(rows[len(first) - 1]), how)
    for place, start, stop in hard.tolist():
        numbers[place] = float(text[start:stop].tobytes())
    return ParsedPolygons(numbers, ring, first)


@compiled
def _parse_polygons(text: Bytes, places: Int64s) -> tuple[Float64s, Int64s, Int64s, NDArray[np.int64], int]:
    """Return the numbers, where rings and values begin, which numbers are left to Python, and how it ended."""
    count, end = len(places), len(text)
    commas, lists = _commas_and_lists(text, places)
    numbers, ring = np.empty(commas + count), np.zeros(lists + 1, np.int64)
    first, hard = np.zeros(count + 1, np.int64), np.empty((HARD_ROOM, 3), np.int64)
    filled_numbers, rings, hards = 0, 0, 0
    for k in range(count):
        if text[places[k]] != OPEN_LIST:
            return numbers[:0], ring[:1], first[: k + 1], hard[:0], BROKEN
        filled_numbers, rings, hards, how = _rings(
            text, places[k], end, numbers, filled_numbers, ring, rings, hard, hards
        )
        if how != FINE:
            return numbers[:0], ring[:1], first[: k + 1], hard[:0], how
        first[k + 1] = rings
    return numbers[:filled_numbers], ring[: rings + 1], first, hard[:hards], FINE


@compiled_in_place
def _room(text: Bytes, places: Int64s, low: int, high: int) -> int:
    """Return at most how many runs some values have: two letters that end a number, or two digits, make one."""
    room = 0
    for k in range(low, high):
        ends = 0
        for at in range(places[k], _value_end(text, places[k], len(text))):
            letter = text[at]
            ends += (letter >= FIRST_LETTER) & ((letter - FIRST_LETTER) & MORE == 0)
        room += ends // 2 + 1
    return room


@compiled
def _parse_runs(
    text: Bytes,
    places: Int64s,
    height: Int32s,
    width: Int32s,
    low: int,
    high: int,
    start: Int32s,
    end: Int32s,
    counts: Int64s,
) -> tuple[int, int]:
    """Write down the runs of the values ``low`` … ``high`` - 1; return the one that ended it, and how."""
    size = np.zeros(2, np.int64)
    total = 0
    for k in range(low, high):
        whole = np.int64(height[k]) * width[k]
        before = total
        total, how = _runs(text, places[k], len(text), whole, start, end, total, size)
        if how == FINE and (size[0] != height[k] or size[1] != width[k]):
            how = OTHER_SIZE
        if how != FINE:
            return k, how
        counts[k] = total - before
    return high, FINE


@compiled_in_place
def _commas_and_lists(text: Bytes, places: Int64s) -> tuple[int, int]:
    commas, lists = 0, 0
    for k in range(len(places)):
        for at in range(places[k], _value_end(text, places[k], len(text))):
            commas += text[at] == COMMA
            lists += text[at] == OPEN_LIST
    return commas, lists


@compiled_in_place
def _value_end(text: Bytes, at: int, end: int) -> int:
    after = skip_value(text, at, end)
    return after if after > 0 else end


@compiled_in_place
def _rings(
    text: Bytes,
    at: int,
    end: int,
    numbers: Float64s,
    filled_numbers: int,
    ring: Int64s,
    rings: int,
    hard: NDArray[np.int64],
    hards: int,
) -> tuple[int, int, int, int]:
    """Read lists of numbers in a list; return how many numbers, rings and numbers left to Python there are, and how."""
    at = skip_space(text, at + 1, end)
    while at < end and text[at] == OPEN_LIST:
        filled_numbers, hards, at = _list_of_numbers(text, at, end, numbers, filled_numbers, hard, hards)
        if at < 0:
            return filled_numbers, rings, hards, BROKEN
        if (filled_numbers - ring[rings]) % 2:
            return filled_numbers, rings, hards, ODD_NUMBERS
        rings += 1
        ring[rings] = filled_numbers
        at = skip_space(text, at, end)
        if at < end and text[at] == COMMA:
            at = skip_space(text, at + 1, end)
    return filled_numbers, rings, hards, FINE if at < end and text[at] == CLOSE_LIST else BROKEN


@compiled_in_place
def _list_of_numbers(
    text: Bytes, at: int, end: int, numbers: Float64s, filled_numbers: int, hard: NDArray[np.int64], hards: int
) -> tuple[int, int, int]:
    """Read a list of numbers; the last of the answer is the byte after it, -1 where it is none."""
    at = skip_space(text, at + 1, end)
    while at < end and text[at] != CLOSE_LIST:
        value, after, how = read_number(text, at, end)
        if how == 2 or not (how == 1 or abs(value) < np.inf):
            return filled_numbers, hards, -1
        if how == 1 and hards == len(hard):
            return filled_numbers, hards, -1
        if how == 1:
            hard[hards, 0], hard[hards, 1], hard[hards, 2] = filled_numbers, at, after
            hards += 1
        numbers[filled_numbers] = value
        filled_numbers += 1
        at = skip_space(text, after, end)
        if at < end and text[at] == COMMA:
            at = skip_space(text, at + 1, end)
        elif at < end and text[at] != CLOSE_LIST:
            return filled_numbers, hards, -1
    return filled_numbers, hards, at + 1 if at < end else -1


@compiled_in_place
def _runs(
    text: Bytes, at: int, end: int, whole: int, starts: Int32s, ends: Int32s, total: int, size: Int64s
) -> tuple[int, int]:
    """Read an RLE with its size and counts; return how many runs there are, and how it ended."""
    parts = 0
    at = skip_space(text, at + 1, end)
    while at < end and text[at] == QUOTE:
        name, after = at + 1, skip_string(text, at, end)
        if after < 0:
            return total, BROKEN
        at = skip_space(text, after, end)
        if at >= end or text[at] != COLON:
            return total, BROKEN
        at = skip_space(text, at + 1, end)
        how = BROKEN
        if _named(text, name, after, LETTERS_OF_SIZE):
            at = _sides(text, at, end, size)
            parts += 1
        elif _named(text, name, after, LETTERS_OF_COUNTS):
            if at < end and text[at] == QUOTE:
                total, at, how = _of_text(text, at, end, whole, starts, ends, total)
            else:
                total, at, how = _of_numbers(text, at, end, whole, starts, ends, total)
            parts += 1
        else:
            at = skip_value(text, at, end)
        if at < 0:
            return total, how
        at = skip_space(text, at, end)
        if at < end and text[at] == COMMA:
            at = skip_space(text, at + 1, end)
    return total, FINE if parts == 2 and at < end and text[at] == CLOSE else BROKEN


@compiled_in_place
def _named(text: Bytes, at: int, after: int, letters: Bytes) -> bool:
    """Return whether the string whose first letter is at ``at`` and that ends before ``after`` is this word."""
    same = after - 1 - at == len(letters)
    for k in range(len(letters)):
        same = same and text[at + k] == letters[k]
    return same


@compiled_in_place
def _sides(text: Bytes, at: int, end: int, size: Int64s) -> int:
    """Read height and width; return the byte after them, -1 where they are none."""
    if at >= end or text[at] != OPEN_LIST:
        return -1
    for k in range(2):
        at = skip_space(text, at + 1, end)
        value, at, how = read_number(text, at, end)
        if how or not 0 <= value < 2**31:
            return -1
        size[k] = int(value)
        at = skip_space(text, at, end)
        if at >= end or text[at] != (COMMA if k == 0 else CLOSE_LIST):
            return -1
    return at + 1


@compiled_in_place
def _of_numbers(
    text: Bytes, at: int, end: int, whole: int, starts: Int32s, ends: Int32s, total: int
) -> tuple[int, int, int]:
    """Read run lengths in a list; return how many runs there are, the byte after them or -1, and how it ended."""
    if at >= end or text[at] != OPEN_LIST:
        return total, -1, BROKEN
    position, inside, before = np.int64(0), False, total
    at = skip_space(text, at + 1, end)
    while at < end and text[at] != CLOSE_LIST:
        value, after, how = read_number(text, at, end)
        if how or value != np.floor(value) or not 0 <= value <= whole - position:
            return total, -1, NOT_WHOLE
        total = _add_run(position, np.int64(value), inside, starts, ends, before, total)
        position += np.int64(value)
        inside = not inside
        at = skip_space(text, after, end)
        if at < end and text[at] == COMMA:
            at = skip_space(text, at + 1, end)
        elif at < end and text[at] != CLOSE_LIST:
            return total, -1, BROKEN
    return total, at + 1 if at < end and position == whole else -1, NOT_WHOLE


@compiled_in_place
def _of_text(
    text: Bytes, at: int, end: int, whole: int, starts: Int32s, ends: Int32s, total: int
) -> tuple[int, int, int]:
    """Read compressed run lengths; the answer is that of ``_of_numbers``."""
    position, inside, before, read = np.int64(0), False, total, 0
    value, shift = np.int64(0), 0
    one_before, two_before = np.int64(0), np.int64(0)
    at += 1
    while at < end and text[at] != QUOTE:
        if text[at] == BACKSLASH:  # JSON writes a backslash twice
            at += 1
        bits = np.int64(text[at]) - FIRST_LETTER
        if not 0 <= bits < 64 or shift > 50:
            return total, -1, BAD_TEXT
        value |= (bits & 0x1F) << shift
        shift += 5
        at += 1
        if bits & MORE:
            continue
        if bits & SIGN:
            value -= np.int64(1) << shift
        if read > 2:
            value += two_before
        if not 0 <= value <= whole - position:
            return total, -1, NOT_WHOLE
        total = _add_run(position, value, inside, starts, ends, before, total)
        position += value
        inside = not inside
        two_before, one_before = one_before, value
        read += 1
        value, shift = np.int64(0), 0
    if at >= end or shift:
        return total, -1, BAD_TEXT
    return total, at + 1 if position == whole else -1, NOT_WHOLE


@compiled_in_place
def _add_run(
    position: np.int64, length: np.int64, inside: bool, starts: Int32s, ends: Int32s, before: int, total: int
) -> int:
    """Add a run of pixels inside, or lengthen the one that ends here; return how many there are."""
    if not inside or not length:
        return total
    if total > before and ends[total - 1] == position:
        ends[total - 1] = position + length
        return total
    starts[total], ends[total] = position, position + length
    return total + 1
