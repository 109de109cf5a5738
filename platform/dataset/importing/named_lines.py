"""A text per image, a line per box: a class by its name, and four numbers in pixels; perhaps `difficult` at the end.

OIDv4 ToolKit and Cartucho's mAP write two corners, Padilla's metrics a corner and a size, and nothing in them says
which: where the numbers do not tell, it is asked (box_forms). With a confidence before the numbers it is a prediction.
"""

import re
from pathlib import PurePosixPath

from dataset.importing.files import Tree
from dataset.importing.gathering import number
from dataset.importing.heads import FileHead
from dataset.importing.records import RecordReader
from dataset.importing.types import Problems, Source

NUMBER = r"-?\d+(?:\.\d+)?"
LINE = re.compile(rf"([^\W\d]\S*(?:\s+[^\W\d]\S*)*)\s+({NUMBER}(?:\s+{NUMBER}){{3,4}})(\s+difficult)?\s*")
FRACTION = 2.0  # up to which numbers are fractions, as YOLO's with names have


def is_kind(head: FileHead) -> bool:
    """Every line is such a one, and has pixels."""
    found = [LINE.fullmatch(line) for line in head.lines] if head.suffix == ".txt" else []
    return bool(found) and all(one is not None and is_in_pixels(one.group(2)) for one in found)


def is_in_pixels(text: str) -> bool:
    return max(map(number, text.split()[-4:])) > FRACTION


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every text with its image; other images are taken without labels."""
    source = Source("named_lines", [], [], problems)
    reader = NamedReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class NamedReader(RecordReader):
    """Reads texts into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        rows = list(self.lines(name))
        image = self.describe(PurePosixPath(name).stem)
        if not rows:
            self.is_labelled(image)
        predictions = 0
        for line, text in rows:
            found = LINE.fullmatch(text.strip())
            values = [number(value) for value in found.group(2).split()] if found else []
            if not found:
                self.refuse(image, "a line has a name and four numbers", "broken_record", line=line)
            elif len(values) == 5:
                predictions += 1
                self.add_prediction(image, found.group(1), tuple(values[1:]), values[0], line)
            else:
                flags = {"difficult": True} if found.group(3) else None
                self.put(image, found.group(1), tuple(values), line, flags, line=line)
        if predictions:
            reason = f"{predictions} lines have a confidence, so they are predictions, not labels"
            self.problem(reason, "predictions", count=predictions)
