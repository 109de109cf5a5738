"""Keyset pages: `?limit=&after=` in, `{items, next}` out. `after` is opaque: the last row's sort key, encoded."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import orjson
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.problems import BadInput
from accounts.values import first_fault

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)

LARGEST_PAGE = 500
DIGITS = 9  # of a limit: what has more is over any maximum


def limit_parameter(largest: int, default: int) -> OpenApiParameter:
    """`limit` as the document describes it: more than `largest` is refused, not cut."""
    schema = {"type": "integer", "minimum": 1, "maximum": largest, "default": default}
    return OpenApiParameter("limit", schema, description=f"How many items at most: 1 to {largest:,}")


def page_parameters(*, default: int = 50, largest: int = LARGEST_PAGE) -> list[OpenApiParameter]:
    """What `page_request` with the same arguments reads."""
    return [
        limit_parameter(largest, default),
        OpenApiParameter("after", str, description="`next` of the page before"),
    ]


PAGE_PARAMETERS = page_parameters()


@dataclass(frozen=True)
class PageRequest:
    """How many rows are wanted, and the sort key of the last row already had."""

    limit: int
    after: list[Any] | None

    @property
    def fetch(self) -> int:
        """One row more than the page holds, which tells whether there is a next one."""
        return self.limit + 1


def page_request(request: Request, *, default: int = 50, largest: int = LARGEST_PAGE) -> PageRequest:
    """Read `limit` and `after`; raises BadInput where they make no sense."""
    after = request.query_params.get("after")
    limit = limit_of(request, default=default, largest=largest)
    return PageRequest(limit=limit, after=decoded_key(after) if after else None)


def limit_of(request: Request, *, default: int, largest: int) -> int:
    """Read `limit`, 1 to `largest`. More is refused and not cut: who asks for 1,000 and gets 500 takes them for all."""
    given = request.query_params.get("limit", str(default))
    if not given.isdecimal() or len(given) > DIGITS or not 1 <= int(given) <= largest:
        sentence = f"limit is a whole number from 1 to {largest} here."
        raise BadInput(sentence, errors={"limit": [sentence]})
    return int(given)


def encoded_key(key: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(key), default=str).encode()).decode().rstrip("=")


def decoded_key(text: str) -> list[Any]:
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or first_fault(key):  # what the gate cannot see, as it is encoded
        raise BadInput("after must be the `next` of an earlier page.", errors={"after": ["Not a page's `next`."]})
    return key


def cut_page(
    rows: Sequence[Item], wanted: PageRequest, key: Callable[[Item], Sequence[Any]]
) -> tuple[list[Item], str | None]:
    """The page's rows, and `next`: encoded from the last of them by `key`, None on the last page.

    `rows` are up to `wanted.fetch` rows in order.
    """
    items = list(rows[: wanted.limit])
    return items, encoded_key(key(items[-1])) if len(rows) > wanted.limit else None


def newest_first(rows: QuerySet[Row], wanted: PageRequest) -> tuple[list[Row], str | None]:
    """A page of rows by descending id."""
    if wanted.after is not None:
        rows = rows.filter(pk__lt=only_number(wanted.after))
    return cut_page(list(rows.order_by("-pk")[: wanted.fetch]), wanted, lambda row: [row.pk])


def only_number(after: list[Any]) -> int:
    """The one number that a page key by id consists of."""
    if len(after) != 1 or not isinstance(after[0], int):
        raise BadInput("after must be the `next` of an earlier page.", errors={"after": ["Not a page's `next`."]})
    return after[0]


def quick_response(data: dict[str, Any]) -> HttpResponseBase:
    """Thousands of boxes are written in a tenth of the time by orjson, which has no whole numbers over 64 bits."""
    try:
        return HttpResponse(orjson.dumps(data), content_type="application/json")
    except TypeError:
        return Response(data)


@cache
def page_shape(item: type[serializers.Serializer]) -> serializers.Serializer:
    """The schema of a page of items: component `<Item>Page`."""
    name = item.__name__.removesuffix("Serializer")
    next_page = serializers.CharField(allow_null=True, help_text="Pass as `after` for the next page; null on the last")
    return inline_serializer(f"{name}Page", fields={"items": item(many=True), "next": next_page})
