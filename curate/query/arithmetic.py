"""Numbers of the query line: + - * / and powers, worked out while the line is read."""

from __future__ import annotations

import operator
from collections.abc import Callable

from curate.query.errors import QueryError
from curate.query.tree import Literal

LARGEST = 1e30

Number = int | float


def calculate(left: Literal, sign: str, right: Literal) -> Number:
    """`left sign right`. Raises QueryError where that is no number, or one too large."""
    a, b = _number(left), _number(right)
    try:
        value = OPERATIONS[sign](a, b)
    except OverflowError:
        value = LARGEST * 10
    except ZeroDivisionError:
        raise QueryError("Nothing can be divided by zero.", right.at) from None
    if isinstance(value, complex):
        raise QueryError("A negative number has no such power.", left.at)
    if abs(value) > LARGEST:
        raise QueryError("This number is too large.", left.at)
    return value


def _number(literal: Literal) -> Number:
    assert isinstance(literal.value, int | float)
    return literal.value


def _divided(a: Number, b: Number) -> Number:
    """Whole numbers stay whole where they can: ids may have more digits than a float holds."""
    if isinstance(a, int) and isinstance(b, int) and b and a % b == 0:
        return a // b
    return a / b


def _raised(a: Number, b: Number) -> Number:
    """By way of floats, which overflow at once where whole numbers would grow for minutes."""
    return float(a) ** float(b)


OPERATIONS: dict[str, Callable[[Number, Number], Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "^": _raised,
}
