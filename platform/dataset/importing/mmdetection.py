"""OpenMMLab's detection JSON: `metainfo` and `data_list`; before version 3 a list of `filename` and `ann`.

Boxes are x1, y1, x2, y2 in pixels. `ignore_flag` marks one that is not judged, `bboxes_ignore` places without a class.
"""

from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.described import size
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of
from dataset.importing.types import Problems, Source

IGNORED = "ignored"  # the class of places that the older form gives none


def is_kind(head: FileHead) -> bool:
    if head.suffix != ".json":
        return False
    older = head.start == "[" and {"filename", "ann"} <= head.keys(2) and "bboxes" in head.keys(3)
    return older or (head.start == "{" and {"metainfo", "data_list"} <= head.keys(1))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every record with its image; other images are taken without labels."""
    source = Source("mmdetection", [], [], problems, naming="instances[{n}] of {image}")
    reader = MmdetReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class MmdetReader(RecordReader):
    """Reads records into a source."""

    names: list[Any]

    def read(self, name: str) -> None:
        self.start_file(name)
        self.names = []
        for key, piece in self.members(name):
            if key == "metainfo" and isinstance(piece, dict):
                given = piece.get("classes", piece.get("CLASSES"))
                self.names = given if isinstance(given, list) else [given] if isinstance(given, str) else []
                self.list_classes(self.names)
            elif isinstance(piece, list):
                for place, record in self.objects(enumerate(piece)):
                    self.read_image(record, place)

    def read_image(self, record: Record, place: int) -> None:
        given = next(
            (record[key] for key in ("img_path", "filename", "file_name") if isinstance(record.get(key), str)), ""
        )
        if not given:
            self.problem("it names no image", "broken_record", record=f"data_list[{place}]")
            return
        says = Says(size=size(record.get("width"), record.get("height")))
        image = self.describe(given, says, record=f"data_list[{place}]")
        instances = record["instances"] if "instances" in record else older(record.get("ann"))
        if instances == []:
            self.is_labelled(image)
        for at, one in enumerate(objects_of(instances)):
            self.read_box(image, one, at, f"instances[{at}] of {given}")

    def read_box(self, image: int, one: Record, at: int, record: str) -> None:
        number = one.get("bbox_label")
        label = one.get("name") or (self.name_of(number) if type(number) is int else None)
        if label is None:
            self.refuse(image, f"bbox_label {number} is not among the classes", "unknown_class", record=record)
            return
        ignore = (
            Ignore.ANYTHING
            if label == IGNORED and "name" in one
            else Ignore.REGION
            if one.get("ignore_flag")
            else Ignore.NO
        )
        self.put(image, label, numbers(one.get("bbox") or ()), at, ignore=ignore, record=record)

    def name_of(self, number: int) -> str | None:
        if not self.names:
            return f"class {number}"
        return str(self.names[number]) if 0 <= number < len(self.names) else None


def older(ann: Any) -> list[Record] | None:
    """The boxes of the older form as today's; None where it has none to tell of."""
    if not isinstance(ann, dict) or not isinstance(ann.get("bboxes"), list):
        return None
    labels = ann.get("labels")
    labels = labels if isinstance(labels, list) else []
    labels = labels + [None] * (len(ann["bboxes"]) - len(labels))
    found = [{"bbox": box, "bbox_label": label} for box, label in zip(ann["bboxes"], labels, strict=False)]
    return found + [{"bbox": box, "name": IGNORED} for box in ann.get("bboxes_ignore") or []]
