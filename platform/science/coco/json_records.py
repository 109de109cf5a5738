"""A JSON list of flat records read straight into columns, without an object per record.

Compiled, and on two halves of the file at a time. Numbers come out as Python's ``float`` reads them, to the last bit.

Why it stands beside ``dataset.importing.json_stream``, the reader of imports (``benchmarks/json_readers.py``, 294,000
detections, processor time in one run: this 0.09 s, msgspec with a struct 0.35, the pieces of json_stream made columns
0.67, orjson and a loop 1.01; of labels with polygons and attributes 0.15, 0.41, 1.17, 2.21):

- An evaluation read by json_stream would spend seven times as long on its files, more than on all the rest of it.
- Imports keep what this reader passes over: attributes, metadata, names, labels nested in their image. Making those
  objects is what json_stream's time goes into, so one reader for both would contain both.
- Here the first wrong record refuses the file. An import takes the others, and tells by record what was wrong with it,
  be it an id of another type or a score in quotes, which needs the value and not a column of numbers.
- Numbers are floats here, so that ids from 2^53 are refused; an import takes any, and names.
- This fills one table of the whole file, 56 bytes a detection; json_stream holds some megabytes at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.threads import side_by_side
from science.geometry.compiled import compiled, compiled_in_place

Bytes = NDArray[np.uint8]
Float64s = NDArray[np.float64]
UInt64s = NDArray[np.uint64]

BOX = "bbox"
LEAST_RECORD = 64  # bytes; how many records to make room for at first
WORTH_SPLITTING = 1 << 20  # bytes
LONGEST_RECORD = 1 << 20  # bytes, among which a cut is looked for

END, SPLIT, BROKEN, NOT_A_NUMBER, NOT_A_BOX, MISSING = range(6)  # how reading ended

FAR = 60  # powers of ten beyond this are left to Python
# compiled code takes letters as numbers
BACKSLASH, QUOTE, COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE = (ord(c) for c in '\\",:[]{}')
MINUS, PLUS, POINT, ZERO, NINE, SMALL_E, LARGE_E = (ord(c) for c in "-+.09eE")
LETTER_N, LETTER_I, LETTER_T, LETTER_F, LETTER_NULL = (ord(c) for c in "NItfn")


def _powers_of_five() -> tuple[UInt64s, UInt64s]:
    """Return 5^q cut to 128 bits for q >= 0, its reciprocal rounded up for q < 0 (Lemire 2021): upper, lower half."""
    parts = []
    for q in range(-FAR, FAR + 1):
        power = 5 ** abs(q)
        if q < 0:
            bits = power.bit_length() if power & (power - 1) else power.bit_length() - 1
            power = (1 << (bits + 127 if q >= -27 else 2 * bits + 128)) // power + 1
        length = power.bit_length()
        power = power << (128 - length) if length <= 128 else power >> (length - 128)
        parts.append(power)
    low = (1 << 64) - 1
    return np.array([power >> 64 for power in parts], np.uint64), np.array([power & low for power in parts], np.uint64)


TEN = np.array([10.0**k for k in range(23)])  # exact
HIGH, LOW = _powers_of_five()


class RecordFields(NamedTuple):
    """The fields that are read, as bytes; the box stands last and fills four columns."""

    text: Bytes  # (K, 16)
    length: NDArray[np.int64]  # (K,)
    required: NDArray[np.bool_]  # (K,)
    place: NDArray[np.bool_]  # (K,) of these the byte is noted at which the value begins, whatever it is


class ParsedStretch(NamedTuple):
    """What was read from one stretch of the text."""

    values: Float64s  # (N, K + 3) a row per record; NaN where it lacks the field
    hard: NDArray[np.int64]  # (H, 4) record, column, first and last byte of a number that is left to Python
    how: int  # END, SPLIT, or what is wrong
    at: int  # where reading ended
    field: int  # of what is wrong


@dataclass(frozen=True)
class Wrong(Exception):
    """Where a list of records cannot be read."""

    how: int
    record: int  # from 0
    field: str
    at: int  # byte


def record_fields(
    required: list[str], optional: list[str], places: Sequence[str] = (), *, boxed: bool = True
) -> RecordFields:
    """Return the table of the fields to read, of those whose place is noted, and ``bbox``, required if ``boxed``."""
    listed = [*required, *optional, *places, BOX]
    free = {*optional, *places} | (set() if boxed else {BOX})
    text = np.zeros((len(listed), 16), np.uint8)
    for row, name in zip(text, listed, strict=True):
        row[: len(name)] = np.frombuffer(name.encode(), np.uint8)
    return RecordFields(
        text,
        np.array([len(name) for name in listed]),
        np.array([name not in free for name in listed]),
        np.array([name in places for name in listed]),
    )


def read_list(text: Bytes, at: int, fields: RecordFields) -> tuple[Float64s, int]:
    """Read the list that begins at a byte; return (N, K + 3) values in the order of the names, and the byte after it.

    Raises ``Wrong``. The text is cut near its middle where a record seems to end; the second half is only believed when
    the first arrives exactly there.
    """
    read_records.compile()  # type: ignore[attr-defined]
    end = len(text)
    middle = (at + end) // 2
    cut = find_cut(text, middle, min(middle + LONGEST_RECORD, end)) if end - at > WORTH_SPLITTING else end
    starts = [(at + 1, cut)] if cut >= end else [(at + 1, cut), (cut, end)]
    parts = side_by_side(lambda part: ParsedStretch(*read_records(text, part[0], end, part[1], fields)), starts)
    first = parts[0]
    if first.how == SPLIT and first.at != cut:  # what seemed to be the end of a record was inside of one
        parts = [first, ParsedStretch(*read_records(text, first.at, end, end, fields))]
    elif first.how != SPLIT:
        parts = [first]
    before = len(first.values) if len(parts) > 1 else 0
    last = parts[-1]
    if last.how != END:
        wrong = fields.text[last.field].tobytes().rstrip(b"\0").decode()
        raise Wrong(last.how, before + len(last.values) - 1, wrong, last.at)
    for part in parts:
        for record, column, start, stop in part.hard.tolist():
            part.values[record, column] = float(text[start:stop].tobytes())
    return (first.values if len(parts) == 1 else np.concatenate([part.values for part in parts])), last.at


@compiled_in_place
def find_cut(text: Bytes, at: int, end: int) -> int:
    """Return the first ``{`` that follows ``}`` and a comma; the end of the text where there is none before ``end``."""
    closed = 0  # 1 after a brace, 2 after brace and comma
    while at < end:
        byte = text[at]
        if byte == OPEN and closed == 2:
            return at
        if byte == CLOSE:
            closed = 1
        elif byte == COMMA:
            closed = 2 if closed == 1 else 0
        elif byte > 32:
            closed = 0
        at += 1
    return len(text)


@compiled_in_place
def skip_space(text: Bytes, at: int, end: int) -> int:
    """Return the first byte that is not white space."""
    while at < end and (text[at] == 32 or text[at] == 10 or text[at] == 13 or text[at] == 9):
        at += 1
    return at


@compiled_in_place
def skip_string(text: Bytes, at: int, end: int) -> int:
    """Return the byte after the string that begins here, -1 where it has no end."""
    at += 1
    while at < end:
        if text[at] == QUOTE:
            return at + 1
        at += 2 if text[at] == BACKSLASH else 1
    return -1


@compiled_in_place
def skip_value(text: Bytes, at: int, end: int) -> int:
    """Return the byte after the value that begins here, -1 where it has no end."""
    depth = 0
    while at < end:
        byte = text[at]
        if byte == QUOTE:
            at = skip_string(text, at, end)
            if at < 0:
                return -1
        elif byte in (OPEN, OPEN_LIST):
            depth += 1
            at += 1
        elif byte in (CLOSE, CLOSE_LIST):
            depth -= 1
            at += 1
        elif byte <= 32 or byte in (COMMA, COLON):
            if depth == 0 or (byte < 32 and byte != 10 and byte != 13 and byte != 9):
                return -1
            at += 1
            continue
        else:
            while at < end and not (
                text[at] <= 32 or text[at] == COMMA or text[at] == CLOSE or text[at] == CLOSE_LIST or text[at] == COLON
            ):
                at += 1
        if depth <= 0:
            return at if depth == 0 else -1
    return -1


@compiled
def read_records(
    text: Bytes, at: int, end: int, stop: int, fields: RecordFields
) -> tuple[Float64s, NDArray[np.int64], int, int, int]:
    """Read records until the list ends, or the next record begins at ``stop`` or after it; see ``ParsedStretch``."""
    count = len(fields.length)
    columns = count + 3
    room = (min(stop, end) - at) // LEAST_RECORD + 16
    values, hard = np.empty((room, columns)), np.empty((16, 4), np.int64)
    numbers, hards = 0, 0
    follows = np.full(count + 1, -1)  # which field came after which in the record before
    how, field = BROKEN, 0
    more, inside = False, False
    while True:
        at = skip_space(text, at, end)
        if at >= end:
            break
        if text[at] == CLOSE_LIST and not more:
            how = END
            at += 1
            break
        if text[at] == COMMA and numbers and not more:
            more = True
            at += 1
            continue
        if at >= stop:
            how = SPLIT
            break
        if text[at] != OPEN or (numbers and not more):
            break
        if numbers == room:
            room *= 2
            grown = np.empty((room, columns))
            grown[:numbers] = values
            values = grown
        if hards + columns > len(hard):
            longer = np.empty((2 * len(hard) + columns, 4), np.int64)
            longer[:hards] = hard[:hards]
            hard = longer
        values[numbers] = np.nan
        at, hards, how, field = _read_record(text, at + 1, end, fields, follows, values, numbers, hard, hards)
        numbers += 1
        more = False
        if how != END:
            inside = True
            break
        how = BROKEN
    if how == BROKEN and not inside:
        numbers += 1  # what is wrong is a record that did not begin
    if numbers > len(values):
        grown = np.full((numbers, columns), np.nan)
        grown[: len(values)] = values
        values = grown
    return values[:numbers], hard[:hards], how, at, field


@compiled_in_place
def _read_record(  # noqa: C901 a state machine, in one piece for speed
    text: Bytes,
    at: int,
    end: int,
    fields: RecordFields,
    follows: NDArray[np.int64],
    values: Float64s,
    record: int,
    hard: NDArray[np.int64],
    hards: int,
) -> tuple[int, int, int, int]:
    """Fill in the row of one record; return where it ends, the numbers left to Python so far, how, and which field."""
    names, lengths, required = fields.text, fields.length, fields.required
    count = len(lengths)
    seen = 0
    before = -1
    while True:
        at = skip_space(text, at, end)
        if at >= end:
            return at, hards, BROKEN, 0
        if text[at] == CLOSE:
            for field in range(count):
                if required[field] and not seen & (1 << field):
                    return at, hards, MISSING, field
            return at + 1, hards, END, 0
        if before != -1:
            if text[at] != COMMA:
                return at, hards, BROKEN, 0
            at = skip_space(text, at + 1, end)
        if at >= end or text[at] != QUOTE:
            return at, hards, BROKEN, 0
        name = at + 1
        place = before + 1 if before >= 0 else 0
        field = follows[place]
        if field >= 0 and _is(text, name, end, names, field, lengths[field]):
            at = name + lengths[field] + 1
        else:
            at = skip_string(text, at, end)
            if at < 0:
                return name, hards, BROKEN, 0
            field = -2
            for k in range(count):
                if lengths[k] == at - 1 - name and _is(text, name, end, names, k, lengths[k]):
                    field = k
            follows[place] = field
        before = field
        at = skip_space(text, at, end)
        if at >= end or text[at] != COLON:
            return at, hards, BROKEN, 0
        at = skip_space(text, at + 1, end)
        if at >= end:
            return at, hards, BROKEN, 0
        if field < 0:
            value_at = at
            at = skip_value(text, at, end)
            if at < 0:
                return value_at, hards, BROKEN, 0
            continue
        boxed = field == count - 1
        if text[at] == LETTER_NULL and not required[field]:
            at += 4  # null
            continue
        if fields.place[field]:
            values[record, field] = at
            at = skip_value(text, at, end)
            if at < 0:
                return int(values[record, field]), hards, BROKEN, 0
            continue
        if boxed:
            if text[at] != OPEN_LIST:
                return at, hards, NOT_A_BOX, field
            at += 1
            if not required[field]:
                after = skip_space(text, at, end)
                if after < end and text[after] == CLOSE_LIST:  # an empty list
                    at = after + 1
                    continue
        seen |= 1 << field
        for k in range(4 if boxed else 1):
            if boxed:
                at = skip_space(text, at, end)
                if k:
                    if at >= end or text[at] != COMMA:
                        return at, hards, NOT_A_BOX, field
                    at = skip_space(text, at + 1, end)
            if at >= end:
                return at, hards, BROKEN, 0
            began = at
            mantissa, digits, after_point = 0, 0, 0
            while at < end and ZERO <= text[at] <= NINE:
                mantissa = 10 * mantissa + (text[at] - ZERO)
                at += 1
            digits = at - began
            if digits and at + 1 < end and text[at] == POINT:
                at += 1
                while at < end and ZERO <= text[at] <= NINE:
                    mantissa = 10 * mantissa + (text[at] - ZERO)
                    after_point += 1
                    at += 1
                digits = digits + after_point if after_point else 0
            short = 0 < digits <= 15 and at < end and text[at] != SMALL_E and text[at] != LARGE_E
            if short and (text[began] != ZERO or at == began + 1 or text[began + 1] == POINT):
                values[record, field + k] = mantissa / TEN[after_point] if after_point else float(mantissa)
                continue
            value, at, kind = read_number(text, began, end)
            if kind == 2:
                return began, hards, NOT_A_NUMBER, field
            values[record, field + k] = value
            if kind == 1:
                hard[hards, 0], hard[hards, 1], hard[hards, 2], hard[hards, 3] = record, field + k, began, at
                hards += 1
        if boxed:
            at = skip_space(text, at, end)
            if at >= end or text[at] != CLOSE_LIST:
                return at, hards, NOT_A_BOX, field
            at += 1


@compiled_in_place
def _is(text: Bytes, at: int, end: int, names: Bytes, field: int, length: int) -> bool:
    """Return whether the string whose first letter is at ``at`` is a field's name."""
    if at + length >= end or text[at + length] != QUOTE:
        return False
    same = True
    for k in range(length):
        same = same and names[field, k] == text[at + k]
    return same


