"""Which process runs which program, for the next keeper: a file of fixed length, so that a full disk cannot stop it."""

import contextlib
import json
import os
from pathlib import Path

import psutil

LENGTH = 4096  # bytes
SAME = 0.02  # seconds by which two readings of one start time may differ


class Memory:
    """Process ids with start times, since a number alone may be another program's by now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written: dict[str, list[float]] | None = None

    def keep(self, running: dict[str, psutil.Process]) -> None:
        """Write down what runs, where that changed."""
        found = {}
        for name, process in running.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                found[name] = [process.pid, process.create_time()]
        if found != self.written:
            with contextlib.suppress(OSError):
                descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
                with os.fdopen(descriptor, "wb", buffering=0) as file:
                    file.write(json.dumps(found).ljust(LENGTH).encode())
                self.written = found

    def living(self) -> dict[str, psutil.Process]:
        """The processes that still run."""
        try:
            known = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return {name: process for name, (pid, began) in known.items() if (process := _same(int(pid), began))}


def _same(pid: int, began: float) -> psutil.Process | None:
    """The process, if it is the one that began then, and not over."""
    try:
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return process if alive and abs(process.create_time() - began) < SAME else None
