"""Limits of a child process that reads what somebody brought: memory, and nothing of the network.

They are set by the child on itself and hold for Python's own calls. A C library that spoke to the network by itself
would not be seen here; none of those that are used does, and downloads are switched off by the engine's settings too.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from model.engines.types import ConversionLimits, EngineError

Answer = TypeVar("Answer")
NO_MEMORY = ("allocate memory", "bad_alloc", "out of memory", "could not create a primitive")  # torch, C++, oneDNN

REACHING_OUT = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
    "urllib.Request", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty",
)  # fmt: skip


def confined(limits: ConversionLimits, work: Callable[[], Answer]) -> Answer:
    """Do the work in this process, which is held to the limits from here on. Raises EngineError beyond its memory."""
    confine(limits)
    try:
        return work()
    except Exception as error:
        if not ran_out(error):
            raise
        raise EngineError(f"It needs more than {limits.memory >> 20} MiB of memory, which is the limit.") from error


def ran_out(error: BaseException | None) -> bool:
    """Whether the error, or one that it came from, is a lack of memory, which each library says in its own words."""
    while error is not None:
        if isinstance(error, MemoryError) or any(words in str(error) for words in NO_MEMORY):
            return True
        error = error.__cause__ or error.__context__
    return False


def confine(limits: ConversionLimits) -> None:
    """Hold this process to the memory from here on, and refuse it the network and children. Not to be undone."""
    if limits.memory and (taken := address_space()):
        resource.setrlimit(resource.RLIMIT_AS, (taken + limits.memory,) * 2)
    sys.addaudithook(_refuse)


def address_space() -> int:
    """Bytes of addresses that this process has already, most of them its libraries; 0 where nobody tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # not Linux
        return 0
    return pages * resource.getpagesize()


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in REACHING_OUT:
        raise PermissionError(f"A conversion reaches neither the network nor other programs ({event}).")
