"""Hasty's JSON, versions 1.0 and 1.1: `label_classes`, and `images` with their `labels`.

`bbox` is xmin, ymin, xmax, ymax in pixels. A class of type `background` is no object. Masks are kept as the box that
stands beside them. An image that is new, being worked at or skipped is not labelled where it has no labels.
"""

from typing import Any

from dataset.importing.described import is_plain, size
from dataset.importing.drawn import box_around, outline
from dataset.importing.files import Tree
from dataset.importing.gathering import LOST
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.types import ImportNote, Problems, Source

FINISHED = ("TO REVIEW", "DONE")


def is_kind(head: FileHead) -> bool:
    if head.suffix != ".json" or head.start != "{":
        return False
    return {"label_classes", "images"} <= head.keys(1) and "class_name" in head.keys(3)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every image's record; other images are taken without labels."""
    source = Source("hasty", [], [], problems, naming="labels[{n}] of {image}")
    reader = HastyReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class HastyReader(RecordReader):
    """Reads exports into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        content = content if isinstance(content, dict) else {}
        classes = objects_of(content.get("label_classes"))
        self.ground = {one.get("class_name") for one in classes if one.get("class_type") == "background"}
        self.list_classes(one.get("class_name") for one in classes if one.get("class_type") != "background")
        left = sum(self.read_image(record) for record in objects_of(content.get("images")))
        if left:
            text = f"{left} labels of background classes are no objects, and were left out"
            self.problems.notes.append(ImportNote("stuff", left, text))

    def read_image(self, record: Record) -> int:
        """Take an image with its labels; how many of them are background."""
        given = record.get("image_name")
        if not isinstance(given, str) or not given:
            self.problem("it has no image_name", "broken_record")
            return 0
        image = self.describe(
            self.path_of(record, given), Says(tags_of(record), size(record.get("width"), record.get("height")))
        )
        labels = objects_of(record.get("labels"))
        if record.get("image_status") in FINISHED:
            self.is_labelled(image)
        objects = [(place, one) for place, one in enumerate(labels) if one.get("class_name") not in self.ground]
        for place, one in objects:
            self.read_label(image, one, place, f"labels[{place}] of {given}")
        return len(labels) - len(objects)

    def path_of(self, record: Record, given: str) -> str:
        """Its name in the folder of its dataset where there is one: two datasets may each have a 1.jpg."""
        folder = record.get("dataset_name")
        inside = f"{folder}/{given}"
        found = isinstance(folder, str) and isinstance(self.naming.find_by_ending(inside, self.file_name), str)
        return inside if found else given

    def read_label(self, image: int, one: Record, place: int, record: str) -> None:
        points = pairs_of(one.get("polygon"))
        box = numbers(one["bbox"]) if isinstance(one.get("bbox"), list) else box_around(points)
        shape = outline(points) if points else None
        around = "mask" if one.get("mask") and not points else ""
        if image == LOST or box or points:
            self.put(image, one.get("class_name"), box, place, facts_of(one), shape=shape, around=around, record=record)
        else:
            self.refuse(image, "it has neither a box nor a polygon", record=record)


def tags_of(record: Record) -> Record:
    words: Any = record.get("tags")
    return {word: True for word in words if isinstance(word, str) and word} if isinstance(words, list) else {}


def facts_of(one: Record) -> Record:
    given = one.get("attributes")
    return {str(key): value for key, value in given.items() if is_plain(value)} if isinstance(given, dict) else {}
