"""The launcher's side of the supervisor over the processes of a running platform; its own side is `keeper`."""

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from embedded import processes
from embedded.failures import Failure, tail
from embedded.home import Home
from embedded.logs import opened
from embedded.programs import Program

SOCKET = "supervisor.sock"
MARK = "HALFDAY_INSTANCE"  # in the environment of every process of a running platform
UNREACHABLE = (OSError, ValueError)
START_TIMEOUT = 20  # seconds
STOP_TIMEOUT = 18  # seconds; by then it has made everything end, the database too
ANSWER = 2.0  # seconds


class Supervisor:
    """A child process that starts the programs it is told to, and restarts what ends."""

    def __init__(self, home: Home, programs: list[Program], environment: Mapping[str, str]) -> None:
        self.home = home
        self.programs = programs
        self.environment = environment
        self.keeps_reserve = False
        self.socket = processes.socket_folder(home.run, SOCKET) / SOCKET
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, adopt: bool = False) -> None:
        """Start the supervisor, with nothing under it yet, or with what a killed one has left behind (`adopt`).

        It ends with this process, however this ends.
        """
        processes.ensure_private(self.socket.parent)
        self.socket.unlink(missing_ok=True)
        with opened(self.home.logs / "supervisor.log") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "embedded.keeper", str(self.socket)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=dict(self.environment),
                cwd=self.home.folder,
                start_new_session=True,  # the terminal's Ctrl-C reaches the launcher alone, which stops in order
                pass_fds=[program.listener for program in self.programs if program.listener is not None],
            )
        self._tell(adopt)
        self._wait_until_it_answers()

    def _tell(self, adopt: bool) -> None:
        """What to keep, through a pipe: no file that a full disk could refuse."""
        assert self.process is not None
        assert self.process.stdin is not None
        programs = [program.as_json() for program in self.programs]
        told = {"programs": programs, "adopt": adopt, "mark": MARK, "reserve": self.keeps_reserve}
        with contextlib.suppress(BrokenPipeError), self.process.stdin as pipe:
            pipe.write(json.dumps(told).encode())

    def start_program(self, name: str) -> None:
        """Start one program; it is kept running from then on."""
        self._call("start", name=name)

    def start_anew(self, name: str, stop_signal: str = "TERM") -> None:
        """Have a program load its code again: the signal ends it, and what has ended is started; nobody waits here."""
        with contextlib.suppress(*UNREACHABLE):
            self._call("again", name=name, signal=stop_signal)

    def states(self) -> dict[str, dict[str, Any]]:
        """What the supervisor knows of each program: name, statename, pid; nothing if it does not answer."""
        try:
            return {name: state | {"name": name} for name, state in self._call("states").items()}
        except UNREACHABLE:
            return {}

    def alive(self) -> bool:
        """Whether the supervisor itself still runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop every program, the servers last, then the supervisor."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_TIMEOUT)
        self.kill()
        self.process = None

    def kill(self) -> None:
        """Stop without waiting for anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _call(self, do: str, **what: str) -> Any:
        """Ask it, a line each way."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER)
            connection.connect(str(self.socket))
            with connection.makefile("rw") as lines:
                lines.write(json.dumps({"do": do} | what) + "\n")
                lines.flush()
                return json.loads(lines.readline())

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            try:
                self._call("states")
                return
            except UNREACHABLE:
                if not self.alive() or time.monotonic() > deadline:
                    log = tail(self.home.logs / "supervisor.log")
                    raise Failure("The supervisor did not start.", log=log) from None
            time.sleep(0.05)
