"""The serving process: `python -m model.serving.server unix:/path/to.sock` (or 0.0.0.0:8600 with a secret).

The web process asks it, and nobody else: POST /ask with what is wanted in the header X-Halfday-Ask, as JSON, and the
pictures one after the other as the body. One answer a connection, so no answer can come to another's question.
It has no network loaded itself: each form that is up is answered for by processes of its own (crews).
"""

from __future__ import annotations

import hmac
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from model.serving.crews import Busy, Crews, ProcessAway, ServingLimits

LARGEST = 256 << 20  # bytes of a request
SILENT = 60.0  # seconds after which a connection that says nothing is ended
Locate = Callable[[dict[str, Any]], Path]


def path_as_given(form: dict[str, Any]) -> Path:
    """On one machine the web process says where the form lies."""
    return Path(form["path"])


class WebQuestion(BaseHTTPRequestHandler):
    """One question of the web process."""

    server: ServingServer
    timeout = SILENT

    def do_POST(self) -> None:
        """Boxes of pictures; or, at /stop, the end of a form's processes."""
        try:
            if not self.server.is_known(self.headers.get("X-Halfday-Secret", "")):
                self.say(HTTPStatus.FORBIDDEN, {"detail": "Not for you."})
                return
            asked = json.loads(self.headers["X-Halfday-Ask"])
            length = int(self.headers["Content-Length"])
            if length > LARGEST:
                self.say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"detail": f"More than {LARGEST >> 20} MiB."})
                return
            self.answer(asked, self.rfile.read(length))
        except (KeyError, ValueError, TypeError) as error:
            self.say(HTTPStatus.BAD_REQUEST, {"detail": f"{type(error).__name__}: {error}"})

    def do_GET(self) -> None:
        """How it is."""
        self.say(HTTPStatus.OK, {"processes": self.server.crews.processes()})

    def answer(self, asked: dict[str, Any], body: bytes) -> None:
        try:
            form = self.server.locate(asked["form"])
            if self.path == "/stop":
                self.server.crews.stop(form)
                self.say(HTTPStatus.OK, {})
                return
            crew = self.server.crews.crew(form, asked["idle"])
            request = {name: asked[name] for name in ("floor", "iou", "most", "zooms", "most_pixels")}
            self.say(HTTPStatus.OK, crew.ask(request, cut(body, asked["lengths"])))
        except Busy as busy:
            self.say(HTTPStatus.SERVICE_UNAVAILABLE, {"detail": str(busy), "reason": "endpoint_busy"})
        except (ProcessAway, FileNotFoundError) as away:
            self.say(HTTPStatus.SERVICE_UNAVAILABLE, {"detail": str(away), "reason": "endpoint_down"})

    def say(self, status: HTTPStatus, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def address_string(self) -> str:
        """A unix socket has none."""
        return "web"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Only what went wrong, which `say` has told the web process already."""


class ServingServer(ThreadingHTTPServer):
    """Threads that mostly wait for the crews."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: str, *, secret: str = "", locate: Locate = path_as_given) -> None:
        self.secret, self.locate, self.crews = secret, locate, Crews(ServingLimits.of_machine())
        self.unix = address.removeprefix("unix:") if address.startswith("unix:") else ""
        self.address_family = socket.AF_UNIX if self.unix else socket.AF_INET
        if self.unix:
            Path(self.unix).unlink(missing_ok=True)
        host, _, port = address.rpartition(":")
        super().__init__(self.unix or (host, int(port)), WebQuestion)  # type: ignore[arg-type]
        if self.unix:
            Path(self.unix).chmod(0o600)

    def server_bind(self) -> None:
        """As the library's, without asking a name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "serve", 0

    def is_known(self, given: str) -> bool:
        """Whether the secret is right; a unix socket is its user's alone and needs none."""
        return bool(self.unix and not self.secret) or hmac.compare_digest(given, self.secret)


def serve(address: str, *, secret: str = "", locate: Locate = path_as_given) -> None:
    """Answer until SIGTERM."""
    if not address.startswith("unix:") and not secret:
        raise SystemExit("An address in a network needs a secret.")
    server = ServingServer(address, secret=secret, locate=locate)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    os._exit(0)  # threads that wait for a picture are not waited for: their processes end with this one


def cut(body: bytes, lengths: list[int]) -> list[bytes]:
    """The pictures. Raises ValueError where they are not what was said."""
    if sum(lengths) != len(body) or min(lengths, default=0) < 0:
        raise ValueError("the lengths are not those of the body")
    parts, at = [], 0
    for length in lengths:
        parts.append(body[at : at + length])
        at += length
    return parts


if __name__ == "__main__":
    serve(sys.argv[1], secret=os.environ.get("HALFDAY_SERVE_SECRET", ""))
