"""Rows in and out of Postgres in binary, straight from and to numpy arrays: half a million boxes take a second.

No value that is moved may be NULL. What goes in must have its column's dtype: int16, int32, int64, float32 or float64.
"""

from collections.abc import Iterator, Mapping, Sequence
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


def record_type(dtypes: Sequence[np.dtype[Any]]) -> np.dtype[Any]:
    """A row of COPY's binary form: the number of fields, then each field's length and big-endian value."""
    fields: list[tuple[str, Any]] = [("fields", ">i2")]
    for place, dtype in enumerate(dtypes):
        fields += [(f"length{place}", ">i4"), (f"value{place}", dtype.newbyteorder(">"))]
    return np.dtype(fields)


def copy_in(table: str, columns: Mapping[str, Array]) -> int:
    """Insert one row per element of the `(N,)` columns; returns N. Names of table and columns come from code only."""
    arrays = list(columns.values())
    count = len(arrays[0])
    if count == 0:
        return 0
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT binary)') as copy:
        copy.write(SIGNATURE)
        for chunk in packed(arrays, count):
            copy.write(chunk)
        copy.write(TRAILER)
    return count


def packed(arrays: Sequence[Array], count: int) -> Iterator[bytes]:
    """The rows as COPY wants them, some at a time."""
    row = record_type([array.dtype for array in arrays])
    for start in range(0, count, CHUNK):
        stop = min(start + CHUNK, count)
        rows = np.zeros(stop - start, dtype=row)
        rows["fields"] = len(arrays)
        for place, array in enumerate(arrays):
            rows[f"length{place}"] = array.dtype.itemsize
            rows[f"value{place}"] = array[start:stop]
        yield rows.tobytes()


def copy_out(query: str, params: Sequence[Any], dtypes: Sequence[Any]) -> list[Array]:
    """The query's columns as `(N,)` arrays of those dtypes, in the query's order. Raises ValueError on a NULL.

    The database packs many rows into one value, since taking them one by one costs Python more than the query does.
    """
    wanted = [np.dtype(dtype) for dtype in dtypes]
    names = [f"c{place}" for place in range(len(wanted))]
    sent = " || ".join(f"{SENDERS[dtype.str[1:]].format(name)}" for name, dtype in zip(names, wanted, strict=True))
    packed_rows = (
        f"WITH asked ({', '.join(names)}) AS ({query}), "
        f"numbered AS (SELECT row_number() OVER () AS n, {sent} AS packed FROM asked) "
        f"SELECT count(*), string_agg(packed, '' ORDER BY n) FROM numbered GROUP BY n / {CHUNK} ORDER BY n / {CHUNK}"
    )
    with connection.cursor() as cursor:
        cursor.execute(packed_rows, params)
        chunks = cursor.fetchall()
    row = np.dtype([(name, dtype.newbyteorder(">")) for name, dtype in zip(names, wanted, strict=True)])
    if any(count * row.itemsize != len(data or b"") for count, data in chunks):
        raise ValueError("A value was NULL.")
    rows = np.frombuffer(b"".join(data for _, data in chunks), dtype=row)
    return [rows[name].astype(dtype) for name, dtype in zip(names, wanted, strict=True)]
