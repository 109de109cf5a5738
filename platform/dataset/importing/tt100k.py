"""Tsinghua-Tencent 100K: `types`, the list of signs, and `imgs` by their number, each with a path and its `objects`.

`bbox` has xmin, ymin, xmax and ymax in pixels.
"""

from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, numbers, objects_of
from dataset.importing.types import Problems, Source

SIDES = ("xmin", "ymin", "xmax", "ymax")


def is_kind(head: FileHead) -> bool:
    listed = head.suffix == ".json" and head.start == "{" and "imgs" in head.keys(1)
    return listed and {"path", "objects"} <= head.keys(3)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every picture's record; other images are taken without labels."""
    source = Source("tt100k", [], [], problems, naming="objects[{n}] of {image}")
    reader = SignReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class SignReader(RecordReader):
    """Reads files into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        content = content if isinstance(content, dict) else {}
        types, listed = content.get("types"), content.get("imgs")
        self.list_classes(types if isinstance(types, list) else ())
        for record in objects_of(list(listed.values()) if isinstance(listed, dict) else ()):
            self.read_image(record)

    def read_image(self, record: Record) -> None:
        given = record.get("path")
        if not isinstance(given, str) or not given:
            self.problem("it has no path", "broken_record", record=f"imgs {record.get('id')}")
            return
        image = self.describe(given)
        if record.get("objects") == []:
            self.is_labelled(image)
        for place, one in enumerate(objects_of(record.get("objects"))):
            frame = one.get("bbox")
            box = numbers([frame.get(side) for side in SIDES]) if isinstance(frame, dict) else ()
            self.put(image, one.get("category"), box, place, record=f"objects[{place}] of {given}")
