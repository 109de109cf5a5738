"""What it costs the web processes that 200 open pages watch a job, by news and by asking each second.

    PYTHONPATH=.:platform python benchmarks/watching.py [--pages 200] [--people 50] [--seconds 60] [--json FILE]

A database, a broker and the web processes of `./halfday up` (two, with eight threads each) of this run's own. A job
says each second how far it is and writes a line to its log, as a worker does: what it says is stored at most twice a
second. First each page holds a stream of news, then each asks for the job once a second, in one run. The pages are
those of 50 people, signed in as browsers are. CPU is that of the web processes alone, in percent of one core, while all
pages are there; the delay is from what the job says to the page. The result is the ratio of CPU: seconds depend on what
else the machine does, and where it is too busy to answer each page each second, the ratio is too small.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
import psutil

from embedded import machine, programs
from embedded.home import Home
from embedded.servers import Servers

ROOT = Path(__file__).resolve().parents[1]
WARM_UP = 5.0  # seconds


@dataclass(frozen=True)
class Figures:
    """Of one way of watching."""

    way: str
    cpu_percent: float  # of one core
    requests_per_second: float
    delay_p50: float  # seconds
    delay_p95: float
    seen: int  # how often a page learned something new


@dataclass
class Pages:
    """What open pages saw."""

    requests: int = 0
    delays: list[float] | None = None  # seconds; None: not counted yet

    def saw(self, message: str) -> None:
        if self.delays is not None and message:
            self.delays.append(time.time() - float(message))


def set_up(people: int) -> tuple[Any, list[str]]:
    """A job of a project, and the cookies of its members."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import Member, Project, User
    from jobs import services

    call_command("migrate", verbosity=0)
    project = Project.objects.create(name="Bench", slug="bench")
    users = [User.objects.create_user(f"person{number}@example.org") for number in range(people)]
    Member.objects.bulk_create(Member(project=project, user=user, role="owner") for user in users)
    cookies = []
    for user in users:
        client = Client()
        client.force_login(user)
        cookies.append(f"sessionid={client.cookies['sessionid'].value}")
    job = services.enqueue(kind="bench", project=project, author=users[0], params={}, title="Bench")
    return job, cookies


@contextmanager
def serving(home: Path) -> Iterator[tuple[psutil.Process, int]]:
    port = machine.free_port()
    found = programs.programs(Home(home), host="127.0.0.1", port=port, embedded=[])
    command = next(one.command for one in found if one.name == "web")
    with (home / "web.log").open("wb") as log:
        web = subprocess.Popen(command, stderr=log, stdout=log, cwd=ROOT)
    try:
        while not answers(port):
            time.sleep(0.2)
        yield psutil.Process(web.pid), port
    finally:
        web.terminate()
        web.wait()


def answers(port: int) -> bool:
    with suppress(OSError):
        return bool(urlopen(f"http://127.0.0.1:{port}/api/v1/health").status == 200)
    return False


@contextmanager
def reporting(job: Any) -> Iterator[None]:
    """The job says each second when it says it."""
    from jobs.reporting import Beat, Report
    from jobs.sentences import Sentence

    assert job.claim("bench")
    report = Report(job, "bench")
    beat, stop = Beat(report), threading.Event()

    def work() -> None:
        while not stop.wait(1):
            report(random.random(), Sentence("now", repr(time.time())))
            report.log("loss 0.123, and what else a training writes of an epoch")

    thread = threading.Thread(target=work)
    beat.start()
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        beat.stop()
        job.requeue("bench", message="", attempt_counts=False)


async def watch(port: int, cookie: str, job: int, pages: Pages) -> None:
    """A page with a stream of news."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    pages.requests += 1
    head = f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nCookie: {cookie}\r\n\r\n"
    writer.write(head.encode())
    try:
        async for line in reader:
            if line.startswith(b"data:"):
                news = json.loads(line[5:])
                pages.saw(news["job"]["message"] if "job" in news else "")
    finally:
        writer.close()
    raise RuntimeError("a stream has ended")


async def ask(port: int, cookie: str, job: int, pages: Pages) -> None:
    """A page that asks once a second, on one connection."""
    head = f"GET /api/v1/jobs/{job} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
    await asyncio.sleep(random.random())
    reader = writer = None
    last = ""
    while True:
        began = time.monotonic()
        if writer is None or writer.is_closing() or reader is None or reader.at_eof():
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            writer.write(head)
            answer = await reader.readuntil(b"\r\n\r\n")
            size = next(int(row[15:]) for row in answer.lower().split(b"\r\n") if row.startswith(b"content-length:"))
            body = json.loads(await reader.readexactly(size))
            pages.requests += 1
            if body["message"] != last:
                last = body["message"]
                pages.saw(last)
            if b"connection: close" in answer.lower():
                writer.close()
        await asyncio.sleep(max(0.0, 1 - (time.monotonic() - began)))


def cpu_seconds(web: psutil.Process) -> float:
    """Of the web processes since they began."""
    times = [process.cpu_times() for process in (web, *web.children(recursive=True))]
    return sum(one.user + one.system for one in times)


async def measure(
    way: str, page: Any, given: argparse.Namespace, web: Any, port: int, job: Any, cookies: Any
) -> Figures:
    pages = Pages()
    tasks = []
    for number in range(given.pages):
        tasks.append(asyncio.create_task(page(port, cookies[number % len(cookies)], job.pk, pages)))
        await asyncio.sleep(0.02)  # not all at one moment
    await asyncio.sleep(WARM_UP)
    pages.delays, asked, began, used = [], pages.requests, time.monotonic(), cpu_seconds(web)
    await asyncio.sleep(given.seconds)
    passed, spent = time.monotonic() - began, cpu_seconds(web) - used
    broken = [task for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if broken:
        raise RuntimeError(f"{len(broken)} pages lost the server: {broken[0]}")
    p50, p95 = np.percentile(pages.delays, [50, 95])
    rate = (pages.requests - asked) / passed
    return Figures(way, 100 * spent / passed, rate, float(p50), float(p95), len(pages.delays))


def show(found: list[Figures], pages: int) -> None:
    print(f"{pages} pages watch a job that reports each second\n")
    print("| way | web CPU, % of a core | requests/s | delay: middle | p95 |")
    print("| --- | --- | --- | --- | --- |")
    for one in found:
        print(
            f"| {one.way} | {one.cpu_percent:.1f} | {one.requests_per_second:.1f} | {one.delay_p50:.2f} s"
            f" | {one.delay_p95:.2f} s |"
        )
    news, asking = found
    print(f"\nNews take {asking.cpu_percent / news.cpu_percent:.0f} times less CPU than asking each second.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        servers = Servers(home, durable=False)
        path = os.pathsep.join((str(ROOT / "platform"), str(ROOT)))
        os.environ |= {**servers.environment(), "HALFDAY_HOME": folder, "PYTHONPATH": path}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "HALFDAY_LOG_LEVEL": "WARNING"}
        servers.start(die_with_parent=True)
        try:
            job, cookies = set_up(given.people)
            found = []
            with serving(home) as (web, port):
                for way, page in (("news", watch), ("each asks once a second", ask)):
                    with reporting(job):
                        found.append(asyncio.run(measure(way, page, given, web, port, job, cookies)))
        finally:
            servers.stop()
    show(found, given.pages)
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main()
