"""Encord's JSON: a list of label rows, each with `data_units`, whose `labels` hold `objects`.

All coordinates are fractions of the image. `boundingBox` is the top left corner with a width and a height; a
`rotatableBoundingBox` is one before it was turned by `theta`, whose direction is not told: the box around it is taken.
Frames of videos are not read.
"""

import math
from typing import Any

from dataset.importing.described import is_plain, size
from dataset.importing.drawn import box_around, nested_outlines, outline
from dataset.importing.files import Tree
from dataset.importing.gathering import LOST
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.types import Problems, Source
from science.geometry import turned

BOXES = ("boundingBox", "bounding_box", "rotatableBoundingBox", "rotatable_bounding_box")
FINISHED = ("LABELLED", "REVIEWED", "COMPLETE", "COMPLETED", "REVIEW_IN_PROGRESS")
Point = tuple[float, float]


def is_kind(head: FileHead) -> bool:
    depth = {"{": 1, "[": 2}.get(head.start, 0)
    return head.suffix == ".json" and {"data_units", "label_hash"} <= head.keys(depth)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every label row; other images are taken without labels."""
    source = Source("encord", [], [], problems, naming="objects[{n}] of {image}")
    reader = EncordReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class EncordReader(RecordReader):
    """Reads label rows into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        for row in objects_of(content if isinstance(content, list) else [content]):
            units = row.get("data_units")
            for unit in objects_of(list(units.values()) if isinstance(units, dict) else []):
                self.read_unit(row, unit)

    def read_unit(self, row: Record, unit: Record) -> None:
        given = unit.get("data_title") or row.get("data_title")
        if not isinstance(given, str) or not given:
            self.problem("it has no data_title", "broken_record", record=f"label {row.get('label_hash')}")
            return
        labels = unit.get("labels")
        labels = labels if isinstance(labels, dict) else {}
        if labels and "objects" not in labels and any(str(key).isdecimal() for key in labels):
            self.problem(f"{given} is a video, whose frames are not read", "no_box", count=len(labels))
            return
        image = self.describe(given, Says(size=size(unit.get("width"), unit.get("height"))))
        if str(row.get("label_status", "")).upper() in FINISHED:
            self.is_labelled(image)
        answers = row.get("object_answers")
        pixels = self.size_of(image) or (1, 1)
        for place, one in enumerate(objects_of(labels.get("objects"))):
            facts = facts_of(one, answers if isinstance(answers, dict) else {})
            self.read_object(image, pixels, one, place, facts, f"objects[{place}] of {given}")

    def read_object(
        self, image: int, pixels: tuple[int, int], one: Record, place: int, facts: Record, record: str
    ) -> None:
        frame = next((one[key] for key in BOXES if isinstance(one.get(key), dict)), None)
        if frame is not None:
            theta = numbers([frame.get("theta") or 0])
            is_turned = bool(theta) and math.isfinite(theta[0]) and turned.is_turned(theta[0])
            box = box_of(frame, pixels)
            box = turned.around_turned(box, theta[0]) if box and is_turned else box
            around = "turned box" if is_turned else ""
            self.put(image, one.get("name"), box, place, facts, around=around, record=record)
            return
        rings = [[(x * pixels[0], y * pixels[1]) for x, y in ring] for ring in rings_of(one)]
        if not any(rings) and image != LOST:
            self.refuse(image, f"it is a {str(one.get('shape'))[:40]}, not a box", record=record)
            return
        shape = nested_outlines(rings) if len(rings) > 1 else outline(*rings)
        around_all = box_around([point for ring in rings for point in ring])
        self.put(image, one.get("name"), around_all, place, facts, shape=shape, record=record)


def box_of(frame: Record, pixels: tuple[int, int]) -> tuple[float, ...]:
    """xyxy pixels of a corner and a size in fractions; its makers' page has w and h the wrong way round."""
    sides = numbers([frame.get(side) for side in ("x", "y", "w", "h")])
    if not sides:
        return ()
    x, y, w, h = sides
    return x * pixels[0], y * pixels[1], (x + w) * pixels[0], (y + h) * pixels[1]


def rings_of(one: Record) -> list[list[Point]]:
    """Outlines as fractions: `polygons`, lists of rings of flat numbers, else the points of `polygon` by number."""
    parts = one.get("polygons")
    if isinstance(parts, list) and parts:
        flat = [numbers(ring) for part in parts if isinstance(part, list) for ring in part if isinstance(ring, list)]
        return [list(zip(ring[::2], ring[1::2], strict=True)) for ring in flat if ring and len(ring) % 2 == 0]
    points = one.get("polygon")
    listed = list(points.values()) if isinstance(points, dict) else points
    return [pairs_of(listed)] if listed else []


def facts_of(one: Record, answers: Record) -> Record:
    """What was answered about the object."""
    told = answers.get(str(one.get("objectHash")))
    asked = objects_of(told.get("classifications")) if isinstance(told, dict) else []
    return {str(each["name"]): value for each in asked if each.get("name") and (value := answer_of(each)) is not None}


def answer_of(asked: Record) -> Any:
    """A text, a number, or the names of the choices."""
    given = asked.get("answers")
    if isinstance(given, list):
        given = ", ".join(str(one["name"]) for one in objects_of(given) if one.get("name"))
    return given if is_plain(given) and given != "" else None
