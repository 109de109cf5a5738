"""The stage as it was after it was set, kept for the other tests of a session: rows and files are copied, not made."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

from django.apps import apps
from django.db import connection

from tests.e2e.stage import Stage

MADE_BY_DJANGO = {"django_content_type", "auth_permission", "django_migrations"}  # there again after each test


@dataclass(frozen=True)
class KeptStage:
    """Rows by table as COPY gives them, and the files of `folder`."""

    stage: Stage
    rows: dict[str, bytes]
    folder: Path


def keep(stage: Stage, folder: Path) -> KeptStage:
    """Keep what the tables hold now; `folder` is left alone from here on."""
    with connection.cursor() as cursor:
        rows = {table: bytes(b"".join(copied_out(cursor, table))) for table in tables()}
    return KeptStage(stage, rows, folder)


def put_back(kept: KeptStage, folder: Path) -> Stage:
    """Fill empty tables and an empty folder with what was kept.

    Sequences go on: what the server remembers of a revision or an evaluation must not stand for another test's.
    """
    shutil.copytree(kept.folder, folder, dirs_exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # in any order: it fitted when it was kept
        for table, data in kept.rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(data)
        cursor.execute("SET session_replication_role = origin")
    return replace(kept.stage, cast=deepcopy(kept.stage.cast))


def tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed} - MADE_BY_DJANGO)


def copied_out(cursor: object, table: str) -> Iterator[bytes]:
    with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:  # type: ignore[attr-defined]
        yield from copy
