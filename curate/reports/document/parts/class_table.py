"""Each class: its average with the interval drawn, and its counts at the operating point."""

from __future__ import annotations

from typing import Any

from curate.reports.document.content import EvaluationContent
from curate.reports.document.drawing import intervals
from curate.reports.document.drawing.frame import Scale
from curate.reports.document.markup import Child
from curate.reports.document.page import Part, report_part, swatch, table


def class_table(content: EvaluationContent) -> Part:
    w, one = content.made.words, content.side.described
    rows = one["per_class"]
    whole = {"AP": one["figures"]["AP"], "interval": one["interval"] or {"low": None, "high": None}}
    scale = intervals.scale_of([whole, *rows])
    after = ("interval", "AP50", "precision", "recall", "found", "fp", "missed")
    head: list[Child] = [w("classes." + name) for name in ("class", "boxes", "AP")]
    head += [intervals.interval_axis(scale), *(w("classes." + name) for name in after)]
    lines = [_row(content, row, scale, whole["AP"]) for row in rows]
    note = w("classes.note", conf=w.number(one["conf"]), iou=w.number(one["iou"]))
    return report_part("classes", w("classes.title"), table(head, lines, class_="numbers"), note=note)


def _row(content: EvaluationContent, row: dict[str, Any], scale: Scale, mean: float | None) -> list[Child]:
    w, ends = content.made.words, row["interval"]
    pk = row["class_id"]
    return [
        swatch(content.made.colour(pk), content.made.class_name(pk)),
        w.count(row["gt"]),
        w.points(row["AP"]),
        intervals.interval_row(scale, row["AP"], ends["low"], ends["high"], reference=mean),
        w.interval(ends),
        *(w.points(row[name]) for name in ("AP50", "precision", "recall")),
        *(w.count(row[name]) for name in ("tp", "fp", "fn")),
    ]
