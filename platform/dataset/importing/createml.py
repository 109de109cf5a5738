"""CreateML: a list of images, each with annotations; `x` and `y` are the middle of the box, in pixels."""

import math
from typing import Any

from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, numbers, objects_of
from dataset.importing.turned import box_of_centre
from dataset.importing.types import Problems, Source

NAMES = ("image", "imagefilename", "filename")
LISTS = ("annotations", "annotation")


def is_kind(head: FileHead) -> bool:
    keys = head.keys(2)
    listed = head.suffix == ".json" and head.start == "[" and bool(keys & set(NAMES)) and bool(keys & set(LISTS))
    return listed and ("coordinates" in head.keys(4) or not head.keys(4))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every record with its image; other images are taken without labels."""
    source = Source("createml", [], [], problems, naming="annotations[{n}] of {image}")
    reader = CreateMlReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class CreateMlReader(RecordReader):
    """Reads records into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        for _, piece in self.members(name):
            for place, record in self.objects(enumerate(piece if isinstance(piece, list) else [piece])):
                self.read_image(record, place)

    def read_image(self, record: Record, place: int) -> None:
        given = next((record[key] for key in NAMES if isinstance(record.get(key), str)), "")
        if not given:
            self.problem("it names no image", "broken_record", record=f"record {place}")
            return
        image = self.describe(given, record=f"record {place}")
        annotations = next((record[key] for key in LISTS if key in record), None)
        if annotations == []:
            self.is_labelled(image)
        for at, one in enumerate(objects_of(annotations)):
            self.put(image, one.get("label"), box_of(one), at, record=f"annotations[{at}] of {given}")


def box_of(one: Record) -> tuple[float, ...]:
    place: Any = one.get("coordinates")
    sides = numbers([place.get(side) for side in ("x", "y", "width", "height")]) if isinstance(place, dict) else ()
    return box_of_centre(*sides) if len(sides) == 4 and all(map(math.isfinite, sides)) else ()
