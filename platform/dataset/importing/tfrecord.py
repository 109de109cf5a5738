"""TFRecord of the TensorFlow Object Detection API: an Example per image, corners as fractions of it.

The picture is inside the record, and is taken from there, unless the folder has an image file of the name that the
record states. Names of classes that are only numbers come from a label map (`.pbtxt`).
"""

import re
from pathlib import PurePosixPath
from typing import Any

from dataset.importing.described import size
from dataset.importing.files import Inside, Tree, suffix_of
from dataset.importing.finding import MissingFile
from dataset.importing.heads import FileHead
from dataset.importing.inside_labels import keep_inside
from dataset.importing.records import Record, RecordReader, Says
from dataset.importing.tf_examples import BrokenRecord, Values, example, records
from dataset.importing.types import Problems, Source
from storage.pictures import NAMES
from storage.refusals import why

NAME = re.compile(r"\.(tfrecords?|record)(-\d+-of-\d+)?$", re.IGNORECASE)
ITEM = re.compile(r"item\s*\{([^}]*)\}")
FIELD = re.compile(r"""(id|name|display_name)\s*:\s*(?:"([^"]*)"|'([^']*)'|(\d+))""")
DEFAULT_ENDING = ".jpg"  # of a picture whose record does not say what it is
SIDES = ("xmin", "ymin", "xmax", "ymax")
FLAGS = ("difficult", "truncated", "is_crowd", "group_of", "occluded", "depiction")


def is_kind(head: FileHead) -> bool:
    return NAME.search(head.file) is not None and (not head.data or b"image/" in head.data)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every record with its image; other images are taken without labels."""
    source = Source("tfrecord", [], [], problems, form="fractions", naming="object {n} of {image}")
    reader = TfRecordReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class TfRecordReader(RecordReader):
    """Reads Examples into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        self.names = label_map(self.tree, name)
        try:
            for place, (start, message) in enumerate(records(self.tree.path(name))):
                found = example(message)
                self.read_example(found, place, picture_in(found, message, start))
        except (BrokenRecord, OSError) as error:
            self.problem(f"{why(error)}; the records before it were taken", "broken_file")

    def read_example(self, found: dict[str, Values], place: int, picture: tuple[int, int] | None) -> None:
        given = first_text(found, "image/filename") or first_text(found, "image/source_id")
        if not given and picture is None:
            self.problem("it names no image", "broken_record", record=f"record {place}")
            return
        stated = size(first(found, "image/width"), first(found, "image/height"))
        if picture is not None and not self.is_beside(given):
            kept = self.keep_picture(given or f"{self.stem}-{place:06d}", found, picture)
            if isinstance(kept, MissingFile):
                self.problem(kept.reason, "no_image", record=f"record {place}")
                return
            given = kept
        image = self.describe(given, Says({}, stated), record=f"record {place}")
        columns = [found.get(f"image/object/bbox/{side}", []) for side in SIDES]
        if not any(columns) and "image/object/bbox/xmin" in found:
            self.is_labelled(image)
        for at in range(max(map(len, columns))):
            box = tuple(column[at] for column in columns if at < len(column))
            flags = {
                flag: bool(value) for flag in FLAGS if (value := nth(found, f"image/object/{flag}", at)) is not None
            }
            record = f"object {at} of {given}"
            self.put(image, self.name_of(found, at), box, at, flags, record=record)

    @property
    def stem(self) -> str:
        return PurePosixPath(NAME.sub("", self.file_name)).name

    def is_beside(self, given: str) -> bool:
        """Whether the folder itself has an image file of that name."""
        found = self.naming.find(given, self.file_name) if self.tree.images and given else None
        return isinstance(found, str) and found not in self.tree.inside

    def keep_picture(self, given: str, found: dict[str, Values], within: tuple[int, int]) -> str | MissingFile:
        """The key of the record's own picture: beside the file, or in a folder called as it where there is another."""
        name = PurePosixPath(given.replace("\\", "/")).name
        if suffix_of(name) not in NAMES:
            kind = first_text(found, "image/format").lower().strip(".")
            name += f".{kind}" if f".{kind}" in NAMES else DEFAULT_ENDING
        folder = PurePosixPath(self.file_name).parent
        key = keep_inside(
            self.tree, [str(folder / name), str(folder / self.stem / name)], Inside(self.file_name, within)
        )
        if isinstance(key, str):
            self.finder.add(key)
        return key

    def name_of(self, found: dict[str, Values], at: int) -> Any:
        text = nth(found, "image/object/class/text", at)
        if isinstance(text, bytes) and text:
            return text.decode("utf-8", "replace")
        number = nth(found, "image/object/class/label", at)
        return self.names.get(number, f"class {number}") if isinstance(number, int) else None


def picture_in(found: dict[str, Values], message: bytes, start: int) -> tuple[int, int] | None:
    """Where a record's picture begins in the file, and its bytes."""
    data = first(found, "image/encoded")
    return (start + message.find(data), len(data)) if isinstance(data, bytes) and data else None


def first(found: dict[str, Values], key: str) -> Any:
    return nth(found, key, 0)


def nth(found: dict[str, Values], key: str, at: int) -> Any:
    values = found.get(key, [])
    return values[at] if at < len(values) else None


def first_text(found: dict[str, Values], key: str) -> str:
    value = first(found, key)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def label_map(tree: Tree, name: str) -> dict[int, str]:
    """Names by number, of the label maps in the record's folder, else of any above it."""
    folder = PurePosixPath(name).parent
    for parent in (folder, *folder.parents):
        found: dict[int, str] = {}
        for path in sorted(tree.path(str(parent)).glob("*.pbtxt")):
            found |= items_of(path.read_bytes()[: 1 << 20].decode("utf-8", "replace"))
        if found:
            return found
    return {}


def items_of(text: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for item in ITEM.findall(text):
        given: Record = {key: double or single or digits for key, double, single, digits in FIELD.findall(item)}
        name = given.get("display_name") or given.get("name")
        if name and str(given.get("id", "")).isdigit():
            found[int(given["id"])] = str(name)
    return found
