"""What each index costs when rows are written: processor seconds of the database, and the log that it writes.

    PYTHONPATH=.:platform python benchmarks/index_costs.py [--rounds 2]

540,000 labels of 30,000 images and 1.5 million predictions go by COPY into the tables of an embedded Postgres, with all
indexes, without each one, and without any; in turns, each in a transaction that is undone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from import_labels import platform, server_seconds

IMAGES = 30_000
Columns = dict[str, Any]


def boxes(count: int, first: int) -> Columns:
    """Boxes that are `count` on each image, of ten classes."""
    dice = np.random.default_rng(first)
    rows = IMAGES * count
    corners = {name: dice.uniform(0, 1000, rows).astype(np.float32) for name in ("x1", "y1", "x2", "y2")}
    return {
        "image_id": np.repeat(np.arange(1, IMAGES + 1), count).astype(np.int64),
        "label_class_id": dice.integers(1, 11, rows).astype(np.int64),
        **corners,
    }


def tables() -> dict[str, Columns]:
    labels, predictions = boxes(18, 1), boxes(50, 2)
    rows, more = len(labels["image_id"]), len(predictions["image_id"])
    labels |= {"dataset_id": np.ones(rows, np.int64), "born": np.ones(rows, np.int32)}
    labels |= {"provenance": np.zeros(rows, np.int16)}
    predictions |= {"id": np.arange(1, more + 1), "prediction_set_id": np.ones(more, np.int64)}
    predictions |= {"score": np.random.default_rng(3).random(more).astype(np.float32)}
    return {"dataset_annotation": labels, "dataset_prediction": predictions}


def cases(cursor: Any, table: str) -> Iterator[tuple[str, list[str]]]:
    """Names, and the statements that take indexes away."""
    cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s ORDER BY 1", [table])
    names = [name for (name,) in cursor.fetchall()]
    key = f"{table}_pkey"
    drops = {name: f"DROP INDEX {name}" for name in names} | {key: f"ALTER TABLE {table} DROP CONSTRAINT {key}"}
    yield "all", []
    for name in names:
        yield f"without {name}", [drops[name]]
    yield "none", list(drops.values())


def write_costs(cursor: Any, table: str, columns: Columns) -> tuple[float, float, float]:
    """Processor seconds, seconds, and MB of log of writing the rows."""
    from dataset.bulk import copy_in

    cursor.execute("SELECT pg_current_wal_insert_lsn()")
    (before,), processor, began = cursor.fetchone(), server_seconds(), time.perf_counter()
    copy_in(table, columns)
    passed, processor = time.perf_counter() - began, server_seconds() - processor
    cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s) / 1e6", [before])
    return processor, passed, float(cursor.fetchone()[0])


def measure(rounds: int) -> None:
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    for _ in range(rounds):
        for table, columns in tables().items():
            with connection.cursor() as cursor:
                wanted = list(cases(cursor, table))
            for name, statements in wanted:
                with transaction.atomic(), connection.cursor() as cursor:
                    for statement in statements:
                        cursor.execute(statement)
                    processor, passed, log = write_costs(cursor, table, columns)
                    transaction.set_rollback(True)
                print(f"{table:20} {name:40} {processor:6.2f} s of processor {passed:7.2f} s {log:6.0f} MB", flush=True)
                with connection.cursor() as cursor:
                    cursor.execute(f"TRUNCATE {table}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    with platform():
        measure(options.rounds)


if __name__ == "__main__":
    main()
