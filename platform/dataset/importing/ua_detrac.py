"""UA-DETRAC: an XML per sequence, with `frame` elements whose targets are boxes, and regions that are ignored in all.

`left`, `top`, `width` and `height` are pixels; frame 1 of MVI_20011 is MVI_20011/img00001.jpg. Frames without vehicles
are not listed, as are those that nobody looked at: they are not labelled.
"""

from xml.etree.ElementTree import Element

from dataset.importing.columns import Ignore
from dataset.importing.described import add_metadata
from dataset.importing.files import Tree
from dataset.importing.gathering import LOST, number
from dataset.importing.kitti import frame_of, numbered_images
from dataset.importing.records import Record, RecordReader
from dataset.importing.types import ImportProblem, Problems, Source
from dataset.importing.xml_safely import BrokenXml, parse

SIDES = ("left", "top", "width", "height")
TRUNCATED = ("truncation_ratio", "truncated")


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every sequence; other images are taken without labels."""
    source = Source("ua_detrac", [], [], problems, form="xywh", naming="box {n} of {image}")
    reader = DetracReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class DetracReader(RecordReader):
    """Reads sequences into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        try:
            root = parse(self.tree.path(name))
        except BrokenXml as error:
            self.problems.add(ImportProblem(name, error.reason, kind="broken_file", line=error.line))
            return
        sequence = root.get("name") or ""
        frames = numbered_images(self.tree, sequence)
        ignored = root.findall("ignored_region/box")
        told = weather_of(root.find("sequence_attribute"))
        if root.find("frame") is None:
            self.problem("it is a sequence without frames", "broken_file")
        for frame in root.iter("frame"):
            self.read_frame(frame, frames, sequence, told, ignored)

    def read_frame(
        self, frame: Element, frames: dict[int, str], sequence: str, told: Record, ignored: list[Element]
    ) -> None:
        given = frame.get("num") or ""
        known = len(self.source.images)
        image = frame_of(self, frames, given, sequence, 0)
        if image != LOST and image >= known:
            add_metadata(self.of(image), told, self.file_name, self.problems)
        for place, target in enumerate(frame.iter("target")):
            self.read_target(image, target, place, f"frame {given}, target {target.get('id')}")
        for place, box in enumerate(ignored):
            record = f"frame {given}, ignored_region"
            self.put(image, "ignored", sides_of(box), place, ignore=Ignore.ANYTHING, record=record)

    def read_target(self, image: int, target: Element, place: int, record: str) -> None:
        facts = target.find("attribute")
        given = dict(facts.attrib) if facts is not None else {}
        self.put(
            image,
            given.get("vehicle_type"),
            sides_of(target.find("box")),
            place,
            facts_of(target, given),
            record=record,
        )


def sides_of(box: Element | None) -> tuple[float, ...]:
    return () if box is None else tuple(number(box.get(side)) for side in SIDES)


def facts_of(target: Element, given: dict[str, str]) -> Record:
    """The id within the sequence, how far it is cut off (0 to 1), and whether another hides a part of it."""
    found: Record = {}
    if (target.get("id") or "").isdecimal():
        found["track"] = int(target.get("id") or 0)
    if 0 <= (truncated := number(given.get(TRUNCATED[0]))) <= 1:
        found[TRUNCATED[1]] = truncated
    for name in ("orientation", "speed"):
        if (value := number(given.get(name))) == value:
            found[name] = value
    if "color" in given:
        found["color"] = given["color"]
    if target.find("occlusion/region_overlap") is not None:
        found["occluded"] = True
    return found


def weather_of(told: Element | None) -> Record:
    """What the sequence says of itself; its makers write sence_weather."""
    given = {} if told is None else told.attrib
    named = {"weather": given.get("sence_weather") or given.get("scene_weather"), "camera": given.get("camera_state")}
    return {name: value for name, value in named.items() if value}
