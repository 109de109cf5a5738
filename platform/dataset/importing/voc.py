"""Pascal VOC and its likes (ImageNet, LabelImg): an XML file per image, `object` elements with a `bndbox`.

xmin, ymin, xmax, ymax are taken as edges, as COCO, YOLO and CVAT exports of the same data have them, not as the
1-based numbers of the first and last pixel.
"""

import math
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element

from dataset.importing.described import LONGEST_VALUE, add_metadata, size
from dataset.importing.drawn import Point, box_around, mask, outline
from dataset.importing.files import SPLITS, Tree
from dataset.importing.finding import MissingFile
from dataset.importing.gathering import LOST, Gatherer, number
from dataset.importing.names import clean
from dataset.importing.text import text_of
from dataset.importing.turning import angle_of
from dataset.importing.types import ImportProblem, Problems, Source
from dataset.importing.voc_masks import ObjectMasks, matched_masks
from dataset.importing.xml_safely import BrokenXml, parse
from science.shapes.finer import Mask
from science.shapes.packed import pack

SIDES = ("xmin", "ymin", "xmax", "ymax")
FLAGS = ("truncated", "difficult", "occluded")
WORDS = {"0": False, "1": True, "false": False, "true": True, "no": False, "yes": True}
LARGEST_NUMBER = 2**53  # a longer one is an id, and kept as text
ELEMENTS = frozenset((*FLAGS, "name", "pose", "bndbox", "robndbox", "attributes", "type", "part", "polygon", "id"))
TELLING = ("filename", "size", "folder", "source", "object")  # one of which a file has that tells of an image
TAGS = ELEMENTS | frozenset((*SIDES, *TELLING, "width", "height", "depth", "objects", "attribute", "value", "pt"))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every annotation file with its image; other images are taken without labels."""
    source = Source("voc", [], [], problems, naming="object[{n}]")
    reader = VocReader(source, tree)
    reader.masks = ObjectMasks.of(tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    add_splits(tree, source)
    return source


class VocReader(Gatherer):
    """Reads annotation files into a source."""

    masks: ObjectMasks

    def read(self, name: str) -> None:
        try:
            root = parse(self.tree.path(name))
        except BrokenXml as error:
            self.problems.add(ImportProblem(name, error.reason, kind="broken_file", line=error.line))
            return
        if root.find("object") is None:
            spell_plainly(root)
        self.start_file(name)
        image = self.image_of(root, name)
        self.boxes: dict[int, tuple[int, tuple[float, ...]]] = {}  # of the file, by their places in it
        for at, element in enumerate(root.iter("object")):
            if (element.findtext("deleted") or "").strip() == "1":  # as the first LabelMe keeps what was taken away
                self.refuse_deleted(image, at)
            else:
                self.read_object(image, at, element)
        if image != LOST and self.masks.by_stem:
            self.read_masks(image)

    def read_masks(self, image: int) -> None:
        """Give the boxes of the file the masks of their objects."""
        key, numbers = self.masks.numbers(PurePosixPath(self.of(image).key).stem)
        if not key:
            return
        self.masks_read.add(key)
        if numbers is None:
            self.problem(f"{key} cannot be read; the boxes were taken alone", "bad_shape", "repaired")
            return
        found, others = matched_masks(numbers, {at: box for at, (_, box) in self.boxes.items()})
        for at, pixels in found.items():
            number, _ = self.boxes[at]
            if number not in self.source.shapes and isinstance(shape := mask(pixels), Mask):
                self.source.shapes[number] = pack(shape)
        if others:
            reason = f"{others} masks in {key} are of none of its boxes; they were left out"
            self.problem(reason, "no_box", count=others)

    def refuse_deleted(self, image: int, at: int) -> None:
        self.source.boxes_found += 1
        self.source.boxes_skipped += 1
        self.refused(image)
        self.problem("it was deleted by who labelled the image", "deleted", record=f"object[{at}]")

    def image_of(self, root: Element, name: str) -> int:
        """The image whose whole path it names, else that of the file's own name, else one of the name that it names."""
        given = (root.findtext("filename") or "").strip()
        exact = "/" in given and given in self.finder.known
        found = given if exact else self.finder.find_stem(PurePosixPath(name).stem, name)
        if isinstance(found, MissingFile) and given:
            other = self.naming.find_by_ending(given, name)
            found = self.finder.find_stem(PurePosixPath(given).stem, name) if isinstance(other, MissingFile) else other
        known = len(self.source.images)
        image = self.image(found, given or PurePosixPath(name).stem)
        if image == LOST:
            self.lose(root)
        elif any(root.find(tag) is not None for tag in TELLING):
            self.is_labelled(image)
        if image == known:
            self.describe(image, root, name)
        return image

    def lose(self, root: Element) -> None:
        if boxes := sum(1 for _ in root.iter("object")):
            self.problem(f"{boxes} boxes of this image were left out", "lost_boxes", count=boxes)

    def describe(self, image: int, root: Element, name: str) -> None:
        given = {str(key): value for key, value in named_values(root.find("attributes")).items()}
        add_metadata(self.of(image), given, name, self.problems)
        width, height = (number(root.findtext(f"size/{side}")) for side in ("width", "height"))
        self.of(image).size = size(int(width), int(height)) if width > 0 and height > 0 else None

    def read_object(self, image: int, at: int, element: Element) -> None:
        frame, turn, attributes = element.find("bndbox"), element.find("robndbox"), attributes_of(element)
        box: Any = () if frame is None else tuple(number(frame.findtext(side)) for side in SIDES)
        degrees = angle_of(attributes) or 0.0
        if turn is not None:
            box, degrees = turned_box(turn)
        before = len(self.source.boxes)
        points = points_of(element) if frame is None and turn is None else []
        attributes.pop("rotation", None)
        name = element.findtext("name")
        if points:
            reason = self.add(image, name, box_around(points), at, attributes, shape=outline(points))
        else:
            reason = self.add_turned(image, name, box, degrees, at, attributes)
        if len(self.source.boxes) > before and box:
            self.boxes[at] = before, box
        if reason:
            missing = frame is None and turn is None and not points
            self.problem("it has no bndbox" if missing else reason, "no_box", record=f"object[{at}]")


