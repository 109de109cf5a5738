"""Dataloop's JSON: a file per item, with `filename` and `annotations`, each of a `type`, a `label` and `coordinates`.

A box is two corners in pixels, a turned one four; a segment's outlines are lists of points. Classes of the whole item
are metadata. An item without annotations may be one that nobody worked at: it is not labelled unless it is completed.
"""

from typing import Any

from dataset.importing.described import is_plain, size
from dataset.importing.drawn import Drawn, box_around, box_around_drawn, ellipse, nested_outlines, outline
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.types import Problems, Source
from science.geometry import turned

ROUNDING = 1.0  # pixels by which four corners may miss a rectangle
OWN = {"datasetId", "itemId", "annotationsCount", "annotated", "dataset"}


def is_kind(head: FileHead) -> bool:
    if head.suffix != ".json" or head.start != "{" or not {"filename", "annotations"} <= head.keys(1):
        return False
    return bool(OWN & head.keys(1)) or {"type", "label", "coordinates"} <= head.keys(3)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every item with its image; other images are taken without labels."""
    source = Source("dataloop", [], [], problems, naming="annotations[{n}] of {image}")
    reader = DataloopReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class DataloopReader(RecordReader):
    """Reads items into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        if not isinstance(content, dict) or not isinstance(content.get("filename"), str):
            self.problem("it names no picture", "broken_file")
            return
        given = content["filename"]
        annotations = objects_of(content.get("annotations"))
        words = {str(one["label"]): True for one in annotations if one.get("type") == "class" and one.get("label")}
        system = object_within(content, "metadata", "system")
        image = self.describe(given.lstrip("/"), Says(words, size(system.get("width"), system.get("height"))))
        status = system.get("annotationStatus")
        if isinstance(status, list) and "completed" in status:
            self.is_labelled(image)
        for place, one in enumerate(annotations):
            if one.get("type") != "class":
                self.read_object(image, one, place, f"annotations[{place}] of {given}")

    def read_object(self, image: int, one: Record, place: int, record: str) -> None:
        kind, given = one.get("type"), one.get("coordinates")
        label, facts = one.get("label"), facts_of(one)
        if kind == "box":
            corners = pairs_of(given)
            if len(corners) == 4 and turned.is_rectangle(corners, ROUNDING):
                before, degrees = turned.from_corners(corners)
                if turned.is_turned(degrees * 4):
                    self.put_turned(image, label, before, degrees, place, facts, record=record)
                    return
            self.put(image, label, box_around(corners), place, facts, record=record)
            return
        shape = shape_of(kind, given)
        if shape is None:
            self.refuse(image, f"it is a {str(kind)[:40]}, not a box", record=record)
            return
        self.put(image, label, box_around_drawn(shape), place, facts, shape=shape, record=record)


def shape_of(kind: Any, given: Any) -> Drawn:
    """A segment's outlines, those inside another as holes, or an ellipse as a polygon; None for what is neither."""
    if kind in ("segment", "polygon") and isinstance(given, list):
        rings = [pairs_of(ring) for ring in given] if given and isinstance(given[0], list) else [pairs_of(given)]
        return nested_outlines(rings) if len(rings) > 1 else outline(*rings)
    if kind != "ellipse" or not isinstance(given, dict):
        return None
    middle = given.get("center")
    middle = middle if isinstance(middle, dict) else {}
    values = numbers([middle.get("x"), middle.get("y"), given.get("rx"), given.get("ry")])
    upright = numbers([given.get("angle") or 0]) == (0.0,)
    return ellipse(*values) if values and upright else None


def object_within(content: Record, *names: str) -> Record:
    """What lies in objects within objects; empty where one of them is none."""
    found: Any = content
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def facts_of(one: Record) -> Record:
    """Attributes as words, or by name; the object's number within a video."""
    given: Any = one.get("attributes")
    words = {word: True for word in given if isinstance(word, str) and word} if isinstance(given, list) else {}
    named = {str(key): value for key, value in given.items() if is_plain(value)} if isinstance(given, dict) else {}
    return words | named
