"""Datumaro's own JSON: `annotations/SUBSET.json` with `categories.label.labels` and `items`.

`bbox` is left, top, width, height in pixels; labels count from 0; sizes are height first. The file is called
as its subset.
"""

import math
from pathlib import PurePosixPath
from typing import Any

from dataset.importing.described import is_plain, size
from dataset.importing.drawn import BadShape, Drawn, box_around, mask_of_runs, outline
from dataset.importing.files import SPLITS, Tree
from dataset.importing.finding import MissingFile
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of
from dataset.importing.segments import around_mask as box_around_mask_of
from dataset.importing.segments import decompressed
from dataset.importing.turned import box_of_centre
from dataset.importing.types import Problems, Source

TURNED = ("rotated_bbox", "rbox")


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
        box, degrees = box_of(one, kind)
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
        label, attributes = self.names[place], attributes_of(one)  # type: ignore[index]
        if degrees:
            self.put_turned(image, label, box, degrees, at, attributes, record=record)
            return
        self.put(image, label, box, at, attributes, shape=shape_drawn(one, kind), record=record)


def box_of(one: Record, kind: str) -> tuple[tuple[float, ...] | None, float]:
    """The box in xyxy pixels before it was turned, and by how many degrees it is; None for a shape that has none."""
    if kind == "bbox":
        sides = numbers(one.get("bbox") or ())
        attributes = one.get("attributes")
        turn = numbers([attributes.get("rotation") or 0]) if isinstance(attributes, dict) else ()
        box = (sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) if len(sides) == 4 else ()
        return box, turn[0] if turn and math.isfinite(turn[0]) else 0.0
    if kind == "polygon":
        flat = numbers(one.get("points") or ())
        return box_around(list(zip(flat[::2], flat[1::2], strict=False))), 0.0
    if kind == "mask":
        sides = box_around_mask(one.get("rle")) or ()
        return ((sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) if sides else ()), 0.0
    if kind in TURNED:
        sides = numbers(one.get("rbox") or one.get("bbox") or ())
        return (box_of_centre(*sides[:4]), sides[4]) if len(sides) == 5 and math.isfinite(sides[4]) else ((), 0.0)
    return None, 0.0


def shape_drawn(one: Record, kind: str) -> Drawn:
    """What was drawn besides a box: a polygon of x1, y1, x2, y2 …, or a mask by its run lengths."""
    if kind == "polygon":
        flat = numbers(one.get("points") or ())
        return outline(list(zip(flat[::2], flat[1::2], strict=False)))
    runs = one.get("rle") if kind == "mask" else None
    if not isinstance(runs, dict):
        return None
    counts = decompressed(runs["counts"]) if isinstance(runs.get("counts"), str) else runs.get("counts")
    if not box_around_mask(runs):
        return BadShape("no pixel")
    height, width = runs["size"]
    return mask_of_runs(height, width, counts)


def box_around_mask(mask: Any) -> tuple[float, ...] | None:
    """Left, top, width, height of a mask as run lengths."""
    return box_around_mask_of(mask) if isinstance(mask, dict) else None


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
