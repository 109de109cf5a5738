"""A nursery: one process has heavy libraries loaded and forks a child for each request.

Loading torch takes seconds, a fork takes milliseconds; a loop of trainings and predictions pays once. The nursery
itself computes nothing, so its children start as clean as processes of their own, and each ends with its request. It
goes when its parent goes, and by itself after a minute without work.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from children.death import ChildFailed, cause_of_death
from children.lines import Line, Lines

IDLE = 60.0  # seconds without work after which a nursery goes
LOADING = 300.0  # seconds that the libraries may take to load on a machine that has other things to do
GRACE = 5.0  # seconds from the request to end until the kill
PATIENCE = 0.1  # seconds between two looks at a child that is ending


class ForkedChild:
    """A process at work on one request. Its lines come through one pipe, what became of it through the other."""

    def __init__(self, reader: int, fate: socket.socket, who: str) -> None:
        self.reader = reader
        self.fate = fate
        self.who = who
        self.lines = Lines(reader, who)
        fate.settimeout(LOADING)
        self.pid = int(self._message() or 0)
        self.status: int | None = None if self.pid else -signal.SIGKILL

    def _message(self) -> str:
        """The next message of the nursery; empty where the nursery is gone."""
        with contextlib.suppress(OSError):
            return self.fate.recv(64).decode()
        return ""

    def wait(self, seconds: float) -> int | None:
        """Its exit status, negative for a signal, once it has ended; None where it has not after so many seconds."""
        if self.status is None:
            self.fate.settimeout(seconds)
            try:
                message = self.fate.recv(64).decode()
                self.status = int(message) if message else -signal.SIGKILL  # the nursery died, and its children with it
            except TimeoutError:
                return None
        return self.status

    def end(self) -> int:
        """Ask it to end, then make it; gives back its status."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.wait(PATIENCE if number == signal.SIGTERM else GRACE) is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, number)
        while (status := self.wait(GRACE)) is None:
            time.sleep(PATIENCE)
        return status

    def dead(self, seconds: float, log: Path) -> ChildFailed:
        """Why it closed its pipe without an answer; waits so long for its end."""
        return ChildFailed(cause_of_death(self.who, self.wait(seconds) or 0, log))

    def close(self) -> None:
        """Let go of its pipes."""
        os.close(self.reader)
        self.fate.close()


class Nursery:
    """A process that runs `python -m MODULE`, which calls `children.forking.fork_for_each_request`.

    `environment` is asked at each start. One that has gone to sleep is started again.
    """

    def __init__(self, module: str, environment: Callable[[], Mapping[str, str]], *, who: str) -> None:
        self.module = module
        self.environment = environment
        self.who = who
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None

    def start(self, request: Line, log: int) -> ForkedChild:
        """A child at work on the request, which writes its output to the file descriptor `log`."""
        with self.lock:
            for _ in range(2):
                child = self._ask(self._ready(), request, log)
                if child is not None:
                    return child
                self._forget()  # it went to sleep just now
        raise OSError(f"{self.who} could not be started")

    def _ask(self, control: socket.socket, request: Line, log: int) -> ForkedChild | None:
        """Send a request with the ends of its pipes; None where the nursery is gone."""
        reader, writer = os.pipe()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            socket.send_fds(control, [json.dumps(request).encode()], [writer, log, theirs.fileno()])
        except OSError:
            os.close(reader)
            ours.close()
            return None
        finally:
            os.close(writer)
            theirs.close()
        child = ForkedChild(reader, ours, self.who)
        if child.pid:
            return child
        child.close()
        return None

    def _ready(self) -> socket.socket:
        """The socket of a living nursery, started where there is none."""
        if self.control is not None and self.process is not None and self.process.poll() is None:
            return self.control
        self._forget()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        born = threading.Event()
        threading.Thread(target=self._keep, args=(theirs, born), name="nursery", daemon=True).start()
        born.wait()
        self.control = ours
        return ours

    def _keep(self, theirs: socket.socket, born: threading.Event) -> None:
        """Start the process and stay: the kernel ends it with the thread that started it, not with this process."""
        command = [sys.executable, "-m", self.module, str(theirs.fileno()), str(os.getpid()), str(IDLE)]
        try:
            with theirs:
                process = self.process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),), env=dict(self.environment())
                )
        finally:
            born.set()
        process.wait()

    def _forget(self) -> None:
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = self.control = None
