"""Large JSON files a piece at a time: the records of their lists, some megabytes together.

A file of two million boxes would be two gigabytes of Python objects if it were read whole. Records are kept with all
that is nested in them; ``science.coco.json_records`` reads the flat numbers alone, and says why both are needed.
Whoever can do with columns hands over a reader of plain records, which is asked first.
"""

import gc
import json
import mmap
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from dataset.importing.text import Undecodable, as_utf8

WHOLE = 24 << 20  # bytes: smaller files are read at once
PIECE = 8 << 20  # bytes of records read together
LARGEST_RECORD = 64 << 20

SPACE = re.compile(rb"[ \t\r\n]*")
KEY = re.compile(rb'"([^"\\]{0,1000})"[ \t\r\n]*:[ \t\r\n]*')
COLON = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*")
FIRST_KEY = re.compile(rb'\{[ \t\r\n]*"[^"\\]{1,200}"')
FROM_PYTHON = (b"NaN", b"Infinity", b"\\ud", b"\\uD")  # no JSON, or half a letter, but Python writes them
ALONE = re.compile(rb"[^,}\]\[{\"\s]{1,100}")

Buffer = mmap.mmap
# Asked for the records from a byte to the last that begins before another, `(text, at, stop)`: what it makes of them
# and the byte after them, or None where it cannot.
PlainReader = Callable[[NDArray[np.uint8], int, int], tuple[Any, int] | None]


class BrokenJson(Exception):
    """The text is not JSON, or more than can be read; says where."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


@contextmanager
def collector_paused() -> Iterator[None]:
    """Millions of records are made and dropped here, and none is part of a cycle: looking for cycles costs a third."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def pieces(path: Path, plain: Mapping[str, PlainReader] | None = None) -> Iterator[tuple[str, Any]]:
    """The members of the file's object, as (key, value); the file's list comes under the key "".

    A value that is a list may come in several pieces, each a list, or of a large file what a reader of `plain` made of
    it, by key. Raises BrokenJson where the text is broken, which may be after some pieces; OSError where the file
    cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        is_usual = head_is_utf8(file.read(4))
    if size <= WHOLE or not is_usual:
        yield from members(at_once(in_utf8(path.read_bytes()), 0, b""))
        return
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # closed when nothing looks at it any more
    data.madvise(mmap.MADV_SEQUENTIAL)
    yield from walk(data, plain or {})


def head_is_utf8(head: bytes) -> bool:
    """Whether a file's first four bytes may be UTF-8's: JSON begins with ASCII, which UTF-16 has zeros in."""
    return not head.startswith((b"\xff\xfe", b"\xfe\xff")) and not head.count(0)


def in_utf8(data: bytes) -> bytes:
    """The bytes in UTF-8. Raises BrokenJson where they are text in no encoding that can be told."""
    try:
        return as_utf8(data)[0]
    except Undecodable as error:
        raise BrokenJson(str(error)) from error


def loads(text: bytes) -> Any:
    """Parse, also with the NaN, Infinity and halves of letters that Python writes. Raises orjson.JSONDecodeError."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if not any(word in text for word in FROM_PYTHON):
            raise
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            pass
        raise


