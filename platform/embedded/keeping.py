"""One supervised program: its process, and what is to be done next about it."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil

from embedded.logs import opened
from embedded.programs import Program

STARTS = 5.0  # seconds after which a program counts as running; a server's are fewer
SERVER_STARTS = 1.0
FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0  # seconds before one that ended is started again; doubled each time
LAST_WORD = 2.0  # seconds from SIGQUIT to SIGKILL


class Kept:
    """Starts the program's process, finds that it has ended, and starts the next, until it is told to stop."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.log = log
        self.process: psutil.Process | None = None
        self.wanted = False
        self.failures = 0
        self.due = 0.0  # when to start it again
        self.began = 0.0
        self.signals: list[tuple[float, signal.Signals]] = []  # what it is to get, and when, while it is being stopped

    def adopt(self, process: psutil.Process) -> None:
        """Go on with a process that an earlier keeper started."""
        self.process, self.wanted, self.began = process, True, 0.0

    def family(self) -> list[int]:
        """The process and its descendants."""
        if self.process is None:
            return []
        with contextlib.suppress(psutil.Error):
            return [self.process.pid, *(child.pid for child in self.process.children(recursive=True))]
        return [self.process.pid]

    def start(self) -> None:
        """Have it run from now on."""
        self.wanted, self.due = True, 0.0
        self.look()

    def start_anew(self, number: signal.Signals) -> None:
        """Have it load its code again: the signal ends it or is understood; one that waits does so no longer."""
        self.wanted, self.due, self.failures = True, 0.0, 0
        if self.process is not None:
            self._send(number)

    def stop(self) -> None:
        """Have it end: asked first, made to at last."""
        self.wanted = False
        if self.process is not None and not self.signals:
            now, last = time.monotonic(), self.program.stop_seconds
            self.signals = [(now, self._signal(self.program.stop_signal))]
            if self.program.is_server:  # a database that ends without its last words has to read its log again
                self.signals.append((now + last, signal.SIGQUIT))
                last += LAST_WORD
            self.signals.append((now + last, signal.SIGKILL))

    def look(self) -> None:
        """Do what is due."""
        if self.process is not None and not self.alive():
            self._has_ended()
        if self.process is None and self.wanted and time.monotonic() >= self.due:
            self._spawn()
        while self.signals and time.monotonic() >= self.signals[0][0]:
            self._send(self.signals.pop(0)[1])

    def alive(self) -> bool:
        """Whether its process runs; our own children are reaped by this."""
        if self.process is None:
            return False
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(self.process.pid, os.WNOHANG)[0]:
                return False
        try:
            return bool(self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False

    def state(self) -> dict[str, object]:
        """Name of the state and process id, for the launcher."""
        return {"statename": self._state(), "pid": self.process.pid if self.process else 0}

    def _state(self) -> str:
        if self.process is None:
            return "BACKOFF" if self.wanted and self.failures else "STARTING" if self.wanted else "STOPPED"
        if self.signals or not self.wanted:
            return "STOPPING"
        return "RUNNING" if self._has_started() else "STARTING"

    def _has_started(self) -> bool:
        return time.monotonic() - self.began > (SERVER_STARTS if self.program.is_server else STARTS)

    def _has_ended(self) -> None:
        """One that had been up is started again at once; one that does not come up is waited for, longer each time."""
        self.failures = 0 if self._has_started() else self.failures + 1
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self.failures - 1)) if self.failures else 0.0
        self.process, self.signals, self.due = None, [], time.monotonic() + wait

    def _spawn(self) -> None:
        """Its output goes to its log by itself, so that it can outlive its keeper."""
        self.began = time.monotonic()
        program = self.program
        with opened(self.log) as out:
            try:
                child = subprocess.Popen(
                    program.command,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    env=os.environ | program.environment,
                    cwd=program.folder,
                    start_new_session=True,
                    pass_fds=[] if program.listener is None else [program.listener],
                )
            except OSError:  # no memory, no process numbers: tried again
                self._has_ended()
                return
        child.returncode = 0  # reaped by `alive`, where it may also be another keeper's child
        with contextlib.suppress(psutil.NoSuchProcess):
            self.process = psutil.Process(child.pid)

    def _send(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess, PermissionError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)

    def _signal(self, name: str) -> signal.Signals:
        return signal.Signals[f"SIG{name}"]
