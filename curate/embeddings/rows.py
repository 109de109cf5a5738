"""Vectors into and out of Postgres in binary: text would be five times as large."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from curate.embeddings.encoder import DIMENSIONS, ENCODER
from dataset.bulk import SIGNATURE, TRAILER
from dataset.models import Dataset

Ids = NDArray[np.int64]
READ = 4000  # vectors at once, ten megabytes

MINE = "dataset_id = %s AND encoder = %s AND annotation_id IS NULL"
NEXT = f"""
SELECT count(*), max(image_id), string_agg(int8send(image_id) || halfvec_send(vector), '' ORDER BY image_id)
FROM (
    SELECT image_id, vector FROM curate_embedding WHERE {MINE} AND image_id > %s ORDER BY image_id LIMIT {READ}
) few
"""
# pgvector's binary form: how many numbers, two bytes for later use, the numbers.
VECTOR = [("dimensions", ">u2"), ("unused", ">u2"), ("numbers", ">f2", (DIMENSIONS,))]


def store(columns: dict[str, Ids], vectors: NDArray[np.float16]) -> int:
    """Insert a row for each vector; `columns` are the (N,) ids of its dataset, image and, of a crop, annotation."""
    if len(vectors) == 0:
        return 0
    rows = np.zeros(len(vectors), _record(tuple(columns)))
    rows["fields"] = len(columns) + 2
    for name, values in columns.items():
        rows[f"length_{name}"], rows[name] = 8, values
    rows["length_encoder"], rows["encoder"] = len(ENCODER), ENCODER.encode()
    rows["length_vector"], rows["dimensions"], rows["numbers"] = 4 + 2 * DIMENSIONS, DIMENSIONS, vectors
    names = ", ".join([*columns, "encoder", "vector"])
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY curate_embedding ({names}) FROM STDIN (FORMAT binary)") as to,
    ):
        to.write(SIGNATURE + rows.tobytes() + TRAILER)
    return len(rows)


def _record(names: tuple[str, ...]) -> np.dtype:
    """A row as COPY wants it: the number of fields, then each field's length and value."""
    fields: list[tuple] = [("fields", ">i2")]
    for name in names:
        fields += [(f"length_{name}", ">i4"), (name, ">i8")]
    fields += [("length_encoder", ">i4"), ("encoder", f"S{len(ENCODER)}"), ("length_vector", ">i4"), *VECTOR]
    return np.dtype(fields)


def image_vectors(dataset: Dataset) -> tuple[Ids, NDArray[np.float16]]:
    """(N,) image ids, rising, and (N, 1280) their vectors."""
    chunks = list(_chunks(dataset))
    row = np.dtype([("image", ">i8"), *VECTOR])
    rows = np.frombuffer(b"".join(chunks), row)
    return rows["image"].astype(np.int64), rows["numbers"].astype(np.float16)


def _chunks(dataset: Dataset) -> Iterator[bytes]:
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(NEXT, [dataset.pk, ENCODER, last])
            count, last, packed = cursor.fetchone()
            if not count:
                return
            yield bytes(packed)
