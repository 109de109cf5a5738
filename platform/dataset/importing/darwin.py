"""V7's Darwin JSON, versions 1 and 2: a file per image, with `annotations`.

`bounding_box` is x, y, w, h in pixels, and stands beside polygons too. Only finished images are exported, so one
without annotations, or with tags alone, has nothing on it. Frames of videos are not read.
"""

import math
from typing import Any

from dataset.importing.described import size
from dataset.importing.drawn import Drawn, Point, box_around, ellipse, nested_outlines
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.types import Problems, Source

SHAPES = ("frames", "keypoint", "line", "skeleton", "cuboid", "mask", "raster_layer", "graph", "string")
Box = tuple[float, ...]


def is_kind(head: FileHead) -> bool:
    keys = head.keys(1)
    if head.suffix != ".json" or head.start != "{" or "annotations" not in keys:
        return False
    second = "item" in keys and bool({"slots", "path"} & head.keys(2))
    return second or ("image" in keys and bool({"workview_url", "original_filename"} & head.keys(2)))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every file with its image; other images are taken without labels."""
    source = Source("darwin", [], [], problems, naming="annotations[{n}] of {image}")
    reader = DarwinReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class DarwinReader(RecordReader):
    """Reads files into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        if not isinstance(content, dict):
            return
        given, stated = picture_of(content)
        if not given:
            self.problem("it names no image", "broken_file")
            return
        image = self.describe(given, Says(size=size(stated.get("width"), stated.get("height"))))
        annotations = objects_of(content.get("annotations"))
        if isinstance(content.get("annotations"), list) and all("tag" in one for one in annotations):
            self.is_labelled(image)
        for place, one in enumerate(annotations):
            if "tag" not in one:
                self.read_object(image, one, place, f"annotations[{place}] of {given}")

    def read_object(self, image: int, one: Record, place: int, record: str) -> None:
        kind = next((key for key in SHAPES if key in one), "")
        box, around = box_of(one)
        shape = shape_drawn(one, around)
        if "frames" in one or not (box or around or "bounding_box" in one):
            self.refuse(image, f"it is a {kind or 'thing without a shape'}, not a box", record=record)
            return
        self.put(image, one.get("name"), box, place, attributes_of(one), shape=shape, record=record)


def picture_of(content: Record) -> tuple[str, Record]:
    """The image's name below its folder in the platform, and what states its size."""
    item = content.get("item") if isinstance(content.get("item"), dict) else content.get("image")
    item = item if isinstance(item, dict) else {}
    given = next((item[key] for key in ("name", "filename", "original_filename") if isinstance(item.get(key), str)), "")
    folder = str(item.get("path") or "").strip("/")
    slots = objects_of(item.get("slots"))
    return f"{folder}/{given}" if folder and given else given, slots[0] if slots else item


def box_of(one: Record) -> tuple[Box, str]:
    """xyxy pixels, and the shape where they are only what surrounds it; none where it has no box."""
    around = next(
        (shape for shape in ("polygon", "complex_polygon", "ellipse") if isinstance(one.get(shape), dict)), ""
    )
    given = one.get("bounding_box")
    if isinstance(given, dict):
        sides = numbers([given.get(side) for side in ("x", "y", "w", "h")])
        return ((sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) if sides else ()), around.split("_")[-1]
    if around == "ellipse":
        return box_of_ellipse(one[around]), around
    return (box_around(points_of(one[around])) if around else ()), around.split("_")[-1]


def points_of(polygon: Record) -> list[Point]:
    """All points of its paths."""
    return [point for ring in rings_of(polygon) for point in ring]


def rings_of(polygon: Record) -> list[list[Point]]:
    """`path` in version 1, each of `paths` since."""
    paths = polygon.get("paths") or [polygon.get("path")]
    flat = paths if isinstance(paths, list) and not isinstance(paths[0], dict) else [paths]
    return [pairs_of(path) for path in flat]


def shape_drawn(one: Record, around: str) -> Drawn:
    """What was drawn besides a box: an ellipse as a polygon; of several paths, those inside another are holes."""
    given = one.get(around, one.get("complex_polygon"))
    if not isinstance(given, dict):
        return None
    if around != "ellipse":
        return nested_outlines(rings_of(given))
    middle, radius = given.get("center"), given.get("radius")
    if not isinstance(middle, dict) or not isinstance(radius, dict):
        return None
    sides = numbers([middle.get("x"), middle.get("y"), radius.get("x"), radius.get("y"), given.get("angle") or 0])
    return ellipse(*sides) if sides else None


def box_of_ellipse(given: Record) -> Box:
    middle, radius = given.get("center"), given.get("radius")
    if not isinstance(middle, dict) or not isinstance(radius, dict):
        return ()
    sides = numbers([middle.get("x"), middle.get("y"), radius.get("x"), radius.get("y"), given.get("angle") or 0])
    if not sides:
        return ()
    x, y, across, down, turn = sides  # radians
    wide = math.hypot(across * math.cos(turn), down * math.sin(turn))
    high = math.hypot(across * math.sin(turn), down * math.cos(turn))
    return x - wide, y - high, x + wide, y + high


def attributes_of(one: Record) -> Record:
    """Attributes are words; besides them the id within a video, and what was typed."""
    words: Any = one.get("attributes")
    found: Record = {word: True for word in words if isinstance(word, str) and word} if isinstance(words, list) else {}
    number, typed = one.get("instance_id"), one.get("text")
    if isinstance(number, dict) and isinstance(number.get("value"), int):
        found["track"] = number["value"]
    if isinstance(typed, dict) and isinstance(typed.get("text"), str) and typed["text"]:
        found["text"] = typed["text"][:500]
    return found
