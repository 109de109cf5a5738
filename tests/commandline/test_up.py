"""`./halfday up` as a whole: what starts, what a kill leaves, what the next start finds.

The set-up steps are stamped as done: they have their own tests, and take minutes.
"""

import json
import os
import re
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator

import psutil
import pytest

from commandline import first_use
from embedded.home import Home
from embedded.instance import MARK, healthy
from embedded.machine import port_is_free
from embedded.postgres import Postgres
from embedded.processes import marked
from embedded.setup import frontend
from embedded.stamps import Stamp, digest_of
from embedded.supervisor import Supervisor
from tests.processes import PATIENCE, end, start, started, until

pytestmark = pytest.mark.slow

PROGRAMS = {"postgres", "valkey", "web", "worker-cpu", "worker-gpu", "clock", "serve"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("my home (100 %)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HALFDAY_HOME", str(folder))
        patch.setenv("CUDA_VISIBLE_DEVICES", "")
        for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
            patch.delenv(name, raising=False)
        home = Home.find()
        if sys.pycache_prefix:
            (home.cache / "python").symlink_to(sys.pycache_prefix)  # compiled once is enough
        (home.frontend / "dist").mkdir(parents=True)
        (home.frontend / "dist" / "index.html").write_text("<title>Halfday</title>")
        Stamp(home.stamps, "frontend").set(digest_of(frontend.sources(frontend.SOURCE)))
        first_use.stamp_of(home).set(first_use.digest())  # not what these tests are of, and a minute's work
        try:
            yield home
        finally:
            for process in marked(MARK, str(folder)):
                process.kill()


class Up:
    """A running `./halfday up`, on the given port."""

    def __init__(self, home: Home, port: int) -> None:
        self.home = home
        self.port = port
        self.start()

    def start(self) -> None:
        self.output = self.home.logs / f"up-{time.monotonic_ns()}.log"
        with self.output.open("wb") as output:
            self.process = start(
                [sys.executable, "-m", "commandline", "up", "--port", str(self.port)],
                env=self.home.environment(),
                stdout=output,
                stderr=output,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def address(self) -> str:
        found = re.search(r"Halfday is (?:already running )?at (\S+)", self.said)
        return found.group(1) if found else ""

    def wait_until_up(self) -> str:
        until(lambda: bool(self.address) or self.process.poll() is not None)
        assert self.address, self.said
        return self.address

    def states(self) -> dict[str, int]:
        """Names of the running programs with their process ids."""
        states = Supervisor(self.home, [], {}).states().values()
        return {state["name"]: state["pid"] for state in states if state["statename"] in {"STARTING", "RUNNING"}}

    def ended(self) -> int:
        """Its exit status, once it has ended by itself; it is ended where it does not."""
        try:
            return self.process.wait(PATIENCE)
        finally:
            end(self.process)

    def stop(self) -> int:
        """As Ctrl-C does."""
        return end(self.process, signal.SIGINT)


@pytest.fixture(scope="module")
def up(home: Home) -> Iterator[Up]:
    running = Up(home, free_port())
    try:
        yield running
    finally:
        end(running.process)


def test_it_works(up: Up) -> None:
    address = up.wait_until_up()
    until(lambda: set(up.states()) == PROGRAMS and healthy(address), why=lambda: up.said)
    assert re.search(r"Sign in as \S+@\S+ with the password \S{12,}", up.said)
    assert me(up)["is_admin"] is True


def test_a_second_start_says_where_the_first_one_is(up: Up, home: Home) -> None:
    second = Up(home, free_port())
    assert second.ended() == 0
    assert f"Halfday is already running at {up.address}" in second.said
    assert "password" not in second.said


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_kill_9_of_a_process_is_survived(up: Up, name: str) -> None:
    pid = up.states()[name]
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: up.states().get(name, pid) != pid and healthy(up.address) and me(up)["is_admin"] is True)


def test_kill_9_of_a_database_session_is_survived(up: Up) -> None:
    session = next(
        child for child in psutil.Process(up.states()["postgres"]).children() if "checkpointer" in child.cmdline()[0]
    )
    session.kill()
    wait_for(lambda: not session.is_running() and healthy(up.address) and me(up)["is_admin"] is True)


@pytest.mark.thorough
def test_kill_9_of_the_web_master_costs_no_request(up: Up) -> None:
    """Its workers answer until those of the next one do."""
    master = up.states()["web"]
    os.kill(master, signal.SIGKILL)
    while up.states().get("web", master) == master:
        assert me(up)["is_admin"] is True
    wait_for(lambda: bool(psutil.Process(up.states()["web"]).children()) and me(up)["is_admin"] is True)


def test_kill_9_of_the_supervisor_after_the_web_master_costs_no_request(up: Up) -> None:
    master = up.states()["web"]
    os.kill(master, signal.SIGKILL)
    wait_for(lambda: up.states().get("web", 0) not in {0, master})
    next(child for child in psutil.Process(up.process.pid).children()).kill()
    for _ in range(20):
        assert me(up)["is_admin"] is True
    wait_for(lambda: set(up.states()) == PROGRAMS and me(up)["is_admin"] is True)


def test_kill_9_of_the_supervisor_is_survived(up: Up) -> None:
    """The programs go on, and the next supervisor takes them over, to start again what ends."""
    until(lambda: set(up.states()) == PROGRAMS)
    before = up.states()
    supervisor = next(child for child in psutil.Process(up.process.pid).children())
    supervisor.kill()
    assert me(up)["is_admin"] is True
    wait_for(lambda: "starting it again" in up.said and up.states() == before)
    os.kill(before["clock"], signal.SIGKILL)
    wait_for(lambda: up.states().get("clock", before["clock"]) != before["clock"])


def test_what_a_killed_supervisor_had_just_started_is_ended_by_the_next(up: Up, home: Home) -> None:
    """A process of the platform that no program owns is not left to run on."""
    supervisor = next(child for child in psutil.Process(up.process.pid).children())
    with started(["sleep", "600"], env=os.environ | {MARK: str(home.folder)}) as stray:
        supervisor.kill()
        until(lambda: stray.poll() is not None)
    wait_for(lambda: set(up.states()) == PROGRAMS)


@pytest.mark.thorough
def test_kill_9_of_the_launcher_does_not_block_the_next_start(up: Up) -> None:
    person = me(up)
    end(up.process, signal.SIGKILL)
    up.start()
    up.wait_until_up()
    assert set(up.states()) == PROGRAMS
    assert me(up) == person
    assert "Sign in as" not in up.said


def test_ctrl_c_stops_everything_and_the_next_start_finds_all_data(up: Up, home: Home) -> None:
    person = me(up)
    assert up.stop() == 0
    assert up.said.rstrip().endswith("Everything is kept for the next start.")
    assert marked(MARK, str(home.folder)) == []
    assert Postgres(home.folder / "postgres").process() is None
    up.start()
    up.wait_until_up()
    assert me(up) == person
    assert up.stop() == 0


@pytest.mark.parametrize("after", ["Database and broker", "Web, workers, clock"])
def test_it_stops_in_order_while_it_starts(home: Home, after: str) -> None:
    starting = Up(home, free_port())
    until(lambda: after in starting.said or starting.process.poll() is not None, why=lambda: starting.said)
    end(starting.process, signal.SIGTERM)
    assert "Halfday has stopped." in starting.said, starting.said
    assert marked(MARK, str(home.folder)) == []
    assert Postgres(home.folder / "postgres").process() is None


def test_a_port_in_use_is_refused(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = Up(home, port)
        assert refused.ended() == 1
    assert f"Port {port} on 127.0.0.1 is taken by another program." in refused.said


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait, while something is being started again and may not answer yet."""

    def holds() -> bool:
        try:
            return condition()
        except OSError:
            return False

    until(holds)


def me(up: Up) -> dict[str, object]:
    """What the platform says of the owner of the token that set-up left."""
    token = up.home.admin_token.read_text().strip()
    request = urllib.request.Request(f"{up.address}/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def free_port() -> int:
    return next(port for port in range(18000 + os.getpid() % 1000, 20000) if port_is_free("127.0.0.1", port))
