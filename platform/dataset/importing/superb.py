"""Superb AI's Suite: its own export of a labelling project, as people have it who move.

`labels/ID.json` holds `objects`; `meta/…/NAME.json` says which image a label file belongs to (`data_key`), how large it
is, its tags, and how far the work has come; `project.json` lists the classes. Boxes are x, y, width, height in pixels;
turned ones (`rbox`) have cx, cy, width, height and an angle in degrees. The first versions spell the keys otherwise.
"""

import math
from pathlib import PurePosixPath
from typing import Any

from dataset.importing.described import is_plain, size
from dataset.importing.drawn import Drawn, Ring, box_around, outlines
from dataset.importing.files import Tree
from dataset.importing.finding import MissingFile
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.turned import box_of_centre
from dataset.importing.types import Problems, Source

DONE = ("submitted", "approved", "completed")
OBJECT = {"annotation_type", "annotationType", "class_id"}


def is_kind(head: FileHead) -> bool:
    if head.suffix != ".json" or head.start != "{":
        return False
    keys = head.keys(1)
    labels = "objects" in keys and (bool(head.keys(3) & OBJECT) or "categories" in keys)
    older = "result" in keys and "objects" in head.keys(2)
    return labels or older or is_meta(keys) or is_project(head)


def is_meta(keys: Any) -> bool:
    return "data_key" in keys and bool({"label_path", "label_id", "image_info"} & set(keys))


def is_project(head: FileHead) -> bool:
    return head.file == "project.json" and bool(head.keys(1) & {"object_detection", "objects", "categorization"})


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every label file with its image; other images are taken without labels."""
    source = Source("superb", [], [], problems, naming="objects[{n}]")
    reader = SuperbReader(source, tree)
    reader.read_all(files)
    reader.take_unlisted()
    return source


class SuperbReader(RecordReader):
    """Reads an export into a source."""

    def read_all(self, files: list[str]) -> None:
        self.meta: dict[str, Record] = {}  # by the name of the label file
        self.labels: dict[str, Record] = {}
        for name in files:
            self.sort(name)
        for name, content in self.labels.items():
            self.start_file(name)
            self.read_label(name, content)

    def sort(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        if not isinstance(content, dict):
            return
        if is_meta(content):
            paths = content.get("label_path")
            given = paths if isinstance(paths, list) else [paths]
            for path in [one for one in given if isinstance(one, str)] or [f"{content.get('label_id')}.json"]:
                self.meta[PurePosixPath(path).name] = content
        elif PurePosixPath(name).name == "project.json":
            self.read_classes(content)
        else:
            result = content.get("result")
            self.labels[name] = result if isinstance(result, dict) else content

    def read_classes(self, content: Record) -> None:
        detection = content.get("object_detection")
        listed = detection.get("object_classes") if isinstance(detection, dict) else content.get("objects")
        self.list_classes(one.get("name", one.get("class_name")) for one in objects_of(listed))

    def read_label(self, name: str, content: Record) -> None:
        meta = self.meta.get(PurePosixPath(name).name, {})
        image = self.image_of(name, meta, content)
        objects = content.get("objects")
        if objects == [] and str(meta.get("status", "")).lower() in DONE:
            self.is_labelled(image)
        for place, one in enumerate(objects_of(objects)):
            self.read_object(image, one, place)

    def image_of(self, name: str, meta: Record, content: Record) -> int:
        """By the meta file; without one by the label file's own name; or the only image of the only label file."""
        about = meta.get("image_info")
        about = about if isinstance(about, dict) else {}
        says = Says(metadata_of(meta, content), size(about.get("width"), about.get("height")))
        given = meta.get("data_key")
        if isinstance(given, str) and given:
            return self.describe(given, says)
        own = PurePosixPath(name).name.removesuffix(".json")
        if not isinstance(self.naming.find(own, name), MissingFile):
            return self.describe(own, says)
        images = self.tree.images_meant
        if len(images) == 1 and len(self.labels) == 1:
            reason = f"no meta file says whose labels these are; taken for {images[0]}, the only image here"
            self.problem(reason, "no_meta", "repaired")
            return self.describe(images[0], says)
        image = self.image(MissingFile("no file in meta/ says which image these labels belong to"), own)
        if objects := len(objects_of(content.get("objects"))):
            self.problem(f"{objects} boxes of this image were left out", "lost_boxes", count=objects)
        return image

    def read_object(self, image: int, one: Record, place: int) -> None:
        kind, coordinates = shape_of(one)
        record = f"objects[{place}]"
        label = one.get("class_name", one.get("className", one.get("class")))
        attributes = answers(one.get("properties")) | tracked(one)
        if kind == "rbox":
            self.put_turned(image, label, *turned(coordinates), place, attributes, record=record)
            return
        shape: Drawn = None
        if kind == "box":
            sides = numbers([coordinates.get(side) for side in ("x", "y", "width", "height")])
            box: tuple[float, ...] = (sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) if sides else ()
        elif kind == "polygon":
            given = coordinates.get("points", coordinates)
            box, shape = box_around(points_in(given)), outlines(parts_in(given))
        else:
            self.refuse(image, f"it is a {kind}, not a box", record=record)
            return
        self.put(image, label, box, place, attributes, shape=shape, record=record)