@compiled_in_place
def read_number(  # noqa: C901 a state machine
    text: Bytes, at: int, end: int
) -> tuple[float, int, int]:
    """Return a number and the byte after it; 0 = read, 1 = for Python to read, 2 = not a number.

    NaN and Infinity, which Python writes, are read as such, true and false as 1 and 0.
    """
    began = at
    negative = text[at] == MINUS
    if negative:
        at += 1
    if at >= end:
        return np.nan, at, 2
    if text[at] == LETTER_N and not negative:
        return np.nan, at + 3, 0
    if text[at] == LETTER_I:
        return (-np.inf if negative else np.inf), at + 8, 0
    if text[at] == LETTER_T and not negative:
        return 1.0, at + 4, 0
    if text[at] == LETTER_F and not negative:
        return 0.0, at + 5, 0
    mantissa = np.uint64(0)
    ten = np.uint64(10)
    digits, exponent, cut = 0, 0, False
    first = at
    while at < end and ZERO <= text[at] <= NINE:
        if digits < 19:
            mantissa = mantissa * ten + np.uint64(text[at] - ZERO)
            digits += 1 if mantissa else 0
        else:
            exponent += 1
            cut = True
        at += 1
    if at == first or (at - first > 1 and text[first] == ZERO):
        return np.nan, began, 2
    if at < end and text[at] == POINT:
        at += 1
        first = at
        while at < end and ZERO <= text[at] <= NINE:
            if digits < 19:
                mantissa = mantissa * ten + np.uint64(text[at] - ZERO)
                digits += 1 if mantissa else 0
                exponent -= 1
            else:
                cut = True
            at += 1
        if at == first:
            return np.nan, began, 2
    if at < end and (text[at] == SMALL_E or text[at] == LARGE_E):
        at += 1
        down = at < end and text[at] == MINUS
        if at < end and (down or text[at] == PLUS):
            at += 1
        first = at
        written = 0
        while at < end and ZERO <= text[at] <= NINE:
            written = min(written * 10 + int(text[at] - ZERO), 100_000)
            at += 1
        if at == first:
            return np.nan, began, 2
        exponent += -written if down else written
    if mantissa == np.uint64(0):
        return (-0.0 if negative else 0.0), at, 0
    if cut or exponent < -FAR or exponent > FAR:
        return np.nan, at, 1
    if mantissa <= np.uint64(1 << 53) and -22 <= exponent <= 22:
        exact = np.float64(mantissa)
        value = float(exact * TEN[exponent] if exponent >= 0 else exact / TEN[-exponent])
    else:
        value = _nearest(mantissa, exponent)
        if value < 0:
            return np.nan, at, 1
    return (-value if negative else value), at, 0


