"""BDD100K and Scalabel: JSON of frames, each with its labels and what is known of weather, scene and time of day.

Three forms: a list of frames; an object with `frames`, and a configuration beside it; and the older one, an object per
image whose `frames` hold `objects`. Boxes are `box2d`, whose x2 and y2 name the last pixel: 1 is added to both.
"""

from collections import Counter
from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.described import LONGEST_SEQUENCE, add_metadata, is_plain, text
from dataset.importing.files import Tree
from dataset.importing.finding import MissingFile
from dataset.importing.gathering import LOST, Gatherer
from dataset.importing.json_stream import BrokenJson, pieces, top_keys
from dataset.importing.names import clean
from dataset.importing.types import Problems, Source

SIDES = ("x1", "y1", "x2", "y2")
SHAPES = ("poly2d", "box3d", "rle", "graph")
OLD_NAMES = {"Occluded": "occluded", "Truncated": "truncated", "Traffic Light Color": "trafficLightColor"}
KEPT_OF_FRAME = ("timestamp", "frameIndex")

Record = dict[str, Any]


def is_head(head: bytes) -> bool:
    """Whether a JSON file that begins so is one of frames."""
    keys = top_keys(head)
    if head.lstrip()[:1] == b"[":
        return "name" in keys and not keys.keys().isdisjoint(("labels", "videoName", "box2d"))
    return keys.get("frames", b"")[:1] == b"[" and keys.keys().isdisjoint(("shapes", "framesCount", "images"))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every frame with its image; images that no frame names are taken without labels."""
    source = Source("bdd100k", [], [], problems, naming="labels[{n}] of {image}")
    reader = FrameReader(source, tree)
    for name in files:
        reader.read(name)
    reader.put_in_order()
    reader.take_unlisted()
    return source


class FrameReader(Gatherer):
    """Reads frames into a source."""

    def __init__(self, source: Source, tree: Tree) -> None:
        super().__init__(source, tree)
        self.listed: list[str] = []  # classes of the files' configurations, which may stand behind the frames

    def put_in_order(self) -> None:
        """Classes that a configuration lists come first, in its order."""
        for name in self.listed:
            self.class_of(name)
        first = [self.class_of(name) for name in dict.fromkeys(self.listed)]
        order = [*first, *(place for place in range(len(self.source.class_names)) if place not in set(first))]
        places = {before: now for now, before in enumerate(order)}
        self.source.class_names[:] = [self.source.class_names[before] for before in order]
        self.source.boxes.relabel([places[before] for before in range(len(order))])
        self.source.lost = Counter({places[label]: count for label, count in self.source.lost.items()})

    def read(self, name: str) -> None:
        self.start_file(name)
        before = len(self.source.boxes)
        around: Record = {}
        unnamed: list[Any] = []
        try:
            for key, piece in pieces(self.tree.path(name)):
                if key not in ("", "frames"):
                    around[key] = piece
                elif isinstance(piece, list):
                    unnamed += [frame for frame in piece if not self.take(frame)]
                else:
                    self.problem("frames is not a list", "broken_file")
        except BrokenJson as error:
            rest = "; the frames before it were taken" if len(self.source.boxes) > before else ""
            reason = error.reason + (f" (column {error.column})" if error.column else "") + rest
            self.problem(reason, "broken_file", line=error.line)
        config = around.get("config")
        self.listed += names_in(config.get("categories") if isinstance(config, dict) else None)
        for place, frame in enumerate(unnamed):
            self.take_inner(frame, around, place)
        if boxes := len(self.source.boxes) - before:
            reason = f"x2 and y2 of {boxes} boxes name the last pixel, as BDD100K has it; 1 was added to both"
            self.problem(reason, "inclusive", "repaired", count=boxes)

    def take(self, frame: Any) -> bool:
        """Take a frame that names its image; false where it does not."""
        if not isinstance(frame, dict) or not isinstance(frame.get("name"), str) or not frame["name"]:
            return False
        self.take_frame(frame, "labels")
        return True

    def take_inner(self, frame: Any, around: Record, place: int) -> None:
        """A frame of the older form: name and attributes stand around it."""
        if not isinstance(frame, dict) or not isinstance(around.get("name"), str):
            self.problem("a frame needs a name", "broken_record", record=f"frames[{place}]")
            return
        self.take_frame({**around, **frame, "attributes": around.get("attributes")}, "objects")

    def take_frame(self, frame: Record, labels: str) -> None:
        name, known = frame["name"], len(self.source.images)
        image = self.image(self.find(name, text(frame.get("videoName"))), name, record=frame_name(name))
        if image == known:
            self.describe(image, frame)
        elif image != LOST and self.of(image).described_in == self.file_name:
            reason = "two frames name this image; their boxes were joined"
            self.problem(reason, "described_twice", "repaired", record=frame_name(name))
        if frame.get(labels) is not None:  # Scalabel writes null where nobody has labelled
            self.is_labelled(image)
        given = frame.get(labels) or []
        for place, label in enumerate(given if isinstance(given, list) else []):
            if reason := self.take_label(image, label, place, frame):
                kind = "no_box" if "box2d" in reason else "broken_record"
                self.problem(reason, kind, record=f"labels[{place}] of {frame_name(name)}")

    def find(self, name: str, video: str) -> str | MissingFile:
        """In the folder of its video, by its name, or by its name without an ending."""
        found = self.finder.find(f"{video}/{name}" if video else name, self.file_name)
        if isinstance(found, MissingFile):
            found = self.naming.find(name, self.file_name)
        return found

    def describe(self, image: int, frame: Record) -> None:
        given = frame.get("attributes")
        kept = {key: frame[key] for key in KEPT_OF_FRAME if frame.get(key) is not None}
        if "frameIndex" not in kept and isinstance(frame.get("index"), int):
            kept["frameIndex"] = frame["index"]
        metadata = (given if isinstance(given, dict) else {}) | kept
        add_metadata(self.of(image), metadata, self.file_name, self.problems)
        self.of(image).sequence = text(frame.get("videoName"))[:LONGEST_SEQUENCE]

    def take_label(self, image: int, label: Any, place: int, frame: Record) -> str:
        """Add one label's box; returns why that cannot be done, or nothing."""
        if not isinstance(label, dict):
            self.refused(image)
            return "it is not an object"
        corners = label.get("box2d")
        if not isinstance(corners, dict):
            self.refused(image)
            shapes = [shape for shape in SHAPES if label.get(shape)]
            return f"it has no box2d{', only ' + ' and '.join(shapes) if shapes else ''}"
        box = tuple(corners.get(side) for side in SIDES)
        if all(isinstance(side, int | float) for side in box):
            box = (box[0], box[1], box[2] + 1, box[3] + 1)  # type: ignore[operator]
        attributes = self.attributes_of(label, frame)
        # Scalabel's own evaluation takes both for crowds.
        ignore = Ignore.CROWD if label.get("crowd") or attributes.pop("ignored", False) is True else Ignore.NO
        return self.add(image, label.get("category"), box, place, attributes, ignore=ignore)

    def attributes_of(self, label: Record, frame: Record) -> Record:
        """The label's attributes and, within a video, its id: the same object in several frames."""
        given = label.get("attributes")
        found: Record = {}
        for key, value in (given if isinstance(given, dict) else {}).items():
            plain = value[1] if isinstance(value, list) and len(value) == 2 else value  # [place, "NA"] of old
            if is_plain(plain):
                found[OLD_NAMES.get(str(key), str(key))] = plain
            elif plain is not None:
                self.problem(f"attribute {key} is not a plain value", "attributes", "repaired")
        if frame.get("videoName") and is_plain(label.get("id")):
            found["track"] = label["id"]
        return found


def names_in(categories: Any) -> list[str]:
    """The leaves of a tree of categories."""
    found: list[str] = []
    for one in categories if isinstance(categories, list) else []:
        if isinstance(one, dict) and one.get("subcategories"):
            found += names_in(one["subcategories"])
        elif isinstance(one, dict) and isinstance(one.get("name"), str) and clean(one["name"]):
            found.append(clean(one["name"]))
    return found


def frame_name(name: str) -> str:
    """A frame, in the report; names may be addresses."""
    return f"frame {name.rsplit('/', 1)[-1]}"
