"""By size of the object, and by what is known of the images."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from curate.reports.document.content import EvaluationContent
from curate.reports.document.drawing import intervals
from curate.reports.document.markup import Child, Markup, tag
from curate.reports.document.page import Part, report_part, table
from curate.reports.document.words import Words

KEY = "metadata."


def breakdown(content: EvaluationContent) -> Part:
    w = content.made.words
    sizes = tag("div", tag("h3", w("parts.sizes")), _rows(content, "size", content.sizes), class_="together")
    known = [tag("div", tag("h3", field_name(w, by)), _rows(content, by, rows), class_="together")
             for by, rows in content.parts]  # fmt: skip
    said = tag("p", w("parts.none"), class_="note") if not known else None
    note = w("parts.note", resamples=w.count(content.resamples)) if known else ""
    return report_part(
        "parts", w("parts.title"), *known, said, sizes, tag("p", w("parts.sizesNote"), class_="note"), note=note
    )


def _rows(content: EvaluationContent, by: str, rows: Sequence[dict[str, Any]]) -> Markup:
    w, whole = content.made.words, content.side.described["figures"]["AP"]
    scale = intervals.scale_of([*rows, {"AP": whole, "interval": {"high": None}}])
    before, after = ("boxes", "AP"), ("interval", "recall", "precision")
    head: list[Child] = ["", w("parts.images"), *(w("classes." + name) for name in before)]
    head += [intervals.interval_axis(scale), *(w("classes." + name) for name in after)]
    return table(head, ([part_name(w, by, row), *_cells(w, row, scale, whole)] for row in rows), class_="numbers")


def _cells(w: Words, row: dict[str, Any], scale: Any, whole: float | None) -> list[Child]:
    ends = row["interval"]
    return [
        w.count(row["images"]),
        w.count(row["boxes"]),
        w.points(row["AP"]),
        intervals.interval_row(scale, row["AP"], ends["low"], ends["high"], reference=whole),
        w.interval(ends),
        w.points(row["recall"]),
        w.points(row["precision"]),
    ]


def field_name(w: Words, name: str) -> str:
    """A field as people call it: its own name where it is a key of the metadata."""
    return name.removeprefix(KEY) if name.startswith(KEY) else w.or_else("fields", name)


def part_name(w: Words, by: str, row: dict[str, Any]) -> str:
    """A part by its value, or by its bounds."""
    label, low, high = row["label"], row["low"], row["high"]
    if label is not None:
        return str(label)
    if by == "captured_at" and low is not None:
        return w.day(datetime.fromtimestamp(low, UTC))
    return span(w, low, high)


def span(w: Words, low: float | None, high: float | None) -> str:
    if low is None:
        return w("parts.below", high=w.number(high))
    if high is None:
        return w("parts.from", low=w.number(low))
    return w("parts.between", low=w.number(low), high=w.number(high))
