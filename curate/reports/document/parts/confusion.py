"""The confusion matrix; where classes are many, the smaller ones are drawn together."""

from __future__ import annotations

from curate.reports.document.content import EvaluationContent
from curate.reports.document.drawing.matrix import matrix
from curate.reports.document.markup import tag
from curate.reports.document.page import Part, report_part

MOST = 20  # classes that fit across a page


def confusion(content: EvaluationContent) -> Part:
    w, found = content.made.words, content.at["confusion"]
    names = [content.made.class_name(pk) for pk in found["class_ids"]]
    counts = found["matrix"]
    if len(names) > MOST:
        names, counts = folded(names, counts, w("confusion.others"))
    drawn = matrix(
        names, counts, label=w("confusion.label"), labelled=w("confusion.labelled"),
        predicted=w("confusion.predicted"), background=(w("confusion.missed"), w("confusion.nothing")),
    )  # fmt: skip
    note = w("confusion.note", conf=w.number(content.at["conf"]), iou=w.number(content.at["iou"]))
    return report_part("confusion", w("confusion.title"), tag("div", drawn, class_="scroll"), note=note)


def folded(names: list[str], counts: list[list[int]], others: str) -> tuple[list[str], list[list[int]]]:
    """The classes with the most labelled boxes, the rest as one; the sums stay.

    The diagonal of the rest holds its right ones and its confusions within.
    """
    classes = len(names)
    kept = sorted(sorted(range(classes), key=lambda c: -sum(counts[c]))[: MOST - 1])
    rest = [c for c in range(classes) if c not in kept]
    groups = [[c] for c in kept] + [rest, [classes]]
    summed = [[sum(counts[r][c] for r in rows for c in columns) for columns in groups] for rows in groups]
    return [*(names[c] for c in kept), others], summed
