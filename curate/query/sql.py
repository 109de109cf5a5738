"""Pieces of SQL with their parameters. Values never stand in the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sql:
    """A condition: text with %s places, and what goes there. `nullable`: it may come out as neither true nor false."""

    text: str
    params: tuple[object, ...] = ()
    nullable: bool = False


TRUE = Sql("TRUE")
FALSE = Sql("FALSE")


def all_of(parts: Iterable[Sql]) -> Sql:
    """All of these; true where there is none."""
    return _joined(list(parts), " AND ", TRUE)


def any_of(parts: Iterable[Sql]) -> Sql:
    """Any of these; false where there is none."""
    return _joined(list(parts), " OR ", FALSE)


def negation_of(part: Sql) -> Sql:
    """True wherever the part is not true: a comparison with what is not known is false, and its negation is true."""
    if part.nullable:
        return Sql(f"(({part.text}) IS NOT TRUE)", part.params)
    return Sql(f"(NOT {part.text})", part.params)


def _joined(parts: list[Sql], word: str, nothing: Sql) -> Sql:
    if len(parts) <= 1:
        return parts[0] if parts else nothing
    text = "(" + word.join(part.text for part in parts) + ")"
    params = tuple(param for part in parts for param in part.params)
    return Sql(text, params, any(part.nullable for part in parts))
