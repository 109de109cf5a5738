"""Supervisely: a JSON per image in `ann/`, named as the image in `img/` with .json behind; meta.json lists classes.

`points.exterior` are pixels; of a rectangle two opposite corners, taken as edges, as its labelling tool has them. What
Supervisely's own library downloads has had 1 taken off right and bottom, to name the last pixel; nothing in a file says
so, and it is not added again. Polygons give the box around them, bitmaps the box around their drawn pixels.
"""

import base64
import binascii
import math
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from PIL import Image, UnidentifiedImageError

from dataset.importing.cvat import box_around
from dataset.importing.described import is_plain, size
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.turned import Points
from dataset.importing.turning import DIGITS
from dataset.importing.types import Problems, Source

LARGEST_BITMAP = 50_000_000  # bytes, unpacked: a PNG


def is_kind(head: FileHead) -> bool:
    keys = head.keys(1)
    if head.suffix != ".json" or head.start != "{":
        return False
    annotation = {"objects", "size"} <= keys and "width" in head.keys(2)
    return annotation or (head.file == "meta.json" and "classes" in keys and "title" in head.keys(3))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every annotation file with its image; other images are taken without labels."""
    source = Source("supervisely", [], [], problems, naming="objects[{n}]")
    reader = SuperviselyReader(source, tree)
    for name in files:
        if PurePosixPath(name).name.lower() == "meta.json":
            reader.read_classes(name)
    for name in files:
        if PurePosixPath(name).name.lower() != "meta.json":
            reader.read(name)
    reader.take_unlisted()
    return source


class SuperviselyReader(RecordReader):
    """Reads annotation files into a source."""

    def read_classes(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        listed = objects_of(content.get("classes") if isinstance(content, dict) else None)
        self.list_classes(one.get("title") for one in listed)

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        if not isinstance(content, dict):
            return
        stated = content.get("size")
        stated = stated if isinstance(stated, dict) else {}
        description = content.get("description")
        metadata = tags_of(content) | ({"description": description} if description else {})
        says = Says(metadata, size(stated.get("width"), stated.get("height")))
        image = self.describe(PurePosixPath(name).name.removesuffix(".json"), says)
        objects = content.get("objects")
        if objects == []:
            self.is_labelled(image)
        for place, one in enumerate(objects_of(objects)):
            self.read_object(image, one, place)

    def read_object(self, image: int, one: Record, place: int) -> None:
        record = f"objects[{place}]"
        kind = str(one.get("geometryType", "rectangle"))
        points = one.get("points")
        exterior = pairs_of(points.get("exterior") if isinstance(points, dict) else points)
        if kind == "oriented_bbox":
            angle = numbers([one.get("angle") or 0]) if len(exterior) == 2 else ()
            self.put_turned(image, one.get("classTitle"), *turned(exterior, angle), place, tags_of(one), record=record)
            return
        if kind == "bitmap":
            box = box_of_bitmap(one.get("bitmap"))
        elif kind in ("rectangle", "polygon"):
            box = box_around(exterior)
        else:
            self.refuse(image, f"it is a {kind}, not a box", record=record)
            return
        around = "" if kind == "rectangle" else kind
        self.put(image, one.get("classTitle"), box, place, tags_of(one), around=around, record=record)


def tags_of(one: Record) -> Record:
    """Tags by name; true for one without a value."""
    found = {str(tag.get("name")): tag.get("value") for tag in objects_of(one.get("tags")) if tag.get("name")}
    values = {name: True if value is None else value for name, value in found.items()}
    return {name: value for name, value in values.items() if is_plain(value)}


def turned(corners: Points, angle: tuple[float, ...]) -> tuple[tuple[float, ...], float]:
    """The box before it was turned, which two corners give, and the degrees of its radians; no box without an angle."""
    return (box_around(corners), round(math.degrees(angle[0]), DIGITS)) if angle else ((), 0.0)


def box_of_bitmap(bitmap: Any) -> tuple[float, ...]:
    """The box around a mask: a PNG, packed by zlib, in base64, with the place of its corner."""
    if not isinstance(bitmap, dict):
        return ()
    origin = numbers(bitmap.get("origin") or ())
    try:
        packed = zlib.decompressobj()
        data = packed.decompress(base64.b64decode(bitmap.get("data") or ""), LARGEST_BITMAP)
        with Image.open(BytesIO(data), formats=("PNG",)) as picture:
            drawn = (picture.getchannel("A") if "A" in picture.getbands() else picture.convert("L")).getbbox()
    except (zlib.error, binascii.Error, TypeError, ValueError, OSError, UnidentifiedImageError):
        return ()
    if drawn is None or len(origin) != 2:
        return ()
    return origin[0] + drawn[0], origin[1] + drawn[1], origin[0] + drawn[2], origin[1] + drawn[3]
