"""Google's AutoML and Vertex AI CSV: `TRAIN,gs://bucket/a.jpg,car,x1,y1,,,x2,y2,,`, corners as fractions of the image.

No line of names. The first column, which may be missing or empty, is the split. Two opposite corners are given, or
all four. A row with a picture alone says that nothing is on it.
"""

import csv
import io
import math

from dataset.importing.files import Tree, suffix_of
from dataset.importing.gathering import number
from dataset.importing.heads import FileHead
from dataset.importing.records import RecordReader, Says
from dataset.importing.types import Problems, Source
from storage.pictures import NAMES

SPLITS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("validate", "validation"), "valid"),
    "test": "test",
    "unassigned": "",
    "": "",
}
SHORTEST = 9  # values, the split among them: the lower right corner's are the eighth and the ninth


def is_kind(head: FileHead) -> bool:
    """Every row has a split, a picture, and fractions or nothing where the corners stand."""
    rows = [with_split(row) for row in csv.reader(head.lines[:4])] if head.suffix == ".csv" else []
    return bool(rows) and all(is_row(row) for row in rows)


def with_split(row: list[str]) -> list[str]:
    """The row with its split, which may be left out."""
    return ["", *row] if row and suffix_of(row[0].strip()) in NAMES else row


def is_row(row: list[str]) -> bool:
    if not SHORTEST <= len(row) <= 11 or row[0].strip().lower() not in SPLITS:
        return False
    values = [number(value) for value in row[3:] if value.strip()]
    return suffix_of(row[1].strip()) in NAMES and all(0 <= value <= 1 for value in values)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every table with its images; other images are taken without labels."""
    source = Source("automl", [], [], problems, form="fractions")
    reader = AutoMlReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class AutoMlReader(RecordReader):
    """Reads tables into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        places: dict[str, int] = {}
        for line, text in self.lines(name):
            row = with_split(next(csv.reader(io.StringIO(text)), []))
            if len(row) < 2 or not row[1].strip():
                self.refuse(-1, "a row has a split, a picture, a class and corners", "broken_record", line=line)
                continue
            given = row[1].strip()
            if given not in places:
                split = SPLITS.get(row[0].strip().lower()) or None
                places[given] = self.describe(given, Says(split=split), line=line)
            self.read_row(places[given], row, line)

    def read_row(self, image: int, row: list[str], line: int) -> None:
        if not any(value.strip() for value in row[2:]):
            self.is_labelled(image)
            return
        self.put(image, row[2].strip() if len(row) > 2 else "", corners_of(row[3:]), line, line=line)


def corners_of(values: list[str]) -> tuple[float, ...]:
    """The box around the corners given, as fractions x1, y1, x2, y2; NaN where one is no number."""
    given = [(number(x), number(y)) for x, y in zip(values[0::2], values[1::2], strict=False) if x.strip() or y.strip()]
    if len(given) < 2:
        return ()
    xs, ys = zip(*given, strict=True)
    return (math.nan,) if any(map(math.isnan, (*xs, *ys))) else (min(xs), min(ys), max(xs), max(ys))