@compiled_in_place
def _high_product(a: np.uint64, b: np.uint64) -> np.uint64:
    """Return the upper 64 bits of a 128-bit product."""
    half, mask = np.uint64(32), np.uint64(0xFFFFFFFF)
    a1, a0, b1, b0 = a >> half, a & mask, b >> half, b & mask
    middle = a1 * b0 + ((a0 * b0) >> half)
    other = a0 * b1 + (middle & mask)
    return a1 * b1 + (middle >> half) + (other >> half)


@compiled_in_place
def _nearest(mantissa: np.uint64, exponent: int) -> float:
    """Return the float nearest to mantissa x 10^exponent; -1 in the rare case that 128 bits do not decide.

    D. Lemire, Number parsing at a gigabyte per second, 2021.
    """
    one = np.uint64(1)
    zeros = 0
    while not mantissa >> np.uint64(63):
        mantissa <<= one
        zeros += 1
    power = HIGH[exponent + FAR]
    high, low = _high_product(mantissa, power), mantissa * power
    if (high & np.uint64(0x1FF)) == np.uint64(0x1FF):
        carried = _high_product(mantissa, LOW[exponent + FAR])
        low += carried
        if low < carried:
            high += one
    if low == ~np.uint64(0) and (exponent < -27 or exponent > 55):
        return -1.0
    upper = np.int64(high >> np.uint64(63))
    kept = high >> np.uint64(upper + 9)
    binary = ((217706 * exponent) >> 16) + 63 + upper - zeros
    exactly = (kept << np.uint64(upper + 9)) == high
    if low <= one and -4 <= exponent <= 23 and (kept & np.uint64(3)) == one and exactly:
        kept &= ~one  # halfway between two floats: to the even one
    kept = (kept + (kept & one)) >> one
    return np.float64(kept) * 2.0 ** (binary - 52)
