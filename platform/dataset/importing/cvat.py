"""CVAT for images and for video: an XML file of `image` elements, or of `track` elements through the frames of a video.

Boxes are given by their edges (xtl, ytl, xbr, ybr) in pixels, a turned one by those of the unturned box and `rotation`,
degrees clockwise about its middle. A label called ignore marks places that are neither object nor background.
"""

from typing import Any
from xml.etree.ElementTree import Element

from dataset.attribute_rules import CHECKBOX, CHOICE, NUMBER
from dataset.importing import cvat_shapes
from dataset.importing.columns import Ignore
from dataset.importing.cvat_frames import AboutVideo, Frames
from dataset.importing.cvat_tracks import ShownShape, shapes_of
from dataset.importing.described import LONGEST_SEQUENCE, add_metadata, size
from dataset.importing.files import SPLITS, Tree, split_of
from dataset.importing.finding import MissingFile
from dataset.importing.gathering import LOST, Gatherer, number
from dataset.importing.types import Problems, Source, StatedBy
from dataset.importing.voc import plain_value
from dataset.importing.xml_safely import BrokenXml, children

SIDES = ("xtl", "ytl", "xbr", "ybr")
IGNORED = {"ignore", "ignored", "ignore region", "ignored region", "ignored regions", "dontcare", "don't care"}
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
        self.job, self.frames, self.moved = AboutVideo(), Frames(self.tree), 0
        try:
            for element in children(self.tree.path(name)):
                if element.tag == "meta":
                    self.read_classes(element)
                    self.job = AboutVideo.of(element)
                elif element.tag == "image":
                    self.read_image(element)
                elif element.tag == "track":
                    self.read_track(element)
        except BrokenXml as error:
            self.problem(error.reason, "broken_file", line=error.line)
        if self.moved:
            reason = f"{self.moved} boxes between key frames were put where CVAT would show them"
            self.problem(reason, "interpolated", "repaired", count=self.moved)

    def read_classes(self, meta: Element) -> None:
        """The project's or the task's list, in its order."""
        for label in meta.iter("label"):
            if label.findtext("parent") is None and (name := (label.findtext("name") or "").strip()):
                self.class_of(name)
                self.source.attributes.extend(stated_attributes(name, label))

    def read_image(self, element: Element) -> None:
        name, known = element.get("name", ""), len(self.source.images)
        record = f"image {element.get('id', '')} ({name})"
        image = self.image(self.find(name, element.get("subset", "")), name, record=record)
        if image == known:
            self.describe(image, element)
        elif image != LOST:
            image = self.join(image, element, record)
        for place, shape in enumerate(child for child in element if child.tag == "box" or child.tag in SHAPES):
            if reason := self.read_shape(image, place, shape):
                self.problem(reason, "no_box", record=f"shape {place} of {name}")

    def find(self, name: str, subset: str) -> str | MissingFile:
        """By its name, in its subset's folder if there; frames of a video are named without an ending."""
        for folder in (f"images/{subset}", subset) if subset else ():
            if exact := self.finder.exactly(f"{folder}/{name}"):
                return exact
        inside = self.finder.find(f"{subset}/{name}", self.file_name) if subset else MissingFile("")
        return self.naming.find(name, self.file_name) if isinstance(inside, MissingFile) else inside

    def join(self, image: int, element: Element, record: str) -> int:
        """A further record of an image, as jobs of one task have: its boxes are added, unless the sizes differ.

        What two files say of one image is compared when all is read (joining.py).
        """
        described, stated = self.of(image), size_of(element)
        if described.size and stated and described.size != stated:
            self.problem(
                "another record of this image states another size; the boxes there are kept",
                "described_twice",
                record=record,
            )
            return LOST
        self.is_labelled(image)
        if described.described_in == self.file_name:
            reason = "two records name this image; their boxes were joined"
            self.problem(reason, "described_twice", "repaired", record=record)
        return image

    def read_track(self, track: Element) -> None:
        """The boxes of one object, frame by frame."""
        number_of_track = plain_value(track.get("id", ""))
        for shown in shapes_of(track, self.job.last):
            image = self.frame(shown.frame)
            about = attributes_of(shown.shape) | {"track": number_of_track} | shown.about_track
            if reason := self.read_shown(image, shown, track.get("label"), about):
                self.problem(reason, "no_box", record=f"track {number_of_track} in frame {shown.frame}")
            elif not shown.drawn:
                self.moved += 1

    def frame(self, frame: int) -> int:
        """The image of a frame, in the sequence of its job."""
        known = len(self.source.images)
        found = self.frames.find(frame, self.job, self.file_name)
        image = self.image(found, f"frame {frame}", record=f"frame {frame}")
        if image == known:
            described = self.of(image)
            described.sequence = self.job.name[:LONGEST_SEQUENCE] or self.file_name
            described.metadata |= {"split": split} if (split := split_of(described.key)) else {}
        return image

    def describe(self, image: int, element: Element) -> None:
        self.is_labelled(image)
        tags = {tag.get("label", ""): True for tag in element.iter("tag")}
        add_metadata(self.of(image), tags, self.file_name, self.problems)
        if split := SPLITS.get(element.get("subset", "").lower()):
            self.of(image).metadata.setdefault("split", split)
        self.of(image).size = size_of(element)

    def read_shape(self, image: int, place: int, shape: Element) -> str:
        """Add a box, or the box around another shape with it; returns why that cannot be done, or nothing."""
        box = tuple(number(shape.get(side)) for side in SIDES)
        shown = ShownShape(place, shape, False, box, number(shape.get("rotation") or "0"))
        return self.read_shown(image, shown, shape.get("label"), attributes_of(shape))

    def read_shown(self, image: int, shown: ShownShape, label: str | None, attributes: dict[str, Any]) -> str:
        shape, ignore = shown.shape, Ignore.NO
        if (label or "").strip().lower() in IGNORED:
            ignore = Ignore.ANYTHING
        if shape.tag == "box":
            return self.add_turned(image, label, shown.box, shown.rotation, shown.frame, attributes, ignore=ignore)
        if shape.tag not in cvat_shapes.AROUND:
            self.refused(image)
            return f"it is a {shape.tag}, not a box"
        box, drawn = cvat_shapes.read_shape(shape, lambda: self.size_of(image))
        return self.add(image, label, box, shown.frame, attributes, ignore=ignore, shape=drawn)


