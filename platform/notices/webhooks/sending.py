"""One request to a checked address. No redirect is followed, no proxy asked, and it ends after SECONDS all in all."""

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from notices.webhooks.guard import Target

SECONDS = 15.0
EACH_STEP = 10.0  # seconds for the connection, and for each piece of the answer
KEPT = 1024  # bytes of the answer
LONGEST_ERROR = 300  # characters


@dataclass(frozen=True)
class Answered:
    """What came back. `status` is None where nothing did; `error` says why then."""

    status: int | None
    milliseconds: float
    answer: str = ""
    error: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class CheckedConnection(http.client.HTTPConnection):
    """Connects to the address that was checked, whatever the host's name means by now."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=EACH_STEP)
        self.target = target

    def connect(self) -> None:
        plain = socket.create_connection((self.target.address, self.target.port), EACH_STEP)
        self.sock = plain
        if self.target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.target.host)

    def cut(self) -> None:
        """End it from another thread."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def send(target: Target, body: bytes, headers: dict[str, str]) -> Answered:
    """POST the body; whatever goes wrong is told and not raised."""
    began = time.monotonic()
    connection = CheckedConnection(target)
    watch = threading.Timer(SECONDS, connection.cut)
    watch.start()
    try:
        connection.request("POST", target.path, body, headers)
        response = connection.getresponse()
        answer = response.read(KEPT).decode(errors="replace").replace("\x00", "�")
        return Answered(response.status, _since(began), answer)
    except (OSError, http.client.HTTPException) as error:
        return Answered(None, _since(began), error=_said(error))
    finally:
        watch.cancel()
        connection.close()


def _since(began: float) -> float:
    return round((time.monotonic() - began) * 1000, 1)


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"There was no answer within {EACH_STEP:.0f} seconds."
    return f"{type(error).__name__}: {error}".rstrip(": ")[:LONGEST_ERROR]
