"""What is said about a query line that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from accounts.problems import BadInput


@dataclass(frozen=True)
class Position:
    """A place in the query line, both counted from 1."""

    line: int = 1
    column: int = 1


class QueryError(BadInput):
    """A query line that cannot be read: what, where, and what was expected there. Answers 400 with the column."""

    def __init__(self, message: str, at: Position, expected: Iterable[str] = ()) -> None:
        place = {"line": at.line, "column": at.column, "expected": list(expected)}
        super().__init__(message, errors={"q": [message]}, extra=place)
        self.message = message
        self.line = at.line
        self.column = at.column
        self.expected = list(expected)

    def as_dict(self) -> dict[str, object]:
        """As the API gives it."""
        return {"message": self.message, "line": self.line, "column": self.column, "expected": self.expected}


def unknown_name(what: str, given: str, known: Sequence[str], at: Position) -> QueryError:
    """An error for a name that does not exist, with the names that are like it."""
    near = get_close_matches(given, known, n=3, cutoff=0.6) or _ignoring_case(given, known)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return QueryError(f"There is no {what} “{given}” in this dataset.{hint}", at, near or list(known)[:12])


def _ignoring_case(given: str, known: Sequence[str]) -> list[str]:
    return [name for name in known if name.casefold() == given.casefold()][:3]
