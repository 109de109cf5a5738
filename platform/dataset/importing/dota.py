"""DOTA: a text file per image in `labelTxt/`, a line per object: four corners, class, difficult (0 or 1).

Corners are pixels, in order round. Lines before them name `imagesource` and `gsd`. Corners of a rectangle are a turned
box, or one like others where they are upright; other corners are a polygon. What is difficult, DOTA's evaluation leaves
out.
"""

import re
from pathlib import PurePosixPath

from dataset.importing.drawn import box_around, outline
from dataset.importing.files import Tree
from dataset.importing.gathering import number
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says
from dataset.importing.types import Problems, Source
from dataset.importing.voc import plain_value
from science.geometry import turned

NUMBER = r"-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"
OBJECT = re.compile(rf"(?:{NUMBER}\s+){{8}}[^\s\d][^\s]*(?:\s+[012])?")
ROUNDING = 1.5  # pixels by which a corner may miss a rectangle, since tools round them
ABOUT = re.compile(r"(imagesource|gsd|acquisition dates?)\s*:\s*(.*)", re.IGNORECASE)


def is_kind(head: FileHead) -> bool:
    named = head.suffix == ".txt" and bool(head.lines)
    return named and any(OBJECT.fullmatch(line.replace(",", " ")) for line in head.lines if not ABOUT.match(line))


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
        objects = [(at, line.replace(",", " ").split()) for at, line in rows if not ABOUT.match(line.strip())]
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
        around = box_around(corners)
        if not around or not turned.is_rectangle(corners, ROUNDING):
            self.put(image, row[8], around, at, attributes, shape=outline(corners), line=at)
            return
        box, degrees = turned.from_corners(corners)
        if turned.is_turned(degrees * 4):
            self.put_turned(image, row[8], box, degrees, at, attributes, line=at)
        else:  # a quarter turn is upright again
            self.put(image, row[8], around, at, attributes, line=at)
