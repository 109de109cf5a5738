"""The names of a class list that is a text: a line each, though people also number them or write them on one line."""

import re
from dataclasses import dataclass

from dataset.importing.names import clean

NUMBERED = re.compile(r"\s*(\d{1,4})\s*(?:[:;,.)\t]\s*|\s+)(\S.*)")
SEVERAL = re.compile(r"[,;]")


@dataclass(frozen=True)
class ListedNames:
    """Names by index, empty where none is meant. `kind` and `said`: what is worth saying of how they stand there."""

    names: list[str]
    kind: str = ""
    said: str = ""


def names_in(text: str) -> ListedNames:
    """An empty line within the list has its number, as LabelImg and darknet count; those at its end have none."""
    lines = [clean(line) for line in text.replace("\r\r\n", "\n").splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    if by_number := numbered(lines):
        said = "its lines begin with numbers, which were taken as those of the classes"
        return ListedNames(by_number, "numbered_list", said)
    if len(lines) == 1 and len(several := [clean(name) for name in SEVERAL.split(lines[0])]) > 1:
        return ListedNames(several, "one_line", f"its one line was taken as {len(several)} names")
    return ListedNames(lines)


def numbered(lines: list[str]) -> list[str]:
    """The names of lines that begin with numbers going up from 0 or 1; nothing where they do not."""
    found = [NUMBERED.fullmatch(line) for line in lines if line]
    given = [(int(one.group(1)), clean(one.group(2))) for one in found if one]
    if len(given) < 2 or len(given) < len(found) or given[0][0] > 1:
        return []
    if [number for number, _ in given] != list(range(given[0][0], given[0][0] + len(given))):
        return []
    return [""] * given[0][0] + [name for _, name in given]
