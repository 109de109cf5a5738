"""Every call that a test makes, compared with the OpenAPI document, whoever makes it.

The watch stands as the outermost middleware of the tests' settings: Django's client, a live server that a browser or
the Python client talks to, a thread of its own: all pass it. It changes nothing and raises nothing; what it finds fails
the test when the test ends (see tests/servers.py).
"""

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tests.schema.comparison import JSON, Answer, Call, differences

if TYPE_CHECKING:
    from tests.schema.document import Document

found: list[str] = []  # in this process, since it was last taken


def taken() -> list[str]:
    """What was found since the last time, each difference once."""
    differences = list(dict.fromkeys(found))
    found.clear()
    return differences


class Watch:
    """Compares what passes through under /api/v1/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/api/v1/"):
            return self.get_response(request)
        body = sent(request)
        response = self.get_response(request)
        found.extend(differences(the_document(), call_of(request, body), answer_of(response)))
        return response


def sent(request: HttpRequest) -> bytes | None:
    """The body of a JSON call, read before its view does; None of others, which may be large and are left alone."""
    if request.headers.get("Content-Length", "0") in {"", "0"}:
        return b""
    return request.body if request.content_type in JSON else None


def call_of(request: HttpRequest, body: bytes | None) -> Call:
    """The call, after it was answered: only then are its address and its form known."""
    form = request.content_type == "multipart/form-data"
    parts = frozenset({*request.POST, *request.FILES}) if form else frozenset()
    return Call(
        method=request.method or "",
        path=described_path(request.resolver_match.route) if request.resolver_match else request.path,
        query=[(name, text) for name, texts in request.GET.lists() for text in texts],
        media_type=request.content_type or "",
        body=b"" if form and not parts else body,
        parts=parts,
    )


def answer_of(response: HttpResponseBase) -> Answer:
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    return Answer(response.status_code, media_type, None if response.streaming else response.content)


def described_path(route: str) -> str:
    """Django's "api/v1/images/<int:image_id>" as the document writes it."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


@cache
def the_document() -> "Document":
    from tests.schema.document import Document
    from tests.schema.now import described_now

    return Document(described_now())
