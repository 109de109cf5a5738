"""One address, one function per method: `path("projects", endpoint(GET=list_projects, POST=create_project))`.

What stands in the address passes the gate here (accounts.values): parameters that an operation does not describe are
refused by name, ids that no row can have are nowhere.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.idempotency import once
from accounts.problems import BadInput, TooLong
from accounts.values import LARGEST_ID, reason_against_parameter, reason_against_text

ApiFunction = Callable[..., HttpResponseBase]
LONGEST_ADDRESS = 8000  # bytes behind the question mark; the web server's own limit lies just above


def as_method(function: ApiFunction, *, repeatable: bool) -> ApiFunction:
    """The function as a method of a view class; its schema (extend_schema) comes along.

    A `repeatable` one heeds an Idempotency-Key. Who calls has been looked at when the method is reached.
    """
    described: list[frozenset[str]] = []  # the parameters' names, once a request has asked

    @wraps(function)
    def method(self: APIView, request: Request, **kwargs: Any) -> HttpResponseBase:
        if request.query_params:
            if not described:  # appended whole: another thread may ask meanwhile
                described.append(frozenset(described_parameters(self, function)))
            check_parameters(request, described[0])
        check_ids(kwargs)
        return once(request, lambda: function(request, **kwargs)) if repeatable else function(request, **kwargs)

    return method


def described_parameters(view: APIView, function: ApiFunction) -> Iterable[str]:
    """The names of the query parameters that an operation's extend_schema describes."""
    schema = getattr(function, "kwargs", {}).get("schema", type(view.schema))()
    schema.view = view
    for one in schema.get_override_parameters():
        if isinstance(one, OpenApiParameter):
            yield from [one.name] if one.location == OpenApiParameter.QUERY else []
        else:
            yield from (one() if isinstance(one, type) else one).fields


def check_parameters(request: Request, names: frozenset[str]) -> None:
    """Raise BadInput for a parameter that nothing would read, or that holds what no database does."""
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        raise TooLong(f"The address is longer than {LONGEST_ADDRESS} bytes. Ask for less, or by a slice.")
    there = f"There are: {', '.join(sorted(names))}." if names else "There are none here."
    errors = {name: [f"There is no such parameter. {there}"] for name in request.query_params if name not in names}
    for name, texts in request.query_params.lists():
        if reason := next(filter(None, map(reason_against_parameter, texts)), ""):
            errors[name] = [reason]
    for name, (reason,) in errors.items():
        raise BadInput(f"{name}: {reason}", errors=errors)


def check_ids(kwargs: dict[str, Any]) -> None:
    """Raise Http404 for an id that no row can have, and for a word that no database holds."""
    for value in kwargs.values():
        if value > LARGEST_ID if isinstance(value, int) else reason_against_text(str(value)):
            raise Http404


def endpoint(
    *, public: bool = False, repeatable: bool = True, also: type[BaseRenderer] | None = None, **functions: ApiFunction
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The view of an address. `public` ones answer people who are not signed in, and are never repeatable.

    `also` is what else than JSON it answers, to those who ask for nothing else (the header Accept).
    """
    repeatable = repeatable and not public
    attributes: dict[str, Any] = {
        method.lower(): as_method(function, repeatable=repeatable) for method, function in functions.items()
    }
    attributes["permission_classes"] = [AllowAny if public else IsAuthenticated]
    if also is not None:
        attributes["renderer_classes"] = [*APIView.renderer_classes, also]
    view: type[APIView] = type("Endpoint", (APIView,), attributes)
    return view.as_view()
