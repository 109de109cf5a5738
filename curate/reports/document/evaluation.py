"""The report of an evaluation as one HTML file."""

from __future__ import annotations

import json
import shlex

from curate.reports.document.content import EvaluationContent, Made, ReportSide
from curate.reports.document.markup import Markup, tag
from curate.reports.document.page import document, report_part
from curate.reports.document.parts.breakdown import breakdown
from curate.reports.document.parts.class_table import class_table
from curate.reports.document.parts.confidence import confidence, scores
from curate.reports.document.parts.confusion import confusion
from curate.reports.document.parts.errors import errors
from curate.reports.document.parts.examples import examples
from curate.reports.document.parts.headline import headline
from curate.reports.document.parts.inputs import inputs, training_warning
from curate.reports.document.parts.method import EVALUATION, method
from curate.reports.document.parts.recall_curves import recall_curves
from curate.reports.document.parts.weak_slices import weak_slices

IMAGES = ("weak", "examples")


def evaluation_report(content: EvaluationContent) -> str:
    """The file."""
    w, one = content.made.words, content.side.described
    parts = [
        report_part("inputs", w("facts.title"), inputs(content.made, content.side)),
        headline(content),
        class_table(content),
        recall_curves(content),
        confidence(content),
        scores(content),
        confusion(content),
        errors(content),
        breakdown(content),
        weak_slices(content),
        examples(w, w("examples.title"), content.pictures, without=content.without_pictures),
        method(content.made, EVALUATION, addresses(one["id"]), commands(content)),
    ]
    if one["id"] is None:  # of files: nothing is known of the images
        parts = [one for one in parts if one[0] not in IMAGES]
    title = f"{one['name']} · {w('evaluation.kind')}"
    head = _head(content)
    return document(title=title, language=w.language, head=head, parts=parts, contents=w("contents"))


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


def addresses(evaluation: int | None) -> list[str]:
    """Where the API gives the same numbers; nowhere those of files."""
    if evaluation is None:
        return []
    below = f"evaluations/{evaluation}"
    rest = ("at", "over-confidence", "error-budget", "parts?by=size", "weak-slices")
    return [below, *(f"{below}/{one}" for one in rest)]


def commands(content: EvaluationContent) -> list[str]:
    """The lines that export the files, where they are not there already, and judge them."""
    side = content.side
    names = [name for name, _ in side.files] or ["annotations.json", "predictions.json"]
    files = shlex.join(names)
    return [
        *([] if side.files else [export_call(content.made, side, side.described["revision"])]),
        f"./halfday evaluate {files} --per-class --interval",
        f"./halfday errors {files} --iou {side.described['iou']:g}",
    ]


def export_call(made: Made, side: ReportSide, revision: int) -> str:
    """The call that exports an evaluation's labels and predictions."""
    asked = {"format": "coco", "prediction_set": side.described["prediction_set"]["id"], "revision": revision}
    if side.narrowed_to is not None:
        asked["slice"] = side.narrowed_to
    return f"POST {made.api}datasets/{side.described['dataset']}/exports {json.dumps(asked)}"
