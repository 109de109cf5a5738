"""nuImages: tables in JSON that name each other by tokens. `object_ann` has the boxes, `sample_data` the pictures.

`bbox` is xmin, ymin, xmax, ymax in pixels. Key frames are those that were annotated, so one without boxes has nothing
on it; the frames between are not labelled.
"""

import posixpath
from typing import Any

from dataset.importing.described import size
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of
from dataset.importing.types import Problems, Source

BOXES = "object_ann.json"
USED = ("sample_data.json", "category.json", "attribute.json")
TABLES = frozenset((BOXES, *USED, "calibrated_sensor.json", "ego_pose.json", "log.json", "sample.json", "sensor.json"))
TABLES |= {"surface_ann.json"}


def is_kind(head: FileHead) -> bool:
    """One of the tables; which of them a folder has is seen when they are read."""
    return head.file in TABLES and head.start == "[" and ("token" in head.keys(2) or head.text.rstrip() == b"[]")


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every folder of tables; other images are taken without labels."""
    source = Source("nuimages", [], [], problems, naming="object_ann {n} of {image}")
    reader = NuImagesReader(source, tree)
    for folder in sorted({posixpath.dirname(name) for name in files}):
        reader.read(folder, set(files))
    reader.take_unlisted()
    return source


class NuImagesReader(RecordReader):
    """Reads folders of tables into a source."""

    def read(self, folder: str, files: set[str]) -> None:
        tables: dict[str, list[Record]] = {}
        for name in (BOXES, *USED):
            path = posixpath.join(folder, name)
            self.start_file(path)
            if path not in files and name != "attribute.json":
                self.problem(f"without {name} the tables beside it cannot be read", "broken_file")
                return
            tables[name] = objects_of(self.load(path)) if path in files else []
        self.start_file(posixpath.join(folder, BOXES))
        self.categories, self.attributes = (by_token(tables[name]) for name in USED[1:])
        boxes: dict[Any, list[tuple[int, Record]]] = {}
        for place, one in enumerate(tables[BOXES]):
            boxes.setdefault(one.get("sample_data_token"), []).append((place, one))
        for picture in tables[USED[0]]:
            self.read_picture(picture, boxes.pop(picture.get("token"), []))
        if lost := sum(map(len, boxes.values())):
            self.problem(f"{lost} boxes are of pictures that sample_data does not have", "lost_boxes", count=lost)

    def read_picture(self, picture: Record, boxes: list[tuple[int, Record]]) -> None:
        given = picture.get("filename")
        between = not picture.get("is_key_frame") and not boxes
        if not isinstance(given, str) or (between and not isinstance(self.naming.find(given, self.file_name), str)):
            return  # the pictures between key frames are a download of their own
        image = self.describe(given, Says(size=size(picture.get("width"), picture.get("height"))))
        if picture.get("is_key_frame"):
            self.is_labelled(image)
        for place, one in boxes:
            self.read_box(image, one, place, f"object_ann {place} of {given}")

    def read_box(self, image: int, one: Record, place: int, record: str) -> None:
        label = self.categories.get(one.get("category_token"))
        if label is None:
            self.refuse(image, "its category_token is not among the categories", "unknown_class", record=record)
            return
        tokens = one.get("attribute_tokens")
        named = [self.attributes.get(token) for token in tokens] if isinstance(tokens, list) else []
        attributes = {name: True for name in named if name}
        self.put(image, label, numbers(one.get("bbox") or ()), place, attributes, record=record)


def by_token(table: list[Record]) -> dict[Any, str]:
    """Names by token."""
    pairs = [(one.get("token"), one.get("name")) for one in table]
    return {token: name for token, name in pairs if isinstance(token, str) and isinstance(name, str)}
