"""How the numbers were computed, after whom, and how to check them."""

from __future__ import annotations

from collections.abc import Iterable

from curate.reports.document.content import Made
from curate.reports.document.markup import Markup, tag
from curate.reports.document.page import Part, report_part

EVALUATION = ("ap", "interval", "smallest", "verdicts", "budget", "calibration", "weak")
COMPARISON = ("ap", "interval", "paired", "smallest", "changed")
SOURCED = frozenset({"ap", "interval", "smallest", "paired", "budget", "calibration", "weak"})


def method(made: Made, keys: Iterable[str], addresses: Iterable[str], commands: Iterable[str]) -> Part:
    """`addresses` are paths below the API's, `commands` the lines that judge the exported files."""
    w = made.words
    said = [_said(made, key) for key in keys]
    called = [f"GET {made.api}{address}" for address in addresses]
    check = [tag("p", w("method.checkApi")), _lines(called), tag("p", w("method.checkFiles"))] if called else []
    lines = [tag("h3", w("method.check")), *check, _lines(commands)]
    return report_part("method", w("method.title"), *said, *lines, class_="own-page method")


def _said(made: Made, key: str) -> Markup:
    w = made.words
    source = w("method.source", source=w(f"method.{key}Source")) if key in SOURCED else None
    return tag("p", w("method." + key), " ", tag("span", source, class_="dim") if source else None)


def _lines(lines: Iterable[str]) -> Markup:
    return tag("pre", "\n".join(lines))
