"""HTTP: address, token, JSON, errors, pages."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from client.errors import Unreachable, from_response

PREFIX = "/api/v1/"
PAGE = 500  # rows asked for at a time
TRIES = 4  # of a read that nobody answered, with growing pauses; a write is never repeated
PAUSE = 0.5  # seconds before the second try
SILENCE = 40.0  # seconds after which a stream of news is given up; it says something every 15


class Transport:
    """One connection to one platform."""

    def __init__(self, url: str, token: str, timeout: float) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self.url = url.rstrip("/")
        self.http = httpx.Client(base_url=self.url + PREFIX, headers=headers, timeout=timeout, follow_redirects=False)

    def get(self, path: str, **params: Any) -> Any:
        """Read one thing. Parameters that are None are left out."""
        return self._json("GET", path, params=_given(params))

    def post(self, path: str, body: Mapping[str, Any] | None = None, key: str | None = None) -> Any:
        """Create or do. `key` makes the call safe to repeat."""
        return self._json("POST", path, json=_given(body or {}), headers={"Idempotency-Key": key} if key else {})

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Change some fields."""
        return self._json("PATCH", path, json=dict(body))

    def put(self, path: str, body: Mapping[str, Any], version: int | None = None) -> Any:
        """Replace; `version` is the one that the change was made on."""
        return self._json("PUT", path, json=dict(body), headers={} if version is None else {"If-Match": f'"{version}"'})

    def delete(self, path: str) -> None:
        """Remove."""
        self._json("DELETE", path)

    def upload(self, path: str, file: Path, fields: Mapping[str, str], beside: Mapping[str, Path] | None = None) -> Any:
        """Send a file and form fields; `beside` are further files by the name of their field."""
        with ExitStack() as opened:
            files = {
                name: (one.name, opened.enter_context(one.open("rb")))
                for name, one in {"file": file, **(beside or {})}.items()
            }
            return self._json("POST", path, files=files, data=dict(fields), timeout=httpx.Timeout(600))

    def put_bytes(self, path: str, data: bytes, params: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        """Send bytes as they are."""
        kind = {"Content-Type": "application/octet-stream", **headers}
        return self._json("PUT", path, content=data, params=dict(params), headers=kind, timeout=httpx.Timeout(120))

    def download(self, path: str, target: Path) -> Path:
        """Save what an address gives."""
        with self.http.stream("GET", path, follow_redirects=True) as response:
            if response.is_error:
                response.read()
                raise from_response(response)
            with target.open("wb") as stream:
                for chunk in response.iter_bytes():
                    stream.write(chunk)
        return target

    def get_bytes(self, path: str, **params: Any) -> bytes:
        """What an address gives, as it is. Parameters that are None are left out."""
        response = self._send("GET", path, params=_given(params), headers={"Accept": "*/*"})
        if response.is_error:
            raise from_response(response)
        return response.content

    def items(self, path: str, **params: Any) -> Iterator[Any]:
        """Every row of a list, page by page."""
        given = {"limit": PAGE, **_given(params)}
        while True:
            page = self.get(path, **given)
            if isinstance(page, list):  # a short list comes whole
                yield from page
                return
            yield from page["items"]
            if not page.get("next"):
                return
            given["after"] = _cursor(page["next"])

    def news(self, **params: Any) -> Iterator[dict[str, Any]]:
        """What the platform tells as it happens, until it stops; nothing where it refuses or does not answer.

        The first piece comes when nothing that happens later can be missed.
        """
        timeout = httpx.Timeout(self.http.timeout.connect, read=SILENCE)
        accept = {"Accept": "text/event-stream"}
        try:
            with self.http.stream("GET", "events", params=_given(params), headers=accept, timeout=timeout) as response:
                lines = _lines(response.iter_bytes()) if response.is_success else iter(())
                yield from (json.loads(line[5:]) for line in lines if line.startswith(b"data:"))
        except httpx.TransportError:
            return

    def _json(self, method: str, path: str, **options: Any) -> Any:
        response = self._send(method, path, **options)
        if response.is_error:
            raise from_response(response)
        return response.json() if response.content else None

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        tries = TRIES if method == "GET" else 1
        for attempt in range(1, tries + 1):
            try:
                return self.http.request(method, path, **options)
            except httpx.TransportError as error:
                if attempt == tries:
                    raise Unreachable(
                        f"Halfday does not answer at {self.url} ({error or type(error).__name__})."
                    ) from error
                time.sleep(PAUSE * 2 ** (attempt - 1))
        raise AssertionError("unreachable")


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines as event streams have them: texts may hold what else ends a line; a last one without its end is no line."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v is not None}


def _cursor(following: str) -> str:
    """`next` is a cursor, or an address that carries one as `after`."""
    if "after=" not in following:
        return following
    return str(httpx.URL(following).params["after"])
