"""Hugging Face's imagefolder: `metadata.jsonl` beside the images, a line per image with `file_name` and `objects`.

`objects.bbox` are left, top, width, height in pixels. Categories are names, or numbers whose names stand in the
dataset's card (README.md, `class_label`).
"""

from pathlib import PurePosixPath
from typing import Any

import yaml

from dataset.importing.columns import Ignore
from dataset.importing.described import is_plain, size
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of
from dataset.importing.types import Problems, Source

BOXES = ("bbox", "bboxes", "boxes")
LABELS = ("categories", "category", "labels", "label", "class", "classes", "category_id", "name")
NOT_ATTRIBUTES = (*BOXES, *LABELS, "id", "bbox_id", "area", "iscrowd", "is_crowd")
NAMES = ("file_name", "image", "image_file_name")


def is_kind(head: FileHead) -> bool:
    return head.suffix in (".jsonl", ".json") and head.file.startswith("metadata") and "file_name" in head.keys(1)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every line with its image; other images are taken without labels."""
    source = Source("hugging_face", [], [], problems, form="xywh", naming="objects[{n}] of {image}")
    reader = HuggingFaceReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class HuggingFaceReader(RecordReader):
    """Reads lines into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        self.names = card_names(self.tree, name)
        for line, row in self.json_lines(name):
            given = row.get("file_name")
            if not isinstance(given, str) or not given:
                self.problem("it has no file_name", "broken_record", line=line)
                continue
            self.read_row(row, given, line)

    def read_row(self, row: Record, given: str, line: int) -> None:
        rest = {
            key: value for key, value in row.items() if key not in (*NAMES, "objects", "width", "height", "image_id")
        }
        image = self.describe(given, Says(rest, size(row.get("width"), row.get("height"))), line=line)
        objects = row.get("objects")
        if objects is None:
            return
        found = list(objects_in(objects))
        if not found:
            self.is_labelled(image)
        for place, one in enumerate(found):
            box = numbers(next((one[key] for key in BOXES if key in one), None) or ())
            label = self.name_of(next((one[key] for key in LABELS if key in one), None))
            attributes = {key: value for key, value in one.items() if key not in NOT_ATTRIBUTES and is_plain(value)}
            ignore = Ignore.CROWD if one.get("iscrowd", one.get("is_crowd")) else Ignore.NO
            area = (numbers([one.get("area")]) or (None,))[0]
            self.put(image, label, box, place, attributes, ignore=ignore, area=area, line=line)

    def name_of(self, given: Any) -> Any:
        """The name of a category; one that only its number is known of is called after it."""
        if isinstance(given, int) and not isinstance(given, bool):
            return self.names.get(given, f"class {given}")
        return given


def objects_in(objects: Any) -> list[Record]:
    """Objects one by one, whether given as lists side by side or as a list of objects."""
    if not isinstance(objects, dict):
        return objects_of(objects)
    columns = {key: value for key, value in objects.items() if isinstance(value, list)}
    count = max(map(len, columns.values()), default=0)
    return [{key: value[at] for key, value in columns.items() if at < len(value)} for at in range(count)]


def card_names(tree: Tree, name: str) -> dict[int, str]:
    """Class names by number, of the nearest README.md above."""
    folder = PurePosixPath(name).parent
    for parent in (folder, *folder.parents):
        text = tree.head(str(parent / "README.md"), 1 << 18).decode("utf-8", "replace")
        if text.startswith("---") and (found := names_in(front_matter(text))):
            return found
    return {}


def front_matter(text: str) -> Any:
    try:
        return yaml.safe_load(text.split("---", 2)[1])
    except yaml.YAMLError:
        return None


def names_in(value: Any) -> dict[int, str]:
    """The first `class_label: names:` anywhere within."""
    if isinstance(value, dict):
        label = value.get("class_label")
        names = label.get("names") if isinstance(label, dict) else None
        if isinstance(names, dict):
            return {int(key): str(name) for key, name in names.items() if str(key).isdigit()}
        if isinstance(names, list):
            return dict(enumerate(map(str, names)))
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for one in inner if (found := names_in(one))), {})
