"""Where engine processes come from: one process has the heavy libraries loaded and forks a child for each request.

Loading torch takes seconds, a fork takes milliseconds; a loop of trainings and predictions pays once. The nursery
itself computes nothing, so its children start as clean as processes of their own, and each ends with its request. It
goes when its parent goes, and by itself after a minute without work.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from model.engines.environment import engine_environment

LOADING = 300.0  # seconds that the libraries may take to load on a machine that has other things to do
GRACE = 5.0  # seconds from the request to end until the kill
PATIENCE = 0.1  # seconds between two looks at a child that is ending


class Child:
    """An engine process at work. Its reports come through `reader`, what became of it through `fate`."""

    def __init__(self, reader: int, fate: socket.socket) -> None:
        self.reader = reader
        self.fate = fate
        fate.settimeout(LOADING)
        self.pid = int(self._line() or 0)
        self.status: int | None = None if self.pid else -signal.SIGKILL

    def _line(self) -> str:
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

    def close(self) -> None:
        """Let go of its pipes."""
        os.close(self.reader)
        self.fate.close()


class Nursery:
    """The process with the libraries loaded, for one number of threads."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None

    def start(self, folder: Path, log: int) -> Child:
        """A child that does the request in the folder and writes its output to the file descriptor `log`."""
        with self.lock:
            for attempt in (1, 2):
                control = self._ready()
                child = self._ask(control, folder, log)
                if child is not None:
                    return child
                self._forget()  # it went to sleep just now
                if attempt == 2:
                    break
        raise OSError("the engine process could not be started")

    def _ask(self, control: socket.socket, folder: Path, log: int) -> Child | None:
        """Send a request with the ends of its pipes; None where the nursery is gone."""
        reader, writer = os.pipe()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            socket.send_fds(control, [json.dumps({"folder": str(folder)}).encode()], [writer, log, theirs.fileno()])
        except OSError:
            os.close(reader)
            ours.close()
            return None
        finally:
            os.close(writer)
            theirs.close()
        child = Child(reader, ours)
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
        threading.Thread(target=self._keep, args=(theirs, born), name="engine nursery", daemon=True).start()
        born.wait()
        self.control = ours
        return ours

    def _keep(self, theirs: socket.socket, born: threading.Event) -> None:
        """Start the process and stay: the kernel ends it with the thread that started it, not with this process."""
        command = [sys.executable, "-m", "model.engines.worker", str(theirs.fileno()), str(os.getpid())]
        try:
            with theirs:
                process = self.process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),), env=engine_environment(self.threads)
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


_NURSERIES: dict[tuple[int, int], Nursery] = {}  # by our process id (a fork starts afresh) and number of threads


def nursery(threads: int) -> Nursery:
    """This process's nursery for a number of threads."""
    return _NURSERIES.setdefault((os.getpid(), threads), Nursery(threads))
