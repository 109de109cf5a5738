"""Images by their rows in another table: at least one, none, or a count of them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from curate.query.columns import PICTURE
from curate.query.errors import QueryError
from curate.query.sql import FALSE, TRUE, Sql, all_of
from curate.query.tree import Literal

HOLDS: dict[str, Callable[..., Any]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
OPPOSITE = {"=": "<>", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
IN_SQL = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MOST = 2**31 - 1


@dataclass(frozen=True)
class Rows:
    """Rows of `table` (SQL, with its alias) under conditions; `image` is the column that says whose they are."""

    table: str
    image: str
    where: tuple[Sql, ...]

    @property
    def source(self) -> str:
        """The table, joined with its images where a condition speaks of their size."""
        if any(f"{PICTURE}." in condition.text for condition in self.where):
            return f"{self.table} JOIN dataset_image {PICTURE} ON {PICTURE}.id = {self.image}"
        return self.table

    def counted(self, op: str | None, number: Literal | None) -> Sql:
        """`count op number`; without them: at least one."""
        if op is None or number is None:
            return self._some()
        wanted = whole_number(number)
        holds = HOLDS[op]
        with_none, with_one, with_many = holds(0, wanted), holds(1, wanted), holds(MOST, wanted)
        if wanted <= 1 and with_one == with_many:  # one row decides as well as many
            if with_none == with_one:
                return TRUE if with_none else FALSE
            return self._none() if with_none else self._some()
        return self._compared(op, wanted, with_none)

    def _some(self) -> Sql:
        where = all_of((Sql(f"{self.image} = dataset_image.id"), *self.where))
        return Sql(f"EXISTS (SELECT 1 FROM {self.source} WHERE {where.text})", where.params)

    def _none(self) -> Sql:
        some = self._some()
        return Sql(f"(NOT {some.text})", some.params)

    def _compared(self, op: str, wanted: int, with_none: bool) -> Sql:
        """Groups of rows; where an image without rows counts too, the images that do not fit are taken away."""
        where = all_of(self.where)
        comparison, belongs = (OPPOSITE[op], "NOT IN") if with_none else (IN_SQL[op], "IN")
        text = (
            f"(dataset_image.id {belongs} (SELECT {self.image} FROM {self.source} WHERE {where.text} "
            f"GROUP BY {self.image} HAVING count(*) {comparison} %s))"
        )
        return Sql(text, (*where.params, wanted))


def whole_number(number: Literal) -> int:
    """A count that something is compared with, cut to what the database can count. Raises QueryError."""
    if isinstance(number.value, bool) or not isinstance(number.value, int):
        raise QueryError(f"A count is a whole number, not {number.value}.", number.at, ["a whole number"])
    return max(-1, min(number.value, MOST - 1))
