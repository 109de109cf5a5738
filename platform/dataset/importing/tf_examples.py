"""TFRecord files and the tf.train.Example messages in them, read without TensorFlow.

A record is its length (8 bytes, little-endian), a checksum of that (4), the message, and a checksum of it (4). An
Example is a protobuf message: Features (1) of map entries (1), each a key (1) and a Feature (2), which is a list of
bytes (1), of floats (2, packed) or of whole numbers (3, packed varints). tensorflow/core/example/*.proto
"""

import struct
from collections.abc import Iterator
from pathlib import Path

Values = list[bytes] | list[float] | list[int]
LARGEST_RECORD = 300_000_000  # bytes: a picture may be in it
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5  # protobuf's wire types


class BrokenRecord(Exception):
    """The bytes are no such record."""


def records(path: Path) -> Iterator[tuple[int, bytes]]:
    """The messages of a TFRecord file and where they begin. Raises BrokenRecord, which may be after some."""
    with path.open("rb") as file:
        while head := file.read(12):
            start = file.tell()
            if len(head) < 12:
                raise BrokenRecord("the file ends within a record")
            (length,) = struct.unpack("<Q", head[:8])
            if length > LARGEST_RECORD:
                raise BrokenRecord("a record is too large to be read, or this is no TFRecord file")
            body = file.read(length + 4)
            if len(body) < length + 4:
                raise BrokenRecord("the file ends within a record")
            yield start, body[:-4]


def example(message: bytes) -> dict[str, Values]:
    """The features of an Example by name. Raises BrokenRecord."""
    found: dict[str, Values] = {}
    try:
        for _, features in fields(message, 1):
            for _, entry in fields(features, 1):
                key = next((value for _, value in fields(entry, 1)), b"")
                feature = next((value for _, value in fields(entry, 2)), b"")
                found[key.decode("utf-8", "replace")] = values(feature)
    except (IndexError, struct.error) as error:
        raise BrokenRecord("a record is no tf.train.Example") from error
    return found


def fields(message: bytes, wanted: int) -> Iterator[tuple[int, bytes]]:
    """Number and content of a message's fields of that number which have a length."""
    for number, kind, content in parts(message):
        if number == wanted and kind == LENGTH:
            yield number, content


def parts(message: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Number, wire type and bytes of each field. Raises BrokenRecord, IndexError."""
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        kind = tag & 7
        if kind == LENGTH:
            size, start = varint(message, at)
        elif kind in (FIXED64, FIXED32):
            size, start = (8 if kind == FIXED64 else 4), at
        elif kind == VARINT:
            _, end = varint(message, at)
            size, start = end - at, at
        else:
            raise BrokenRecord("a record is no tf.train.Example")
        if start + size > len(message):
            raise BrokenRecord("a record is cut off")
        yield tag >> 3, kind, message[start : start + size]
        at = start + size


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the low ones first, and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise BrokenRecord("a number in a record is too long")


def values(feature: bytes) -> Values:
    """The list in a Feature, whichever of the three it is."""
    for number, kind, content in parts(feature):
        if kind == LENGTH and number == 1:
            return [value for _, value in fields(content, 1)]
        if kind == LENGTH and number == 2:
            return [one for _, _, packed in parts(content) for (one,) in struct.iter_unpack("<f", packed)]
        if kind == LENGTH and number == 3:
            return [signed(one) for _, _, packed in parts(content) for one in varints(packed)]
    return []


def varints(packed: bytes) -> Iterator[int]:
    at = 0
    while at < len(packed):
        value, at = varint(packed, at)
        yield value


def signed(value: int) -> int:
    """int64 of two's complement."""
    return value - (1 << 64) if value >= 1 << 63 else value
