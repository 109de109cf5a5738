"""Processes that tests start, and waiting for what they do.

A process ends with the test that started it, whether that passes or not, and with the session, even one that is killed.
It hears SIGINT: a session that was started in the background of a script ignores it, which children would inherit.
"""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from children import die_with_parent

PATIENCE = 360.0  # seconds, for anything; a busy machine is slow, and a start of the platform the longest of all
LOOK = 0.05  # seconds between two looks


def start(command: Sequence[Any], **options: Any) -> subprocess.Popen[bytes]:
    """Start a process, as subprocess.Popen does; see that `end` is called, whatever comes."""
    return subprocess.Popen(list(map(str, command)), preexec_fn=_become_a_child, **options)


def _become_a_child() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent(signal.SIGTERM)


def end(process: subprocess.Popen[bytes], number: int = signal.SIGTERM, *, patience: float = PATIENCE) -> int:
    """Have it end, by SIGKILL where the signal does not help in time; returns its exit status."""
    if process.poll() is None:
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    if process.poll() is None:
        process.kill()
    return process.wait()


@contextlib.contextmanager
def started(command: Sequence[Any], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the length of a block."""
    process = start(command, **options)
    try:
        yield process
    finally:
        end(process, patience=30)


def until(condition: Callable[[], object], why: Callable[[], object] = lambda: "waited too long") -> None:
    """Wait for something to become true; `why` is what the failure says."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, why()
        time.sleep(LOOK)
