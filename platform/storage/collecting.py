"""Bytes that nothing names any more: of deleted datasets, runs, exports. The collector that removes them.

Every kept file has a SHA-256 in its name (blobs, and thumbnails and crops of an image), and whoever needs one has that
in the database: so what is named is whatever 64 hexadecimal digits stand in any text or JSON there, wherever they
stand and whatever they mean. A file is removed when its own are not among them and nobody has stored it for KEPT: work
under way stores first and writes its rows at the end.
"""

import logging
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from accounts.models import User
from storage import s3

logger = logging.getLogger(__name__)

KEPT = 3 * 24 * 3600.0  # seconds
EVERY = 24 * 3600.0  # seconds between two collections
HOLDING = ("blobs", "thumbnails", "crops")
DIGEST = re.compile(r"(?:^|/)([0-9a-f]{64})(?:[./]|$)")
# The largest tables, of which no column can name a file; reading them would take minutes.
NAMING_NONE = {"dataset_annotation", "dataset_prediction", "curate_match"}
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
    AND (data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY'))
"""


@dataclass(frozen=True)
class Collected:
    """What a collection removed."""

    files: int
    bytes: int


def collect(*, kept: float = KEPT) -> Collected:
    """Remove what nothing names; only from a folder: in S3 other installations may share the bucket."""
    if s3.store() is not None or not is_of_this_database():
        return Collected(0, 0)
    before = time.time() - kept
    old = [path for path in files() if path.stat().st_mtime < before]  # looked at before the names are
    named = names() if old else set()
    sizes = [remove(path, before) for path in old if digest_of(path) not in named]
    return Collected(sum(size is not None for size in sizes), sum(size or 0 for size in sizes))


def is_of_this_database() -> bool:
    """Whether the folder is the one that this database speaks of, by a note that the first collection leaves in it.

    An installation started by mistake with another DATABASE_URL, or an empty database, names none of the files. A
    database is known by its first person, which a backup that is restored keeps.
    """
    first = User.objects.order_by("pk").values_list("pk", "created_at").first()
    database = f"{first[0]} {first[1].isoformat()}" if first else "nobody"
    note = settings.STORAGE_ROOT / "work" / "collected-for"
    if not note.exists():
        if first is None:
            return True  # nobody has been here yet
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(database)
    if note.read_text() == database:
        return True
    logger.warning(
        "Nothing is removed from the storage: it was kept for another database. Look at DATABASE_URL, or, if this is"
        " the right one, remove work/collected-for in the storage."
    )
    return False


def files() -> Iterator[Path]:
    """Every file that is kept under a SHA-256."""
    for part in HOLDING:
        for folder, _, found in os.walk(settings.STORAGE_ROOT / part):
            yield from (path for name in found if digest_of(path := Path(folder) / name))


def digest_of(path: Path) -> str:
    """The SHA-256 in a kept file's path; empty where there is none."""
    found = DIGEST.search(path.relative_to(settings.STORAGE_ROOT).as_posix())
    return found.group(1) if found else ""


def names() -> set[str]:
    """All that could be a SHA-256 in the database, seen at one moment."""
    found: set[str] = set()
    is_first = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_first:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(COLUMNS)
        for table, column in [row for row in cursor.fetchall() if row[0] not in NAMING_NONE]:
            match = "SELECT DISTINCT (regexp_matches({}::text, '[0-9a-f]{{64}}', 'g'))[1] FROM {}"
            cursor.execute(sql.SQL(match).format(sql.Identifier(column), sql.Identifier(table)))
            found.update(row[0] for row in cursor.fetchall())
    return found


def remove(path: Path, before: float) -> int | None:
    """Remove the file unless it was stored again since; returns its size, None where it stays.

    It is moved aside first: whoever stores it from then on finds it missing and writes it anew, and whoever has just
    found it there has made it young, which is seen before it is too late.
    """
    aside = path.with_name(f".going-{path.name}")
    try:
        path.rename(aside)
        facts = aside.stat()
    except FileNotFoundError:
        return None
    if facts.st_mtime >= before:
        aside.rename(path)
        return None
    aside.unlink()
    return facts.st_size


def collect_daily() -> None:
    """Collect once a day; the clock calls this."""
    last = settings.STORAGE_ROOT / "work" / "collected"
    if last.exists() and time.time() - last.stat().st_mtime < EVERY:
        return
    last.parent.mkdir(parents=True, exist_ok=True)
    last.touch()
    collect()
