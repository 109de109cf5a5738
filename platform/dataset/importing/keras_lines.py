"""Texts with a picture and all of its boxes on a line: `a.jpg x1,y1,x2,y2,class x1,y1,…`, in pixels.

Keras' YOLO reads them, and Roboflow writes them as "YOLO Keras TXT" and "YOLO v4 PyTorch". Classes are numbers of the
class list that stands nearest. In such a text a picture alone has nothing on it.
"""

import re

from dataset.importing.files import Tree
from dataset.importing.gathering import number
from dataset.importing.heads import FileHead
from dataset.importing.records import RecordReader
from dataset.importing.types import ImportNote, ImportProblem, Problems, Source
from dataset.importing.yolo_lists import ClassList, YoloLists

BOX = r"-?\d+(?:\.\d+)?(?:,-?\d+(?:\.\d+)?){3},\d+"
LINE = re.compile(rf"(\S.*?\.\w{{3,5}})((?:\s+{BOX})+)\s*")


def is_kind(head: FileHead) -> bool:
    return head.suffix == ".txt" and any(LINE.fullmatch(line) for line in head.lines)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every text with its images; other images are taken without labels."""
    source = Source("keras_lines", [], [], problems)
    reader = KerasReader(source, tree)
    for name in files:
        if is_kind(FileHead(name, tree.head(name, 4096))):
            reader.read(name)
        else:
            problems.add(ImportProblem(name, "it is a text in no format that is known", kind="unrecognised"))
    reader.take_unlisted()
    return source


class KerasReader(RecordReader):
    """Reads texts into a source."""

    def __init__(self, source: Source, tree: Tree) -> None:
        super().__init__(source, tree)
        self.lists = YoloLists(tree, source.problems, self.finder)

    def read(self, name: str) -> None:
        self.start_file(name)
        listed = self.lists.of(name, name)
        if listed:
            self.list_classes(listed.names)
        else:
            text = f"{name} has no list of class names above it; called class 0, class 1 and so on"
            self.problems.notes.append(ImportNote("no_names", 1, text))
        for line, text in self.lines(name):
            self.read_line(text.strip(), line, listed)

    def read_line(self, text: str, line: int, listed: ClassList | None) -> None:
        found = LINE.fullmatch(text)
        image = self.describe(found.group(1) if found else text, line=line)
        if not found:
            self.is_labelled(image)
        for given in found.group(2).split() if found else ():
            *sides, label = given.split(",")
            try:
                called = listed.name(int(label)) if listed else f"class {label}"
            except ValueError as error:
                self.refuse(image, str(error), "broken_record", line=line)
            else:
                self.put(image, called, tuple(map(number, sides)), line, line=line)
