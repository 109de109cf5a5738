"""Room on the disks that the platform writes to, and the reserve that its database falls back on when there is none.

Writers stop while FLOOR bytes are free: what is left is for the database, which cannot even read what it has where it
cannot write its log. `embedded.reserve` keeps RESERVE more bytes in a file, and gives them up when it comes to that.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.problems import NoRoom, problem_answer

FLOOR = int(os.environ.get("HALFDAY_FREE_BYTES", str(128 << 20)))  # bytes that stay free for the database
RESERVE_FILE, RESERVE = "reserve", 64 << 20  # in HALFDAY_HOME, made by the launcher; shorter where it was given up
LOW, VERY_LOW = 0.10, 0.02  # shares of a disk
WRITING = {"POST", "PUT", "PATCH"}  # DELETE makes room
NEEDS_NONE = ("/api/v1/auth/", "/cancel")  # signing in to see what is wrong, and stopping what fills the disk


@dataclass(frozen=True)
class Room:
    """How much is free on the fuller of the platform's disks."""

    free: int  # bytes that may be written
    share: float  # of the whole disk that is free, 0 to 1

    @property
    def state(self) -> str:
        """ok, low, very_low or full."""
        if self.free <= 0:
            return "full"
        return "very_low" if self.share < VERY_LOW else "low" if self.share < LOW else "ok"


def left() -> Room:
    """Of HALFDAY_HOME and the storage, the one with less; microseconds."""
    reserve = missing_reserve()
    return min((left_on(folder, reserve) for folder in folders()), key=lambda room: room.free)


def folders() -> set[Path]:
    """The folders that the platform writes to."""
    return {settings.HOME, settings.STORAGE_ROOT}


def nearest(folder: Path) -> Path:
    """The folder, or the one above that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def left_on(folder: Path, reserve: int) -> Room:
    """`reserve`: bytes that are to come back first. Asked for each file of an import, so the folder is tried first."""
    try:
        disk = shutil.disk_usage(folder)
    except FileNotFoundError:
        disk = shutil.disk_usage(nearest(folder))
    return Room(disk.free - FLOOR - reserve, disk.free / max(disk.total, 1))


def missing_reserve() -> int:
    """Bytes of the reserve that were given up and are to come back first; 0 where no launcher keeps one."""
    try:
        return RESERVE - (settings.HOME / RESERVE_FILE).stat().st_size
    except OSError:
        return 0


def check_room(size: int = 0) -> None:
    """Raise NoRoom where so many bytes more would not fit."""
    if left().free <= size:
        raise NoRoom


class RoomMiddleware:
    """Refuses what writes while the disk is full, before anything of it is done; reading and removing go on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        """Django's hook: the address is known, and nothing is done yet."""
        if request.method in WRITING and not needs_none(request.path) and left().free <= 0:
            return problem_answer(NoRoom())
        return None


def needs_none(path: str) -> bool:
    """Whether a call is let through for what it is good for then."""
    before, after = NEEDS_NONE
    return path.startswith(before) or path.endswith(after)
