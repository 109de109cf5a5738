"""File locks: they end with their holder, however it ends. Standard library only: runs before any set-up."""

import contextlib
import fcntl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def locked(path: Path, *, waiting: str = "") -> Iterator[None]:
    """Hold an exclusive lock on the file `path` for as long as the block runs; say `waiting` if it is taken."""
    file = try_lock(path)
    if file is None:
        if waiting:
            print(waiting, file=sys.stderr)
        file = path.open("a")
        fcntl.flock(file, fcntl.LOCK_EX)
    with file:
        yield


def try_lock(path: Path) -> IO[str] | None:
    """Take the lock if nobody has it; closing the file gives it back. None: somebody else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
