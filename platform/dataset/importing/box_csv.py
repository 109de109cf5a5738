"""CSV files with a row per box: TensorFlow's (filename, width, height, class, xmin, ymin, xmax, ymax), which Roboflow
writes too, and RetinaNet's (path, x1, y1, x2, y2, class), which has no line of names; SKU-110K's has the image's width
and height behind that.

Corners are pixels and taken as edges. In RetinaNet's, a row with nothing but a path is an image that has no boxes. So
is one of a table that has a word for nothing instead of a class, and no corners.
"""

import csv
import io
from collections.abc import Iterator

from dataset.importing.described import size
from dataset.importing.files import Tree
from dataset.importing.gathering import number
from dataset.importing.heads import FileHead
from dataset.importing.records import RecordReader, Says
from dataset.importing.types import Problems, Source
from storage.pictures import NAMES

KNOWN = {
    "image": ("filename", "path", "image", "image_path", "img", "file", "image_name", "imagepath", "image_id"),
    "label": (
        *("class", "class_name", "label", "label_name", "name", "classname", "category", "category_name"),
        *("annotation tag", "class_id", "classid", "category_id", "label_id"),  # LISA's; numbers, where no names are
    ),
    "x1": ("xmin", "x1", "x_min", "left", "upper left corner x", "roi.x1"),
    "y1": ("ymin", "y1", "y_min", "top", "upper left corner y", "roi.y1"),
    "x2": ("xmax", "x2", "x_max", "right", "lower right corner x", "roi.x2"),
    "y2": ("ymax", "y2", "y_max", "bottom", "lower right corner y", "roi.y2"),
    "width": ("width", "image_width", "img_width"),
    "height": ("height", "image_height", "img_height"),
    "split": ("split", "subset"),
    "score": ("confidence", "score", "conf"),
}
NEEDED = ("image", "label", "x1", "y1", "x2", "y2")
CORNERS = ("x1", "y1", "x2", "y2")
BARE = ("image", *CORNERS, "label", "width", "height")  # RetinaNet's has the first six
NOTHING = frozenset({"no finding", "no_finding", "nothing", "none", "background", "negative", "normal", "empty"})

Row = dict[str, str]


def is_table(head: FileHead) -> bool:
    """TensorFlow's: a line of names."""
    return head.suffix in (".csv", ".tsv") and bool(head.lines) and set(NEEDED) <= set(columns_of(head.lines[0]))


def is_bare(head: FileHead) -> bool:
    """RetinaNet's: every row begins with the path of a picture and ends in a class."""
    rows = list(csv.reader(head.lines[:4])) if head.suffix == ".csv" and not is_table(head) else []
    return bool(rows) and all(is_bare_row(row) for row in rows)


def is_bare_row(row: list[str]) -> bool:
    if len(row) not in (6, len(BARE)) or not row[0].strip().lower().endswith(tuple(NAMES)):
        return False
    return not any(row[1:]) or (all(number(value) == number(value) for value in row[1:5]) and bool(row[5].strip()))


def columns_of(line: str) -> dict[str, int]:
    """Places of the columns that are known, by what they mean."""
    given = [name.strip().strip('"').lower() for name in line.split(delimiter_of(line))]
    found = {meaning: [given.index(name) for name in names if name in given] for meaning, names in KNOWN.items()}
    return {meaning: places[0] for meaning, places in found.items() if places}


def delimiter_of(line: str) -> str:
    """What separates the columns: a comma; a semicolon where commas are decimal; a tab."""
    return max(",;\t", key=line.count)


def read_table(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read TensorFlow's CSV files; other images are taken without labels."""
    return read_as("tf_csv", tree, problems, files)


def read_bare(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read RetinaNet's CSV files; other images are taken without labels."""
    return read_as("retinanet", tree, problems, files)


def read_as(form: str, tree: Tree, problems: Problems, files: list[str]) -> Source:
    source = Source(form, [], [], problems)
    reader = CsvReader(source, tree)
    for name in files:
        reader.read(name, bare=form == "retinanet")
    reader.take_unlisted()
    return source


class CsvReader(RecordReader):
    """Reads rows into a source."""

    def read(self, name: str, *, bare: bool) -> None:
        self.start_file(name)
        places: dict[str, int] = {}
        head = self.tree.head(name, 2000).decode("utf-8", "replace").lstrip("\ufeff").partition("\n")[0]
        self.are_predictions = not bare and "score" in columns_of(head) and self.has_scores(name)
        predictions = 0
        for line, row in self.rows(name, bare=bare):
            predictions += self.are_predictions
            if (given := row["image"]) not in places:
                metadata = {"split": row["split"]} if row.get("split") else {}
                places[given] = self.describe(given, Says(metadata, stated_size(row)), line=line)
            self.read_row(places[given], row, line)
        if predictions:
            reason = f"{predictions} rows have a confidence, so they are predictions, not labels"
            self.problem(reason, "predictions", count=predictions)

    def has_scores(self, name: str) -> bool:
        """Whether all rows have a confidence, and not the 1 that some tools write beside labels."""
        lines = csv.DictReader(io.StringIO("\n".join(line for _, line in self.lines(name))))
        scores = [
            number(next((row[key] for key in row if str(key).strip().lower() in KNOWN["score"]), "")) for row in lines
        ]
        return bool(scores) and all(score == score for score in scores) and any(score != 1 for score in scores)

    def rows(self, name: str, *, bare: bool) -> Iterator[tuple[int, Row]]:
        """Line numbers and values by meaning."""
        text = "\n".join(line for _, line in self.lines(name))
        table = csv.reader(io.StringIO(text), delimiter="," if bare else delimiter_of(text.split("\n", 1)[0]))
        places = dict(zip(BARE, range(6), strict=False))
        try:
            for row in table:
                if not bare and table.line_num == 1:
                    places = columns_of(table_line(row))
                elif bare and len(row) == len(BARE):
                    yield table.line_num, {meaning: value.strip() for meaning, value in zip(BARE, row, strict=True)}
                elif len(row) <= max(places.values()):
                    self.refuse(
                        -1,
                        f"a row has {max(places.values()) + 1} values, this one {len(row)}",
                        "broken_record",
                        line=table.line_num,
                    )
                else:
                    yield table.line_num, {meaning: row[at].strip() for meaning, at in places.items()}
        except csv.Error as error:
            self.problem(f"it is not CSV from here on: {error}", "broken_file", line=table.line_num)

    def read_row(self, image: int, row: Row, line: int) -> None:
        if not any(row[side] for side in CORNERS) and row["label"].lower() in ("", *NOTHING):
            self.is_labelled(image)
            return
        box = tuple(number(row[side]) for side in CORNERS)
        if self.are_predictions:
            self.add_prediction(image, row["label"], box, number(row["score"]), line)
            return
        self.put(image, row["label"], box, line, line=line)


def table_line(row: list[str]) -> str:
    return ",".join(name.replace(",", " ") for name in row)


def stated_size(row: Row) -> tuple[int, int] | None:
    width, height = number(row.get("width")), number(row.get("height"))
    return size(int(width), int(height)) if 0 < width < 1e6 and 0 < height < 1e6 else None
