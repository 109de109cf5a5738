"""gunicorn's worker, which answers what it cannot read as a request in the shape that every problem has."""

import json
import socket
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """Threads; only the answers to unreadable requests are other ones."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Say what is wrong with a request before any of our code has seen it."""
        if not isinstance(exc, errors.ParseException):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("A request that cannot be read: %s", type(exc).__name__)
        client.sendall(answer(*problem_of(exc)))


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
