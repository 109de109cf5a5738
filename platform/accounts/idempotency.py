"""`Idempotency-Key`: a call repeated with the same key is answered again, not done again.

Key and work stand in one transaction: a process that is killed leaves neither. The lock on the key goes with the
transaction, so nobody waits for a process that is dead. Only what was done (2xx) is remembered, for a day; a refused
call may simply be tried again. Answers marked no-store (they carry a secret that is shown once) are not kept.
An answer is given again only to somebody who may still make the call: what the call asked of its caller is asked anew.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from django.db import connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.asked import Question, noting
from accounts.models import IdempotencyKey, User
from accounts.problems import Conflict, UndoneAfterwards

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
KEEP = timedelta(days=1)


@dataclass(frozen=True)
class KeyedCall:
    """Who calls, with which key, and what is asked; the first and the last as hashes."""

    caller: str
    key: str
    request_hash: str


def once(request: Request, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do the work and remember its answer, or give the answer that was remembered. Whoever calls is known by now."""
    key = request.headers.get("Idempotency-Key", "")[:120]
    if not key or request.method not in UNSAFE:
        return work()
    call = KeyedCall(caller_of(request), key, request_hash(request))
    try:
        with transaction.atomic():
            hold(call)
            row = IdempotencyKey.objects.filter(caller=call.caller, key=key).first()
            if row is not None and row.status is not None:
                assert isinstance(request.user, User)  # whoever calls is known by now
                return answer_again(row, call, request.user)
            with noting() as asked:
                response = work()
            keep(response, call, asked)
            return response
    except UndoneAfterwards:
        IdempotencyKey.objects.filter(caller=call.caller, key=key, request_hash=call.request_hash).delete()
        raise


def caller_of(request: Request) -> str:
    """Who calls, as a hash: the bearer token, or the session's person."""
    name = f"token {request.auth.pk}" if request.auth else f"user {request.user.pk}"
    return hashlib.sha256(name.encode()).hexdigest()


def request_hash(request: Request) -> str:
    """What is asked. Uploads are compared by length, not read twice."""
    upload = request.content_type.startswith("multipart/form-data")
    content = str(request.headers.get("Content-Length")).encode() if upload else request._request.body
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + content).hexdigest()


def hold(call: KeyedCall) -> None:
    """Lock the key until the transaction ends. Raises Conflict where another call holds it."""
    number = int.from_bytes(hashlib.sha256(f"{call.caller} {call.key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (held,) = cursor.fetchone()
    if not held:
        raise Conflict("The first request with this Idempotency-Key is still being worked on.")


def answer_again(row: IdempotencyKey, call: KeyedCall, user: User) -> HttpResponse:
    """The first call's answer, to the same request of who may still make it."""
    if row.request_hash != call.request_hash:
        raise Conflict("This Idempotency-Key was used for another request.")
    access.check_again(user, row.asked)
    return HttpResponse(row.body, status=row.status, content_type="application/json")


def keep(response: HttpResponseBase, call: KeyedCall, asked: set[Question]) -> None:
    """Remember what was done, but for a secret."""
    done = HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES
    if not done or "no-store" in response.get("Cache-Control", ""):
        return
    found = {"status": response.status_code, "body": body_of(response), "asked": sorted(asked)}
    IdempotencyKey.objects.update_or_create(
        caller=call.caller, key=call.key, defaults={"request_hash": call.request_hash, **found}
    )


def body_of(response: HttpResponseBase) -> str:
    if isinstance(response, Response):
        return "" if response.data is None else JSONRenderer().render(response.data).decode()
    return response.content.decode() if isinstance(response, HttpResponse) else ""


def forget_old_keys() -> int:
    """Delete what is older than a day; the clock calls this."""
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEEP).delete()[0]
