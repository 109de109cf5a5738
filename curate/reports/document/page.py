"""The frame of a report: the document, its style, its sections and tables, and the policy that holds it in."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from curate.reports.document.markup import Child, Markup, tag

Part = tuple[str, str, Markup]  # anchor, title, section


@cache
def style() -> Markup:
    """The style sheet, which is text of ours alone."""
    return Markup((Path(__file__).parent / "style.css").read_text(encoding="utf-8"))


def inside_policy() -> str:
    """The Content-Security-Policy that also stands within the file: pictures of its own, this style, nothing else."""
    digest = b64encode(sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def policy() -> str:
    """That of the answer: besides, no other page may frame it, and it is a stranger to the platform's own pages."""
    return f"{inside_policy()}; frame-ancestors 'none'; sandbox"


def document(*, title: str, language: str, head: Child, parts: Sequence[Part], contents: str) -> str:
    """The whole file."""
    listed = tag("nav", tag("h2", contents), tag("ol", *(_entry(*part) for part in parts)))
    page = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=inside_policy()),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="generator", content="Halfday"),
            tag("title", title),
            tag("style", style()),
        ),
        tag("body", tag("main", head, listed, *(part for _, _, part in parts))),
        lang=language,
    )
    return "<!DOCTYPE html>\n" + page


def _entry(anchor: str, title: str, _: Markup) -> Markup:
    return tag("li", tag("a", title, href=f"#{anchor}"))


def report_part(anchor: str, title: str, *children: Child, note: str = "", class_: str | None = None) -> Part:
    """A section with its heading and, below it, a note that says what is shown."""
    said = tag("p", note, class_="note") if note else None
    return anchor, title, tag("section", tag("h2", title), said, children, id=anchor, class_=class_)


def table(head: Sequence[Child], rows: Iterable[Sequence[Child]], *, class_: str = "") -> Markup:
    """A table that scrolls by itself where the page is narrow; its first column names the rows."""
    named = [tag("th", one, scope="col") for one in head]
    return tag(
        "div",
        tag(
            "table",
            tag("thead", tag("tr", *named)),
            tag("tbody", *(tag("tr", tag("th", first, scope="row"), *(tag("td", one) for one in rest))
                           for first, *rest in rows)),
            class_=class_ or None,
        ),
        class_="scroll",
    )  # fmt: skip


def facts(rows: Iterable[tuple[str, Child]]) -> Markup:
    """Names and values; those without a value are left out."""
    said = ((name, value) for name, value in rows if value not in (None, ""))
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in said), class_="facts")


def two_columns(*children: Child) -> Markup:
    """Side by side where there is room."""
    return tag("div", *(tag("div", child) for child in children if child), class_="two")


def titled_chart(title: str, drawn: Child, note: str = "") -> Markup:
    """A chart with its heading and note."""
    return tag("figure", tag("h3", title), drawn, tag("figcaption", note) if note else None)


def swatch(colour: str, name: str) -> Markup:
    """A class by its name, with its colour before it."""
    dot = tag("circle", cx=5, cy=5, r=4, fill=colour)
    return tag(
        "span",
        tag("svg", dot, viewBox="0 0 10 10", width=10, height=10, class_="dot"),
        tag("span", name),
        class_="class",
    )