def members(content: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        yield from content.items()
    else:
        yield "", content


def at_once(text: bytes, start: int, before: bytes) -> Any:
    """Parse; errors are named by the line and column in the file. `before`: the text up to `start` of the file."""
    try:
        return loads(text)
    except orjson.JSONDecodeError as error:
        reason = f"broken JSON: {error.msg.split(': line')[0]}"
        raise BrokenJson(reason, error.lineno + before.count(b"\n"), error.colno) from error


@lru_cache(maxsize=4)  # one reader after the other asks for the same file
def top_keys(head: bytes) -> dict[str, bytes]:
    """The names of the members of the object that a text begins with, and how their values begin.

    Of a list, those of its first object, if that is one. The text may stop anywhere; what follows is not known.
    """
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    level = 2 if head[:1] == b"[" else 1
    if head[:1] not in (b"{", b"["):
        return {}
    codes = np.frombuffer(head, dtype=np.uint8)
    quotes = np.flatnonzero(codes == ord('"'))
    if b"\\" in head:
        quotes = quotes[~escaped(codes, quotes)]
    opening, closing = quotes[: len(quotes) // 2 * 2 : 2], quotes[1::2]
    place, depth, _ = brackets(head)
    before = np.searchsorted(place, opening) - 1
    found: dict[str, bytes] = {}
    ends = np.flatnonzero(depth < level)
    stop = int(place[ends[ends >= level][0]]) if (ends >= level).any() else len(head)
    for start, end in zip(
        opening[depth[before] == level].tolist(), closing[depth[before] == level].tolist(), strict=True
    ):
        if start < stop and (colon := COLON.match(head, end + 1)):
            name = head[start + 1 : end].decode("utf-8", "replace")
            found.setdefault(name, head[colon.end() : colon.end() + 200])
    return found


def walk(data: Buffer, plain: Mapping[str, PlainReader]) -> Iterator[tuple[str, Any]]:
    """The members of a large file."""
    at = skip(data, 3 if data[:3] == b"\xef\xbb\xbf" else 0)
    if data[at : at + 1] == b"[":
        for piece, end in items(data, at, plain.get("")):
            at = end
            yield "", piece
    elif data[at : at + 1] == b"{":
        at = skip(data, at + 1)
        while data[at : at + 1] != b"}":
            key = KEY.match(data, at)
            if key is None:
                raise broken(data, at, "a name and a colon were expected")
            name = key.group(1).decode("utf-8", "replace")
            for value, end in values(data, key.end(), plain.get(name)):
                at = end
                yield name, value
            at = after_comma(data, at, b"}")
        at += 1
    else:
        raise broken(data, at, "it starts with neither { nor [")
    if skip(data, at) != len(data):
        raise broken(data, skip(data, at), "more follows where the file should end")


def values(data: Buffer, at: int, plain: PlainReader | None) -> Iterator[tuple[Any, int]]:
    """The value that starts at a place, in pieces where it is a list, each with the place after it."""
    first = data[at : at + 1]
    if first == b"[":
        yield from items(data, at, plain)
    elif first in (b"{", b'"'):
        end = end_of_first(data, at)
        yield parsed(data, at, end), end
    else:
        word = ALONE.match(data, at)
        if word is None:
            raise broken(data, at, "a value was expected")
        yield parsed(data, at, word.end()), word.end()


def items(data: Buffer, at: int, plain: PlainReader | None) -> Iterator[tuple[Any, int]]:
    """The items of the list that starts at a place, some at a time; the last piece comes with the place after it."""
    at = skip(data, at + 1)
    if data[at : at + 1] == b"]":
        yield [], at + 1
        return
    while True:
        some, end = plain_records(data, at, plain) or guessed_records(data, at) or counted_records(data, at)
        let_go(data, at, end)
        at = skip(data, end)
        if data[at : at + 1] == b"]":
            yield some, at + 1
            return
        yield some, at
        at = after_comma(data, at, b"")


def let_go(data: Buffer, start: int, end: int) -> None:
    """What was read need not stay in memory; should it be asked for again, it comes from the file."""
    first = start // mmap.PAGESIZE * mmap.PAGESIZE
    data.madvise(mmap.MADV_DONTNEED, first, end - first)


def plain_records(data: Buffer, at: int, plain: PlainReader | None) -> tuple[Any, int] | None:
    """What the reader makes of the next records, if it can."""
    return plain(np.frombuffer(data, dtype=np.uint8), at, at + PIECE) if plain else None


def guessed_records(data: Buffer, at: int) -> tuple[list[Any], int] | None:
    """Records up to one that begins as the first does; None where the guess was wrong.

    The text starts at a record, so it can only be valid as a list if it also ends with one.
    """
    first = FIRST_KEY.match(data, at)
    if first is None or at + PIECE >= len(data):
        return None
    following = data.rfind(first.group(), at + 1, at + PIECE)
    if following < 0:
        return None
    text = data[at:following].rstrip()
    if not text.endswith(b","):
        return None
    try:
        return loads(b"[" + text[:-1] + b"]"), at + len(text) - 1
    except orjson.JSONDecodeError:
        return None


def counted_records(data: Buffer, at: int) -> tuple[list[Any], int]:
    """Records up to where the brackets say that one ends."""
    size = PIECE
    while True:
        end = last_end(data[at : at + size])
        if end is not None:
            return parsed_list(data, at, at + end), at + end
        if size >= min(LARGEST_RECORD, len(data) - at):
            parsed_list(data, at, min(at + size, at + PIECE))  # says where it is broken
            raise broken(data, at, "a record is too large to be read, or never ends")
        size *= 2


def last_end(text: bytes) -> int | None:
    """Where the last complete item of a list's inside ends, or the list does; None if no item is complete."""
    place, depth, mark = brackets(text)
    closing = np.flatnonzero((depth < 0) & (mark < 0))
    if len(closing):  # the list's own bracket; its last item may be a bare word, so it ends there
        return len(text[: int(place[closing[0]])].rstrip())
    ends = np.flatnonzero((depth == 0) & (mark < 0))
    return int(place[ends[-1]]) + 1 if len(ends) else None


def brackets(text: bytes) -> tuple[Any, Any, Any]:
    """Places of the brackets outside strings, the depth after each, and +1 or −1 for what each is."""
    codes = np.frombuffer(text, dtype=np.uint8)
    quotes = np.flatnonzero(codes == ord('"'))
    if b"\\" in text:
        quotes = quotes[~escaped(codes, quotes)]
    place = np.flatnonzero(KINDS[codes])
    place = place[np.searchsorted(quotes, place) % 2 == 0]
    mark = KINDS[codes[place]]
    return place, np.cumsum(mark, dtype=np.int64), mark


KINDS = np.zeros(256, dtype=np.int8)
KINDS[[ord("["), ord("{")]] = 1
KINDS[[ord("]"), ord("}")]] = -1


def escaped(codes: Any, quotes: Any) -> Any:
    """Which quotes stand after an odd number of backslashes."""
    slash = np.concatenate([[False], codes == ord("\\")])
    last_other = np.maximum.accumulate(np.where(slash, 0, np.arange(len(slash))))
    run = np.arange(len(slash)) - last_other  # backslashes that end at each place
    return run[quotes] % 2 == 1


def end_of_first(data: Buffer, at: int) -> int:
    """Where the object or string that starts at a place ends."""
    size = 1 << 16
    while True:
        text = data[at : at + size]
        if text[:1] == b'"':
            closing = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord('"'))
            closing = closing[~escaped(np.frombuffer(text, dtype=np.uint8), closing)]
            if len(closing) > 1:
                return at + int(closing[1]) + 1
        else:
            place, depth, _ = brackets(text)
            ends = np.flatnonzero(depth == 0)
            if len(ends):
                return at + int(place[ends[0]]) + 1
        if size >= min(LARGEST_RECORD, len(data) - at):
            raise broken(data, at, "a value is too large to be read, or never ends")
        size *= 4


def parsed_list(data: Buffer, start: int, end: int) -> list[Any]:
    found: list[Any] = parsed(data, start, end, b"[", b"]")
    return found


def parsed(data: Buffer, start: int, end: int, before: bytes = b"", after: bytes = b"") -> Any:
    """The value between two places; errors are named by line and column of the file."""
    try:
        return loads(before + data[start:end] + after)
    except orjson.JSONDecodeError as error:
        column = error.colno if error.lineno > 1 else error.colno - len(before) + column_at(data, start) - 1
        reason = f"broken JSON: {error.msg.split(': line')[0]}"
        raise BrokenJson(reason, line_at(data, start) + error.lineno - 1, column) from error


def broken(data: Buffer, at: int, reason: str) -> BrokenJson:
    return BrokenJson(f"broken JSON: {reason}", line_at(data, at), column_at(data, at))


def line_at(data: Buffer, at: int) -> int:
    """The 1-based line of a place; the file is read in pieces for it."""
    return 1 + sum(data[start : min(start + PIECE, at)].count(b"\n") for start in range(0, at, PIECE))


def column_at(data: Buffer, at: int) -> int:
    return at - data.rfind(b"\n", max(0, at - PIECE), at)


def skip(data: Buffer, at: int) -> int:
    """The first place from here on that is no space."""
    found = SPACE.match(data, at)
    return found.end() if found else at


def after_comma(data: Buffer, at: int, closing: bytes) -> int:
    """The place after a comma, or of the closing bracket."""
    at = skip(data, at)
    sign = data[at : at + 1]
    if sign == b",":
        return skip(data, at + 1)
    if closing and sign == closing:
        return at
    raise broken(data, at, "a comma was expected")
