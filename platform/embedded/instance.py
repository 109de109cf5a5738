"""The running platform of one HALFDAY_HOME: start it, watch over it, stop it; at most one at a time."""

import contextlib
import json
import os
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from embedded import machine, processes
from embedded.failures import Failure, tail
from embedded.home import Home
from embedded.moving import move_older_data
from embedded.programs import Programs, serving_address
from embedded.programs import programs as production
from embedded.progress import step
from embedded.reserve import Reserve
from embedded.servers import Servers
from embedded.setup.database import ensure_database
from embedded.supervisor import MARK, UNREACHABLE, Supervisor

START_TIMEOUT = 300  # seconds until a program must answer; one that ends is noticed at once
PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds before a supervisor that keeps ending is started again
POLL = 0.2  # seconds between two looks at the supervisor
COMPLAIN_AFTER = 50  # looks at which a program was down
BACKLOG = 512  # connections that wait while the web process is started again


class Instance:
    """The platform as this process runs it. The caller holds the instance lock."""

    def __init__(self, home: Home, *, host: str, port: int, programs: Programs = production) -> None:
        self.home = home
        self.address = address_of(host, port)
        self.servers = Servers(home.folder)
        self.embedded = [] if os.environ.get("DATABASE_URL") else ["postgres"]
        self.embedded += [] if os.environ.get("REDIS_URL") else ["valkey"]
        self.environment = home.environment() | allowed_hosts(host) | {MARK: str(home.folder)}
        self.environment["HALFDAY_SERVE"] = serving_address(home)
        self.listener = listen(host, port) if programs is production else None
        number = self.listener.fileno() if self.listener else None
        found = programs(home, host=host, port=port, embedded=self.embedded, listener=number)
        self.supervisor = Supervisor(home, found, {})
        self.reserve = Reserve(home.folder) if "postgres" in self.embedded else None
        self.wanted: list[str] = []  # what was started, and is to run
        self.complained: set[str] = set()
        self.troubled: dict[str, int] = {}

    def start(self) -> None:
        """Start everything and return when the web process answers."""
        self.clear_away()
        if self.reserve:
            self.reserve.look()
        if "postgres" in self.embedded:
            move_older_data(self.servers.postgres)
        with step("Database and broker"):
            self._start_servers()
        ensure_database(self.home, self.environment, self.servers if "postgres" in self.embedded else None)
        with step("Web, workers, clock"):
            self._start_programs()
        address_file(self.home).write_text(self.address)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep the platform running until `until` says so; a killed supervisor is started again, and takes over."""
        while not until():
            if not self.supervisor.alive():
                self._start_again()
            self._complain_of_troubled_programs()
            time.sleep(POLL)

    def _start_again(self) -> None:
        """The programs go on meanwhile. One that cannot be started is tried again, later each time."""
        say("The supervisor was killed; starting it again.")
        pause = PAUSE
        while True:
            try:
                self.supervisor.start(adopt=True)
                for name in self.wanted:
                    self.supervisor.start_program(name)
                return
            except (Failure, *UNREACHABLE):
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def stop(self) -> None:
        """Stop everything in order; a second Ctrl-C stops it at once."""
        address_file(self.home).unlink(missing_ok=True)
        try:
            self.supervisor.stop()
        except KeyboardInterrupt:
            self.supervisor.kill()
        processes.stop_all(processes.marked(MARK, str(self.home.folder)), patience=0)
        self.servers.stop(patience=1.0)
        if self.listener:
            self.listener.close()

    def clear_away(self) -> None:
        """Stop what an earlier platform of this folder left behind, and workers' children that outlived them."""
        stop_leftovers(self.home)
        self.servers.stop()

    def _start_servers(self) -> None:
        if "postgres" in self.embedded:
            self.servers.postgres.prepare()
            self.environment["DATABASE_URL"] = self.servers.postgres.url
        if "valkey" in self.embedded:
            self.servers.valkey.prepare()
            self.environment["REDIS_URL"] = self.servers.valkey.url
        self.supervisor.environment = self.environment
        self.supervisor.keeps_reserve = self.reserve is not None
        self.supervisor.start()
        for name in self.embedded:
            self._start_program(name)
        if "postgres" in self.embedded:
            self._wait_until(["postgres"], self.servers.postgres.ready)
        if "valkey" in self.embedded:
            self._wait_until(["valkey"], self.servers.valkey.ready)

    def _start_programs(self) -> None:
        """The web process first, which somebody waits for; the others would only slow it down."""
        waited_for = [program.name for program in self.supervisor.programs if program.answers]
        for name in waited_for:
            self._start_program(name)
        self._wait_until(waited_for, lambda: healthy(self.address))
        for program in self.supervisor.programs:
            if not program.is_server and not program.answers:
                self._start_program(program.name)

    def _start_program(self, name: str) -> None:
        self.wanted.append(name)
        self.supervisor.start_program(name)

    def _wait_until(self, names: list[str], ready: Callable[[], bool]) -> None:
        """Wait for these programs; tell the end of a log where one does not start."""
        deadline = time.monotonic() + START_TIMEOUT
        while not ready():
            stopped = [name for name in names if self._state_of(name) in {"BACKOFF", "FATAL"}]
            if stopped or time.monotonic() > deadline:
                name = [*stopped, *names][0]
                log = self.home.logs / f"{name}.log"
                raise Failure(f"{name} does not start.", log=tail(log), advice=f"The whole log: {log}")
            time.sleep(0.1)

    def _state_of(self, name: str) -> str:
        state = self.supervisor.states().get(name)
        return str(state["statename"]) if state else ""

    def _complain_of_troubled_programs(self) -> None:
        """Say once that a program does not stay up; it is tried again and again all the same."""
        for name, state in self.supervisor.states().items():
            troubled = state["statename"] in {"BACKOFF", "FATAL"}
            self.troubled[name] = self.troubled.get(name, 0) + 1 if troubled else 0
            if self.troubled[name] == COMPLAIN_AFTER and name not in self.complained:
                self.complained.add(name)
                say(f"{name} does not stay up. Its log: {self.home.logs / name}.log")


def say(sentence: str) -> None:
    """Tell whoever started the platform; a terminal that is gone, or a full disk behind it, ends nothing."""
    with contextlib.suppress(OSError, ValueError):
        print(sentence, flush=True)


def listen(host: str, port: int) -> socket.socket:
    """The platform's socket. It is the launcher's: connections wait in it while the web process is started again."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Failure(f"Port {port} on {host} cannot be had: {error.strerror}.") from error
    listener.listen(BACKLOG)
    return listener


def stop_leftovers(home: Home) -> None:
    """End the processes of an earlier platform of this folder whose launcher was killed: they may hold its port."""
    processes.stop_all(processes.marked(MARK, str(home.folder)), patience=5)


def address_of(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def address_file(home: Home) -> Path:
    """Holds the address of the running platform, for other commands on this machine."""
    return home.run / "address"


def healthy(address: str) -> bool:
    """Whether a platform answers there, its database and broker included."""
    try:
        with urllib.request.urlopen(f"{address}/api/v1/health", timeout=5) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except (OSError, ValueError, KeyError):
        return False


def allowed_hosts(host: str) -> dict[str, str]:
    """The names that requests may come under: this machine's own where it can be reached from others."""
    if machine.is_loopback(host) or os.environ.get("ALLOWED_HOSTS"):
        return {}
    return {"ALLOWED_HOSTS": ",".join(["localhost", "127.0.0.1", "[::1]", *machine.names()])}
