"""LabelMe: a JSON file per image, with `shapes` of points: rectangles, also turned, polygons, circles, masks."""

import math
from pathlib import PurePosixPath
from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.described import add_metadata, is_plain, size
from dataset.importing.drawn import BadShape, Drawn, box_around, ellipse, mask_at, outline
from dataset.importing.files import Tree
from dataset.importing.finding import MissingFile
from dataset.importing.gathering import LOST, Gatherer
from dataset.importing.inside_labels import key_of_inside
from dataset.importing.json_stream import BrokenJson, at_once, in_utf8, top_keys
from dataset.importing.mask_pictures import pixels_in_text
from dataset.importing.types import ImportProblem, Problems, Source
from science.geometry import turned

LARGEST = 200_000_000  # bytes: the picture itself may stand in the file
AROUND = ("polygon", "mask")
TURNED = ("rotation", "oriented_rectangle")  # X-AnyLabeling's, and LabelMe's of the same
ROUNDING = 1.0  # pixels by which four corners may miss a rectangle

IGNORED = "__ignore__"  # LabelMe's own word for what is neither object nor background

Record = dict[str, Any]


def is_head(head: bytes) -> bool:
    """Whether a JSON file that begins so is one of LabelMe's."""
    return head.lstrip()[:1] == b"{" and not top_keys(head).keys().isdisjoint(("imagePath", "shapes"))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every file with its image; other images are taken without labels."""
    source = Source("labelme", [], [], problems, naming="shapes[{n}]")
    reader = LabelMeReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class LabelMeReader(Gatherer):
    """Reads label files into a source."""

    def read(self, name: str) -> None:
        try:
            content = self.load(name)
        except BrokenJson as error:
            reason = error.reason + (f" (column {error.column})" if error.column is not None else "")
            self.problems.add(ImportProblem(name, reason, kind="broken_file", line=error.line))
            return
        if not isinstance(content, dict) or not isinstance(content.get("shapes"), list):
            self.problems.add(ImportProblem(name, "it has no list of shapes", kind="broken_file"))
            return
        self.start_file(name)
        image = self.image_of(content, name)
        for place, shape in enumerate(content["shapes"]):
            if reason := self.read_shape(image, shape, place):
                self.problem(reason, "no_box", record=f"shapes[{place}]")

    def load(self, name: str) -> Any:
        path = self.tree.path(name)
        if path.stat().st_size > LARGEST:
            raise BrokenJson("it is too large to be the label file of one image")
        return at_once(in_utf8(path.read_bytes()), 0, b"")

    def image_of(self, content: Record, name: str) -> int:
        """The image that the file names, else the one of its own name."""
        given = content.get("imagePath") if isinstance(content.get("imagePath"), str) else ""
        found = self.naming.find_by_ending(given, name) if given else MissingFile("it names no image")
        if isinstance(found, MissingFile):
            found = self.finder.find_stem(PurePosixPath(name).stem, name)
        if isinstance(found, MissingFile):
            found = key_of_inside(self.tree, name, content)
        known = len(self.source.images)
        image = self.image(found, given or PurePosixPath(name).stem)
        if image == LOST:
            return LOST
        self.is_labelled(image)
        if image < known:
            return image
        flags = content.get("flags")
        add_metadata(self.of(image), flags if isinstance(flags, dict) else {}, name, self.problems)
        self.of(image).size = size(content.get("imageWidth"), content.get("imageHeight"))
        return image

    def read_shape(self, image: int, shape: Any, place: int) -> str:
        """Add one shape's box; returns why that cannot be done, or nothing."""
        if not isinstance(shape, dict):
            self.refused(image)
            return "it is not an object"
        kind, points = shape.get("shape_type") or "polygon", shape.get("points")
        pairs = points if isinstance(points, list) else []
        if not all(isinstance(pair, list) and len(pair) == 2 and all(map(is_number, pair)) for pair in pairs):
            self.refused(image)
            return "its points are not pairs of numbers"
        corners = [(x, y) for x, y in (circle(pairs) if kind == "circle" and len(pairs) == 2 else pairs)]
        if kind in TURNED or (kind == "rectangle" and len(corners) == 4):
            return self.read_turned(image, shape, place, corners)
        if kind not in ("rectangle", "circle", *AROUND) or (kind == "circle" and len(pairs) != 2):
            self.refused(image)
            return f"it is a {kind}, not a box"
        drawn = self.drawn(image, shape, kind, pairs)
        return self.add(image, shape.get("label"), box_around(corners), place, attributes_of(shape), shape=drawn)

    def drawn(self, image: int, shape: Record, kind: str, pairs: list[Any]) -> Drawn:
        """What was drawn besides a box; a mask's picture lies in its box, whose last pixel the second point names."""
        if kind == "polygon":
            return outline(pairs)
        if kind == "circle":
            (x, y), (edge_x, edge_y) = pairs
            radius = math.hypot(edge_x - x, edge_y - y)
            return ellipse(x, y, radius, radius)
        if kind != "mask" or len(pairs) != 2:
            return None
        pixels = pixels_in_text(shape.get("mask"))
        if isinstance(pixels, BadShape):
            return pixels
        (x, y), other = pairs
        return mask_at(pixels, round(min(x, other[0])), round(min(y, other[1])), self.size_of(image))

    def read_turned(self, image: int, shape: Record, place: int, corners: list[tuple[float, float]]) -> str:
        """Four corners: a box as it is, a turned one, or a polygon."""
        label, attributes = shape.get("label"), attributes_of(shape)
        around = box_around(corners)
        if not turned.is_rectangle(corners, ROUNDING):
            return self.add(image, label, around, place, attributes, shape=outline(corners))
        box, degrees = turned.from_corners(corners)
        if not turned.is_turned(degrees * 4):  # corners of an upright box, whichever is the first
            return self.add(image, label, around, place, attributes)
        return self.add_turned(image, label, box, degrees, place, attributes)


def is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def circle(pairs: list[Any]) -> list[Any]:
    """Two corners of the box around a circle, which is given by its centre and a point on it."""
    (x, y), (edge_x, edge_y) = pairs
    radius = math.hypot(edge_x - x, edge_y - y)
    return [[x - radius, y - radius], [x + radius, y + radius]]


def attributes_of(shape: Record) -> Record:
    """Flags, X-AnyLabeling's `difficult` and `attributes`, the group, and the description where there is one."""
    flags = shape.get("flags")
    found = {str(key): value for key, value in flags.items() if is_plain(value)} if isinstance(flags, dict) else {}
    own = shape.get("attributes")
    found |= {str(key): value for key, value in own.items() if is_plain(value)} if isinstance(own, dict) else {}
    if shape.get("label") == IGNORED:
        found["ignore"] = Ignore.ANYTHING.word
    if shape.get("difficult") is True:
        found["difficult"] = True
    if is_plain(shape.get("group_id")):
        found["group"] = shape["group_id"]
    if isinstance(shape.get("description"), str) and shape["description"]:
        found["description"] = shape["description"][:500]
    return found
