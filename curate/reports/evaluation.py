"""The report of an evaluation as one HTML file."""

from __future__ import annotations

from curate.reports.content import EvaluationContent, Made
from curate.reports.markup import Markup, tag
from curate.reports.page import document, part
from curate.reports.parts.breakdown import breakdown
from curate.reports.parts.class_table import class_table
from curate.reports.parts.confidence import confidence, scores
from curate.reports.parts.confusion import confusion
from curate.reports.parts.errors import errors
from curate.reports.parts.examples import examples
from curate.reports.parts.headline import headline
from curate.reports.parts.inputs import inputs, training_warning
from curate.reports.parts.method import EVALUATION, method
from curate.reports.parts.recall_curves import recall_curves
from curate.reports.parts.weak import weak


def evaluation_report(content: EvaluationContent) -> str:
    """The file."""
    w, one = content.made.words, content.side.described
    parts = [
        part("inputs", w("facts.title"), inputs(content.made, content.side)),
        headline(content),
        class_table(content),
        recall_curves(content),
        confidence(content),
        scores(content),
        confusion(content),
        errors(content),
        breakdown(content),
        weak(content),
        examples(w, w("examples.title"), content.pictures, without=content.without_pictures),
        method(content.made, EVALUATION, addresses(one["id"]), commands(one)),
    ]
    title = f"{one['name']} · {w('evaluation.kind')}"
    return document(
        title=title, language=w.language, head=_head(content), parts=parts, contents=w("contents")
    )  # fmt: skip


def _head(content: EvaluationContent) -> Markup:
    w, one = content.made.words, content.side.described
    counts = one["counts"]
    lead = w(
        "evaluation.lead", name=one["prediction_set"]["name"], images=w.count(counts["images"]),
        boxes=w.count(counts["boxes"]), dataset=content.made.dataset,
    )  # fmt: skip
    warned = training_warning(content.made, content.side)
    return heading(content.made, w("evaluation.kind"), one["name"], lead, warned)


def heading(made: Made, kind: str, name: str, lead: str, *more: Markup | None) -> Markup:
    """The top of the page."""
    w = made.words
    signed = tag("p", w("made", at=w.moment(made.at), by=made.by), class_="dim")
    return tag("header", tag("p", kind, class_="kind"), tag("h1", name), tag("p", lead, class_="lead"), signed, *more)


def addresses(evaluation: int) -> list[str]:
    """Where the API gives the same numbers."""
    below = f"evaluations/{evaluation}"
    rest = ("at", "over-confidence", "error-budget", "parts?by=size", "weak-slices")
    return [below, *(f"{below}/{one}" for one in rest)]


def commands(one: dict[str, object]) -> list[str]:
    """The lines of a shell that judge the exported files."""
    judged = one["prediction_set"]
    assert isinstance(judged, dict)
    body = f'{{"format": "coco", "prediction_set": {judged["id"]}, "revision": {one["revision"]}}}'
    return [
        f"POST datasets/{one['dataset']}/exports {body}",
        "./halfday evaluate annotations.json predictions.json --per-class --interval",
        f"./halfday errors annotations.json predictions.json --iou {one['iou']:g}",
    ]
