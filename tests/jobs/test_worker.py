"""Jobs in a real Celery worker: run, cancelled, handed back when it is stopped, taken back when it is killed."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from jobs import services
from jobs.models import Job
from tests.factories import make_project, make_user
from tests.processes import end, start, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A Celery worker process on this session's broker and test database."""

    def __init__(self, log: Path) -> None:
        self.log = log.open("w")
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", "cpu", "-c", "1", "-l", "INFO"]
        self.process = start(
            [*command, "--include", "tests.jobs.handlers"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"platform{os.pathsep}.", "DATABASE_URL": test_database_url()},
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Signal the whole group, as a supervisor does at the end."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        end(self.process)
        self.log.close()


def test_database_url() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


test_database_url.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def start_worker(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Worker]]:
    """Gives the worker that is running, or a new one: starting takes seconds."""
    started: list[Worker] = []

    def run() -> Worker:
        if not started or started[-1].process.poll() is not None:
            started.append(Worker(tmp_path_factory.mktemp("worker") / "log"))
        return started[-1]

    try:
        yield run
    finally:
        for worker in started:
            worker.stop(signal.SIGKILL)


@pytest.fixture
def alice() -> User:
    return make_user("Alice")


def ask(by: User, kind: str, **params: Any) -> Job:
    return services.enqueue(kind=kind, project=make_project(by), author=by, params=params, title=f"Test {kind}")


def wait_until(job: Job, *states: str) -> Job:
    """The job, once it is in one of the states."""
    until(lambda: fresh(job).state in states, why=lambda: f"{job}: {job.message} {job.error}")
    return job


def fresh(job: Job) -> Job:
    job.refresh_from_db()
    return job


def wait_for_workers(expected: dict[str, int]) -> None:
    """Until the health page counts these workers; a busy one may answer the next time only."""
    said: list[Any] = []

    def counted() -> bool:
        health = Client().get("/api/v1/health")
        said.append(health.content)
        return (health.status_code, health.json()["workers"]) == (200, expected)

    until(counted, why=lambda: said[-1])


def process_of(job: Job) -> int:
    return int(job.worker.split(":")[1])


def test_it_works(start_worker: Callable[[], Worker], alice: User, tmp_path: Path) -> None:
    start_worker()
    job = wait_until(ask(alice, "test_add", a=2, b=3), "succeeded")
    assert job.result == {"sum": 5}
    assert [line.text for line in job.lines.all()] == ["2 + 3"]
    waiting = wait_until(ask(alice, "test_wait", file=str(tmp_path / "go")), "running")
    until(lambda: (fresh(waiting).progress, waiting.message) == (0.25, "Waiting"), why=lambda: waiting.message)
    services.cancel(job=waiting, by=alice)
    assert wait_until(waiting, "cancelled").finished_at is not None
    wait_for_workers({"cpu": 1, "gpu": 0})


def test_a_killed_workers_job_is_started_again(
    start_worker: Callable[[], Worker], alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = start_worker()
    job = wait_until(ask(alice, "test_wait", file=str(tmp_path / "go")), "running")
    first = process_of(job)
    os.kill(first, signal.SIGKILL)
    assert services.recover() == 0  # too early to tell
    monkeypatch.setattr(services, "SILENCE", services.SILENCE / 3)
    until(services.recover)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 1)
    assert services.send_lost() == 1
    wait_until(job, "running")
    assert worker.process.poll() is None
    assert process_of(job) != first
    (tmp_path / "go").touch()
    assert wait_until(job, "succeeded").result == {"attempt": 2}


def test_a_stopped_worker_hands_its_job_back_and_the_next_one_takes_it(
    start_worker: Callable[[], Worker], alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = start_worker()
    job = wait_until(ask(alice, "test_wait", file=str(tmp_path / "go")), "running")
    end(worker.process)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.worker) == ("queued", 0, "")
    (tmp_path / "go").touch()
    start_worker()
    monkeypatch.setattr(services, "UNSENT", timedelta())
    call_command("run_clock", "--once")
    assert wait_until(job, "succeeded").attempts == 1


def test_a_report_outlives_a_lost_connection(start_worker: Callable[[], Worker], alice: User, tmp_path: Path) -> None:
    """As in a restart of the database: every connection of the worker is cut in the middle of a job."""
    start_worker()
    job = wait_until(ask(alice, "test_wait", file=str(tmp_path / "go")), "running")
    cut: set[int] = set()
    for _ in range(3):
        until(lambda: others() - cut)
        cut.update(others())
        terminate(cut)
        until(lambda: not others() & cut)  # new ones may be there by now
    (tmp_path / "go").touch()
    assert wait_until(job, "succeeded").attempts == 1


def others() -> set[int]:
    """Process ids of the database's other connections, which are the worker's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return {pid for (pid,) in cursor.fetchall()}


def terminate(pids: set[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [sorted(pids)])
