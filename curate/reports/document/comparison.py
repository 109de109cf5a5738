"""The report of a comparison as one HTML file."""

from __future__ import annotations

from curate.reports.document.content import ComparisonContent
from curate.reports.document.evaluation import export_call, heading
from curate.reports.document.markup import Markup
from curate.reports.document.markup import tag as element
from curate.reports.document.page import Part, document, facts, report_part, two_columns
from curate.reports.document.parts.both_curves import both_curves
from curate.reports.document.parts.changed_boxes import changed_boxes, two_by_two
from curate.reports.document.parts.differences import by_class, difference, name_of
from curate.reports.document.parts.examples import examples
from curate.reports.document.parts.inputs import inputs, training_warning
from curate.reports.document.parts.method import COMPARISON, method


def comparison_report(content: ComparisonContent) -> str:
    """The file."""
    w = content.made.words
    parts: list[Part | None] = [
        difference(content),
        by_class(content),
        two_by_two(content),
        changed_boxes(content),
        both_curves(content),
        examples(w, w("examples.titleChanged"), content.pictures, without=content.without_pictures),
        report_part("inputs", w("facts.title"), _inputs(content)),
        method(content.made, COMPARISON, [f"comparisons/{content.described['id']}"], commands(content)),
    ]
    shown = [one for one in parts if one]
    name = w("comparison.name", a=name_of(content.a.described), b=name_of(content.b.described))
    title = f"{name} · {w('comparison.kind')}"
    head = _head(content, name)
    return document(title=title, language=w.language, head=head, parts=shown, contents=w("contents"))


def _head(content: ComparisonContent, name: str) -> Markup:
    w, found = content.made.words, content.described
    gaps = {"images": w.count(found["images"]), "dataset": content.made.dataset}
    if found["same_labels"]:
        lead = w("comparison.lead", **gaps)
    else:
        lead = w("comparison.leadLabels", revision=content.b.described["revision"], **gaps)
    warnings = [training_warning(content.made, side) for side in (content.a, content.b)]
    return heading(content.made, w("comparison.kind"), name, lead, *warnings)


def _inputs(content: ComparisonContent) -> Markup:
    w = content.made.words
    sides = (("earlier", content.a), ("later", content.b))
    listed = [[element("h3", w("difference." + word)), inputs(content.made, side)] for word, side in sides]
    own = facts([(w("facts.id"), w("facts.idOfComparison", id=content.described["id"]))])
    return element("div", own, two_columns(*listed))


def commands(content: ComparisonContent) -> list[str]:
    """The lines that export the files and compare them."""
    revision = content.b.described["revision"]
    asked = [export_call(content.made, side, revision) for side in (content.a, content.b)]
    return [*asked, "./halfday compare annotations.json a/predictions.json b/predictions.json"]