def shape_of(one: Record) -> tuple[str, Record]:
    """The kind of an object and its coordinates, in today's spelling or in the first one (`shape`)."""
    shape = one.get("shape")
    if isinstance(shape, dict) and shape:
        kind = next(iter(shape))
        return kind, shape[kind] if isinstance(shape[kind], dict) else {"points": shape[kind]}
    annotation = one.get("annotation")
    coordinates = annotation.get("coord") if isinstance(annotation, dict) else None
    kind = str(one.get("annotation_type", one.get("annotationType", "thing without a type")))
    return kind, coordinates if isinstance(coordinates, dict) else {}


def turned(coordinates: Record) -> tuple[tuple[float, ...], float]:
    """The box before it was turned, and the degrees."""
    sides = numbers([coordinates.get(side) for side in ("cx", "cy", "width", "height")])
    angle = (numbers([coordinates.get("angle") or 0]) or (0.0,))[0]
    return (box_of_centre(*sides), angle) if sides and math.isfinite(angle) else ((), 0.0)


def points_in(points: Any) -> list[tuple[float, float]]:
    """The points of a polygon, or of the several polygons and holes of one."""
    if isinstance(points, list) and points and isinstance(points[0], list):
        return [pair for part in points for pair in points_in(part)]
    return pairs_of(points)


def parts_in(points: Any) -> list[list[Ring]]:
    """The same as parts, each an outer ring and its holes: one ring alone, rings, or rings in parts."""
    if not (isinstance(points, list) and points and isinstance(points[0], list)):
        return [[pairs_of(points)]]
    if isinstance(points[0][:1], list) and points[0] and isinstance(points[0][0], list):
        return [[pairs_of(ring) for ring in part] for part in points]
    return [[pairs_of(ring)] for ring in points]


def answers(properties: Any) -> Record:
    """Properties by name, the options chosen by theirs."""
    found: Record = {}
    for one in objects_of(properties):
        name = one.get("property_name", one.get("propertyName", one.get("name")))
        value = one.get("option_name", one.get("optionName", one.get("value", one.get("option_names"))))
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        if isinstance(name, str) and is_plain(value):
            found[name] = value
    return found


def tracked(one: Record) -> Record:
    track = one.get("tracking_id", one.get("trackingId"))
    return {"track": track} if is_plain(track) else {}


def metadata_of(meta: Record, content: Record) -> Record:
    """Tags (true each), categories answered for the image, the dataset's name, and how far the work has come."""
    tags = meta.get("tags")
    names = [one.get("name") if isinstance(one, dict) else one for one in (tags if isinstance(tags, list) else [])]
    found: Record = {str(name): True for name in names if isinstance(name, str | int)}
    categories = content.get("categories")
    if isinstance(categories, dict):
        found |= answers(categories.get("properties"))
    plain = {key: meta.get(key) for key in ("dataset", "status") if isinstance(meta.get(key), str) and meta.get(key)}
    return found | plain
