"""VIA, the VGG Image Annotator: a project of VIA 2 or 3, or VIA 2's annotations as JSON or CSV.

`rect` is x, y, width, height in pixels; polygons, circles and ellipses give the box around them. Which of a region's
attributes is its class, VIA does not say: one called as a class, else the only one, else the first that is a choice.
VIA lists every picture that was opened, so one without regions is not labelled.
"""

import csv
import io
import math
from typing import Any

import orjson

from dataset.importing import via3
from dataset.importing.described import is_plain
from dataset.importing.drawn import Drawn, box_around, ellipse, outline
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of
from dataset.importing.types import Problems, Source

CLASS_NAMES = ("class", "label", "name", "type", "category", "object", "object_name", "classname", "class_name")
COLUMNS = {"region_shape_attributes", "region_attributes"}
CHOICES = ("dropdown", "radio")


def is_kind(head: FileHead) -> bool:
    if head.suffix == ".csv":
        return bool(head.lines) and {name.strip().lstrip("#") for name in head.lines[0].split(",")} >= COLUMNS
    project = "_via_img_metadata" in head.keys(1)
    listed = head.start == "{" and {"filename", "regions"} <= head.keys(2)
    return head.suffix == ".json" and (project or listed or head.keys(1) >= via3.KEYS)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every picture's regions; other images are taken without labels."""
    source = Source("via", [], [], problems, naming="region {n} of {image}")
    reader = ViaReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class ViaReader(RecordReader):
    """Reads pictures and their regions into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        pictures, settings = self.csv_pictures(name) if name.lower().endswith(".csv") else self.json_pictures(name)
        regions = [region for picture in pictures for region in regions_of(picture)]
        self.key = class_key([answers_of(region) for region in regions], settings)
        if self.key and regions:
            self.problem(f"the region attribute {self.key} was taken as the class", "class_attribute", "kept")
        for picture in pictures:
            self.read_picture(picture)

    def json_pictures(self, name: str) -> tuple[list[Record], Record]:
        content = self.load(name)
        content = content if isinstance(content, dict) else {}
        if via3.is_project(content):
            return via3.pictures_of(content), via3.settings_of(content)
        listed = content.get("_via_img_metadata", content)
        attributes = content.get("_via_attributes")
        settings = attributes.get("region") if isinstance(attributes, dict) else {}
        listed = listed if isinstance(listed, dict) else {}
        pictures = [one for one in listed.values() if isinstance(one, dict) and isinstance(one.get("filename"), str)]
        return pictures, settings if isinstance(settings, dict) else {}

    def csv_pictures(self, name: str) -> tuple[list[Record], Record]:
        """Rows of one file name together are one picture."""
        pictures: dict[str, Record] = {}
        text = "\n".join(line for _, line in self.lines(name))
        for at, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
            given = (row.get("filename") or row.get("#filename") or "").strip()
            about, shape, answers = (
                self.cell(row.get(key), at)
                for key in ("file_attributes", "region_shape_attributes", "region_attributes")
            )
            picture = pictures.setdefault(given, {"filename": given, "file_attributes": about, "regions": []})
            if shape:
                picture["regions"].append({"shape_attributes": shape, "region_attributes": answers})
        return list(pictures.values()), {}

    def cell(self, text: Any, line: int) -> Record:
        """The JSON object of a cell."""
        try:
            found = orjson.loads(text or "{}")
        except (orjson.JSONDecodeError, TypeError):
            self.problem("a cell is not JSON", "broken_record", line=line)
            return {}
        return found if isinstance(found, dict) else {}

    def read_picture(self, picture: Record) -> None:
        about = picture.get("file_attributes")
        image = self.describe(picture["filename"], Says(about if isinstance(about, dict) else {}))
        for place, region in enumerate(regions_of(picture)):
            self.read_region(image, region, place, picture["filename"])

    def read_region(self, image: int, region: Record, place: int, name: str) -> None:
        record = f"region {place} of {name}"
        given = region.get("shape_attributes")
        shape = given if isinstance(given, dict) else {}
        kind, box = str(shape.get("name", "thing without a shape")), box_of(shape)
        if box is None:
            self.refuse(image, f"it is a {kind}, not a box", record=record)
            return
        answers = answers_of(region)
        label = answers.pop(self.key, None)
        label = str(label) if isinstance(label, int) and not isinstance(label, bool) else label
        self.put(image, label or None, box, place, answers, shape=shape_drawn(shape), record=record)


def regions_of(picture: Record) -> list[Record]:
    """A list, or of VIA 1 an object by number."""
    given = picture.get("regions")
    return objects_of(list(given.values()) if isinstance(given, dict) else given)


def answers_of(region: Record) -> Record:
    """A region's attributes; of a checkbox, the options that are ticked."""
    given = region.get("region_attributes")
    found: Record = {}
    for key, value in (given if isinstance(given, dict) else {}).items():
        ticked = (
            ", ".join(str(option) for option, is_on in value.items() if is_on) if isinstance(value, dict) else value
        )
        if is_plain(ticked) and ticked != "":
            found[str(key)] = ticked
    return found


def class_key(all_told: list[Record], settings: Record) -> str:
    """Which attribute is the class."""
    keys = list(dict.fromkeys(key for one in all_told for key in one))
    for wanted in CLASS_NAMES:
        if named := [key for key in keys if key.lower().replace(" ", "_") == wanted]:
            return named[0]
    choices = [key for key in keys if isinstance(settings.get(key), dict) and settings[key].get("type") in CHOICES]
    return (choices if len(keys) > 1 and choices else [*keys, ""])[0]


def box_of(shape: Record) -> tuple[float, ...] | None:
    """xyxy pixels; None for a shape that has no box."""
    kind = shape.get("name")
    if kind == "rect":
        sides = numbers([shape.get(side) for side in ("x", "y", "width", "height")])
        return (sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) if sides else ()
    if kind == "polygon":
        xs, ys = numbers(shape.get("all_points_x") or ()), numbers(shape.get("all_points_y") or ())
        return box_around(list(zip(xs, ys, strict=True))) if len(xs) == len(ys) else ()
    if kind in ("circle", "ellipse"):
        return round_box(shape)
    return None


def shape_drawn(shape: Record) -> Drawn:
    """What was drawn besides a box; circles and ellipses as polygons."""
    kind = shape.get("name")
    if kind == "polygon":
        xs, ys = numbers(shape.get("all_points_x") or ()), numbers(shape.get("all_points_y") or ())
        return outline(list(zip(xs, ys, strict=True))) if len(xs) == len(ys) else None
    if kind not in ("circle", "ellipse"):
        return None
    radius = shape.get("r")
    given = numbers([shape.get("cx"), shape.get("cy"), shape.get("rx", radius), shape.get("ry", radius)])
    turn = (numbers([shape.get("theta") or 0]) or (0.0,))[0]  # radians
    return ellipse(given[0], given[1], given[2], given[3], turn) if given else None


def round_box(shape: Record) -> tuple[float, ...]:
    radius = shape.get("r")
    given = numbers([shape.get("cx"), shape.get("cy"), shape.get("rx", radius), shape.get("ry", radius)])
    if not given:
        return ()
    x, y, across, down = given
    turn = (numbers([shape.get("theta") or 0]) or (0.0,))[0]  # radians
    wide = math.hypot(across * math.cos(turn), down * math.sin(turn))
    high = math.hypot(across * math.sin(turn), down * math.cos(turn))
    return x - wide, y - high, x + wide, y + high
