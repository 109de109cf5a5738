"""Rows in and out of Postgres in binary, straight from and to numpy arrays: half a million boxes take a second.

Only by `copy_in_some_null` may a value be NULL. What goes in must have its column's dtype: int16, int32, int64, float32
or float64.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no header extension
TRAILER = b"\xff\xff"
CHUNK = 100_000  # rows
SENDERS = {  # how Postgres writes a value of that kind in network order
    "i2": "int2send({}::int2)",
    "i4": "int4send({}::int4)",
    "i8": "int8send({}::int8)",
    "f4": "float4send({}::float4)",
    "f8": "float8send({}::float8)",
}

Array = NDArray[Any]
NULL = struct.pack(">i", -1)
JSONB_VERSION = b"\x01"


@dataclass(frozen=True)
class JsonColumn:
    """A jsonb column of few distinct values: `(N,)` places in `values`, which are JSON texts; -1 for NULL."""

    name: str
    codes: NDArray[np.int32]
    values: Sequence[bytes]

    def encoded(self) -> list[bytes]:
        """Every value as COPY wants it, and NULL last, where -1 points."""
        return [struct.pack(">i", len(value) + 1) + JSONB_VERSION + value for value in self.values] + [NULL]

    def fields(self, count: int) -> Iterator[list[bytes]]:
        """The fields of so many rows, CHUNK at a time."""
        encoded = self.encoded()
        for start in range(0, count, CHUNK):
            yield [encoded[code] for code in self.codes[start : start + CHUNK].tolist()]


@dataclass(frozen=True)
class BytesColumn:
    """A bytea column that few rows have a value in: by place; the others are NULL."""

    name: str
    values: Mapping[int, bytes]

    def fields(self, count: int) -> Iterator[list[bytes]]:
        """The fields of so many rows, CHUNK at a time."""
        for start in range(0, count, CHUNK):
            found = [self.values.get(place) for place in range(start, min(start + CHUNK, count))]
            yield [NULL if value is None else struct.pack(">i", len(value)) + value for value in found]


def record_type(dtypes: Sequence[np.dtype[Any]]) -> np.dtype[Any]:
    """A row of COPY's binary form: the number of fields, then each field's length and big-endian value."""
    fields: list[tuple[str, Any]] = [("fields", ">i2")]
    for place, dtype in enumerate(dtypes):
        fields += [(f"length{place}", ">i4"), (f"value{place}", dtype.newbyteorder(">"))]
    return np.dtype(fields)


def copy_in(
    table: str, columns: Mapping[str, Array], json: JsonColumn | None = None, binary: BytesColumn | None = None
) -> int:
    """Insert one row per element of the `(N,)` columns; returns N. Names of table and columns come from code only."""
    arrays = list(columns.values())
    count = len(arrays[0])
    if count == 0:
        return 0
    ragged: list[JsonColumn | BytesColumn] = []  # each value as long as it is
    if json is not None and not (json.codes < 0).all():
        ragged.append(json)
    if binary is not None and binary.values:
        ragged.append(binary)
    names = ", ".join(f'"{name}"' for name in [*columns, *(column.name for column in ragged)])
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT binary)') as copy:
        copy.write(SIGNATURE)
        for chunk in packed_with(arrays, count, ragged) if ragged else packed(arrays, count):
            copy.write(chunk)
        copy.write(TRAILER)
    return count


def packed(arrays: Sequence[Array], count: int) -> Iterator[bytes]:
    """The rows as COPY wants them, some at a time."""
    for start in range(0, count, CHUNK):
        yield rows_of(arrays, slice(start, min(start + CHUNK, count)), len(arrays)).tobytes()


def packed_with(arrays: Sequence[Array], count: int, ragged: Sequence[JsonColumn | BytesColumn]) -> Iterator[bytes]:
    """The same, with the ragged columns at the end of each row."""
    ends = [column.fields(count) for column in ragged]
    for start in range(0, count, CHUNK):
        chosen = slice(start, min(start + CHUNK, count))
        rows = rows_of(arrays, chosen, len(arrays) + len(ragged))
        fixed = rows.view(np.dtype((np.void, rows.dtype.itemsize))).tolist()
        yield b"".join(chain.from_iterable(zip(fixed, *(next(column) for column in ends), strict=True)))


def rows_of(arrays: Sequence[Array], chosen: slice, fields: int) -> Array:
    """Rows of the fixed columns."""
    some = [array[chosen] for array in arrays]
    rows = np.zeros(len(some[0]), dtype=record_type([array.dtype for array in some]))
    rows["fields"] = fields
    for place, array in enumerate(some):
        rows[f"length{place}"] = array.dtype.itemsize
        rows[f"value{place}"] = array
    return rows


@dataclass(frozen=True)
class NullableColumn:
    """`(N,)` values of one column, of which some may be NULL."""

    values: Array
    known: NDArray[np.bool_] | None = None  # (N,) None: all are


@dataclass(frozen=True)
class WordColumn:
    """A text column of few distinct values: `(N,)` places in `words`."""

    codes: NDArray[np.integer[Any]]
    words: Sequence[str]


def copy_in_some_null(table: str, columns: Mapping[str, NullableColumn | WordColumn], count: int) -> int:
    """As `copy_in`, where values may be NULL or words; rows are as long as what is in them."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT binary)') as copy:
        copy.write(SIGNATURE)
        for start in range(0, count, CHUNK):
            copy.write(_ragged(list(columns.values()), slice(start, min(start + CHUNK, count))))
        copy.write(TRAILER)
    return count


