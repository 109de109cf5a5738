"""WIDER FACE: one text for many images: a name, how many faces, and a line for each: left, top, width, height, facts.

Also as datumaro writes it, with a class at the end of a line and no number of boxes where there are none, and with `#`
before each name, as RetinaFace's `label.txt` has it. A face that is `invalid` is not judged. Pixels from 0.
"""

import re
from collections.abc import Iterator

from dataset.importing.columns import Ignore
from dataset.importing.files import Tree, suffix_of
from dataset.importing.gathering import number
from dataset.importing.heads import FileHead
from dataset.importing.records import RecordReader
from dataset.importing.types import Problems, Source
from storage.pictures import NAMES

FACE = "face"
FACTS = ("blur", "expression", "illumination", "invalid", "occlusion", "pose")
BOX = re.compile(r"-?[\d.]+(\s+-?[\d.]+){3}(\s+.*)?")
Picture = tuple[int, str, list[tuple[int, list[str]]]]  # line, name, and the boxes' lines


def is_kind(head: FileHead) -> bool:
    """A picture's name on a line, and then a number of boxes, or a box."""
    if head.suffix != ".txt" or len(head.lines) < 2 or not is_name(head.lines[0]):
        return False
    return any(line.isdecimal() or BOX.fullmatch(line) for line in head.lines[1:])


def is_name(line: str) -> bool:
    return suffix_of(line) in NAMES


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every list with its images; other images are taken without labels."""
    source = Source("wider", [], [], problems, form="xywh")
    reader = WiderReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class WiderReader(RecordReader):
    """Reads lists into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        pictures = list(pictures_of(self.lines(name)))
        if not any(rows or counted for (_, _, rows), counted in pictures):
            self.problem("it only lists pictures, so it labels none", "other_file", "kept")
            return
        for (line, given, rows), _ in pictures:
            image = self.describe(given, line=line)
            if not rows:
                self.is_labelled(image)
            for at, words in rows:
                self.read_box(image, words, at)

    def read_box(self, image: int, words: list[str], at: int) -> None:
        values = [number(word) for word in words]
        named = values[-1] != values[-1]  # datumaro puts a class at the end
        facts = dict(zip(FACTS, values[4:10], strict=False)) if len(values) in (10, 11) else {}
        ignore = Ignore.REGION if facts.pop("invalid", 0) == 1 else Ignore.NO
        attributes = {key: int(value) for key, value in facts.items() if value in (0, 1, 2)}
        self.put(image, words[-1] if named else FACE, tuple(values[:4]), at, attributes, ignore=ignore, line=at)


def pictures_of(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[Picture, bool]]:
    """Each picture with its boxes, and whether a number said how many. After a 0 stands a line of zeros."""
    picture: Picture | None = None
    counted, left = False, 0
    for at, line in lines:
        words = line.split()
        if is_name(line.strip()):
            if picture:
                yield picture, counted
            picture, counted, left = (at, line.strip().removeprefix("#").strip(), []), False, 1
        elif picture and len(words) == 1 and words[0].isdecimal():
            counted, left = True, int(words[0])
        elif picture and left:
            picture[2].append((at, words))
    if picture:
        yield picture, counted
