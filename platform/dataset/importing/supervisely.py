"""Supervisely: a JSON per image in `ann/`, named as the image in `img/` with .json behind; meta.json lists classes.

`points.exterior` are pixels; of a rectangle two opposite corners, taken as edges, as its labelling tool has them. What
Supervisely's own library downloads has had 1 taken off right and bottom, to name the last pixel; nothing in a file says
so, and it is not added again. Polygons keep their holes, bitmaps are masks; the box is the one around them.
"""

import math
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from dataset.importing.described import is_plain, size
from dataset.importing.drawn import BadShape, Drawn, box_around, mask_at, outline
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.mask_pictures import pixels_in_text
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.turned import Points
from dataset.importing.turning import DIGITS
from dataset.importing.types import Problems, Source


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
        shape: Drawn = None
        if kind == "bitmap":
            box, shape = self.read_bitmap(image, one.get("bitmap"))
        elif kind in ("rectangle", "polygon"):
            box = box_around(exterior)
            shape = outline(exterior, *holes_of(points)) if kind == "polygon" else None
        else:
            self.refuse(image, f"it is a {kind}, not a box", record=record)
            return
        self.put(image, one.get("classTitle"), box, place, tags_of(one), shape=shape, record=record)

    def read_bitmap(self, image: int, bitmap: Any) -> tuple[tuple[float, ...], Drawn]:
        """The box around a mask, and the mask: a PNG, packed by zlib, in base64, with the place of its corner."""
        origin = numbers(bitmap.get("origin") or ()) if isinstance(bitmap, dict) else ()
        pixels = pixels_in_text(bitmap.get("data"), packed=True) if len(origin) == 2 else BadShape("no mask")
        if isinstance(pixels, BadShape) or not pixels.any():
            return (), None
        x, y = origin
        xs, ys = np.flatnonzero(pixels.any(axis=0)), np.flatnonzero(pixels.any(axis=1))
        box = (x + int(xs[0]), y + int(ys[0]), x + int(xs[-1]) + 1, y + int(ys[-1]) + 1)
        return box, mask_at(pixels, round(x), round(y), self.size_of(image))


def holes_of(points: Any) -> list[Points]:
    """The rings inside a polygon that are not of it."""
    given = points.get("interior") if isinstance(points, dict) else None
    return [ring for one in given if (ring := pairs_of(one))] if isinstance(given, list) else []


def tags_of(one: Record) -> Record:
    """Tags by name; true for one without a value."""
    found = {str(tag.get("name")): tag.get("value") for tag in objects_of(one.get("tags")) if tag.get("name")}
    values = {name: True if value is None else value for name, value in found.items()}
    return {name: value for name, value in values.items() if is_plain(value)}


def turned(corners: Points, angle: tuple[float, ...]) -> tuple[tuple[float, ...], float]:
    """The box before it was turned, which two corners give, and the degrees of its radians; no box without an angle."""
    return (box_around(corners), round(math.degrees(angle[0]), DIGITS)) if angle else ((), 0.0)
