"""What changed with the labels, and which boxes are fixed or broken."""

from __future__ import annotations

from typing import Any

from curate.reports.document.content import ComparisonContent
from curate.reports.document.markup import Child, tag
from curate.reports.document.page import Part, report_part, table
from curate.reports.document.parts.differences import name_of, word
from curate.reports.document.words import Words, is_known

TONES = {"fixed": "tp", "fp_gone": "tp", "broken": "fn", "fp_new": "fp"}


def two_by_two(content: ComparisonContent) -> Part | None:
    """Both on the old and the new labels, where these differ; differences where the comparison has them."""
    w, found = content.made.words, content.described["table"]
    if found is None:
        return None
    along = "difference" in found["new_labels"]
    head: list[Child] = ["", name_of(content.a.described), name_of(content.b.described)]
    rows = [_row(w, found, name) for name in ("old", "new")]
    if along:
        head.append(w("labels.along"))
    if "down" in found:
        rows.append([w("labels.down"), *(_said(w, found["down"][side]) for side in "ab"), *([""] if along else [])])
    return report_part("labels", w("labels.title"), table(head, rows, class_="numbers"), note=w("labels.note"))


def _row(w: Words, found: dict[str, Any], name: str) -> list[Child]:
    pair = found[f"{name}_labels"]
    said: list[Child] = [_said(w, pair["difference"])] if "difference" in pair else []
    return [w("labels.on", n=found[f"{name}_revision"]), w.points(pair["a"]), w.points(pair["b"]), *said]


def _said(w: Words, row: dict[str, Any]) -> Child:
    """+1.2 (0.4 to 2.0), proven."""
    if not is_known(row):
        return w.signed(row["value"])
    return [f"{w.signed(row['value'])} ({w.signed_interval(row)}) ", word(w, row["verdict"])]


def changed_boxes(content: ComparisonContent) -> Part:
    """How many labelled boxes only the one or only the other finds."""
    w, found = content.made.words, content.described
    more = ((found.get("changes") or {}).get("objects")) or {}
    counts = {"fixed": found["fixed"]["boxes"], "broken": found["broken"]["boxes"]}
    counts |= {name: more[name] for name in ("fp_gone", "fp_new") if name in more}
    listed = (
        tag("li", tag("b", w.count(n)), " ", w("changed." + name), class_=TONES[name]) for name, n in counts.items()
    )
    return report_part("changed", w("changed.title"), tag("ul", *listed, class_="counts"), note=w("changed.note"))