def spell_plainly(root: Element) -> None:
    """Take namespaces off the tags, and capitals off those that are known in small letters."""
    for element in root.iter():
        bare = str(element.tag).rpartition("}")[2]
        element.tag = bare.lower() if bare.lower() in TAGS else bare


def points_of(element: Element) -> list[Point]:
    """The points of a polygon, as the first LabelMe and its XML have it; none where there is no such."""
    points = [(number(point.findtext("x")), number(point.findtext("y"))) for point in element.findall("polygon/pt")]
    return points if box_around(points) else []


def turned_box(element: Element) -> tuple[tuple[float, ...], float]:
    """roLabelImg's middle, sides and angle in radians: the box before it was turned, and degrees."""
    x, y, width, height, angle = (number(element.findtext(name)) for name in ("cx", "cy", "w", "h", "angle"))
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2), round(math.degrees(angle) % 360, 6)


def attributes_of(element: Element) -> dict[str, Any]:
    """truncated, difficult and occluded as far as they are given, the pose, and CVAT's `attributes`."""
    flags = {flag: (element.findtext(flag) or "").strip() for flag in FLAGS}
    found: dict[str, Any] = {flag: WORDS[given.lower()] for flag, given in flags.items() if given.lower() in WORDS}
    pose = (element.findtext("pose") or "").strip()
    if pose and pose != "Unspecified":
        found["pose"] = pose
    for child in element:  # FiftyOne writes attributes as elements of their own
        text = (child.text or "").strip()
        if child.tag not in ELEMENTS and text and not len(child):
            found[child.tag] = plain_value(text[:LONGEST_VALUE])
    if isinstance(found.get("trackid"), int):  # of ImageNet's videos
        found["track"] = found.pop("trackid")
    return found | named_values(element.find("attributes"))


def named_values(element: Element | None) -> dict[str, Any]:
    """`attribute` elements with a `name` and a `value`."""
    found: dict[str, Any] = {}
    for one in element if element is not None else ():
        name = (one.findtext("name") or "").strip()
        if name:
            found[name] = plain_value((one.findtext("value") or "").strip()[:LONGEST_VALUE])
    return found


def plain_value(text: str) -> str | float | int | bool:
    """true, false and numbers as such."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        value = int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) and abs(value) < LARGEST_NUMBER else text


def add_splits(tree: Tree, source: Source) -> None:
    """ImageSets/Main/train.txt and its likes say which split an image is in."""
    splits: dict[str, str] = {}
    for name in tree.with_suffix(".txt"):
        path = PurePosixPath(name)
        if path.parts[-3:-1] == ("ImageSets", "Main") and (split := SPLITS.get(path.stem.lower())):
            lines = (text_of(tree, name, source.problems) or "").split("\n")
            splits |= {clean(line).split()[0]: split for line in lines if line.strip()}
    for image in source.images if splits else ():
        if "split" not in image.metadata and (split := splits.get(PurePosixPath(clean(image.key)).stem)):
            image.metadata["split"] = split
