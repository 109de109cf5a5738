"""KITTI: a text file per image, a line per object: type, truncated, occluded, alpha, box, 3D size, place, angle.

Also KITTI tracking, a file per sequence, whose lines begin with a frame and a track. Boxes are left, top, right and
bottom in pixels counted from 0; KITTI's own evaluation takes right − left as the width, so they are edges. `DontCare`
marks regions that nobody looked into. A sixteenth number is a score: labels that datumaro wrote have it, always 1.
"""

import math
import re
from pathlib import PurePosixPath
from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.files import Tree, by_name, split_of
from dataset.importing.finding import MissingFile
from dataset.importing.gathering import LOST, number
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader
from dataset.importing.types import Problems, Source

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
OBJECT = re.compile(rf"[^\d\s,][^\s,]*(?:\s+{NUMBER}){{14,15}}")
TRACKED = re.compile(rf"\d+\s+-?\d+\s+[^\d\s,][^\s,]*(?:\s+{NUMBER}){{14,15}}")
DIGITS = re.compile(r"\d+$")
UNKNOWN = -1


def is_kind(head: FileHead) -> bool:
    return head.suffix == ".txt" and any(OBJECT.fullmatch(line) or TRACKED.fullmatch(line) for line in head.lines)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every label file with its image; other images are taken without labels."""
    source = Source("kitti", [], [], problems)
    reader = KittiReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class KittiReader(RecordReader):
    """Reads label files into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        rows = [(at, line.split()) for at, line in self.lines(name)]
        tracked = any(TRACKED.fullmatch(" ".join(row)) for _, row in rows[:20])
        if tracked:
            self.read_sequence(name, rows)
            return
        image = self.describe(PurePosixPath(name).stem)
        scores = {row[15] for _, row in rows if len(row) == 16}
        if self.are_predictions(image, scores, len(rows)):
            return
        if not rows:
            self.is_labelled(image)
        for at, row in rows:
            self.read_row(image, row, at, {})

    def read_sequence(self, name: str, rows: list[tuple[int, list[str]]]) -> None:
        frames = numbered_images(self.tree, PurePosixPath(name).stem)
        places: dict[str, int] = {}
        for at, row in rows:
            if row[0] not in places:
                places[row[0]] = frame_of(self, frames, row[0], PurePosixPath(name).stem, at)
            track: Record = {"track": int(row[1])} if len(row) > 1 and row[1].isdigit() else {}
            self.read_row(places[row[0]], row[2:], at, track)

    def are_predictions(self, image: int, scores: set[str], rows: int) -> bool:
        if not scores or all(number(score) == 1 for score in scores):
            return False
        reason = "its rows end in scores, so they are predictions and not labels"
        self.refuse(image, reason, "predictions", count=rows)
        return True

    def read_row(self, image: int, row: list[str], at: int, attributes: Record) -> None:
        if len(row) not in (15, 16):
            self.refuse(image, f"a line has 15 values, this one {len(row)}", "broken_record", line=at)
            return
        box = tuple(number(value) for value in row[4:8])
        anything = row[0].lower() == "dontcare"
        attributes = {} if anything else attributes | facts_of(row)
        self.put(image, row[0], box, at, attributes, ignore=Ignore.ANYTHING if anything else Ignore.NO, line=at)


def numbered_images(tree: Tree, sequence: str) -> dict[int, str]:
    """Images in folders called as the sequence, by the number that their names end in."""
    folders = by_name(tree.images_meant, lambda path: path.parent.name)
    ends = {key: DIGITS.search(PurePosixPath(key).stem) for key in folders.get(sequence, [])}
    return {int(found.group()): key for key, found in ends.items() if found}


def frame_of(reader: RecordReader, frames: dict[int, str], given: str, sequence: str, line: int) -> int:
    """The place of a frame's image, in its sequence; LOST, and reported, where there is none."""
    given = given.strip()
    key = frames.get(int(given)) if given.isdecimal() else None
    missing = MissingFile(f"there is no such image in a folder {sequence}")
    image = reader.image(key or missing, f"frame {given} of {sequence}", line=line)
    if image != LOST:
        described = reader.of(image)
        described.sequence = sequence
        described.metadata = described.metadata or split_metadata(key or "")
    return image


def facts_of(row: list[str]) -> dict[str, Any]:
    """How far it is cut off by the image's edge (0 to 1), and how hidden it is (0 to 3), where that is known."""
    truncated, occluded = number(row[1]), number(row[2])
    found: dict[str, Any] = {}
    if math.isfinite(truncated) and truncated != UNKNOWN:
        found["truncated"] = truncated
    if math.isfinite(occluded) and occluded != UNKNOWN:
        found["occluded"] = int(occluded)
    return found


def split_metadata(key: str) -> Record:
    split = split_of(key)
    return {"split": split} if split else {}
