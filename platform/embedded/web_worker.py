"""gunicorn's worker, which can give a connection away: what is sent on it for hours needs no thread of the worker's.

And which answers what it cannot read as a request in the shape that every problem has.
"""

import json
import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

OFFER = "halfday.handed_over"  # in a request's environment: the exception to raise


class HandedOver(BaseException):
    """Raised by the body of an answer when its head is sent: `take` gets the connection, and does what is left."""

    def __init__(self, take: Callable[[socket.socket], None]) -> None:
        super().__init__()
        self.take = take


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """Threads; connections may be handed over, and the answers to unreadable requests are other ones."""

    wsgi: Any  # the application

    def load_wsgi(self) -> None:
        """Load the application; every request tells it of the offer."""
        super().load_wsgi()
        self.wsgi = offering(self.wsgi)

    def handle(self, conn: Any) -> Any:
        """Answer a request. A connection that is handed over is none of the worker's any more, its place is free."""
        try:
            return super().handle(conn)
        except HandedOver as handed:
            conn.sock, taken = socket.socket(), conn.sock  # the worker ends what it holds
            handed.take(taken)
            return False

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Say what is wrong with a request before any of our code has seen it."""
        if not isinstance(exc, errors.ParseException):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("A request that cannot be read: %s", type(exc).__name__)
        client.sendall(answer(*problem_of(exc)))


def offering(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, told that it may raise HandedOver."""

    def told(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ[OFFER] = HandedOver
        return application(environ, start_response)

    return told


def problem_of(error: Exception) -> tuple[HTTPStatus, str]:
    if isinstance(error, errors.LimitRequestLine):
        return HTTPStatus.REQUEST_URI_TOO_LONG, "The address is longer than 8,000 bytes. Ask for less, or by a slice."
    if isinstance(error, errors.LimitRequestHeaders):
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers of the request are too large."
    return HTTPStatus.BAD_REQUEST, "This is no HTTP request that can be read."


def answer(status: HTTPStatus, detail: str) -> bytes:
    """The whole answer, after which the connection ends. As accounts.problems has it, which knows Django."""
    kind = status.phrase.lower().replace(" ", "-")
    body = json.dumps({"type": kind, "title": status.phrase, "status": int(status), "detail": detail}).encode()
    head = f"HTTP/1.1 {int(status)} {status.phrase}\r\nContent-Type: application/problem+json\r\n"
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