def stated_attributes(class_name: str, label: Element) -> list[StatedBy]:
    """The attributes that a label's class is asked for; the values of a number are least, most and step."""
    found = []
    for one in label.iter("attribute"):
        name, kind = (one.findtext("name") or "").strip(), (one.findtext("input_type") or "").strip()
        values = [value.strip() for value in (one.findtext("values") or "").splitlines() if value.strip()]
        default = plain_value((one.findtext("default_value") or "").strip())
        if not name or kind not in KIND_OF:
            continue
        made = StatedBy(class_name, name, KIND_OF[kind])
        if made.kind == CHOICE:
            made.values = [plain_value(value) for value in values]
        if made.kind == NUMBER and len(values) >= 2:
            made.minimum, made.maximum = number(values[0]), number(values[1])
        made.default = default if default != "" else None
        found.append(made)
    return found


KIND_OF = {"select": CHOICE, "radio": CHOICE, "checkbox": CHECKBOX, "number": NUMBER}  # CVAT's text is free


def size_of(element: Element) -> tuple[int, int] | None:
    width, height = number(element.get("width")), number(element.get("height"))
    return size(int(width), int(height)) if 0 < width < 1e6 and 0 < height < 1e6 else None


def attributes_of(shape: Element) -> dict[str, Any]:
    """`occluded`, the group, and the label's own attributes."""
    found: dict[str, Any] = {}
    if shape.get("occluded") in ("0", "1"):
        found["occluded"] = shape.get("occluded") == "1"
    if shape.get("group_id"):
        found["group"] = plain_value(shape.get("group_id", ""))
    own = {one.get("name", ""): plain_value((one.text or "").strip()) for one in shape.iter("attribute")}
    return found | {name: value for name, value in own.items() if name}
