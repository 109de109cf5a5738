"""Datumaro's own JSON: `annotations/SUBSET.json` with `categories.label.labels` and `items`.

`bbox` is left, top, width, height in pixels; labels count from 0; sizes are height first. The file is called
as its subset.
"""

from pathlib import PurePosixPath
from typing import Any

from dataset.importing.cvat import box_around
from dataset.importing.described import is_plain, size
from dataset.importing.files import SPLITS, Tree
from dataset.importing.finding import MissingFile
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of
from dataset.importing.turned import box_of_centre
from dataset.importing.turning import as_attributes as facts_of_turn
from dataset.importing.types import Problems, Source
from science.geometry.turned import corners as corners_of


def is_kind(head: FileHead) -> bool:
    keys = head.keys(1)
    return head.suffix == ".json" and ("dm_format_version" in keys or {"categories", "items"} <= keys)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every item with its image; other images are taken without labels."""
    source = Source("datumaro", [], [], problems, naming="annotations[{n}] of {image}")
    reader = DatumaroReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class DatumaroReader(RecordReader):
    """Reads items into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        self.names: list[str] = []
        subset = PurePosixPath(name).stem
        self.split = SPLITS.get(subset.lower())
        for key, piece in self.members(name):
            if key == "categories":
                self.read_classes(piece)
            elif key == "items":
                for place, item in self.objects(enumerate(piece if isinstance(piece, list) else [])):
                    self.read_item(item, place, subset)

    def read_classes(self, categories: Any) -> None:
        label = categories.get("label") if isinstance(categories, dict) else None
        listed = objects_of(label.get("labels") if isinstance(label, dict) else None)
        self.names = [str(one.get("name", "")) for one in listed]
        self.list_classes(self.names)

    def read_item(self, item: Record, place: int, subset: str) -> None:
        about = item.get("image") or item.get("media") or {}
        about = about if isinstance(about, dict) else {}
        sides = about.get("size")
        height, width = sides if isinstance(sides, list) and len(sides) == 2 else (None, None)
        given = item.get("attr")
        metadata = {str(key): value for key, value in (given if isinstance(given, dict) else {}).items()}
        says = Says(metadata, size(width, height), split=self.split)
        image = self.describe(self.name_of(item, about, subset), says, record=f"item {item.get('id', place)}")
        annotations = item.get("annotations")
        if annotations == []:
            self.is_labelled(image)
        for at, one in enumerate(objects_of(annotations)):
            self.read_annotation(image, one, at, str(item.get("id", place)))

    def name_of(self, item: Record, about: Record, subset: str) -> str:
        """Below `images/`, in the subset's folder or not; the item's own id where no path is given."""
        given = about.get("path")
        path = given if isinstance(given, str) and given else str(item.get("id", ""))
        inside = f"images/{subset}/{path}"
        return path if isinstance(self.finder.find(inside, ""), MissingFile) else inside

    def read_annotation(self, image: int, one: Record, at: int, item: str) -> None:
        kind, record = str(one.get("type")), f"annotations[{at}] of {item}"
        if kind in ("label", "caption"):
            return  # of the whole image
        box, turn = box_of(one, kind)
        if box is None:
            self.refuse(image, f"it is a {kind}, not a box", record=record)
            return
        place = one.get("label_id")
        known = isinstance(place, int) and 0 <= place < len(self.names)
        if not known:
            self.refuse(
                image, f"label {place} is not among the {len(self.names)} labels", "broken_record", record=record
            )
            return
        attributes = attributes_of(one) | turn
        around = "" if kind == "bbox" else "turned box" if turn else kind
        self.put(image, self.names[place], box, at, attributes, around=around, record=record)  # type: ignore[index]


def box_of(one: Record, kind: str) -> tuple[tuple[float, ...] | None, Record]:
    """The box in xyxy pixels, and what is kept of a turn; None for a shape that has none."""
    if kind == "bbox":
        sides = numbers(one.get("bbox") or ())
        if len(sides) != 4:
            return (), {}
        box = (sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3])
        attributes = one.get("attributes")
        turn = numbers([attributes.get("rotation") or 0]) if isinstance(attributes, dict) else ()
        if turn and turn[0] % 360:
            return box_around(corners_of(box, turn[0])), facts_of_turn(box, turn[0])
        return box, {}
    if kind == "polygon":
        flat = numbers(one.get("points") or ())
        return box_around(list(zip(flat[::2], flat[1::2], strict=False))), {}
    if kind in ("rotated_bbox", "rbox"):
        sides = numbers(one.get("rbox") or one.get("bbox") or ())
        if len(sides) != 5:
            return (), {}
        box = box_of_centre(*sides[:4])
        return box_around(corners_of(box, sides[4])), facts_of_turn(box, sides[4])
    return None, {}


def attributes_of(one: Record) -> Record:
    """The annotation's attributes, and its group where it has one."""
    given = one.get("attributes")
    found = {str(key): value for key, value in given.items() if is_plain(value)} if isinstance(given, dict) else {}
    found.pop("rotation", None)
    if "track_id" in found:
        found["track"] = found.pop("track_id")
    if one.get("group"):
        found["group"] = one["group"]
    return found
