"""The ends of streams: a socket that the web server has handed over, or a queue that a server's own thread empties."""

import queue
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

FULL = 100  # messages that a thread may be behind


class Line(Protocol):
    """Where a watcher's news goes; sending never waits."""

    def send(self, said: bytes) -> bool:
        """Whether it went; where not, nobody listens there or they are too slow, and the line is of no use."""

    def close(self) -> None:
        """End the stream."""


class SocketLine:
    """A connection after the head of its answer; 200 of them need no thread of their own."""

    def __init__(self, connection: socket.socket, *, chunked: bool) -> None:
        self._connection, self._chunked = connection, chunked
        connection.setblocking(False)
        with suppress(OSError):  # a unix socket has no such option
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, said: bytes) -> bool:
        """All of it at once: the kernel holds what some minutes of news are, so a full buffer means a dead end."""
        framed = b"%x\r\n%b\r\n" % (len(said), said) if self._chunked else said
        try:
            return self._connection.send(framed) == len(framed)
        except OSError:
            return False

    def close(self) -> None:
        """End the answer, and the connection with it."""
        if self._chunked:
            with suppress(OSError):
                self._connection.send(b"0\r\n\r\n")
        self._connection.close()


class QueueLine:
    """For servers that hand over no socket (Django's own): the request's thread waits here."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[bytes] = queue.Queue(FULL)

    def send(self, said: bytes) -> bool:
        """Leave it for the thread."""
        try:
            self._waiting.put_nowait(said)
        except queue.Full:
            return False
        return True

    def close(self) -> None:
        """Have the thread end."""
        with suppress(queue.Empty):
            while True:
                self._waiting.get_nowait()
        self._waiting.put_nowait(b"")

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._waiting.get, b"")
