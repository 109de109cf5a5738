"""MOTChallenge: a folder per sequence with `img1/`, `seqinfo.ini` and `gt/gt.txt`.

A row of gt.txt: frame, track, left, top, width, height, consider, class, visibility; the older ones have −1 from the
class on. Frames are counted from 1. MOTChallenge counts pixels from 1 too, but datumaro, with which CVAT exports,
writes and reads left and top as they are, and so does this. Rows whose `consider` is 0 are objects that an evaluation
leaves out. det.txt holds detections, which are not labels.
"""

import configparser
import re
from pathlib import PurePosixPath

from dataset.importing.columns import Ignore
from dataset.importing.files import Tree, split_of
from dataset.importing.finding import MissingFile
from dataset.importing.gathering import LOST, number
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader
from dataset.importing.text import Undecodable, decoded
from dataset.importing.types import Problems, Source
from storage.refusals import why

CLASSES = (
    "pedestrian",
    "person on vehicle",
    "car",
    "bicycle",
    "motorbike",
    "non motorized vehicle",
    "static person",
    "distractor",
    "occluder",
    "occluder on the ground",
    "occluder full",
    "reflection",
    "crowd",
)  # MOT16, MOT17, MOT20; counted from 1
ROW = re.compile(r"-?\d+(\.0*)?\s*,\s*-?\d+(\.0*)?(\s*,\s*-?[\d.eE+-]+){4,8}")
DIGITS = re.compile(r"(\d+)$")


def is_kind(head: FileHead) -> bool:
    named = head.file in ("gt.txt", "det.txt")
    return named and (not head.lines or any(ROW.fullmatch(line) for line in head.lines))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every sequence; other images are taken without labels."""
    source = Source("mot", [], [], problems, form="xywh")
    reader = MotReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class MotReader(RecordReader):
    """Reads ground truth into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        rows = [(at, [value.strip() for value in line.split(",")]) for at, line in self.lines(name)]
        if PurePosixPath(name).name.lower() == "det.txt":
            reason = "det.txt holds what a detector found, which are not labels"
            self.problem(reason, "predictions", count=max(len(rows), 1))
            return
        folder = sequence_folder(name)
        info = self.info(folder)
        sequence = info.get("name") or folder.name or "sequence"
        frames, names, places = self.frames(folder, info), self.class_names(name), dict[str, int]()
        for at, row in rows:
            if row[0] not in places:
                places[row[0]] = self.frame(frames, row[0], sequence, at)
            self.read_row(places[row[0]], row, names, at)
        for key in frames.values():
            self.in_sequence(key, sequence)

    def info(self, folder: PurePosixPath) -> Record:
        """[Sequence] of seqinfo.ini: name, imDir, imExt, frameRate; empty where there is none that can be read."""
        path = self.tree.path(str(folder / "seqinfo.ini"))
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_string(decoded(path.read_bytes()).text)
            return dict(parser["Sequence"])
        except FileNotFoundError:
            return {}
        except (OSError, configparser.Error, Undecodable, KeyError) as error:
            self.problem(f"seqinfo.ini cannot be read: {why(error)}", "broken_file")
            return {}

    def frames(self, folder: PurePosixPath, info: Record) -> dict[int, str]:
        """The sequence's images by the number that their names end in; those of imDir where it has some."""
        start = "" if str(folder) == "." else f"{folder}/"
        inside = [key for key in self.tree.images_meant if key.startswith(start)]
        given = f"{start}{info.get('imdir', 'img1').strip('/')}/"
        chosen = [key for key in inside if key.startswith(given)] or inside
        return {int(found.group(1)): key for key in chosen if (found := DIGITS.search(PurePosixPath(key).stem))}

    def frame(self, frames: dict[int, str], given: str, sequence: str, line: int) -> int:
        at = number(given)
        key = frames.get(int(at)) if at == at and abs(at) < 1e9 else None
        missing = MissingFile(f"the sequence {sequence} has no image of this number")
        image = self.image(key or missing, f"frame {given}", line=line)
        if image != LOST and key and not self.of(image).metadata and (split := split_of(key)):
            self.of(image).metadata["split"] = split
        if image != LOST:
            self.of(image).sequence = sequence
        return image

    def in_sequence(self, key: str, sequence: str) -> None:
        """Frames without rows belong to the sequence too; whether nothing is on them, nobody says."""
        if key in self.images:
            return
        image = self.image(key, key)
        self.of(image).sequence = sequence
        if split := split_of(key):
            self.of(image).metadata["split"] = split

    def class_names(self, name: str) -> list[str]:
        """Those of labels.txt beside gt.txt, as CVAT and datumaro write it; else MOTChallenge's."""
        path = self.tree.path(str(PurePosixPath(name).with_name("labels.txt")))
        try:
            lines = decoded(path.read_bytes()).text.splitlines()
        except (OSError, Undecodable):
            lines = []
        return [line.strip() for line in lines if line.strip()] or list(CLASSES)

    def read_row(self, image: int, row: list[str], names: list[str], at: int) -> None:
        if len(row) < 6:
            self.refuse(image, f"a row has at least 6 values, this one {len(row)}", "broken_record", line=at)
            return
        label = name_of(row[7] if len(row) > 7 else "-1", names)
        if label is None:
            self.refuse(image, f"class {row[7]} is not among the {len(names)} classes", "broken_record", line=at)
            return
        box = tuple(number(value) for value in row[2:6])
        ignore = Ignore.REGION if len(row) > 6 and number(row[6]) == 0 else Ignore.NO
        self.put(image, label, box, at, facts_of(row), ignore=ignore, line=at)


def sequence_folder(name: str) -> PurePosixPath:
    """The folder around gt/gt.txt."""
    parent = PurePosixPath(name).parent
    return parent.parent if parent.name.lower() in ("gt", "det") else parent


def name_of(given: str, names: list[str]) -> str | None:
    """The class of a row, counted from 1; −1, of the older files, is a pedestrian."""
    at = number(given)
    if at == -1:
        return names[0]
    return names[int(at) - 1] if at == at and 1 <= at <= len(names) else None


def facts_of(row: list[str]) -> Record:
    track, seen = number(row[1]), number(row[8]) if len(row) > 8 else -1.0
    found: Record = {}
    if 0 <= track < 1e15:
        found["track"] = int(track)
    if len(row) == 9 and 0 <= seen <= 1:
        found["visibility"] = seen
    return found
