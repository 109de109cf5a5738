"""`Idempotency-Key`: a call repeated with the same key is answered again, not done again.

Only what was done (2xx) is remembered, for a day; a refused call may simply be tried again. Answers marked no-store
(they carry a secret that is shown once) are not kept.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import IdempotencyKey
from accounts.problems import plain_problem

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
KEEP = timedelta(days=1)
STUCK = timedelta(minutes=2)  # a first call that never came back: its process was killed


def caller_of(request: HttpRequest) -> str:
    """Who calls, as a hash: the bearer token's, or the session's person."""
    credential = request.headers.get("Authorization") or f"user {request.user.pk}"
    return hashlib.sha256(credential.encode()).hexdigest()


def request_hash(request: HttpRequest) -> str:
    """What is asked. Uploads are compared by length, not read twice."""
    upload = request.content_type == "multipart/form-data"
    content = str(request.headers.get("Content-Length")).encode() if upload else request.body
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + content).hexdigest()


def claim(request: HttpRequest, key: str) -> tuple[IdempotencyKey, bool]:
    """This call's row, and whether this call is the one that must do the work."""
    caller, wanted = caller_of(request), request_hash(request)
    row, first = IdempotencyKey.objects.get_or_create(caller=caller, key=key, defaults={"request_hash": wanted})
    if first or row.status is not None or row.request_hash != wanted:
        return row, first
    now = timezone.now()
    abandoned = IdempotencyKey.objects.filter(pk=row.pk, status=None, created_at__lt=now - STUCK)
    return row, abandoned.update(created_at=now) == 1


def answer_again(request: HttpRequest, row: IdempotencyKey) -> HttpResponse:
    """The first call's answer, or why there is none."""
    if row.request_hash != request_hash(request):
        return plain_problem(HTTPStatus.CONFLICT, "This Idempotency-Key was used for another request.")
    if row.status is None:
        return plain_problem(
            HTTPStatus.CONFLICT, "The first request with this Idempotency-Key is still being worked on."
        )
    return HttpResponse(row.body, status=row.status, content_type="application/json")


def keep(row: IdempotencyKey, response: HttpResponse) -> None:
    """Remember what was done; forget what was not."""
    done = HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES
    if not done or "no-store" in response.get("Cache-Control", ""):
        IdempotencyKey.objects.filter(pk=row.pk).delete()
        return
    row.status, row.body = response.status_code, response.content.decode()
    row.save(update_fields=["status", "body"])


class IdempotencyMiddleware:
    """Stands before every API function; calls without the header pass untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")[:120]
        if not key or request.method not in UNSAFE or not request.path.startswith("/api/"):
            return self.get_response(request)
        row, first = claim(request, key)
        if not first:
            return answer_again(request, row)
        try:
            response = self.get_response(request)
        except BaseException:
            IdempotencyKey.objects.filter(pk=row.pk).delete()
            raise
        keep(row, response)
        return response


def forget_old_keys() -> int:
    """Delete what is older than a day; the clock calls this."""
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEEP).delete()[0]
