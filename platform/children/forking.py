"""The nursery's own side, and that of its children: `python -m MODULE SOCKET PARENT IDLE`."""

import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import IO

from children.bond import die_with_parent
from children.lines import Line

LOOK = 0.05  # seconds between looks at the children

Work = Callable[[Line, IO[str]], None]  # gets the request and the channel for lines to the parent


def fork_for_each_request(load: Callable[[], None], work: Work) -> None:
    """Load the libraries, then fork a child that does `work` for each request until nobody asks any more.

    What a child prints goes to the log that came with its request. It dies with the nursery, and that with the process
    that started it; without work it goes after IDLE seconds.
    """
    control, parent, patience = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]), float(sys.argv[3])
    die_with_parent(parent=parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    load()
    fates: dict[int, socket.socket] = {}  # by the child's process id
    idle = 0.0
    while idle < patience:
        _tell_ends(fates)
        idle = 0.0 if fates else idle + LOOK
        if not select.select([control], [], [], LOOK)[0]:
            continue
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 3)
        if not message:
            return
        pid, fate = _fork(control, json.loads(message), descriptors, work)
        fates[pid] = fate


def _fork(control: socket.socket, request: Line, descriptors: list[int], work: Work) -> tuple[int, socket.socket]:
    """A child at work, and the socket to tell its fate through, on which its process id has gone out."""
    pipe, log, fate = descriptors
    nursery = os.getpid()
    pid = os.fork()
    if pid == 0:
        control.close()
        os._exit(_child(nursery, request, pipe, log, work))
    os.close(pipe)
    os.close(log)
    told = socket.socket(fileno=fate)
    told.send(str(pid).encode())
    return pid, told


def _tell_ends(fates: dict[int, socket.socket]) -> None:
    """Reap children that have ended and say how."""
    for pid in list(fates):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            with fates.pop(pid) as fate:
                fate.send(str(os.waitstatus_to_exitcode(status)).encode())


def _child(nursery: int, request: Line, pipe: int, log: int, work: Work) -> int:
    """Do one request; returns the exit status. Nothing that it raises may reach the nursery's loop."""
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        die_with_parent(parent=nursery)
        with os.fdopen(pipe, "w", encoding="utf-8", buffering=1) as channel:
            work(request, channel)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
