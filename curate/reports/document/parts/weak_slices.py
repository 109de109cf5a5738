"""Weak slices as sentences."""

from __future__ import annotations

from typing import Any

from curate.reports.document.content import EvaluationContent, Made
from curate.reports.document.markup import tag
from curate.reports.document.page import Part, report_part
from curate.reports.document.parts.breakdown import field_name, part_name

MOST = 12


def weak_slices(content: EvaluationContent) -> Part:
    w, found = content.made.words, content.weak
    if not found:
        said = w("weak.notLooked" if found is None else "weak.none")
        return report_part("weak", w("weak.title"), tag("p", said))
    listed = tag("ul", *(tag("li", sentence(content.made, one)) for one in found[:MOST]), class_="sentences")
    note = w("weak.note")
    if len(found) > MOST:
        note += " " + w("weak.more", n=MOST, of=len(found))
    return report_part("weak", w("weak.title"), listed, note=note)


def sentence(made: Made, one: dict[str, Any]) -> str:
    """Recall of rider is 41.2 where timeofday = night, against 67.0 elsewhere: −25.8 (−35 to −17), 212 boxes."""
    w = made.words
    of = w("weak.ofAll") if one["class_id"] is None else w("weak.ofClass", name=made.class_name(one["class_id"]))
    where = w("weak.and").join(_fact(made, fact) for fact in one["facts"])
    return w(
        "weak.recall" if one["measure"] == "recall" else "weak.ap", of=of, where=where, value=w.points(one["value"]),
        rest=w.points(one["rest"]), difference=w.signed(one["difference"]), low=w.signed(one["low"]),
        high=w.signed(one["high"]), boxes=w.count(one["boxes"]),
    )  # fmt: skip


def _fact(made: Made, fact: dict[str, Any]) -> str:
    w, name = made.words, fact["name"]
    value = w.or_else("bands", str(fact["label"])) if name == "size" else part_name(w, name, fact)
    return w("weak.is", name=field_name(w, name), value=value)
