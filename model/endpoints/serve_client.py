"""The web process's side of the serving process: pictures out, boxes in, and never a thread that waits for long."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings

from accounts.problems import Problem
from model.endpoints.form_files import place_of_form
from model.models import ExportedForm

CONNECT, ANSWER = 2.0, 60.0  # seconds; a process that is started for this request has to load its network first
SLOTS = 5  # requests with the serving process at once, of the eight threads that a web process has
slots = threading.BoundedSemaphore(SLOTS)
NOT_SET = (
    "No serving process is configured here. Start `manage.py run_serve` and name its address in HALFDAY_SERVE "
    "(docs/endpoints.md)."
)


class NotServing(Problem):
    """No boxes just now. It passes: the caller is told when to ask again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Retry-After": "2"}


@dataclass(frozen=True)
class BoxesAsked:
    """Which boxes of the pictures are wanted, by which form, and how long its processes wait for more (seconds)."""

    floor: float
    iou: float
    most: int = 300
    idle: float = 600.0
    zooms: tuple[float, ...] = (1.0,)  # of the form's own size, in which each picture is looked at


def ask_serving(form: ExportedForm, wanted: BoxesAsked, pictures: Sequence[bytes]) -> list[dict[str, Any]]:
    """For each picture its size and boxes, or why it is refused. Raises NotServing."""
    if not slots.acquire(blocking=False):
        raise NotServing(
            "Too many pictures are asked for at once. Ask again in a moment.", extra={"reason": "endpoint_busy"}
        )
    try:
        answer = call("/ask", question_of(form, wanted, pictures), b"".join(pictures))
    finally:
        slots.release()
    images: list[dict[str, Any]] = answer["images"]
    return images


def stop_serving(form: ExportedForm) -> None:
    """End the form's processes. Raises NotServing where nobody answers."""
    call("/stop", {"form": place_of(form)}, b"")


def question_of(form: ExportedForm, wanted: BoxesAsked, pictures: Sequence[bytes]) -> dict[str, Any]:
    return {
        **asdict(wanted),
        "form": place_of(form),
        "most_pixels": settings.MAX_IMAGE_PIXELS,
        "lengths": [len(one) for one in pictures],
    }


def place_of(form: ExportedForm) -> dict[str, Any]:
    """Where the form lies: on this machine its folder; elsewhere the serving process looks into the storage itself."""
    try:
        return place_of_form(form, here=settings.SERVE_ADDRESS.startswith("unix:"))
    except FileNotFoundError as gone:
        raise NotServing(f"The deployed form is gone from the storage: {gone}") from gone


def call(path: str, question: dict[str, Any], body: bytes) -> dict[str, Any]:
    """One question and its answer, on a connection of its own."""
    if not settings.SERVE_ADDRESS:
        raise NotServing(NOT_SET, extra={"reason": "endpoint_down"})
    connection = connection_to(settings.SERVE_ADDRESS)
    headers = {"X-Halfday-Ask": json.dumps(question), "X-Halfday-Secret": settings.SERVE_SECRET}
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        said: dict[str, Any] = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        detail = "The serving process does not answer just now. It is started again by itself; ask again in a moment."
        raise NotServing(detail, extra={"reason": "endpoint_down"}) from error
    finally:
        connection.close()
    if answer.status == HTTPStatus.OK:
        return said
    detail = f"The endpoint could not answer: {said['detail']} Ask again in a moment."
    raise NotServing(detail, extra={"reason": said.get("reason", "endpoint_down")})


def connection_to(address: str) -> http.client.HTTPConnection:
    if address.startswith("unix:"):
        return UnixConnection(address.removeprefix("unix:"))
    return http.client.HTTPConnection(address, timeout=ANSWER)


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("serve", timeout=ANSWER)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(CONNECT)
        self.sock.connect(self.path)
        self.sock.settimeout(ANSWER)
