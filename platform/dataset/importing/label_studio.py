"""Label Studio's JSON, JSON-MIN and CSV: a list of tasks, each with an image and what people have drawn on it.

`x`, `y`, `width`, `height` are percent of the upright image, whatever size the record states; `rotation` is in degrees
clockwise about the top left corner, which stays where it is. A person may have turned the image itself by a quarter
(`image_rotation`): then all of this is of the turned view. Of several annotations of a task one is taken: the ground
truth, else the newest. Predictions are no labels.
"""

import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson

from dataset.importing.described import is_plain, size
from dataset.importing.drawn import Drawn, box_around, box_around_drawn, ellipse, mask, outline, turned_box
from dataset.importing.files import Tree
from dataset.importing.finding import MissingFile
from dataset.importing.gathering import LOST
from dataset.importing.heads import FileHead
from dataset.importing.naming import spellings
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.turned import Points, box_of_centre, upright_size
from dataset.importing.types import Problems, Source
from science.geometry.turned import corners as corners_of
from science.geometry.turned import is_turned
from science.shapes.brush import BrokenBrush, pixels_of_brush
from science.shapes.finer import Polygon, TurnedBox
from storage.pictures import NAMES

SHAPES = {
    "rectanglelabels": "rectangle",
    "rectangle": "rectangle",
    "polygonlabels": "polygon",
    "polygon": "polygon",
    "ellipselabels": "ellipse",
    "ellipse": "ellipse",
    "brushlabels": "mask",
    "brush": "mask",
}
NO_BOXES = {"keypointlabels", "keypoint", "vectorlabels", "vector", "bitmask", "bitmasklabels"}
LABELS = ("rectanglelabels", "polygonlabels", "ellipselabels", "brushlabels", "labels")
TOLD = ("choices", "text", "number", "rating", "taxonomy", "datetime")  # of a region or of the whole image
MOST_PIXELS = 90_000_000  # of a brush's picture
OWN = {"id", "label", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "annotations"}


def is_kind(head: FileHead) -> bool:
    if head.suffix == ".csv":
        return bool(head.lines) and {"annotator", "annotation_id"} <= {
            name.strip() for name in head.lines[0].split(",")
        }
    if head.suffix != ".json":
        return False
    keys = head.keys(2 if head.start == "[" else 1)
    tasks = "data" in keys and bool(keys & {"annotations", "predictions", "completions"}) and "images" not in keys
    return tasks or (head.start == "[" and is_min(head))


def cell_of(text: str) -> Any:
    """What a cell holds: JSON of regions, or a text."""
    try:
        return orjson.loads(text) if text.startswith("[") else text
    except orjson.JSONDecodeError:
        return text