def _ragged(columns: Sequence[NullableColumn | WordColumn], chosen: slice) -> bytes:
    """Some rows as COPY wants them, put together field by field: each row's next byte is at `place`."""
    parts = [_bytes_of(column, chosen) for column in columns]
    sizes = [size for _, size in parts]
    ends = np.cumsum(2 + 4 * len(parts) + np.sum([np.maximum(size, 0) for size in sizes], axis=0))
    out = np.empty(int(ends[-1]), np.uint8)
    place = np.concatenate([[0], ends[:-1]]).astype(np.int64)
    place = _put(out, place, np.full(len(place), len(parts), ">i2"))
    for values, size in parts:
        place = _put(out, place, size.astype(">i4"))
        for width in np.unique(size[size > 0]).tolist():  # one width, but for words
            rows = np.flatnonzero(size == width)
            out[place[rows, None] + np.arange(width)] = values[rows, :width]
        place = place + np.maximum(size, 0)
    return out.tobytes()


def _bytes_of(column: NullableColumn | WordColumn, chosen: slice) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """(n, W) the bytes of each value, and (n,) how many of them count; -1 for NULL."""
    if isinstance(column, WordColumn):
        words = [word.encode() for word in column.words]
        table = np.array([list(word.ljust(max(map(len, words)), b"\0")) for word in words], np.uint8)
        codes = column.codes[chosen]
        return table[codes], np.array([len(word) for word in words], np.int64)[codes]
    values = column.values[chosen]
    wide = np.ascontiguousarray(values, values.dtype.newbyteorder(">")).view(np.uint8).reshape(len(values), -1)
    size = np.full(len(values), values.dtype.itemsize, np.int64)
    return wide, size if column.known is None else np.where(column.known[chosen], size, -1)


def _put(out: NDArray[np.uint8], place: NDArray[np.int64], values: Array) -> NDArray[np.int64]:
    """Write a value into every row and return where each goes on."""
    width = values.dtype.itemsize
    out[place[:, None] + np.arange(width)] = values.view(np.uint8).reshape(-1, width)
    return place + width


def next_ids(table: str, count: int) -> list[int]:
    """So many numbers of the table's id, drawn before the rows are written: nobody has to ask for them afterwards."""
    drawn = "SELECT nextval(pg_get_serial_sequence(%s, 'id')::regclass) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(drawn, [table, count])
        return [number for (number,) in cursor.fetchall()]


def copy_out(query: str, params: Sequence[Any], dtypes: Sequence[Any], *, ordered: bool = True) -> list[Array]:
    """The query's columns as `(N,)` arrays of those dtypes, in the query's order. Raises ValueError on a NULL.

    The database packs many rows into one value, since taking them one by one costs Python more than the query does.
    Without order they are packed into one value in a fifth of the time: for what fits a gigabyte.
    """
    wanted = [np.dtype(dtype) for dtype in dtypes]
    names = [f"c{place}" for place in range(len(wanted))]
    sent = " || ".join(f"{SENDERS[dtype.str[1:]].format(name)}" for name, dtype in zip(names, wanted, strict=True))
    asked = f"WITH asked ({', '.join(names)}) AS ({query})"
    packed_rows = (
        f"{asked}, "
        f"numbered AS (SELECT row_number() OVER () AS n, {sent} AS packed FROM asked) "
        f"SELECT count(*), string_agg(packed, '' ORDER BY n) FROM numbered GROUP BY n / {CHUNK} ORDER BY n / {CHUNK}"
        if ordered
        else f"{asked} SELECT count(*), string_agg({sent}, '') FROM asked"
    )
    with connection.cursor() as cursor:
        cursor.execute(packed_rows, params)
        chunks = cursor.fetchall()
    row = np.dtype([(name, dtype.newbyteorder(">")) for name, dtype in zip(names, wanted, strict=True)])
    if any(count * row.itemsize != len(data or b"") for count, data in chunks):
        raise ValueError("A value was NULL.")
    rows = np.frombuffer(b"".join(data or b"" for _, data in chunks), dtype=row)
    return [rows[name].astype(dtype) for name, dtype in zip(names, wanted, strict=True)]
