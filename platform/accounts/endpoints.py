"""One address, one function per method: `path("projects", endpoint(GET=list_projects, POST=create_project))`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.idempotency import once

ApiFunction = Callable[..., HttpResponseBase]


def as_method(function: ApiFunction, *, repeatable: bool) -> ApiFunction:
    """The function as a method of a view class; its schema (extend_schema) comes along.

    A `repeatable` one heeds an Idempotency-Key. Who calls has been looked at when the method is reached.
    """

    @wraps(function)
    def method(self: APIView, request: Request, **kwargs: Any) -> HttpResponseBase:
        return once(request, lambda: function(request, **kwargs)) if repeatable else function(request, **kwargs)

    return method


def endpoint(
    *, public: bool = False, repeatable: bool = True, **functions: ApiFunction
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The view of an address. `public` ones answer people who are not signed in, and are never repeatable."""
    repeatable = repeatable and not public
    attributes: dict[str, Any] = {
        method.lower(): as_method(function, repeatable=repeatable) for method, function in functions.items()
    }
    attributes["permission_classes"] = [AllowAny if public else IsAuthenticated]
    view: type[APIView] = type("Endpoint", (APIView,), attributes)
    return view.as_view()