def is_min(head: FileHead) -> bool:
    return "annotator" in head.keys(2) or "original_width" in head.keys(4)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every task with its image; other images are taken without labels."""
    source = Source("label_studio", [], [], problems, form="fractions", naming="region {n} of {image}")
    reader = LabelStudioReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class LabelStudioReader(RecordReader):
    """Reads tasks into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        self.only_predicted = self.cancelled = self.drafted = 0
        short_tasks: dict[str, Record] = {}
        for place, task in enumerate(self.csv_tasks(name)):
            self.take(task, place, short_tasks)
        for key, piece in self.members(name) if not name.lower().endswith(".csv") else ():
            if key == "" and isinstance(piece, list):
                for place, task in enumerate(piece):
                    self.take(task, place, short_tasks)
            elif key == "data":
                self.take(self.load(name), 0, short_tasks)
                break
        of_boxes = any(is_regions(value) for task in short_tasks.values() for value in task.values())
        for place, task in enumerate(short_tasks.values()):
            self.read_short(task, place, of_boxes=of_boxes)
        self.tell()

    def csv_tasks(self, name: str) -> Iterator[Record]:
        """The rows of a CSV file, each as JSON-MIN has it; cells of regions are JSON."""
        if not name.lower().endswith(".csv"):
            return
        text = "\n".join(line for _, line in self.lines(name))
        for row in csv.DictReader(io.StringIO(text)):
            yield {str(key): cell_of(value) for key, value in row.items() if isinstance(value, str) and value}

    def tell(self) -> None:
        if self.only_predicted:
            reason = f"{self.only_predicted} tasks have predictions and no annotation; predictions are not labels"
            self.problem(reason, "predictions", count=self.only_predicted)
        if self.drafted:
            reason = f"{self.drafted} tasks have drafts that nobody handed in; their images are not labelled"
            self.problem(reason, "drafts", "kept", count=self.drafted)
        if self.cancelled:
            reason = f"{self.cancelled} tasks were skipped by their annotators; their images are not labelled"
            self.problem(reason, "cancelled", "kept", count=self.cancelled)

    def take(self, task: Any, place: int, short_tasks: dict[str, Record]) -> None:
        if not isinstance(task, dict):
            self.problem("it is not an object", "broken_record", record=f"task {place}")
        elif isinstance(task.get("data"), dict):
            self.read_task(task, place)
        else:
            self.take_short(task, place, short_tasks)

    def take_short(self, task: Record, place: int, short_tasks: dict[str, Record]) -> None:
        """JSON-MIN has a record for each annotation: keep the newest of a task."""
        key = str(task.get("id", f"place {place}"))
        before = short_tasks.get(key)
        if before is not None:
            self.problem("another annotation of this task; the newest is taken", "annotators", record=f"task {key}")
        if before is None or str(task.get("updated_at", "")) >= str(before.get("updated_at", "")):
            short_tasks[key] = task

    def read_task(self, task: Record, place: int) -> None:
        record = f"task {task.get('id', place)}"
        images = self.images_of(task["data"], task.get("file_upload"), record)
        annotation = self.annotation_of(task, record)
        if annotation is None or not images:
            return
        result = objects_of(annotation.get("result"))
        if not result:
            for image in images:
                self.is_labelled(image)
        self.read_regions(images, regions_of(result), record)
        if len(images) == 1 and images[0] != LOST:
            self.of(images[0]).metadata = told_of_image(result) | self.of(images[0]).metadata

    def annotation_of(self, task: Record, record: str) -> Record | None:
        """What is taken of a task's annotations; None where nobody finished one."""
        given = objects_of(task.get("annotations", task.get("completions")))
        finished = [one for one in given if not one.get("was_cancelled")]
        if not finished:
            self.cancelled += bool(given)
            self.drafted += not given and bool(task.get("drafts"))
            self.only_predicted += not given and not task.get("drafts") and bool(task.get("predictions"))
            return None
        best = max(finished, key=lambda one: (bool(one.get("ground_truth")), str(one.get("updated_at", ""))))
        if len(finished) > 1:
            why = "the ground truth" if best.get("ground_truth") else "the newest"
            reason = f"{len(finished)} annotations of this task; {why} was taken, the others were left out"
            self.problem(reason, "annotators", count=len(finished) - 1, record=record)
        return best

    def read_short(self, task: Record, place: int, *, of_boxes: bool) -> None:
        """A record of JSON-MIN; where nothing was drawn, it leaves the field of regions out."""
        record = f"task {task.get('id', place)}"
        data = {key: value for key, value in task.items() if key not in OWN and not is_regions(value)}
        images = self.images_of(data, None, record)
        lists = [value for key, value in task.items() if key not in OWN - {"label"} and is_regions(value)]
        regions = [DrawnRegion(place, one, one, {}) for each in lists for place, one in enumerate(objects_of(each))]
        if not lists and images and of_boxes and ("annotator" in task or "annotation_id" in task):
            self.is_labelled(images[0])
        self.read_regions(images, regions, record)

    def images_of(self, data: Record, upload: Any, record: str) -> list[int]:
        """The images of a task's data, in its order; the other fields are kept as metadata."""
        field, names = self.image_field(data, upload)
        if not names:
            self.problem("its data name no image", "no_image", record=record)
            return []
        rest = {key: value for key, value in data.items() if key != field}
        says = Says(metadata=rest)
        return [self.describe(name, says, record=record) for name in names]

    def image_field(self, data: Record, upload: Any) -> tuple[str, list[str]]:
        """Which field names the image: one that leads to a file here, else one that looks like it."""
        fields = {key: names_in(value) for key, value in data.items()}
        likely = sorted(fields, key=lambda key: "image" not in key.lower() and "img" not in key.lower())
        for key in likely:
            if fields[key] and not isinstance(self.naming.find(fields[key][0], self.file_name), MissingFile):
                return key, fields[key]
        named = next((key for key in likely if fields[key] and looks_like_image(fields[key][0])), "")
        if isinstance(upload, str) and upload:
            return named, [upload]
        return named, fields.get(named, [])

    def read_regions(self, images: list[int], regions: list["DrawnRegion"], record: str) -> None:
        for region in regions:
            at = region.result.get("item_index") or 0
            if isinstance(at, int) and 0 <= at < len(images):
                self.read_region(images[at], region, record)

    def read_region(self, image: int, region: "DrawnRegion", record: str) -> None:
        where = f"region {region.place} of {record}"
        shape = region.shape
        if shape is None:
            self.refuse(image, f"it is a {region.kind}, not a box", record=where)
            return
        labels = region.labels
        if len(labels) > 1:
            reason = f"it has {len(labels)} labels, of which the first is taken: {', '.join(map(str, labels))}"
            self.problem(reason, "several_labels", "repaired", record=where)
        try:
            box, drawn = self.box_of(image, region, shape)
        except BrokenBrush as broken:
            self.refuse(image, f"it is a mask, and {broken}", record=where)
            return
        label = labels[0] if labels else None
        area = drawn.width * drawn.height if isinstance(drawn, TurnedBox) else None
        taken = self.put(image, label, box, region.place, region.attributes, area=area, shape=drawn, record=where)
        if taken and shape == "polygon":
            self.outline_last(image, [TurnedView.of(region.result).points_back(region.points)])

    def box_of(self, image: int, region: "DrawnRegion", shape: str) -> tuple[tuple[float, ...], Drawn]:
        """The box as fractions of the upright image, and what was drawn besides; of a polygon only the box."""
        view = TurnedView.of(region.result)
        if shape == "polygon":
            return box_around(view.points_back(region.points)), None
        if shape == "mask":
            return self.brushed(image, region, view)
        if shape == "ellipse":
            width, height = self.pixels(image, region)
            around = view.box_back(ellipse_around(region.value, width, height))
            return around, ellipse_of(region.value, width, height, view)
        x, y, width, height = region.sides
        turn = region.turn
        if not is_turned(turn):
            return view.box_back((x, y, x + width, y + height)), None
        return self.turned(image, region, turn, view)

    def brushed(self, image: int, region: "DrawnRegion", view: "TurnedView") -> tuple[tuple[float, ...], Drawn]:
        """A mask of the view, turned back with it. Raises BrokenBrush."""
        size, rle = self.pixels(image, region), region.value.get("rle")
        seen = size[::-1] if view.quarter else size
        if not isinstance(rle, list) or not 0 < seen[0] * seen[1] <= MOST_PIXELS:
            raise BrokenBrush("its rle or the size of its image is missing")
        pixels = pixels_of_brush(rle, int(seen[1]), int(seen[0]))
        if not pixels.any():
            raise BrokenBrush("nothing is drawn in it")
        drawn = mask(np.ascontiguousarray(np.rot90(pixels, view.rotation // 90)))
        around = box_around_drawn(drawn)
        return tuple(side / size[at % 2] for at, side in enumerate(around)), drawn

    def turned(
        self, image: int, region: "DrawnRegion", turn: float, view: "TurnedView"
    ) -> tuple[tuple[float, ...], Drawn]:
        wide, high = self.pixels(image, region)
        if view.quarter:
            seen_wide, seen_high = high, wide
        else:
            seen_wide, seen_high = wide, high
        if not (wide and high and all(map(math.isfinite, (*region.sides, turn)))):
            return (), None
        x, y, width, height = region.sides
        x, y, width, height = x * seen_wide, y * seen_high, width * seen_wide, height * seen_high
        angle = math.radians(turn)
        middle = (
            x + width / 2 * math.cos(angle) - height / 2 * math.sin(angle),
            y + width / 2 * math.sin(angle) + height / 2 * math.cos(angle),
        )
        ((u, v),) = view.points_back([(middle[0] / seen_wide, middle[1] / seen_high)])
        box, left = box_of_centre(u * wide, v * high, width, height), turn - view.rotation
        shape = turned_box(box, left)
        around = box_around_drawn(shape) or box_around(corners_of(box, left))
        return (around[0] / wide, around[1] / high, around[2] / wide, around[3] / high), shape

    def pixels(self, image: int, region: "DrawnRegion") -> tuple[float, float]:
        """Width and height of the upright image: what the file has, since a record may state the size as stored."""
        seen = upright_size(self.of(image).path) if image != LOST else None
        stated = size(region.result.get("original_width"), region.result.get("original_height"))
        return seen or stated or (0, 0)


class DrawnRegion:
    """One thing drawn, with the labels and answers that belong to it."""

    def __init__(self, place: int, result: Record, value: Record, told: Record) -> None:
        self.place, self.result, self.value, self.attributes = place, result, value, told

    @property
    def kind(self) -> str:
        return str(
            self.result.get("type") or next((key for key in LABELS if key in self.value), "thing without a type")
        )

    @property
    def shape(self) -> str | None:
        if self.kind in NO_BOXES or self.kind not in (*SHAPES, "labels"):
            return None
        if "points" in self.value:
            return "polygon"
        return "ellipse" if "radiusX" in self.value else SHAPES.get(self.kind, "rectangle")

    @property
    def labels(self) -> list[Any]:
        return next((self.value[key] for key in LABELS if isinstance(self.value.get(key), list)), [])

    @property
    def points(self) -> Points:
        return [(x / 100, y / 100) for x, y in pairs_of(self.value.get("points"))]

    @property
    def sides(self) -> tuple[float, float, float, float]:
        found = numbers([self.value.get(side) for side in ("x", "y", "width", "height")]) or (math.nan,) * 4
        return found[0] / 100, found[1] / 100, found[2] / 100, found[3] / 100

    @property
    def turn(self) -> float:
        return (numbers([self.value.get("rotation") or 0]) or (0.0,))[0]


class TurnedView:
    """How the image was turned while somebody drew on it: by quarters, clockwise."""

    def __init__(self, rotation: int) -> None:
        self.rotation = rotation

    @classmethod
    def of(cls, result: Record) -> "TurnedView":
        given = numbers([result.get("image_rotation") or 0]) or (0.0,)
        return cls(round(given[0] / 90) * 90 % 360)

    @property
    def quarter(self) -> bool:
        return self.rotation in (90, 270)

    def points_back(self, points: Points) -> Points:
        """Fractions of the view as such of the image, whose (u, v) is seen at (1 − v, u) after a quarter."""
        for _ in range(self.rotation // 90):
            points = [(y, 1 - x) for x, y in points]
        return points

    def box_back(self, box: tuple[float, ...]) -> tuple[float, ...]:
        if not self.rotation or len(box) != 4:
            return box
        return box_around(self.points_back([(box[0], box[1]), (box[2], box[3])]))


def regions_of(result: list[Record]) -> list[DrawnRegion]:
    """Results of one id are one region: its shape, its label, and what was answered about it."""
    groups = [group for group in by_id(result) if any(map(has_shape, group))]
    return [region_of(place, group) for place, group in enumerate(groups)]


def told_of_image(result: list[Record]) -> Record:
    """Answers about the whole image, by question."""
    alone = [one for group in by_id(result) if not any(map(has_shape, group)) for one in group]
    return {str(one.get("from_name")): answer for one in alone if is_plain(answer := told_by(one))}


def by_id(result: list[Record]) -> list[list[Record]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for place, one in enumerate(result):
        if one.get("type") != "relation":
            groups[str(one.get("id", f"place {place}"))].append(one)
    return list(groups.values())


def region_of(place: int, group: list[Record]) -> DrawnRegion:
    first = next((one for one in group if str(one.get("type")) in {*SHAPES, *NO_BOXES}), group[0])
    value: Record = {}
    told: Record = {}
    for one in group:
        value |= one["value"] if isinstance(one.get("value"), dict) else {}
        if str(one.get("type")) not in {*SHAPES, *NO_BOXES, "labels"} and is_plain(answer := told_by(one)):
            told[str(one.get("from_name"))] = answer
    meta = first.get("meta")
    note = meta.get("text") if isinstance(meta, dict) else None
    if isinstance(note, list) and note and is_plain(note[0]):
        told["note"] = note[0]
    return DrawnRegion(place, first, value, told)


def has_shape(one: Record) -> bool:
    value = one.get("value")
    return isinstance(value, dict) and any(key in value for key in ("x", "points", "rle"))


def told_by(one: Record) -> Any:
    """The answer of a result; several as one text."""
    given = one.get("value")
    value = given if isinstance(given, dict) else {}
    found: Any = next((value[key] for key in TOLD if key in value), None)
    while isinstance(found, list) and len(found) == 1:
        found = found[0]
    if "choices" in value and found in ("true", "false"):
        return found == "true"
    return ", ".join(map(str, found)) if isinstance(found, list) else found


def is_regions(value: Any) -> bool:
    """Whether a field of JSON-MIN is a list of things drawn."""
    given = objects_of(value)
    return bool(given) and any(key in given[0] for key in ("original_width", "rectanglelabels", "polygonlabels"))


def names_in(value: Any) -> list[str]:
    """Texts that may be names of images."""
    if isinstance(value, str) and value:
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def looks_like_image(name: str) -> bool:
    return any(one.lower().endswith(tuple(NAMES)) for one in spellings(name)) or "://" in name


def ellipse_around(value: Record, wide: float, high: float) -> tuple[float, ...]:
    """The box around an ellipse, as fractions."""
    given = numbers([value.get(key) for key in ("x", "y", "radiusX", "radiusY")])
    if not given:
        return ()
    x, y, across, down = (number / 100 for number in given)
    angle = math.radians((numbers([value.get("rotation") or 0]) or (0.0,))[0])
    if angle and wide and high:
        one, two = across * wide, down * high
        across = math.hypot(one * math.cos(angle), two * math.sin(angle)) / wide
        down = math.hypot(one * math.sin(angle), two * math.cos(angle)) / high
    return x - across, y - down, x + across, y + down


def ellipse_of(value: Record, wide: float, high: float, view: "TurnedView") -> Drawn:
    """An ellipse of the view as a polygon of pixels of the image, which is of that size."""
    given = numbers(
        [value.get(key) for key in ("x", "y", "radiusX", "radiusY", "rotation")[: 4 + ("rotation" in value)]]
    )
    if len(given) < 4 or not (wide and high):
        return None
    seen_wide, seen_high = (high, wide) if view.quarter else (wide, high)
    x, y, across, down = given[0] * seen_wide, given[1] * seen_high, given[2] * seen_wide, given[3] * seen_high
    drawn = ellipse(
        x / 100, y / 100, across / 100, down / 100, math.radians((numbers([value.get("rotation") or 0]) or (0.0,))[0])
    )
    if not isinstance(drawn, Polygon):
        return drawn
    points = [(x / seen_wide, y / seen_high) for x, y in drawn.parts[0][0].tolist()]
    return outline([(u * wide, v * high) for u, v in view.points_back(points)])
