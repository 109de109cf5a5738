"""Crops of what went wrong, or of what changed."""

from __future__ import annotations

from collections.abc import Sequence

from curate.reports.document.content import Crop, Group
from curate.reports.document.drawing.pictures import picture
from curate.reports.document.markup import Markup, tag
from curate.reports.document.page import Part, report_part
from curate.reports.document.words import Words


def examples(w: Words, title: str, groups: Sequence[Group], *, without: bool) -> Part:
    if without:
        return report_part("examples", title, tag("p", w("examples.without")))
    return report_part(
        "examples", title, *(_group(w, one) for one in groups), note=w("examples.note"), class_="own-page"
    )


def _group(w: Words, group: Group) -> Markup:
    shown = len(group.crops)
    if shown:
        counted = w("examples.of", n=w.count(shown), of=w.count(group.of)) + ". "
    else:
        counted = w("examples.gone" if group.of else "examples.none") + " "
    said = tag("p", counted, w("examples.kindNote." + group.kind), class_="note")
    listed = tag("div", *(_crop(one) for one in group.crops), class_="crops") if shown else None
    return tag("div", tag("h3", w("examples.kind." + group.kind)), said, listed, class_="group")


def _crop(crop: Crop) -> Markup:
    words = (tag("b", crop.title), tag("span", crop.detail), tag("span", crop.key, class_="key"))
    return tag("figure", tag("div", picture(crop), class_="frame"), tag("figcaption", *words))
