"""What the tables hold, kept and put back: what takes long to make is made once a session, and copied for each test."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

MADE_BY_DJANGO = {"django_content_type", "auth_permission", "django_migrations"}  # there again after each test


def rows_now() -> dict[str, bytes]:
    """Rows by table, as COPY gives them."""
    with connection.cursor() as cursor:
        return {table: bytes(b"".join(_copied_out(cursor, table))) for table in tables()}


def put_rows(rows: dict[str, bytes]) -> None:
    """Have the tables hold these rows and no others.

    Sequences go on: what the server remembers of a revision or an evaluation must not stand for another test's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # in any order: it fitted when it was kept
        cursor.execute(";".join(f'DELETE FROM "{table}"' for table in rows))
        for table, data in rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(data)
        cursor.execute("SET session_replication_role = origin")


def tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed} - MADE_BY_DJANGO)


def _copied_out(cursor: Any, table: str) -> Iterator[bytes]:
    with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        yield from copy
