"""OpenImages: CSV files of boxes (ImageID, LabelName, XMin … as fractions), and one that names the classes."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from dataset.importing.described import add_metadata
from dataset.importing.files import Tree
from dataset.importing.gathering import LOST, Gatherer, number
from dataset.importing.text import Undecodable, decoded, is_utf8, text_of
from dataset.importing.types import Problems, Source

NEEDED = {"ImageID", "LabelName", "XMin", "XMax", "YMin", "YMax"}
SIDES = ("XMin", "YMin", "XMax", "YMax")
FLAGS = {
    "IsOccluded": "occluded",
    "IsTruncated": "truncated",
    "IsGroupOf": "is_group_of",
    "IsDepiction": "depiction",
    "IsInside": "inside",
}
DESCRIBED = re.compile(rb"^\xef?\xbb?\xbf?/[mg]/[\w-]+,")  # /m/0k4j,Car
LONGEST_LINE = 1 << 20


class LineTooLong(Exception):
    """No CSV file has such lines."""


def is_head(head: bytes) -> bool:
    """Whether a CSV file that begins so holds boxes."""
    first = head.split(b"\n", 1)[0].decode("utf-8-sig", "replace")
    return {name.strip() for name in first.split(",")} >= NEEDED


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every row with its image; other images are taken without labels."""
    source = Source("openimages", [], [], problems, form="fractions")
    reader = OpenImagesReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class OpenImagesReader(Gatherer):
    """Reads box files into a source."""

    def __init__(self, source: Source, tree: Tree) -> None:
        super().__init__(source, tree)
        self.names = class_names(tree, source.problems)
        self.places: dict[str, int] = {}  # of images, by ImageID

    def read(self, name: str) -> None:
        self.start_file(name)
        self.places.clear()
        self.lost: dict[str, int] = {}
        try:
            with opened(self.tree, name, self.problems) as file:
                rows = csv.DictReader(lines_of(file))
                for row in rows:
                    self.read_row(row, rows.line_num)
        except Undecodable as error:
            self.problem(str(error), "encoding")
        except (csv.Error, LineTooLong) as error:
            self.problem(f"it is not CSV from here on: {error}", "broken_file")
        for image, boxes in self.lost.items():
            reason = f"{boxes} boxes of this image were left out"
            self.problem(reason, "lost_boxes", count=boxes, record=f"ImageID {image}")

    def read_row(self, row: dict[str | None, Any], line: int) -> None:
        given = (row.get("ImageID") or "").strip()
        image = self.place_of(given, line)
        if image == LOST:
            self.lost[given] = self.lost.get(given, 0) + 1
        label = (row.get("LabelName") or "").strip()
        box = tuple(number(row.get(side)) for side in SIDES)
        reason = self.add(image, self.names.get(label, label), box, line, attributes_of(row))
        if reason:
            self.problem(reason, "broken_record", line=line)

    def place_of(self, given: str, line: int) -> int:
        """The image of an ImageID, which is a file name without its ending."""
        if given not in self.places:
            found = self.naming.find(given, self.file_name)
            known = len(self.source.images)
            self.places[given] = place = self.image(found, given, line=line)
            if place == known:
                add_metadata(self.of(place), {}, self.file_name, self.problems)
                self.is_labelled(place)
        return self.places[given]


def class_names(tree: Tree, problems: Problems) -> dict[str, str]:
    """Names by label code, of the CSV files that describe classes."""
    names: dict[str, str] = {}
    for relative in tree.with_suffix(".csv"):
        if DESCRIBED.match(tree.head(relative, 200)):
            lines = (text_of(tree, relative, problems) or "").splitlines()
            names |= {row[0].strip(): row[1].strip() for row in csv.reader(lines) if len(row) >= 2}
    return names


@contextmanager
def opened(tree: Tree, name: str, problems: Problems) -> Iterator[TextIO]:
    """The file for reading, in whatever encoding it is. Raises Undecodable."""
    path = tree.path(name)
    with path.open("rb") as file:
        usual = is_utf8(file)
    if usual:
        with path.open("r", encoding="utf-8-sig", newline="") as text:
            yield text
    else:
        found = decoded(path.read_bytes())
        problems.read_as(name, found.encoding)
        yield io.StringIO(found.text, newline="")


def lines_of(file: Any) -> Iterator[str]:
    """The file's lines. Raises LineTooLong."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise LineTooLong(f"a line is longer than {LONGEST_LINE} characters")
        yield line


def attributes_of(row: dict[str | None, Any]) -> dict[str, Any]:
    """What is 1 or 0; -1 means that nobody knows."""
    given = {name: (row.get(column) or "").strip() for column, name in FLAGS.items()}
    return {name: value == "1" for name, value in given.items() if value in ("0", "1")}
