"""Watching through the real web server: open streams cost it neither threads nor connections, nor its end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connection

from embedded import machine
from jobs import services
from tests.factories import make_cast
from tests.jobs.streams import by_token, watching
from tests.jobs.test_worker import test_database_url
from tests.processes import end, start, until

pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
ROOT = Path(__file__).resolve().parents[2]
THREADS = 2
WATCHERS = 40


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """One web process with two threads, on this session's database."""
    url = f"http://127.0.0.1:{machine.free_port()}"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", url.removeprefix("http://")]
    command += ["--worker-class", "embedded.lasting_web.LastingWorker", "--threads", str(THREADS)]
    path = os.pathsep.join(map(str, (ROOT / "platform", ROOT)))
    process = start(
        [*command, "--no-control-socket", "--graceful-timeout", "6"],
        env=os.environ | {"PYTHONPATH": path, "DATABASE_URL": test_database_url()},
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(url))
        yield process, url
    finally:
        end(process, patience=30)


def answers(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/api/v1/health").status_code == 200
    return False


def connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_many_watch_and_others_are_answered(server: tuple[Any, str]) -> None:
    process, url = server
    cast = make_cast()
    headers = by_token(cast.alice, cast.project)
    before = connections()
    with ExitStack() as opened:
        streams = [opened.enter_context(watching(url, headers)) for _ in range(WATCHERS)]
        assert connections() <= before + THREADS + 1  # of its threads, and the one that listens
        job = services.enqueue(kind="test_add", project=cast.project, author=cast.alice, params={}, title="Add")
        assert [stream.next()["job"]["id"] for stream in streams] == [job.pk] * WATCHERS
        assert httpx.get(f"{url}/api/v1/jobs/{job.pk}", headers=headers).json()["state"] == "queued"
        assert end(process, signal.SIGTERM) == 0  # by itself
        with suppress(httpx.RemoteProtocolError):
            assert streams[0].next() is None
