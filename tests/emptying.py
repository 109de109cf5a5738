"""Tables emptied after a test that commits: by DELETE, as TRUNCATE makes new files for every table and index."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def empty_by_delete() -> None:
    """Have Django's `flush` do it so, on this process's connection."""
    connection.ops.sql_flush = sql_flush  # type: ignore[method-assign]


def sql_flush(style: Any, tables: Sequence[str], *, reset_sequences: bool = False, **options: Any) -> list[str]:
    """What empties the tables, whatever refers to whatever. Waits for those who still write, as TRUNCATE does."""
    assert not reset_sequences, "DELETE leaves the sequences as they are; no test has asked for more yet."
    if not tables:
        return []
    names = [connection.ops.quote_name(table) for table in tables]
    return [
        f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE",
        "SET LOCAL session_replication_role = replica",  # without looking at each reference: all rows go
        ";".join(f"DELETE FROM {name}" for name in names),
    ]
