"""A real platform of its own, and what the harness does to it and asks it."""

import json
import os
import signal
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from commandline import first_use
from embedded.home import Home
from embedded.machine import free_port
from embedded.postgres import Postgres
from embedded.setup import frontend
from embedded.stamps import Stamp, digest_of
from embedded.supervisor import Supervisor
from tests.processes import end, start, until

PROGRAMS = {"postgres", "valkey", "web", "worker-cpu", "worker-gpu", "clock"}
SUPERVISOR = "supervisor"
TIMEOUT = 20.0  # seconds of one call
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "HALFDAY_FRONTEND_DIST")


class Refused(Exception):
    """The platform answered, and not with what was asked for."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"{status}: {body[:300]!r}")
        self.status = status


class Platform:
    """`./halfday up` in a folder of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.home = Home(folder)
        for part in (self.home.logs, self.home.run, self.home.stamps, self.home.cache):
            part.mkdir(exist_ok=True)
        for name, compiled in {"python": sys.pycache_prefix, "numba": os.environ.get("NUMBA_CACHE_DIR")}.items():
            if compiled and not (self.home.cache / name).exists():
                (self.home.cache / name).symlink_to(compiled)  # compiled once is enough
        (self.home.frontend / "dist").mkdir(parents=True, exist_ok=True)
        (self.home.frontend / "dist" / "index.html").write_text("<title>Halfday</title>")
        Stamp(self.home.stamps, "frontend").set(digest_of(frontend.sources(frontend.SOURCE)))
        first_use.stamp_of(self.home).set(first_use.digest())
        self.address = f"http://127.0.0.1:{(port := free_port())}/api/v1/"
        inherited = {name: value for name, value in self.home.environment().items() if name not in NOT_OURS}
        self.log = self.home.logs / "up.out"
        with self.log.open("ab") as log:
            self.launcher = start(
                [sys.executable, "-m", "commandline", "up", "--port", port],
                env=inherited | {"HALFDAY_HOME": str(folder), "CUDA_VISIBLE_DEVICES": ""} | environment,
                stdout=log,
                stderr=log,
            )

    def wait_until_up(self) -> None:
        until(lambda: set(self.pids()) >= PROGRAMS or self.launcher.poll() is not None)
        assert self.launcher.poll() is None, self.log.read_text()

    def pids(self) -> dict[str, int]:
        """The running programs, and the supervisor over them."""
        states = Supervisor(self.home, [], {}).states().values()
        found = {state["name"]: state["pid"] for state in states if state["statename"] in {"STARTING", "RUNNING"}}
        if found:
            found[SUPERVISOR] = psutil.Process(self.launcher.pid).children()[0].pid
        return found

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)

    def stop(self) -> float:
        """As Ctrl-C does; returns how many seconds it took."""
        began = time.monotonic()
        end(self.launcher, signal.SIGINT)
        return time.monotonic() - began

    @property
    def database(self) -> str:
        """Its address, to look behind the API."""
        return Postgres(self.home.folder / "postgres").url

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call; raises Refused, or OSError where there is no answer."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        token = self.home.admin_token.read_text().strip()
        sent = {"Content-Type": kind, "Authorization": f"Bearer {token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, method=method, data=data, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, error.read()) from error
        except ValueError as error:  # an answer that broke off
            raise OSError(str(error)) from error
