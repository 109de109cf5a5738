"""The one shape of an error: application/problem+json (RFC 9457).

Services raise the exceptions below; whatever else can go wrong in a request is turned into the same shape.
"""

import errno
import logging
import sys
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from redis.exceptions import ConnectionError as BrokerAway
from redis.exceptions import TimeoutError as BrokerSlow
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from accounts.values import DEEPEST, first_fault, mended_text

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER = "2"  # seconds; a server that was killed is back by then
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
DISK_FULL = "53100"  # Postgres's codes for what the platform's user has not done
GOING_OR_COMING = {"57P01", "57P02", "57P03", "53300"}  # shut down, crashed, starting up, no connection left
CLASHES = {"23503", "23505", "40001", "40P01"}  # gone or made meanwhile, or each waited for the other
CONNECTION_LOST = "08"  # a class of them
FULL = "The server's disk is full, so nothing can be saved now. Reading goes on; free some space and try again."
CLASHED = "Somebody else changed the same at this moment, and nothing of this was saved. Look again, and try again."
AWAY = "The {} does not answer just now. Nothing of this was saved; it is tried again by itself, or try in a moment."


class Problem(Exception):
    """An error with a sentence for whoever asked. `extra` is added to the answer, `errors` names fields."""

    status = HTTPStatus.BAD_REQUEST
    headers: Mapping[str, str] = {}

    def __init__(
        self, detail: str, *, errors: Mapping[str, list[str]] | None = None, extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.extra = dict(extra or {})


class BadInput(Problem):
    """What was sent cannot be used."""


class NoSuchPlace(Problem):
    """The address names something that does not exist for anybody. Of what may be somebody else's say Http404."""

    status = HTTPStatus.NOT_FOUND


class TooLong(Problem):
    """The address is longer than one may be."""

    status = HTTPStatus.REQUEST_URI_TOO_LONG


class Conflict(Problem):
    """It cannot be done as things stand: the name is taken, the work has ended, …"""

    status = HTTPStatus.CONFLICT


class Gone(Problem):
    """It was there, and has been removed since."""

    status = HTTPStatus.GONE


class PreconditionFailed(Problem):
    """The caller's version is not the newest. `extra` carries the present state."""

    status = HTTPStatus.PRECONDITION_FAILED


class UndoneAfterwards(Problem):
    """What had to wait for the commit (a mail) failed: the call is not remembered, so that it may be repeated."""


class NoRoom(Problem):
    """The disk is full: nothing was written. It passes when there is room again."""

    status = HTTPStatus.INSUFFICIENT_STORAGE

    def __init__(self, detail: str = FULL) -> None:
        super().__init__(detail, extra={"reason": "disk_full"})


class Away(Problem):
    """The database or the broker does not answer. It passes."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Retry-After": RETRY_AFTER}

    def __init__(self, what: str) -> None:
        super().__init__(AWAY.format(what), extra={"reason": f"{what}_away"})


def outage_of(error: BaseException | None) -> Problem | None:
    """The problem that an error really is where something below the platform is full or away; None otherwise."""
    if error is None or isinstance(error, Problem):
        return None
    if is_full(error):
        return NoRoom()
    if isinstance(error, OperationalError | InterfaceError) and is_away(error):
        return Away("database")
    return Away("broker") if isinstance(error, BrokerAway | BrokerSlow) else None


def clash_of(error: BaseException) -> Problem | None:
    """The problem of two who did the same at once, where a constraint stopped the second after every check."""
    if not isinstance(error, DatabaseError) or getattr(error.__cause__, "sqlstate", None) not in CLASHES:
        return None
    logger.warning("Two calls clashed, or a check is missing before this", exc_info=error)
    return Conflict(CLASHED)


def is_full(error: BaseException) -> bool:
    """Whether an error says that a disk is full: ours, the system's, or the database's."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return True
    return isinstance(error, NoRoom) or getattr(error.__cause__, "sqlstate", None) == DISK_FULL


def is_away(error: BaseException) -> bool:
    """Whether the database was not there, rather than that it refused the statement."""
    code = getattr(error.__cause__, "sqlstate", None)
    return code is None or code.startswith(CONNECTION_LOST) or code in GOING_OR_COMING


def problem_body(status: int, detail: str, *, errors: object = None, extra: Mapping[str, Any] | None = None) -> dict:
    """The JSON of a problem; `type` is the HTTP phrase as a slug ("not-found")."""
    title = HTTPStatus(status).phrase
    body = {"type": title.lower().replace(" ", "-"), "title": title, "status": int(status), "detail": detail}
    if errors:
        body["errors"] = errors
    return body | dict(extra or {})


def problem_response(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Answer any exception that an API function raised; None (Django's 500) for what nobody expected."""
    exception = outage_of(exception) or clash_of(exception) or exception
    if isinstance(exception, Problem):
        set_rollback()
        body = problem_body(exception.status, exception.detail, errors=exception.errors, extra=exception.extra)
        return Response(body, status=exception.status, content_type=PROBLEM_JSON, headers=dict(exception.headers))
    if isinstance(exception, DataError | OverflowError):
        return not_held(exception)
    response = exception_handler(exception, context)
    if response is None:
        return None
    response.data = problem_body(response.status_code, **problem_json(exception))
    response.content_type = PROBLEM_JSON
    return response


def not_held(exception: DataError | OverflowError) -> Response:
    """The database, or an array, refused a value. The gate (accounts.values), which lets whole numbers of 64 bits
    without a sign pass, should have: the log says where it stands open."""
    logger.warning("The database or an array refused a value that passed the gate", exc_info=exception)
    set_rollback()
    body = problem_body(HTTPStatus.BAD_REQUEST, "One of the values is of a kind or size that the database cannot hold.")
    return Response(body, status=HTTPStatus.BAD_REQUEST, content_type=PROBLEM_JSON)


def problem_json(exception: Exception) -> dict[str, Any]:
    """`detail` and, of invalid input, `errors` by field."""
    if isinstance(exception, exceptions.ValidationError):
        errors = by_field(exception.detail)
        field, messages = next(iter(errors.items()))
        return {"detail": messages[0] if field == "" else f"{field}: {messages[0]}", "errors": errors}
    if isinstance(exception, Http404):
        return {"detail": "There is no such thing here, or it is not yours."}
    if isinstance(exception, DjangoPermissionDenied):
        return {"detail": str(exception) or "You may not do this."}
    return {"detail": str(getattr(exception, "detail", exception))}


def by_field(detail: object, path: str = "") -> dict[str, list[str]]:
    """Flatten nested validation errors: {"classes.2.name": ["This field is required."]}."""
    if isinstance(detail, dict):
        parts = [by_field(value, joined(path, str(key))) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(value, dict | list) for value in detail):
        parts = [by_field(value, joined(path, str(place))) for place, value in enumerate(detail) if value]
    else:
        messages = detail if isinstance(detail, list) else [detail]
        return {path: [str(message) for message in messages]}
    return {key: messages for part in parts for key, messages in part.items()}


def joined(path: str, key: str) -> str:
    return path if key == "non_field_errors" else f"{path}.{key}".strip(".")


def validated(shape: type[serializers.Serializer], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """A body as the serializer understands it; raises the field errors otherwise, also for fields that it has not."""
    serializer = shape(data=data, partial=partial)
    if unknown := dict(unknown_fields(serializer, data)):
        raise serializers.ValidationError(unknown)
    return understood(serializer, data)


def validated_query(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The parameters of an address as the serializer understands them; accounts.endpoints has refused unknown ones."""
    return understood(shape(data=request.query_params), request.query_params)


def understood(serializer: serializers.BaseSerializer, data: Any) -> dict[str, Any]:
    """Raises the field errors. JSON within a form or an address passes the gate here, as bodies did when parsed."""
    try:
        serializer.is_valid(raise_exception=True)
    except RecursionError:
        raise BadInput(f"It is nested too deep: {DEEPEST} lists and objects within each other may be.") from None
    found: dict[str, Any] = serializer.validated_data
    if isinstance(data, QueryDict) and (fault := first_fault(found)):
        raise serializers.ValidationError({fault.place: [fault.reason]})
    return found


def unknown_fields(serializer: Any, data: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Fields that were sent and that nothing would read, by their place, with what there is instead.

    A serializer that keeps further fields says `takes_more`.
    """
    if isinstance(serializer, serializers.ListSerializer | serializers.ListField):
        inner, many = serializer.child, isinstance(data, list) and has_fields(serializer.child)
        plain = plain_names(inner) if many else frozenset()
        for place, one in enumerate(data if many else ()):
            if not (type(one) is dict and one.keys() <= plain):
                yield from unknown_fields(inner, one, joined(path, str(place)))
    elif isinstance(serializer, serializers.Serializer) and isinstance(data, Mapping):
        known = known_fields(serializer)
        said = f"There is no such field. There are: {', '.join(known)}."
        unread = () if getattr(serializer, "takes_more", False) else [name for name in data if name not in known]
        yield from ((joined(path, mended_text(str(name))[:80]), [said]) for name in unread)
        for name, field in known.items():
            if name in data and has_fields(field):
                yield from unknown_fields(field, data[name], joined(path, name))


def known_fields(serializer: serializers.Serializer) -> dict[str, Any]:
    return {name: field for name, field in serializer.fields.items() if not field.read_only}


def plain_names(serializer: Any) -> frozenset[str]:
    """The known fields of a list's rows that hold no objects with fields: rows of these alone need no closer look."""
    if not isinstance(serializer, serializers.Serializer):
        return frozenset()
    return frozenset(name for name, field in known_fields(serializer).items() if not holds_objects(field))


def holds_objects(field: Any) -> bool:
    """Whether something with fields of its own is in it, however deep."""
    if isinstance(field, serializers.ListField | serializers.ListSerializer):
        return holds_objects(field.child)
    return isinstance(field, serializers.BaseSerializer)


def has_fields(field: Any) -> bool:
    """Whether a field holds objects whose fields are known."""
    return isinstance(field, serializers.BaseSerializer | serializers.ListField)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404 outside the API functions: an address that does not exist."""
    return plain_problem(HTTPStatus.NOT_FOUND, f"There is nothing at {request.path}.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 400 before the API functions: a host, a form or a body that it does not take."""
    return plain_problem(HTTPStatus.BAD_REQUEST, f"The request cannot be read: {exception}")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's 500: something that nobody expected; the server's log has the traceback. Or what is away, or full."""
    if outage := outage_of(sys.exc_info()[1]):
        return problem_answer(outage)
    return plain_problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on the server. Its log says what.")


def plain_problem(status: int, detail: str) -> JsonResponse:
    return JsonResponse(problem_body(status, detail), status=status, content_type=PROBLEM_JSON)


def problem_answer(problem: Problem) -> JsonResponse:
    """A problem outside the API functions."""
    body = problem_body(problem.status, problem.detail, extra=problem.extra)
    return JsonResponse(body, status=problem.status, content_type=PROBLEM_JSON, headers=dict(problem.headers))
