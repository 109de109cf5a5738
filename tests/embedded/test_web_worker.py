"""What gunicorn cannot read as a request is answered in the one shape of a problem, by the real server."""

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from embedded import machine
from tests.processes import PATIENCE, started

ROOT = Path(__file__).resolve().parents[2]
APP = """
def application(environ, start_response):
    body = str(len(environ["QUERY_STRING"])).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder, port = tmp_path_factory.mktemp("web"), machine.free_port()
    (folder / "app_of_test.py").write_text(APP)
    command = [sys.executable, "-m", "gunicorn", "app_of_test", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    command += ["--worker-class", "embedded.web_worker.WebWorker", "--limit-request-line", "8190"]
    path = os.pathsep.join(map(str, (folder, ROOT, ROOT / "platform")))
    with started(command, env={**os.environ, "PYTHONPATH": path}):
        wait_for(port)
        yield port


def wait_for(port: int) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("the web server did not start")


def asked(port: int, request: bytes) -> tuple[int, str, bytes]:
    """Status, content type and body."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(request)
        answer = b""
        while chunk := line.recv(1 << 16):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    kind = next(row for row in head.decode().splitlines() if row.lower().startswith("content-type:"))
    return int(head.split()[1]), kind.partition(":")[2].strip(), body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n".encode()


def test_a_long_query_line_arrives(port: int) -> None:
    assert asked(port, get("/?" + "a" * 8000)) == (200, "text/plain", b"8000")


@pytest.mark.parametrize(
    ("request_bytes", "status", "kind"),
    [
        (get("/?" + "a" * 9000), 414, "request-uri-too-long"),
        (b"GET / HTTP/1.1\r\nHost: here\r\nlong: " + b"a" * 9000 + b"\r\n\r\n", 431, "request-header-fields-too-large"),
        (b"no request at all\r\n\r\n", 400, "bad-request"),
    ],
)
def test_what_cannot_be_read_is_a_problem(port: int, request_bytes: bytes, status: int, kind: str) -> None:
    found, content_type, body = asked(port, request_bytes)
    problem = json.loads(body)
    assert (found, content_type) == (status, "application/problem+json")
    assert (problem["status"], problem["type"], bool(problem["detail"])) == (status, kind, True)
