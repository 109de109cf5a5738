"""The figures that a reader looks for first, with their intervals, and COCO's twelve."""

from __future__ import annotations

from typing import Any

from curate.reports.document.content import EvaluationContent
from curate.reports.document.markup import Markup, tag
from curate.reports.document.page import Part, report_part
from curate.reports.document.words import Words, is_known
from science.evaluation.bootstrap import FEWEST_SURE

TWELVE = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")


def headline(content: EvaluationContent) -> Part:
    w, one = content.made.words, content.side.described
    big = tag(
        "div",
        _big(w, "mAP", one["figures"]["AP"], one["interval"]),
        _big(w, "mAP50", one["figures"]["AP50"], one["interval50"]),
        _verdicts(w, one),
        class_="headline",
    )
    bounded = {"AP": one["interval"], "AP50": one["interval50"], **(one["intervals"] or {})}
    twelve = tag("dl", *(_small(w, name, one["figures"][name], bounded.get(name)) for name in TWELVE), class_="twelve")
    said = [
        sentence for sentence in (interval_method(w, one["interval"]), smallest_gain(w, one["interval"])) if sentence
    ]
    return report_part("figures", w("headline.title"), big, twelve, *(tag("p", sentence) for sentence in said))


def _big(w: Words, name: str, value: float | None, interval: dict[str, Any] | None) -> Markup:
    return tag(
        "div",
        tag("span", name, class_="name"),
        tag("strong", w.points(value)),
        tag("span", bounds(w, interval), class_="dim"),
    )


def bounds(w: Words, interval: dict[str, Any] | None) -> str:
    """95 % interval 41.5 to 43.1."""
    if interval is None:
        return w("headline.notComputed")
    if not is_known(interval):
        return w("headline.noInterval")
    return w("headline.interval", level=f"{interval.get('level', 0.95) * 100:g}", interval=w.interval(interval))


def _verdicts(w: Words, one: dict[str, Any]) -> Markup:
    counts = one["counts"]
    pairs = (("tp", w("headline.found")), ("fp", w("headline.fp")), ("fn", w("headline.missed")))
    listed = tag("ul", *(tag("li", tag("b", w.count(counts[kind])), " ", name, class_=kind) for kind, name in pairs))
    at = w("headline.atPoint", conf=w.number(one["conf"]), iou=w.number(one["iou"]))
    return tag("div", listed, tag("span", at, class_="dim"), class_="verdicts")


def _small(w: Words, name: str, value: float | None, ends: dict[str, Any] | None) -> Markup:
    known = tag("small", w.interval(ends)) if is_known(ends) else ""
    return tag("div", tag("dt", name), tag("dd", tag("b", w.points(value)), known, tag("span", w("figures." + name))))


def interval_method(w: Words, interval: dict[str, Any] | None) -> str:
    """What the interval is."""
    if interval is None:
        return ""
    level, drawn, times = interval["level"] * 100, interval["units"], interval["resamples"]
    said = w("headline.how." + interval["groups"], level=f"{level:g}", units=w.count(drawn), resamples=w.count(times))
    few = " " + w("headline.few", n=FEWEST_SURE) if drawn < FEWEST_SURE else ""
    return f"{w('headline.points')} {said}{few}"


def smallest_gain(w: Words, interval: dict[str, Any] | None) -> str:
    """The smallest gain that these images could show."""
    found = interval["smallest_shown"] if interval else None
    return "" if found is None else w("headline.smallest", points=w.points(found))
