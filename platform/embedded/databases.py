"""The whole database as one file, and back: pg_dump and pg_restore out of the wheel, with counts to compare by."""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from embedded.failures import Failure
from embedded.postgres import program

Counts = dict[str, int]  # rows by table


@dataclass(frozen=True)
class Moment:
    """The database as it stood at one moment, whatever is written meanwhile; valid while its block runs."""

    url: str
    snapshot: str
    counts: Counts
    version: int  # of the server, as 180006


@contextlib.contextmanager
def moment(url: str) -> Iterator[Moment]:
    """Hold on to how things stand now."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield Moment(url, str(row[0]), rows_by_table(connection), connection.info.server_version)


def counts(url: str) -> Counts:
    """Rows of each table."""
    with psycopg.connect(url) as connection:
        return rows_by_table(connection)


def rows_by_table(connection: psycopg.Connection) -> Counts:
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    found = {}
    for (table,) in tables:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        found[str(table)] = int(row[0]) if row else 0
    return found


def dump(when: Moment, file: Path) -> None:
    """Write the database of that moment, compressed."""
    options = ["--format=custom", "--no-owner", f"--snapshot={when.snapshot}", f"--file={file}"]
    _run("pg_dump", *options, f"--dbname={when.url}", said="The database could not be dumped.")


def load(url: str, file: Path) -> None:
    """Fill an empty database, all or nothing."""
    options = ["--no-owner", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", *options, f"--dbname={url}", file, said="The database could not be restored.")


def _run(name: str, *arguments: str | Path, said: str) -> None:
    done = subprocess.run([program(name), *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(said, log=done.stderr.splitlines()[-10:])
