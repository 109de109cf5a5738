"""The reserve: a file of 64 MB that is given up when the disk is full, so that the database can write its log.

Writers stop long before (storage/room.py); what else fills the disk does not ask. A database that cannot write ends,
and cannot even start again to read. With the reserve gone it can; it is made again when there is room.
"""

import contextlib
import os
import shutil
from pathlib import Path

RESERVE = 64 << 20  # bytes; the same as in storage/room.py, which may not be imported from here
FLOOR = int(os.environ.get("HALFDAY_FREE_BYTES", str(128 << 20)))  # bytes that writers leave free
NEEDED = 16 << 20  # bytes: one more file of the database's log


class Reserve:
    """The file `reserve` in HALFDAY_HOME: whole, or empty where it was given up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "reserve"

    def look(self) -> None:
        """Give it up, or make it again, as the disk has it."""
        free = shutil.disk_usage(self.folder).free
        if free < NEEDED:
            self.give_up()
        elif free > FLOOR + RESERVE + NEEDED and not self.is_whole():
            self.make()

    def is_whole(self) -> bool:
        """Whether its bytes are held."""
        try:
            return self.file.stat().st_size == RESERVE
        except OSError:
            return False

    def give_up(self) -> None:
        """Let the disk have its bytes."""
        with contextlib.suppress(FileNotFoundError):
            os.truncate(self.file, 0)

    def make(self) -> None:
        """Hold the bytes: real ones, not a hole."""
        with self.file.open("wb") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, RESERVE)
            except OSError:
                file.truncate(0)
