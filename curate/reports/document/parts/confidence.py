"""F1 over confidence with the operating point, and whether scores mean what they say."""

from __future__ import annotations

from curate.reports.document.content import EvaluationContent
from curate.reports.document.drawing.bars import Layer, histogram
from curate.reports.document.drawing.curves import Axes, CurveLine, calibration, curves
from curate.reports.document.drawing.frame import FAINT, INK, TONES
from curate.reports.document.markup import Markup
from curate.reports.document.page import Part, report_part, swatch, table, titled_chart, two_columns
from curate.reports.document.parts.recall_curves import largest_classes

MOST = 10  # classes in the table of thresholds


def confidence(content: EvaluationContent) -> Part:
    """F1 over confidence in the mean, and where it is best for each class."""
    w, found = content.made.words, content.over["confidence"]
    conf, mean, judged = found["conf"], found["mean"], content.side.described["conf"]
    lines = [
        CurveLine(w("confidence.precision"), conf, mean["precision"], FAINT),
        CurveLine(w("confidence.recall"), conf, mean["recall"], FAINT, dash="4 2"),
        CurveLine(w("confidence.f1"), conf, mean["f"], INK, 2.0),
    ]
    axes = Axes(w("confidence.x"), w("confidence.y"))
    mark = (judged, w("confidence.judged", conf=w.number(judged)))
    drawn = curves(lines, axes, label=w("confidence.label"), mark=mark)
    note = w("confidence.note", iou=w.number(content.over["iou"]))
    chart = titled_chart(note, drawn, _best(content, lines[2]))
    return report_part("confidence", w("confidence.title"), two_columns(chart, _by_class(content)))


def _by_class(content: EvaluationContent) -> Markup:
    """The best confidence of each class; of the largest where they are many."""
    w, made = content.made.words, content.made
    boxes = {row["class_id"]: row["gt"] for row in content.side.described["per_class"]}
    shown = largest_classes(content.over["confidence"]["classes"], boxes, MOST)
    head = [w("classes.class"), w("confidence.bestAt"), w("confidence.f1")]
    named = {one["class_id"]: swatch(made.colour(one["class_id"]), made.class_name(one["class_id"])) for one in shown}
    rows = ([named[one["class_id"]], _three(one["best"]), w.points(one["best_f"])] for one in shown)
    return titled_chart(w("confidence.perClass"), table(head, rows, class_="numbers"))


def _three(confidence: float | None) -> str:
    return "–" if confidence is None else f"{confidence:.3f}"


def _best(content: EvaluationContent, f1: CurveLine) -> str:
    w, found = content.made.words, content.over["confidence"]
    judged = content.side.described["conf"]
    if found["best"] is None:
        return ""
    best = f1.at(found["best"])
    gaps = {"conf": w.number(found["best"]), "f1": w.points(best), "judged": w.number(judged)}
    return w("confidence.best", there=w.points(f1.at(judged)), **gaps)


def scores(content: EvaluationContent) -> Part:
    """Right and wrong predictions by score, and precision against score."""
    w = content.made.words
    note = w("scores.note", iou=w.number(content.over["iou"]))
    return report_part("scores", w("scores.title"), two_columns(_histogram(content), _calibration(content)), note=note)


def _histogram(content: EvaluationContent) -> Markup:
    w, found = content.made.words, content.over["scores"]
    layers = [
        Layer(w("scores.right"), found["right"], TONES["tp"]),
        Layer(w("scores.wrong"), found["wrong"], TONES["fp"]),
    ]
    name = w("scores.histogram")
    drawn = histogram(found["edges"], layers, label=name, x_name=w("scores.x"), y_name=w("scores.y"))
    return titled_chart(name, drawn)


def _calibration(content: EvaluationContent) -> Markup:
    """Precision of each bin over its mean score, with D-ECE."""
    w, found = content.made.words, content.over["scores"]
    counts = [right + wrong for right, wrong in zip(found["right"], found["wrong"], strict=True)]
    drawn = calibration(
        found["confidence"], found["precision"], counts, Axes(w("scores.x"), w("scores.precision")),
        label=w("scores.calibration"), ideal=w("scores.ideal"), colour=TONES["tp"],
    )  # fmt: skip
    error = found["error"]
    note = w("scores.noError") if error is None else w("scores.error", error=w.points(error))
    return titled_chart(w("scores.calibration"), drawn, note)
