"""A comparison's difference with interval and verdict: of the whole, of the figures, of the classes."""

from __future__ import annotations

from typing import Any

from curate.reports.document.content import ComparisonContent
from curate.reports.document.drawing import intervals
from curate.reports.document.drawing.frame import TONES, Scale
from curate.reports.document.markup import Child, Markup, tag
from curate.reports.document.page import Part, report_part, swatch, table
from curate.reports.document.words import Words, is_known

COLOURS = {"proven": TONES["tp"], "not_shown": TONES["other"], "regressed": TONES["fn"]}


def difference(content: ComparisonContent) -> Part:
    """One sentence, the figures one below the other against zero, and what these images could show."""
    w, found = content.made.words, content.described
    rows = [(name, row) for name, row in found["delta"].items() if row["value"] is not None]
    scale = intervals.around_zero([row for _, row in rows], found["smallest_detectable"])
    lines = ([name, *_cells(w, row, scale, found["smallest_detectable"])] for name, row in rows)
    how = w("difference.how." + found["groups"], units=w.count(found["units"]), resamples=w.count(found["resamples"]))
    small = found["smallest_detectable"]
    said = [how, "" if small is None else w("difference.smallest", points=w.points(small)), w("difference.control")]
    return report_part(
        "difference", w("difference.title"), tag("p", verdict(content), class_="verdict-line"),
        table(_head(w, w("difference.figure"), scale), lines, class_="numbers"),
        *(tag("p", sentence) for sentence in said if sentence),
    )  # fmt: skip


def verdict(content: ComparisonContent) -> str:
    """The one sentence."""
    w, row = content.made.words, content.described["delta"]["mAP"]
    gaps = {"a": name_of(content.a.described), "b": name_of(content.b.described), "value": w.signed(row["value"])}
    if not is_known(row):
        return w("difference.noInterval", **gaps)
    return w("difference." + row["verdict"], level="95", interval=w.signed_interval(row), **gaps)


def name_of(side: dict[str, Any]) -> str:
    """A side by its run, or by its predictions, and its labels."""
    run = side["prediction_set"]["run"]
    return str(run["name"] if run else side["name"])


def by_class(content: ComparisonContent) -> Part:
    """Classes against zero, with Holm's verdicts."""
    w, made = content.made.words, content.made
    rows = content.described["per_class"]
    scale = intervals.around_zero(rows)
    head = _head(w, w("classes.class"), scale)
    named = {row["class_id"]: swatch(made.colour(row["class_id"]), made.class_name(row["class_id"])) for row in rows}
    lines = ([named[row["class_id"]], *_cells(w, row, scale), w.count(row["gt"])] for row in rows)
    drawn = table([*head, w("classes.boxes")], lines, class_="numbers")
    return report_part("classes", w("byClass.title"), drawn, note=w("byClass.note"))


def _head(w: Words, first: str, scale: Scale) -> list[Child]:
    before, after = ("earlier", "later", "change"), ("interval", "verdict", "p")
    drawn = intervals.interval_axis(scale, signed=True)
    return [first, *(w("difference." + name) for name in before), drawn, *(w("difference." + name) for name in after)]


def _cells(w: Words, row: dict[str, Any], scale: Scale, band: float | None = None) -> list[Child]:
    colour = COLOURS[row["verdict"]]
    drawn = intervals.interval_row(scale, row["value"], row["low"], row["high"], colour=colour, band=band)
    return [
        w.points(row["a"]),
        w.points(row["b"]),
        w.signed(row["value"]),
        drawn,
        w.signed_interval(row),
        word(w, row["verdict"]) if is_known(row) else w.signed(None),
        w.signed(None) if row["p"] is None else f"{row['p']:.3f}" if row["p"] >= 0.001 else "< 0.001",
    ]


def word(w: Words, gain: str) -> Markup:
    return tag("span", w("verdict." + gain), class_=f"word {gain}")
