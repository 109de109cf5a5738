"""makesense.ai's CSV: label, left, top, width, height, picture, its width and height; perhaps below a line of names."""

import csv

from dataset.importing.described import size
from dataset.importing.files import Tree, suffix_of
from dataset.importing.gathering import number
from dataset.importing.heads import FileHead
from dataset.importing.records import RecordReader, Says
from dataset.importing.types import Problems, Source
from storage.pictures import NAMES

HEADER = ["label_name", "bbox_x", "bbox_y", "bbox_width", "bbox_height", "image_name", "image_width", "image_height"]


def is_kind(head: FileHead) -> bool:
    """The line of names, or rows that name a picture in the sixth column and are numbers around it."""
    rows = list(csv.reader(head.lines[:4])) if head.suffix == ".csv" else []
    return bool(rows) and (is_header(rows[0]) or all(map(is_row, rows)))


def is_header(row: list[str]) -> bool:
    return [value.strip().lower() for value in row] == HEADER


def is_row(row: list[str]) -> bool:
    if len(row) != len(HEADER) or suffix_of(row[5].strip()) not in NAMES:
        return False
    return all(number(value) == number(value) for value in (*row[1:5], *row[6:]))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every table with its images; other images are taken without labels."""
    source = Source("makesense", [], [], problems, form="xywh")
    reader = MakesenseReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class MakesenseReader(RecordReader):
    """Reads tables into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        places: dict[str, int] = {}
        for line, text in self.lines(name):
            row = [value.strip() for value in next(csv.reader([text]), [])]
            if is_header(row):
                continue
            if len(row) != len(HEADER):
                self.refuse(-1, f"a row has {len(HEADER)} values, this one {len(row)}", "broken_record", line=line)
                continue
            if row[5] not in places:
                stated = size(*(int(side) if side.isdecimal() else 0 for side in row[6:]))
                places[row[5]] = self.describe(row[5], Says(size=stated), line=line)
            self.put(places[row[5]], row[0], tuple(map(number, row[1:5])), line, line=line)
