"""`Idempotency-Key`: a call repeated with the same key is answered again, not done again.

Key and work stand in one transaction: a process that is killed leaves neither. The lock on the key goes with the
transaction, so nobody waits for a process that is dead. Only what was done (2xx) is remembered, for a day; a refused
call may simply be tried again. Answers marked no-store (they carry a secret that is shown once) are not kept.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.db import connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import IdempotencyKey
from accounts.problems import Conflict

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
KEEP = timedelta(days=1)


def once(request: Request, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do the work and remember its answer, or give the answer that was remembered. Whoever calls is known by now."""
    key = request.headers.get("Idempotency-Key", "")[:120]
    if not key or request.method not in UNSAFE:
        return work()
    caller, wanted = caller_of(request), request_hash(request)
    with transaction.atomic():
        hold(caller, key)
        row = IdempotencyKey.objects.filter(caller=caller, key=key).first()
        if row is not None and row.status is not None:
            return answer_again(row, wanted)
        response = work()
        keep(response, caller=caller, key=key, request_hash=wanted)
        return response


def caller_of(request: Request) -> str:
    """Who calls, as a hash: the bearer token, or the session's person."""
    name = f"token {request.auth.pk}" if request.auth else f"user {request.user.pk}"
    return hashlib.sha256(name.encode()).hexdigest()


def request_hash(request: Request) -> str:
    """What is asked. Uploads are compared by length, not read twice."""
    upload = request.content_type.startswith("multipart/form-data")
    content = str(request.headers.get("Content-Length")).encode() if upload else request._request.body
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + content).hexdigest()


def hold(caller: str, key: str) -> None:
    """Lock the key until the transaction ends. Raises Conflict where another call holds it."""
    number = int.from_bytes(hashlib.sha256(f"{caller} {key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (held,) = cursor.fetchone()
    if not held:
        raise Conflict("The first request with this Idempotency-Key is still being worked on.")


def answer_again(row: IdempotencyKey, wanted: str) -> HttpResponse:
    """The first call's answer, to the same request."""
    if row.request_hash != wanted:
        raise Conflict("This Idempotency-Key was used for another request.")
    return HttpResponse(row.body, status=row.status, content_type="application/json")


def keep(response: HttpResponseBase, *, caller: str, key: str, request_hash: str) -> None:
    """Remember what was done, but for a secret."""
    done = HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES
    if not done or "no-store" in response.get("Cache-Control", ""):
        return
    IdempotencyKey.objects.update_or_create(
        caller=caller,
        key=key,
        defaults={"request_hash": request_hash, "status": response.status_code, "body": body_of(response)},
    )


def body_of(response: HttpResponseBase) -> str:
    if isinstance(response, Response):
        return "" if response.data is None else JSONRenderer().render(response.data).decode()
    return response.content.decode() if isinstance(response, HttpResponse) else ""


def forget_old_keys() -> int:
    """Delete what is older than a day; the clock calls this."""
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEEP).delete()[0]
