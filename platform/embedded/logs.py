"""Logs with a limit: the programs append to them; what grows too long is put aside, or cut where there is no room."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

LONGEST = 20 << 20  # bytes of a log, and of the one before


def keep_short(folder: Path, *, longest: int = LONGEST) -> None:
    """Copy each log that is too long to NAME.log.1 and empty it; its writers go on at its end, which is its start."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > longest:
            old = log.with_name(f"{log.name}.1")
            with contextlib.suppress(OSError):
                shutil.copyfile(log, old)
            os.truncate(log, 0)


@contextlib.contextmanager
def opened(log: Path) -> Iterator[IO[bytes]]:
    """The log, to be added to; nowhere, where the disk has no room for even its name."""
    try:
        log.touch()
    except OSError:
        log = Path(os.devnull)
    with log.open("ab") as file:
        yield file
