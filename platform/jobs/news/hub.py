"""One thread in a web process hears what is told and sends it on to all streams that are open there.

    a job's row changes ──NOTIFY──→ the thread ──reads it once──→ every watcher who may see its project

It holds one database connection, however many watch, and none while nobody does. Where the database goes away it ends
all streams: whoever watched calls again, reads anew what may have changed meanwhile, and hears then why it cannot.
"""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from django.db import DatabaseError, InterfaceError, connection
from redis.exceptions import RedisError

from jobs.news.callers import Caller, concerned
from jobs.news.lines import Line
from jobs.news.messages import Message, beat, messages
from jobs.news.telling import CHANNEL

LOOK = 1.0  # seconds that the thread waits at most before it looks after its watchers
GATHER = 0.05  # seconds in which what is told together is gathered
BEAT_EVERY = 15.0  # seconds; proxies end a connection that says nothing for a minute
CHECK_EVERY = 30.0  # seconds between two looks whether a caller may still see what they see
UNSURE = 60.0  # seconds; a caller who cannot be looked up for so long is no longer told anything
CHECKS = 25  # callers looked up in one go, so that news does not wait for them
LINGER = 30.0  # seconds that the thread stays when nobody watches any more
PATIENCE = 10.0  # seconds that a stream waits for the thread to listen
logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Watcher:
    """An open stream: whose, of what, and where to."""

    caller: Caller
    line: Line
    project: int | None = None  # of this project alone
    job: int | None = None  # of this job alone

    def wants(self, message: Message) -> bool:
        """Whether the message is for it; nothing of a project that its caller does not see."""
        if message.user is not None:
            return message.user == self.caller.person and self.project is None and self.job is None
        return (
            message.project in self.caller.visible.projects
            and self.project in (None, message.project)
            and self.job in (None, message.job)
        )


class Hub:
    """The watchers of this process, and the thread that serves them while there are any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: set[Watcher] = set()
        self._callers: dict[tuple[str, ...], Caller] = {}
        self._thread: threading.Thread | None = None
        self._listens = threading.Event()
        self._ending = False
        self._beaten = self._wanted = time.monotonic()

    def count(self, user_id: int | None = None) -> int:
        """Open streams here, or those of one person."""
        with self._lock:
            return sum(user_id in (None, one.caller.user_id) for one in self._watchers)

    def add(self, watcher: Watcher) -> None:
        """Send it news from now on. Its first event comes when nothing that happens later can be missed."""
        with self._lock:
            self._watchers.add(watcher)
            known = self._callers.setdefault(watcher.caller.key, watcher.caller)
            watcher.caller = known.seeing_also(watcher.caller)
            if self._thread is None:
                self._ending, self._thread = False, threading.Thread(target=self._run, name="news", daemon=True)
                self._thread.start()
        if not (self._listens.wait(PATIENCE) and watcher.line.send(beat())):
            self.remove(watcher)

    def remove(self, watcher: Watcher) -> None:
        """End a stream."""
        with self._lock:
            self._watchers.discard(watcher)
            if all(one.caller is not watcher.caller for one in self._watchers):
                self._callers.pop(watcher.caller.key, None)
        watcher.line.close()

    def stop(self) -> None:
        """End all streams, and the thread."""
        self._ending, thread = True, self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        try:
            self._serve()
        except (DatabaseError, InterfaceError, psycopg.Error) as error:
            logger.warning("Nothing is heard of jobs until somebody watches again: %s", error)
        finally:
            connection.close()
            with self._lock:
                watchers, self._thread = [*self._watchers], None
                self._listens.clear()
            for watcher in watchers:
                self.remove(watcher)

    def _serve(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        self._beaten = self._wanted = time.monotonic()
        self._listens.set()
        while not self._ending and time.monotonic() < self._wanted + LINGER:
            if told := heard():
                self._send(messages(told, watching=self.count()))
            self._look_after()

    def _send(self, news: list[Message]) -> None:
        self._check({message.project for message in news if message.project is not None})
        for watcher in self._all():
            wanted = [message.said for message in news if watcher.wants(message)]
            if wanted and not watcher.line.send(b"".join(wanted)):
                self.remove(watcher)

    def _look_after(self) -> None:
        self._check(set())
        if self._watchers:
            self._wanted = time.monotonic()
        if time.monotonic() < self._beaten + BEAT_EVERY:
            return
        self._beaten, said = time.monotonic(), beat()
        for watcher in self._all():
            if not watcher.line.send(said):
                self.remove(watcher)

    def _check(self, projects: Iterable[int]) -> None:
        """Look up again those whose turn it is, and all who may see a project made since."""
        now, callers = time.monotonic(), self._all_callers()
        turn = [caller for caller in callers if now > caller.visible.at + CHECK_EVERY]
        due = {*sorted(turn, key=lambda one: one.visible.at)[:CHECKS], *concerned(callers, projects)}
        for caller in due:
            if not may_go_on(caller):
                self._end(caller)

    def _end(self, caller: Caller) -> None:
        for watcher in self._all():
            if watcher.caller is caller:
                self.remove(watcher)

    def _all(self) -> list[Watcher]:
        with self._lock:
            return [*self._watchers]

    def _all_callers(self) -> list[Caller]:
        with self._lock:
            return [*self._callers.values()]


def may_go_on(caller: Caller) -> bool:
    """Whether the caller still sees what they saw; while sessions cannot be read, for a minute."""
    try:
        return caller.look_again()
    except RedisError:
        return time.monotonic() < caller.visible.at + UNSURE


def heard() -> list[dict[str, Any]]:
    """What is told next, with what is told at the same moment; empty when nothing was for a while."""
    database = connection.connection
    told = [*database.notifies(timeout=LOOK, stop_after=1)]
    if told:
        time.sleep(GATHER)
        told += database.notifies(timeout=0)
    return [orjson.loads(one.payload) for one in told]


HUB = Hub()
