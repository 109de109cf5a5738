"""DOTA: a text file per image in `labelTxt/`, a line per object: four corners, class, difficult (0 or 1).

Corners are pixels, in order round. Lines before them name `imagesource` and `gsd`. The box around the corners is taken;
where they are a rectangle, its angle is kept. What is difficult, DOTA's evaluation leaves out.
"""

import re
from pathlib import PurePosixPath

from dataset.importing.cvat import box_around
from dataset.importing.files import Tree
from dataset.importing.gathering import number
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says
from dataset.importing.turned import Points, unturned
from dataset.importing.turning import as_attributes as facts_of_turn
from dataset.importing.types import Problems, Source
from dataset.importing.voc import plain_value

NUMBER = r"-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"
OBJECT = re.compile(rf"(?:{NUMBER}\s+){{8}}[^\s\d][^\s]*(?:\s+[012])?")
ABOUT = re.compile(r"(imagesource|gsd|acquisition dates?)\s*:\s*(.*)", re.IGNORECASE)


def is_kind(head: FileHead) -> bool:
    named = head.suffix == ".txt" and bool(head.lines)
    return named and any(OBJECT.fullmatch(line) for line in head.lines if not ABOUT.match(line))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every label file with its image; other images are taken without labels."""
    source = Source("dota", [], [], problems)
    reader = DotaReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class DotaReader(RecordReader):
    """Reads label files into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        rows = list(self.lines(name))
        about = {found.group(1): found.group(2).strip() for _, line in rows if (found := ABOUT.match(line.strip()))}
        known = {key: plain_value(value) for key, value in about.items() if value not in ("", "None", "null")}
        image = self.describe(PurePosixPath(name).stem, Says(known))
        objects = [(at, line.split()) for at, line in rows if not ABOUT.match(line.strip())]
        if not objects:
            self.is_labelled(image)
        for at, row in objects:
            self.read_row(image, row, at)

    def read_row(self, image: int, row: list[str], at: int) -> None:
        if len(row) not in (9, 10):
            self.refuse(image, f"a line has 9 or 10 values, this one {len(row)}", "broken_record", line=at)
            return
        sides = [number(value) for value in row[:8]]
        corners = list(zip(sides[::2], sides[1::2], strict=True))
        difficult = len(row) == 10 and row[9] != "0"
        attributes: Record = {"difficult": True} if difficult else {}
        turn, around = turn_of(corners)
        self.put(image, row[8], box_around(corners), at, attributes | turn, around=around, line=at)


def turn_of(corners: Points) -> tuple[Record, str]:
    """What is kept of a rectangle's turn, and how the shape is called; nothing for an upright one."""
    if any(x != x or y != y for x, y in corners):
        return {}, ""
    found = unturned(corners)
    if found is None:
        return {}, "shape of four corners"
    box, angle = found
    if min(angle % 90, 90 - angle % 90) < 1e-6:
        return {}, ""
    return facts_of_turn(box, angle), f"box turned by {angle:.4g} degrees"
