"""Data of an older Postgres into today's: dumped from the old server, loaded into a new cluster, counted, exchanged.

The old data are read and never changed; an interruption leaves them in use, and the next start begins anew.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from embedded import processes
from embedded.databases import counts, dump, load, moment
from embedded.failures import Failure
from embedded.older_data import GIVEN, left_behind, programs_of, take_place, version_of
from embedded.postgres import MAJOR_VERSION, Postgres
from embedded.progress import Step, step

DUMP = ".dump-"  # how the folder of a dump begins
ROOM = 2  # times what the data take: the new ones, and the dump on its way


def move_older_data(server: Postgres) -> None:
    """Bring data that an older major version wrote into this one's form; at once where there are none.

    Raises Failure, with the data as they were, where the old programs, room or rows are missing.
    """
    take_place(server.folder)
    version = version_of(server.data)
    if version in ("", MAJOR_VERSION) or int(version) > int(MAJOR_VERSION):
        return
    clear_away(server.folder)
    programs = programs_of(server.folder, version)
    if programs is None:
        raise no_programs(server, version)
    check_room(server)
    with step(f"Data of Postgres {version} moved to {MAJOR_VERSION}") as current:
        move(server, programs, current)
    for old in left_behind(server.folder):
        current.note(f"The data from before are in {old}; remove the folder when all is well.")


def clear_away(folder: Path) -> None:
    """What a move that was killed left half made: it may be as large as the data."""
    for path in (folder / "moving", *folder.glob(f"{DUMP}*")):
        shutil.rmtree(path, ignore_errors=True)


def no_programs(server: Postgres, version: str) -> Failure:
    given = os.environ.get(GIVEN)
    where = f"not in {given}, which {GIVEN} names" if given else "not here"
    return Failure(
        f"The data in {server.data} were written by Postgres {version}; this release runs Postgres {MAJOR_VERSION}, "
        f"and the programs of {version}, which can read them, are {where}.",
        advice=f"Set {GIVEN} to a folder with the programs of Postgres {version} and pgvector (such as "
        f"/usr/lib/postgresql/{version}/bin) and run again; the data are moved then. Or run ./halfday backup FILE "
        "with the release that wrote them, and with this one HALFDAY_HOME=/another/folder ./halfday restore FILE.",
    )


def check_room(server: Postgres) -> None:
    """Raise Failure where the disk is too full to hold the data twice more."""
    needed = ROOM * sum(path.stat().st_size for path in server.data.rglob("*") if path.is_file())
    free = shutil.disk_usage(server.folder).free
    if free < needed:
        raise Failure(
            f"Moving the database to Postgres {MAJOR_VERSION} needs {needed / 1e9:.1f} GB; the disk of "
            f"{server.folder} has {free / 1e9:.1f} GB free.",
            advice="Free some space and run again. The data are as they were.",
        )


def move(server: Postgres, programs: Path, current: Step) -> None:
    """Dump, load, compare, exchange."""
    folder = server.folder / "moving"
    new = Postgres(folder)
    with tempfile.TemporaryDirectory(dir=server.folder, prefix=DUMP) as kept:
        file = Path(kept) / "database.dump"
        with running(server, programs), moment(server.url) as when:
            current.say("dumping")
            dump(when, file)
        try:
            new.start(die_with_parent=True)
            current.say("loading")
            load(new.url, file)
            compare(when.counts, counts(new.url))
        finally:
            new.stop()
    new.data.rename(server.folder / "data.moved")
    take_place(server.folder)
    shutil.rmtree(folder, ignore_errors=True)


def compare(wanted: dict[str, int], found: dict[str, int]) -> None:
    """Raise Failure where a table has not the rows that it had."""
    for table in sorted(wanted.keys() | found.keys()):
        if wanted.get(table) != found.get(table):
            raise Failure(
                f"The table {table} had {wanted.get(table)} rows and has {found.get(table)} after the move. "
                "The data from before stay in use by the release before; nothing of them was changed."
            )


@contextlib.contextmanager
def running(server: Postgres, programs: Path) -> Iterator[None]:
    """The old server on the old data, for the time of the block."""
    server.stop()
    account = server.account()
    processes.ensure_private(server.socket_folder, account)
    if account is not None:
        processes.let_others_reach(programs)
        processes.let_others_read(programs.parent)
    command = [str(programs / "postgres"), *server.command()[1:]]
    with server.log.open("ab") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
    try:
        server.wait_until_ready(child.pid)
        yield
    finally:
        server.stop()
        child.wait()
