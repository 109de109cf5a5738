"""The error budget: what each type of error costs."""

from __future__ import annotations

from typing import Any

from curate.reports.document.content import EvaluationContent
from curate.reports.document.drawing.bars import BarRow, bars
from curate.reports.document.drawing.frame import TONES
from curate.reports.document.markup import tag
from curate.reports.document.page import Part, report_part
from curate.reports.document.words import Words

MISSES = ("missed", "false_negative")
SUMS = ("false_positive", "false_negative")


def errors(content: EvaluationContent) -> Part:
    w, found = content.made.words, content.budget
    counts = {one["error"]: one["count"] for one in found["errors"]}
    counts[SUMS[0]] = sum(n for name, n in counts.items() if name not in (*MISSES, SUMS[0]))
    rows = [_bar(w, one, counts[one["error"]], first=one["error"] == SUMS[0]) for one in found["errors"]]
    drawn = tag("div", bars(rows, label=w("errors.label")), class_="scroll")
    note = w("errors.note", iou=w.number(found["iou"]), ap=w.points(found["ap"]))
    return report_part("errors", w("errors.title"), drawn, note=note)


def _bar(w: Words, one: dict[str, Any], count: int, first: bool) -> BarRow:
    name, gain = one["error"], one["delta_ap"]
    return BarRow(
        w("errors.type." + name), gain or 0.0, w.signed(gain), w("errors.count", n=w.count(count)),
        TONES["fn"] if name in MISSES else TONES["fp"], gap=first,
    )  # fmt: skip
