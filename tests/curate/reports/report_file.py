"""A report read as a browser would: its elements, its texts, its tables."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "wbr", "img", "link", "input"}


@dataclass
class Element:
    """One element with what is in it."""

    name: str
    attributes: dict[str, str | None]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(one if isinstance(one, str) else f" {one.text} " for one in self.inside).split())

    def all(self, name: str = "", **attributes: str) -> list["Element"]:
        """The elements below of that name with these attributes, in order."""
        found = []
        for one in self.inside:
            if isinstance(one, Element):
                right = name in ("", one.name) and all(
                    one.attributes.get(key) == value for key, value in attributes.items()
                )
                found += [one] if right else []
                found += one.all(name, **attributes)
        return found

    def section(self, anchor: str) -> "Element":
        return self.all("section", id=anchor)[0]

    def rows(self) -> list[list[str]]:
        """The texts of the cells of every table below, the heads left out."""
        return [
            [cell.text for cell in row.inside if isinstance(cell, Element)]
            for body in self.all("tbody")
            for row in body.all("tr")
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"{tag} closes {self.open[-1].name}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str) -> Element:
    """The document. Fails where an element is not closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"{reader.open[-1].name} is not closed"
    return reader.root
