"""Precision over recall of both sides of a comparison."""

from __future__ import annotations

from curate.reports.document.content import ComparisonContent
from curate.reports.document.markup import tag
from curate.reports.document.page import Part, report_part
from curate.reports.document.parts.recall_curves import labelled_curve, largest_classes


def both_curves(content: ComparisonContent) -> Part:
    w = content.made.words
    if content.over is None:
        return report_part("curves", w("curves.title"), tag("p", w("bothCurves.gone")))
    earlier, later = (side["precision_recall"] for side in content.over)
    before = {one["class_id"]: one["precision"] for one in earlier["classes"]}
    boxes = {row["class_id"]: row["gt"] for row in content.described["per_class"]}
    chosen = largest_classes(later["classes"], boxes)
    panels = [
        labelled_curve(
            content.made, None, later["mean"]["AP"], later["mean"]["precision"], earlier["mean"]["precision"]
        )
    ]
    panels += [
        labelled_curve(content.made, one["class_id"], one["AP"], one["precision"], before.get(one["class_id"], []))
        for one in chosen
    ]
    note = w("bothCurves.note", iou=w.number(content.over[1]["iou"]))
    if len(chosen) < len(boxes):
        note += " " + w("curves.some", n=len(chosen), of=len(boxes))
    return report_part("curves", w("curves.title"), tag("div", *panels, class_="panels"), note=note)
