"""What is handed to the writers of formats, and the report that comes of it. Problems have the shape of an import's."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataset.attribute_rules import AttributeRule
from dataset.exporting.digits import before_turn, short_angle
from dataset.importing.boxes import ROUNDED_AREA, SAME_AREA
from dataset.importing.turning import BEFORE, TURNED, taken_back
from dataset.importing.types import ImportProblem, Problems
from science.shapes.finer import TurnedBox, turned_box_of
from science.shapes.packed import TURNED as TURNED_KIND
from science.shapes.packed import facts_of, unpack

FORMATS = ["coco", "yolo", "voc", "bdd100k", "cvat", "kitti", "label_studio", "labelme", "dota"]

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class ExportImage:
    """An image as the formats need it."""

    id: int
    key: str
    location: str
    width: int
    height: int
    sequence: str
    captured_at: datetime | None
    latitude: float | None
    longitude: float | None
    metadata: dict[str, Any]
    split: str = ""  # train, val, test, or nothing
    folder: str = ""  # where its file lies in the archive
    name: str = ""  # and under which name there

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def stem(self) -> str:
        """Its name without the ending, by which labels are found."""
        return PurePosixPath(self.name).stem


@dataclass(frozen=True)
class Chunk:
    """Some images with their labels, ordered by image. `images` is empty where only the labels were asked for."""

    image_ids: Ids  # (K,) rising
    images: list[ExportImage]  # the same
    place: Ids  # (N,) places among the images, rising
    object_id: Ids  # (N,)
    label: Ids  # (N,) class indices
    boxes: NDArray[np.float32]  # (N, 4) xyxy pixels
    imported: NDArray[np.bool_]  # (N,) whether they are as they were imported
    attributes: dict[int, dict[str, Any]]  # by place in the arrays; only of boxes that have some
    ignore: NDArray[np.int16]  # (N,) an Ignore
    area: NDArray[np.float32]  # (N,) square pixels where it is not the box's own; else 0
    shapes: dict[int, bytes] = field(default_factory=dict)  # packed (science.shapes.packed), by place: of few

    def __len__(self) -> int:
        return len(self.place)

    def by_image(self) -> Iterator[tuple[ExportImage, range]]:
        """Every image with the places of its boxes in the arrays."""
        ends = np.searchsorted(self.place, np.arange(len(self.images) + 1)).tolist()
        for number, image in enumerate(self.images):
            yield image, range(ends[number], ends[number + 1])

    def before_turns(self) -> tuple[dict[int, list[float]], dict[int, dict[str, Any]]]:
        """Of turned boxes, by place: xyxy before they were turned, and their attributes as other tools write them."""
        found = {
            place: taken_back(given, self.boxes[place].tolist())
            for place, given in self.attributes.items()
            if BEFORE in given
        }
        boxes = {place: before for place, (before, _) in found.items() if before is not None}
        attributes = {place: given for place, (_, given) in found.items()}
        for place, shape in self.turned_boxes().items():
            own = {key: value for key, value in self.attributes.get(place, {}).items() if key != BEFORE}
            boxes[place], attributes[place] = before_turn(shape), own | {TURNED: short_angle(shape)}
        return boxes, attributes

    def turned_boxes(self) -> dict[int, TurnedBox]:
        """The shapes that are turned boxes, by place."""
        found = {place: unpack(packed) for place, packed in self.shapes.items() if packed[0] >> 4 == TURNED_KIND}
        return {place: shape for place, shape in found.items() if isinstance(shape, TurnedBox)}

    def count_unsaid(self, losses: "Losses", format_name: str) -> None:
        """Areas that are not the boxes', for a format that has no place for them."""
        stated = [at for at in np.flatnonzero(self.area > 0).tolist() if not self.is_area_of_shape(at)]
        if stated:
            kind = f"{format_name} has no place for an area that is not the box's (boxes: {{n}})"
            losses.count(kind, self.name_of(stated[0]), len(stated))

    def turned_by_attributes(self) -> dict[int, TurnedBox]:
        """Turned boxes of labels imported before shapes were kept, whose attributes say what they were."""
        found = {}
        for place, given in self.attributes.items():
            before, told = taken_back(given, self.boxes[place].tolist()) if BEFORE in given else (None, {})
            if before is not None and before[0] < before[2] and before[1] < before[3]:
                x1, y1, x2, y2 = before
                found[place] = turned_box_of((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, told[TURNED])
        return found

    def is_area_of_shape(self, place: int) -> bool:
        """Whether a stated area is the one of the box's shape, which says it already."""
        if BEFORE in self.attributes.get(place, {}):
            return True
        own = facts_of(self.shapes[place]).area if place in self.shapes else 0.0
        return abs(float(self.area[place]) - own) <= max(SAME_AREA * own, ROUNDED_AREA)

    def name_of(self, box: int) -> str:
        """The image of a box, for the report."""
        place = int(self.place[box])
        return self.images[place].key if self.images else f"image id {self.image_ids[place]}"


@dataclass(frozen=True)
class StatedAttribute:
    """An attribute as the dataset's schema states it."""

    rule: AttributeRule
    default: Any = None  # None: no default


Schema = dict[int, dict[str, StatedAttribute]]  # by class index and name
AttributeKinds = dict[int, dict[str, set[str]]]  # by class index and name: the JSON types of its values


@dataclass(frozen=True)
class ScoredBoxes:
    """Some predictions."""

    image_id: Ids  # (M,)
    label: Ids  # (M,) class indices
    boxes: NDArray[np.float32]  # (M, 4) xyxy pixels
    scores: NDArray[np.float32]  # (M,) in [0, 1]


@dataclass(frozen=True)
class Content:
    """What is exported. The functions read it anew each time they are called, some images at once.

    `labels` are chunks without their images, for a format that writes all images first.
    """

    title: str
    revision: int
    class_names: list[str]  # in index order
    image_count: int
    images: Callable[[], Iterator[list[ExportImage]]]
    chunks: Callable[[], Iterator[Chunk]]
    labels: Callable[[], Iterator[Chunk]]
    predictions: Callable[[], Iterator[ScoredBoxes]] | None = None
    files: Callable[[], Iterator[list[ExportImage]]] | None = None  # whose files come along; None: of all images
    unlabelled: frozenset[int] = frozenset()  # ids of images that are not labelled: no format makes them negatives
    left_out: int = 0  # how many of those are in `files` alone
    parts: "tuple[tuple[str, Content], ...]" = ()  # the same by split: train, val, test, and "" for none
    attributes: "Callable[[], AttributeKinds]" = dict
    schema: "Schema" = field(default_factory=dict)
    lines: str = "boxes"  # YOLO: what a line holds, one of yolo_shapes.LINES


@dataclass
class Losses:
    """What a format cannot carry: once per kind, with how often and an example; single problems one by one."""

    problems: Problems = field(default_factory=Problems)
    kinds: dict[str, tuple[int, str]] = field(default_factory=dict)
    boxes_skipped: int = 0

    def count(self, kind: str, example: str, times: int = 1) -> None:
        """Note that something of this kind is left out; `kind` reads on from "… of 3 images (a.jpg among them)"."""
        if times:
            before, first = self.kinds.get(kind, (0, example))
            self.kinds[kind] = before + times, first

    def add(self, file: str, reason: str, action: str = "skipped") -> None:
        """Note a single problem."""
        self.problems.add(ImportProblem(file, reason, action))

    def as_json(self) -> dict[str, Any]:
        """The single problems after the kinds: these are few and say most."""
        all_problems = Problems()
        for kind, (times, example) in self.kinds.items():
            all_problems.add(ImportProblem(example, kind.format(n=times)))
        for problem in self.problems.shown:
            all_problems.add(problem)
        all_problems.total = len(self.kinds) + self.problems.total
        return all_problems.as_json()


@dataclass
class ExportReport:
    """What an export wrote; the job's result, with the problems."""

    format: str
    revision: int
    images: dict[str, int] = field(default_factory=lambda: {"exported": 0, "files": 0})
    boxes: dict[str, int] = field(default_factory=lambda: {"exported": 0, "skipped": 0})
    predictions: int | None = None

    def as_json(self, losses: Losses) -> dict[str, Any]:
        return asdict(self) | losses.as_json()
