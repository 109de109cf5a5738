"""The bond of a child to its parent: it ends when the parent does, however the parent ends."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # from linux/prctl.h


def die_with_parent(number: int = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Ask Linux to send this process signal `number` when the thread that started it ends, or its whole process.

    `parent`, where the caller was told it, is the process id that must still be the parent's: one that went before this
    process could ask leaves it to end here. A change of user drops the bond, so make it afterwards. Elsewhere than on
    Linux only that is looked at.
    """
    parent = os.getppid() if parent is None else parent
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit("the parent process ended before this one started")
