"""Precision over recall: the mean and each class as a small chart of its own."""

from __future__ import annotations

from typing import Any

from curate.reports.document.content import EvaluationContent, Made
from curate.reports.document.drawing.curves import panel
from curate.reports.document.markup import Markup, tag
from curate.reports.document.page import Part, report_part, swatch

MOST = 23  # classes; with the mean they fill rows of four and of six


def recall_curves(content: EvaluationContent) -> Part:
    w, found = content.made.words, content.over["precision_recall"]
    boxes = {row["class_id"]: row["gt"] for row in content.side.described["per_class"]}
    mean = found["mean"]["precision"]
    chosen = largest_classes(found["classes"], boxes)
    panels = [labelled_curve(content.made, None, found["mean"]["AP"], mean, [])]
    panels += [labelled_curve(content.made, one["class_id"], one["AP"], one["precision"], mean) for one in chosen]
    note = w("curves.note", iou=w.number(content.over["iou"]))
    if len(chosen) < len(boxes):
        note += " " + w("curves.some", n=len(chosen), of=len(boxes))
    return report_part("curves", w("curves.title"), tag("div", *panels, class_="panels"), note=note)


def largest_classes(classes: list[dict[str, Any]], boxes: dict[int, int], most: int = MOST) -> list[dict[str, Any]]:
    """Those with a box, in class order; where they are many, those with the most boxes."""
    there = [one for one in classes if boxes.get(one["class_id"])]
    kept = sorted(there, key=lambda one: -boxes[one["class_id"]])[:most]
    return [one for one in there if one in kept]


def labelled_curve(
    made: Made, class_id: int | None, score: float | None, precision: list[float | None], beside: list[float | None]
) -> Markup:
    """A small chart with its class and AP above it."""
    w = made.words
    name = w("curves.mean") if class_id is None else made.class_name(class_id)
    title = tag("b", name) if class_id is None else swatch(made.colour(class_id), name)
    head = tag("span", title, tag("span", w.points(score), class_="value"), class_="head")
    return tag("div", head, panel(precision, beside, label=w("curves.of", name=name)), class_="panel")
