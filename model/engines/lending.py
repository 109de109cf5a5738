"""Who computes on which GPUs of this machine: workers of one GPU each, and a training that takes several for a while.

Where every worker has a GPU of its own, a training by several borrows those of its neighbours: it waits until what
runs there has ended, and no new work starts on them before it has. A GPU is held by a lock on a file, which the
operating system opens when the holder ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from model.engines.types import EngineError

MACHINE, MINE = "HALFDAY_MACHINE_GPUS", "CUDA_VISIBLE_DEVICES"  # names in the environment of a worker with one GPU
LOOK = 0.25  # seconds between two tries

Check = Callable[[], None]  # asked while waiting; what it raises ends the wait


def gpus_of_machine() -> list[str]:
    """The GPUs that the workers of this machine have together; none where this worker has all that it sees."""
    return [name for name in os.environ.get(MACHINE, "").split(",") if name]


@contextmanager
def borrowed(count: int, check: Check, say: Callable[[str], None]) -> Iterator[str | None]:
    """So many GPUs, as CUDA_VISIBLE_DEVICES names them; None: those that this worker sees, all of them its own.

    One is the worker's own. `say` is told what is waited for. Raises EngineError where the machine has fewer.
    """
    names = gpus_of_machine()
    if not names:
        yield None
        return
    if count > len(names):
        raise EngineError(
            f"{count} GPUs were asked for; this machine has {len(names)}. Set devices to that or fewer, or to auto."
        )
    with ExitStack() as held:
        with _turn(shared=count == 1, check=check):
            wanted = [os.environ.get(MINE, names[0])] if count == 1 else names
            found = _hold(wanted, count, check, say, held)
        yield ",".join(found)


def _hold(names: Sequence[str], count: int, check: Check, say: Callable[[str], None], held: ExitStack) -> list[str]:
    """Lock so many of these as soon as they are free."""
    found: list[str] = []
    said = False
    while True:
        for name in names:
            if len(found) < count and name not in found and _lock(held, f"gpu-{name}", fcntl.LOCK_EX):
                found.append(name)
        if len(found) == count:
            return sorted(found, key=names.index)
        if not said:
            say(f"Waiting for {count - len(found)} of {count} GPUs, on which something else still runs.")
            said = True
        check()
        time.sleep(LOOK)


@contextmanager
def _turn(*, shared: bool, check: Check) -> Iterator[None]:
    """While somebody waits for several GPUs nobody else begins: else they would never all be free."""
    with ExitStack() as held:
        while not _lock(held, "turn", fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
            check()
            time.sleep(LOOK)
        yield


def _lock(held: ExitStack, name: str, kind: int) -> bool:
    """Whether the lock is held now; it opens with `held`."""
    file = _file(name)
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    held.enter_context(file)
    return True


def _file(name: str) -> IO[bytes]:
    folder = Path(os.environ.get("HALFDAY_HOME") or ".halfday") / "engines" / "gpus"
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / name.replace("/", "_")).open("ab")
