"""One supervisor (PyPI `supervisor`) over the processes of a running platform."""

import contextlib
import http.client
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping
from typing import Any, cast

from supervisor.xmlrpc import SupervisorTransport

from embedded import processes
from embedded.failures import Failure, tail
from embedded.home import Home
from embedded.programs import SERVERS, Program, configuration

SOCKET = "supervisor.sock"
UNREACHABLE = (OSError, xmlrpc.client.Error, http.client.HTTPException)
START_TIMEOUT = 20  # seconds
STOP_TIMEOUT = 120  # seconds; the database may have much to write


class Supervisor:
    """A child process that starts the programs it is told to, and restarts what ends."""

    def __init__(self, home: Home, programs: list[Program], environment: Mapping[str, str]) -> None:
        self.home = home
        self.programs = programs
        self.environment = environment
        self.socket = processes.socket_folder(home.run, SOCKET) / SOCKET
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the supervisor, with nothing under it yet. It ends with this process, however this ends."""
        processes.ensure_private(self.socket.parent)
        file = self.home.run / "supervisord.conf"
        file.write_text(configuration(self.home, self.socket, self.programs))
        self.socket.unlink(missing_ok=True)
        command = [sys.executable, "-m", "embedded.run", "program", "TERM"]
        command += [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)]
        with (self.home.logs / "supervisor.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=dict(self.environment),
                cwd=self.home.folder,
                start_new_session=True,  # the terminal's Ctrl-C reaches the launcher alone, which stops in order
            )
        self._wait_until_it_answers()

    def start_program(self, name: str) -> None:
        """Start one program; it is kept running from then on."""
        self._call("startProcess", name, False)

    def start_anew(self, name: str, stop_signal: str = "TERM") -> None:
        """Have a program load its code again: the signal ends it, and what has ended is started; nobody waits here."""
        with contextlib.suppress(*UNREACHABLE):  # it ends just now, and is started all the same
            if self.states().get(name, {}).get("statename") in {"STARTING", "RUNNING"}:
                self._call("signalProcess", name, stop_signal)
            else:  # one that keeps failing waits longer each time
                with contextlib.suppress(xmlrpc.client.Fault):
                    self._call("stopProcess", name, False)
                self._call("startProcess", name, False)

    def states(self) -> dict[str, dict[str, Any]]:
        """What the supervisor knows of each program: statename, pid, description …; nothing if it does not answer."""
        try:
            return {state["name"]: state for state in self._call("getAllProcessInfo")}
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
            self._ask_clients_of_the_servers_to_stop()
            self.process.terminate()
            try:
                self.process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def _ask_clients_of_the_servers_to_stop(self) -> None:
        """All at once: by itself the supervisor would stop one after the other."""
        with contextlib.suppress(*UNREACHABLE):
            for name, state in self.states().items():
                if state["statename"] in {"STARTING", "RUNNING"} and name not in SERVERS:
                    self._call("stopProcess", name, False)

    def kill(self) -> None:
        """Stop without waiting for anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _call(self, method: str, *arguments: object) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self.socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=cast(xmlrpc.client.Transport, transport)) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            try:
                self._call("getState")
                return
            except UNREACHABLE:
                if not self.alive() or time.monotonic() > deadline:
                    log = tail(self.home.logs / "supervisor.log")
                    raise Failure("The supervisor did not start.", log=log) from None
            time.sleep(0.05)
