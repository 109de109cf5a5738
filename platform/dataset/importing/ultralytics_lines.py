"""Ultralytics' NDJSON: a line about the set with `class_names`, then a line for each image, with rows as in YOLO.

`annotations` has `boxes`, `segments`, `pose` or `obb`: lists of a class number and fractions. An image whose list is
empty is a negative; one without any is not labelled.
"""

from array import array
from typing import Any

from dataset.importing.described import size
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says
from dataset.importing.types import Problems, Source
from dataset.importing.yolo_rows import Row, RowForms, parse

SPLITS = {"train": "train", "val": "valid", "test": "test"}
SAID = {"pose": ("poses", "pose")}


def is_kind(head: FileHead) -> bool:
    listed = head.suffix in (".ndjson", ".jsonl") and head.start == "{"
    return listed and {"class_names", "task"} <= head.keys(1) and "annotations" in head.keys(1)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every line with its image; other images are taken without labels."""
    source = Source("ultralytics", [], [], problems, form="centred", naming="row {n} of {image}")
    reader = LineReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class LineReader(RecordReader):
    """Reads lines into a source."""

    names: dict[int, str]

    def read(self, name: str) -> None:
        self.start_file(name)
        self.names = {}
        for line, record in self.json_lines(name):
            if isinstance(given := record.get("class_names"), dict | list):
                self.take_names(given)
            elif isinstance(record.get("file"), str):
                self.read_image(record, line)
            else:
                self.problem("it names no file", "broken_record", line=line)

    def take_names(self, given: dict[str, Any] | list[Any]) -> None:
        pairs = given.items() if isinstance(given, dict) else enumerate(given)
        self.names = {int(number): str(name) for number, name in pairs if str(number).isdecimal()}
        self.list_classes(self.names[number] for number in sorted(self.names))

    def read_image(self, record: Record, line: int) -> None:
        says = Says(size=size(record.get("width"), record.get("height")), split=SPLITS.get(str(record.get("split"))))
        image = self.describe(record["file"], says, line=line)
        annotations, kinds = record.get("annotations"), dict[str, int]()
        for key, rows in (annotations if isinstance(annotations, dict) else {}).items():
            if key == "classification":
                continue
            if rows == []:
                self.is_labelled(image)
            for at, row in enumerate(rows if isinstance(rows, list) else []):
                if kind := self.read_row(image, key, row, at, line):
                    kinds[kind] = kinds.get(kind, 0) + 1
        for kind, (what, named) in SAID.items():
            if count := kinds.get(kind):
                self.problem(f"{count} {what} were taken as the boxes around them", named, "repaired", count, line=line)

    def read_row(self, image: int, key: str, values: Any, at: int, line: int) -> str:
        """Take a row, or report why not; returns what it was."""
        try:
            row = parsed(key, values)
            label = self.names.get(row.label) if self.names else f"class {row.label}"
            if label is None:
                raise ValueError(f"class {row.label} is not in class_names")
        except ValueError as error:
            self.refuse(image, str(error), "broken_record", line=line)
            return ""
        place = len(self.source.boxes)
        if self.put(image, label, row.box, at, line=line) and place < len(self.source.boxes):
            if row.corners is not None:
                self.source.corners[place] = row.corners
            if row.outline is not None:
                self.source.fraction_outlines[place] = [array("d", row.outline)]
        return row.kind


def parsed(key: str, values: Any) -> Row:
    """A row by the list that it stands in. Raises ValueError with what is wrong."""
    if not isinstance(values, list) or not all(type(value) in (int, float) for value in values):
        raise ValueError("it is not a list of numbers")
    forms = RowForms(max(len(values) - 5, 0) if key == "pose" else 0, turned=key == "obb")
    row = parse(" ".join(map(str, values)), forms)
    if row.score is not None:
        raise ValueError("it has a confidence, so it is a prediction")
    return row
