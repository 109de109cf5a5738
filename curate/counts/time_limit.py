"""How long a read may take: the database stops what takes longer, and the answer says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import OperationalError
from psycopg.errors import QueryCanceled

from accounts.problems import Problem

P = ParamSpec("P")
R = TypeVar("R")


class TooSlow(Problem):
    """A query that would have run longer than its budget."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


def within_budget(read: Callable[P, R]) -> Callable[P, R]:
    """The read, with each of its statements under the budget of QUERY_BUDGET_SECONDS. Raises TooSlow."""

    @wraps(read)
    def within(*args: P.args, **kwargs: P.kwargs) -> R:
        with budget(settings.QUERY_BUDGET_SECONDS):
            return read(*args, **kwargs)

    return within


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Let no statement inside run longer than so many seconds; 0 sets no limit."""
    if not seconds:
        yield
        return
    goes_on = connection.in_atomic_block
    try:
        with transaction.atomic():
            _set_timeout(f"{max(1, round(seconds * 1000))}ms")
            yield
            if goes_on:  # else the setting goes with the transaction
                _set_timeout("0")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise _stopped(seconds) from error
        raise


@contextmanager
def without_limit() -> Iterator[None]:
    """For what is read once and then kept, and may take longer than one answer: no limit, then the one before."""
    if not connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        (before,) = cursor.fetchone()
    if before != "0":
        _set_timeout("0")
    yield
    if before != "0":
        _set_timeout(before)


def _set_timeout(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [value])


def _stopped(seconds: float) -> TooSlow:
    sentence = (
        f"This query was stopped after {seconds:g} s. Narrow it with a slice or a metadata condition, ask for fewer "
        "counts at once, or let the administrator raise HALFDAY_QUERY_BUDGET."
    )
    return TooSlow(sentence, errors={"q": [sentence]})
