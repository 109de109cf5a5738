"""CVAT for images: one XML file of `image` elements, with boxes by their edges (xtl, ytl, xbr, ybr)."""

from typing import Any
from xml.etree.ElementTree import Element

from dataset.importing.columns import Ignore
from dataset.importing.described import add_metadata, size
from dataset.importing.files import SPLITS, Tree
from dataset.importing.gathering import LOST, Gatherer, number
from dataset.importing.types import Problems, Source
from dataset.importing.voc import plain_value
from dataset.importing.xml_safely import BrokenXml, children
from science.geometry import turned

SIDES = ("xtl", "ytl", "xbr", "ybr")
IGNORED = ("ignore", "ignored")
SHAPES = ("polygon", "polyline", "points", "ellipse", "mask", "cuboid", "skeleton")


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every image element with its image; other images are taken without labels."""
    source = Source("cvat", [], [], problems, naming="shape {n} of {image}")
    reader = CvatReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class CvatReader(Gatherer):
    """Reads annotation files into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        tracks = 0
        try:
            for element in children(self.tree.path(name)):
                if element.tag == "meta":
                    self.read_classes(element)
                elif element.tag == "image":
                    self.read_image(element)
                tracks += element.tag == "track"
        except BrokenXml as error:
            self.problem(error.reason, "broken_file", line=error.line)
        if tracks:
            reason = f"{tracks} tracks of a video were left out; export it from CVAT as CVAT for images"
            self.problem(reason, "no_box", count=tracks)

    def read_classes(self, meta: Element) -> None:
        """The project's or the task's list, in its order."""
        for label in meta.iter("label"):
            if label.findtext("parent") is None and (name := (label.findtext("name") or "").strip()):
                self.class_of(name)

    def read_image(self, element: Element) -> None:
        name, known = element.get("name", ""), len(self.source.images)
        record = f"image {element.get('id', '')} ({name})"
        image = self.image(self.finder.find(name, self.file_name), name, record=record)
        if image == known:
            self.describe(image, element)
        elif image != LOST and self.of(image).described_in == self.file_name:
            reason = "two records name this image; their boxes were joined"
            self.problem(reason, "described_twice", "repaired", record=record)
        self.is_labelled(image)
        for place, shape in enumerate(child for child in element if child.tag == "box" or child.tag in SHAPES):
            if reason := self.read_shape(image, place, shape):
                self.problem(reason, "no_box", record=f"shape {place} of {name}")

    def describe(self, image: int, element: Element) -> None:
        tags = {tag.get("label", ""): True for tag in element.iter("tag")}
        add_metadata(self.of(image), tags, self.file_name, self.problems)
        if split := SPLITS.get(element.get("subset", "").lower()):
            self.of(image).metadata.setdefault("split", split)
        width, height = number(element.get("width")), number(element.get("height"))
        self.of(image).size = size(int(width), int(height)) if width > 0 and height > 0 else None

    def read_shape(self, image: int, place: int, shape: Element) -> str:
        """Add a box, or the box around a polygon; returns why that cannot be done, or nothing."""
        box: tuple[float, ...] = tuple(number(shape.get(side)) for side in SIDES)
        degrees = number(shape.get("rotation", "0"))
        if shape.tag == "polygon":
            box, degrees = box_around(points_of(shape)), 0.0
        elif shape.tag != "box":
            self.refused(image)
            return f"it is a {shape.tag}, not a box"
        # CVAT's label for a place that is not to be judged; it is of no class, so whatever lies in it is ignored
        ignore = Ignore.ANYTHING if shape.get("label", "").lower() in IGNORED else Ignore.NO
        label, attributes = shape.get("label"), attributes_of(shape)
        reason = self.add_turned(image, label, box, degrees, place, attributes, ignore=ignore)
        if not reason and (shape.tag == "polygon" or turned.is_turned(degrees)):
            what = "polygon" if shape.tag == "polygon" else f"box turned by {degrees:g} degrees"
            record = f"shape {place} of {self.of(image).key}" if image != LOST else None
            kind = "polygon" if shape.tag == "polygon" else "turned"
            self.problem(f"a {what} was taken as the box around it", kind, "repaired", record=record)
        return reason


def attributes_of(shape: Element) -> dict[str, Any]:
    """`occluded`, the group, and the label's own attributes."""
    found: dict[str, Any] = {}
    if shape.get("occluded") in ("0", "1"):
        found["occluded"] = shape.get("occluded") == "1"
    if shape.get("group_id"):
        found["group"] = plain_value(shape.get("group_id", ""))
    own = {one.get("name", ""): plain_value((one.text or "").strip()) for one in shape.iter("attribute")}
    return found | {name: value for name, value in own.items() if name}


def points_of(shape: Element) -> list[tuple[float, float]]:
    """The points of "1.5,2;3,4"."""
    pairs = [point.split(",") for point in shape.get("points", "").split(";")]
    return [(number(pair[0]), number(pair[1])) for pair in pairs if len(pair) == 2]


def box_around(points: list[tuple[float, float]]) -> tuple[float, ...]:
    """The box around points; none where there are no points."""
    return turned.box_around(points) if points else ()
