"""A crew: a few children that take requests in turns, bytes in and bytes out. One that dies costs its request alone."""

import atexit
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from children import shared_bytes
from children.conversation import Conversation
from children.death import ChildFailed
from children.lines import Line

LOADING = 300.0  # seconds that a child may take to start on a machine that has other things to do
IDLE = 60.0  # seconds without work after which a child goes


class TookTooLong(ChildFailed):
    """A child did not answer in the time that it had, and was ended."""


class CrewChild:
    """One child, and the file through which bytes go both ways."""

    def __init__(self, module: str, environment: Mapping[str, str], who: str) -> None:
        self.file = shared_bytes.new_file()
        self.talk = Conversation(module, environment, log=Path(os.devnull), who=who, files=(self.file,))
        self.last = time.monotonic()

    def ask(self, request: Line, data: Sequence[bytes], seconds: float) -> tuple[Line, list[bytes]]:
        give_up_at = time.monotonic() + seconds

        def check() -> None:
            if time.monotonic() > give_up_at:
                raise TookTooLong(f"{self.talk.who} took longer than {seconds:.0f} seconds.")

        self.talk.ask(request | {"lengths": shared_bytes.put(self.file, data)})
        answer = self.talk.answer(check)
        parts = shared_bytes.take(self.file, answer.get("lengths", []))
        shared_bytes.empty_if_large(self.file)
        self.last = time.monotonic()
        return answer, parts

    def end(self) -> None:
        self.talk.end()
        os.close(self.file)


class Crew:
    """At most `size` processes that run `python -m MODULE FILE PARENT`, started when they are needed.

    A child dies with the thread that started it, so a thread of the crew's own starts them all. A process that was
    forked from the crew's has a crew of its own.
    """

    def __init__(
        self,
        module: str,
        environment: Callable[[], Mapping[str, str]],
        *,
        size: int,
        who: str,
        hello: Line,
        idle: float = IDLE,
    ) -> None:
        """`hello`: a request without bytes, by which a new child shows that it has started; `idle`: seconds without
        work after which one goes."""
        self.module, self.environment, self.size, self.who, self.hello = module, environment, size, who, hello
        self.seconds_idle = idle
        self.begin_anew()

    def begin_anew(self) -> None:
        """Know of no children."""
        self.owner = os.getpid()
        self.lock = threading.Lock()
        self.places = threading.Semaphore(self.size)
        self.idle: list[CrewChild] = []
        self.orders: queue.SimpleQueue[queue.SimpleQueue[CrewChild | Exception]] = queue.SimpleQueue()
        self.keeper: threading.Thread | None = None

    def ask(self, request: Line, data: Sequence[bytes], *, seconds: float) -> tuple[Line, list[bytes]]:
        """The answer and its bytes. Raises ChildFailed where the child died of it, and TookTooLong."""
        if self.owner != os.getpid():
            self.begin_anew()
        with self.places:
            member = self._member()
            try:
                answer = member.ask(request, data, seconds)
            except BaseException:
                member.end()
                raise
            with self.lock:
                self.idle.append(member)
            return answer

    def close(self) -> None:
        """End those that have nothing to do."""
        with self.lock:
            members, self.idle = (self.idle, []) if self.owner == os.getpid() else ([], [])
        for member in members:
            member.end()

    def _member(self) -> CrewChild:
        """One that has nothing to do, or a new one."""
        with self.lock:
            while self.idle:
                waiting = self.idle.pop()
                if waiting.talk.process.poll() is None:
                    return waiting
                waiting.end()  # it was killed while it had nothing to do: nobody's request was with it
            if self.keeper is None:
                self.keeper = threading.Thread(target=self._keep, name="crew", daemon=True)
                self.keeper.start()
                atexit.register(self.close)
        made: queue.SimpleQueue[CrewChild | Exception] = queue.SimpleQueue()
        self.orders.put(made)
        found = made.get()
        if isinstance(found, Exception):
            raise found
        return found

    def _keep(self) -> None:
        """Start children as they are ordered, and end those that nobody has needed for a while."""
        while True:
            try:
                order = self.orders.get(timeout=self.seconds_idle / 2)
            except queue.Empty:
                self._end_idle()
                continue
            try:
                order.put(self._started())
            except Exception as error:
                order.put(error)

    def _started(self) -> CrewChild:
        """A child that has answered. Raises OSError where none can be had: that is no request's fault."""
        member = CrewChild(self.module, self.environment(), self.who)
        try:
            answer, _ = member.ask(self.hello, [], LOADING)
        except ChildFailed as failed:
            member.end()
            raise OSError(0, f"{self.who} cannot be started: {failed}") from failed
        if "error" in answer:
            member.end()
            raise OSError(0, f"{self.who} cannot be started: {answer['error']}")
        return member

    def _end_idle(self) -> None:
        before = time.monotonic() - self.seconds_idle
        with self.lock:
            gone = [member for member in self.idle if member.last < before]
            self.idle = [member for member in self.idle if member.last >= before]
        for member in gone:
            member.end()
