"""Query lines put together from values: the way from a bar of a chart to its images. docs/query.md has the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from curate.query.columns import IMAGE

KEYWORDS = {
    "and", "or", "not", "in", "like", "is", "null", "true", "false", "order", "by", "asc", "desc", "background",
}  # fmt: skip
BARE = re.compile(r"[^\W\d]\w*(?:-\w+)*")

Scalar = str | int | float | bool


def quoted_text(value: str) -> str:
    """A text in quotes."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def class_word(value: str) -> str:
    """A name of a class: bare where it is one plain word."""
    return value if BARE.fullmatch(value) and value.lower() not in KEYWORDS else quoted_text(value)


def key(value: str) -> str:
    """A metadata key, led by `metadata.` where the bare name would mean something else."""
    plain = BARE.fullmatch(value) and value.lower() not in {*KEYWORDS, *IMAGE.columns, "metadata"}
    return value if plain else f"metadata.{quoted_text(value)}"


def number(value: float) -> str:
    """A number in its shortest exact form; whole ones without a fraction."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def value(of: Scalar) -> str:
    """A metadata value as it is kept: 5 is not "5"."""
    if isinstance(of, bool):
        return "true" if of else "false"
    return quoted_text(of) if isinstance(of, str) else number(of)


def equals(field: str, of: Scalar) -> str:
    return f"{field} = {value(of)}"


def in_range(field: str, low: float | None, high: float | None, unit: str = "") -> str:
    """At least `low` and less than `high`; None leaves that side open."""
    sides = [f"{field} {op} {number(bound)}{unit}" for op, bound in ((">=", low), ("<", high)) if bound is not None]
    return " and ".join(sides) or f"{field} is not null"


def in_period(field: str, start: datetime, end: datetime) -> str:
    """From a moment to before another; whole days as dates."""
    return f"{field} >= {moment(start)} and {field} < {moment(end)}"


def moment(of: datetime) -> str:
    """A date where it is midnight in UTC, else to the minute."""
    utc = of.astimezone(UTC)
    return utc.strftime("%Y-%m-%d" if (utc.hour, utc.minute) == (0, 0) else "%Y-%m-%dT%H:%MZ")


def boxes(function: str, classes: Sequence[str], condition: str = "") -> str:
    """`any(car, condition)`; no class is every class."""
    named = ", ".join(class_word(one) for one in classes) or "*"
    return f"{function}({named}, {condition})" if condition else f"{function}({named})"


def both_conditions(first: str, second: str) -> str:
    """Both conditions, each of which may be joined of several by `and`."""
    return f"{first} and {second}" if first and second else first or second


def speaks_of(field: str, line: str) -> bool:
    """Whether a line speaks of a field (`metadata.KEY`, or of the image). Texts in quotes do not count as names."""
    wanted = field.removeprefix("metadata.")
    written = key(wanted) if wanted != field else wanted
    if written != wanted:  # a keyword or an odd name, which stands in quotes only
        return written in line
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', "", line)
    return re.search(rf"(?<![\w-]){re.escape(wanted)}(?![\w-])", bare) is not None
