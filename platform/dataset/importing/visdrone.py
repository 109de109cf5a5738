"""VisDrone: a text file per image, a line per object: left, top, width, height, score, category, cut, hidden.

Of videos (VID, MOT) a text file per sequence, whose lines begin with a frame, counted from 1, and a track; the frames
lie in a folder called as the file. Frames that no line names are not labelled: rows name only what is seen.
Pixels from 0, so left + width is the right edge. In labels the score is 1, or 0 for what an evaluation leaves out;
category 0 marks ignored regions. Lines may end in a comma.
"""

import re
from pathlib import PurePosixPath
from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.files import Tree
from dataset.importing.gathering import number
from dataset.importing.heads import FileHead
from dataset.importing.kitti import frame_of, numbered_images
from dataset.importing.records import RecordReader
from dataset.importing.types import Problems, Source

CLASSES = (
    "ignored regions",
    "pedestrian",
    "people",
    "bicycle",
    "car",
    "van",
    "truck",
    "tricycle",
    "awning-tricycle",
    "bus",
    "motor",
    "others",
)
LINE = re.compile(r"-?\d+(\s*,\s*-?[\d.]+){7},?")
OF_VIDEO = re.compile(r"\d+(\s*,\s*-?[\d.]+){6}\s*,\s*(\d|1[01])(\s*,\s*[012]){2},?")


def is_kind(head: FileHead) -> bool:
    """A line of eight numbers, or of a video ten; MOT's gt.txt may have as many and goes by its name."""
    named = head.suffix == ".txt" and head.file not in ("gt.txt", "det.txt")
    return named and any(LINE.fullmatch(line) or OF_VIDEO.fullmatch(line) for line in head.lines)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every annotation file with its image; other images are taken without labels."""
    source = Source("visdrone", [], [], problems, form="xywh")
    reader = VisDroneReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class VisDroneReader(RecordReader):
    """Reads annotation files into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        rows = [(at, line.strip().rstrip(",").split(",")) for at, line in self.lines(name)]
        if any(len(row) == 10 for _, row in rows[:20]):
            self.read_sequence(PurePosixPath(name).stem, rows)
            return
        image = self.describe(PurePosixPath(name).stem)
        scores = {number(row[4]) for _, row in rows if len(row) > 4}
        if any(0 < score < 1 for score in scores):
            reason = "its scores are neither 0 nor 1, so they are predictions and not labels"
            self.refuse(image, reason, "predictions", count=len(rows))
            return
        if not rows:
            self.is_labelled(image)
        for at, row in rows:
            self.read_row(image, row, at)

    def read_sequence(self, sequence: str, rows: list[tuple[int, list[str]]]) -> None:
        """The lines of a video, frame by frame."""
        if any(0 < number(row[6]) < 1 for _, row in rows if len(row) > 6):
            reason = "its scores are neither 0 nor 1, so they are predictions and not labels"
            self.problem(reason, "predictions", count=len(rows))
            return
        frames, places = numbered_images(self.tree, sequence), dict[str, int]()
        for at, row in rows:
            if row[0] not in places:
                places[row[0]] = frame_of(self, frames, row[0], sequence, at)
            track = number(row[1]) if len(row) > 1 else -1
            self.read_row(places[row[0]], row[2:], at, {"track": int(track)} if 0 < track < 1e15 else {})

    def read_row(self, image: int, row: list[str], at: int, track: dict[str, Any] | None = None) -> None:
        values = [number(value) for value in row]
        category = values[5] if len(values) >= 6 else -1
        if category not in range(len(CLASSES)):
            reason = f"a line has 8 values, the sixth a category from 0 to {len(CLASSES) - 1}"
            self.refuse(image, reason, "broken_record", line=at)
            return
        ignore = Ignore.ANYTHING if category == 0 else Ignore.REGION if values[4] == 0 else Ignore.NO
        attributes = {} if category == 0 else facts_of(values) | (track or {})
        self.put(image, CLASSES[int(category)], tuple(values[:4]), at, attributes, ignore=ignore, line=at)


def facts_of(values: list[float]) -> dict[str, Any]:
    """Cut off by the edge: 0 or 1 (up to half). Hidden: 0, 1 (up to half), 2."""
    found = dict(zip(("truncated", "occluded"), values[6:8], strict=False))
    return {name: int(value) for name, value in found.items() if value in (0, 1, 2)}
