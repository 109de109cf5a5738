"""YOLO: one text file per image, a line per box: class index, centre x, centre y, width, height, as fractions.

With a data.yaml or bare; labels beside the images or in a `labels` folder beside `images`. Lines of polygons
(segmentation) are taken as their bounding boxes.
"""

import contextlib
import math
import re
from pathlib import PurePosixPath
from typing import Any

import yaml

from dataset.importing.files import Tree, by_name, split_of
from dataset.importing.types import ImportProblem, Problems, Source, SourceImage

LISTS = frozenset({"classes.txt", "labels.txt", "obj.names"})
LARGEST = 20_000_000  # bytes of a label file
LINE = re.compile(rb"\s*\d+(\.0*)?([ \t]+[-+.\deE]+){4}")

Box = tuple[float, float, float, float]


def label_files(tree: Tree) -> list[str]:
    """Text files that have the name of an image, or lie in a folder called labels and look like it."""
    stems = {PurePosixPath(name).stem for name in tree.images}
    found = []
    for name in tree.with_suffix(".txt"):
        path = PurePosixPath(name)
        if path.name.lower() in LISTS:
            continue
        if path.stem in stems or (is_likely(path, beside=False) and looks_like(tree, name)):
            found.append(name)
    return found


def is_likely(path: PurePosixPath, *, beside: bool) -> bool:
    """Whether a file lies where label files do: beside others, or under a folder called labels."""
    return beside or any("label" in part.lower() for part in path.parts[:-1])


def looks_like(tree: Tree, name: str) -> bool:
    """Whether a file is empty or begins with a line of numbers; lists of images lie about too."""
    head = tree.head(name, 1000)
    return not head.strip() or LINE.match(head) is not None


def read(tree: Tree, problems: Problems, known_classes: list[str]) -> Source:
    """Read every image of the tree with its label file. `known_classes` name the indices where the folder does not."""
    names, origin = class_names(tree, problems, known_classes)
    source = Source("yolo", list(names), [], problems, form="centred")
    reader = LabelReader(source, limit=len(names) if names else None, origin=origin)
    finder = LabelFinder(tree, problems)
    for relative in tree.images_meant:
        label_file = finder.of(relative)
        if label_file is None and not tree.images:
            continue  # an image of the dataset that this folder says nothing of
        image = tree.image(relative)
        if split := split_of(relative):
            image.metadata["split"] = split
        source.images.append(image)
        if label_file:
            reader.read(tree, label_file, image)
    source.images_found = len(source.images)
    for orphan in finder.orphans(tree):
        boxes = reader.lose(tree, orphan)
        reason = "there is no image of this name, so its boxes were left out"
        problems.add(ImportProblem(orphan, reason, kind="no_image", count=max(boxes, 1)))
    return source


def class_names(tree: Tree, problems: Problems, known: list[str]) -> tuple[list[str], str]:
    """The class names in index order, and what gave them; empty where nothing does."""
    for relative in tree.with_suffix(".yaml", ".yml"):
        if names := names_of_yaml(tree, relative, problems):
            return names, relative
    for relative in tree.others:
        if PurePosixPath(relative).name.lower() in LISTS or relative.lower().endswith(".names"):
            lines = tree.path(relative).read_text("utf-8", "replace").splitlines()
            if names := [line.strip() for line in lines if line.strip()]:
                return names, relative
    return known, "the dataset"


def names_of_yaml(tree: Tree, relative: str, problems: Problems) -> list[str]:
    """`names` of a data.yaml, a list or a mapping by index; empty where the file is another or is broken."""
    try:
        given: Any = yaml.safe_load(tree.path(relative).read_text("utf-8", "replace"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problems.add(
            ImportProblem(
                relative, f"it is not YAML: {getattr(error, 'problem', error)}", kind="broken_file", line=line
            )
        )
        return []
    names = given.get("names") if isinstance(given, dict) else None
    if isinstance(names, dict) and all(isinstance(index, int) and index >= 0 for index in names):
        return [str(names.get(index, f"class {index}")) for index in range(max(names, default=-1) + 1)]
    return [str(name) for name in names] if isinstance(names, list) else []


class LabelFinder:
    """Which label file belongs to which image; remembers which were found."""

    def __init__(self, tree: Tree, problems: Problems) -> None:
        self.problems = problems
        self.files = [name for name in tree.with_suffix(".txt") if PurePosixPath(name).name.lower() not in LISTS]
        self.known = set(self.files)
        self.by_stem = by_name(self.files, lambda path: path.stem)
        self.found: set[str] = set()
        self.ambiguous: set[str] = set()

    def of(self, image: str) -> str | None:
        """labels/ instead of images/, or beside the image, or the only one of that stem anywhere."""
        path = PurePosixPath(image)
        places = [path.with_suffix(".txt")]
        if "images" in path.parts[:-1]:
            at = len(path.parts) - 2 - path.parts[-2::-1].index("images")
            places.insert(0, PurePosixPath(*path.parts[:at], "labels", *path.parts[at + 1 :]).with_suffix(".txt"))
        for place in places:
            if place.as_posix() in self.known:
                return self.take(place.as_posix())
        alike = self.by_stem.get(path.stem, [])
        if len(alike) > 1:
            reason = f"{len(alike)} label files have its name ({', '.join(alike[:3])}), so none was taken"
            self.problems.add(ImportProblem(image, reason, kind="ambiguous"))
            self.ambiguous.update(alike)
        return self.take(alike[0]) if len(alike) == 1 else None

    def take(self, relative: str) -> str:
        self.found.add(relative)
        return relative

    def orphans(self, tree: Tree) -> list[str]:
        """Label files without an image."""
        folders = {PurePosixPath(name).parent for name in self.found}
        return [
            name
            for name in self.files
            if name not in self.found | self.ambiguous
            and is_likely(PurePosixPath(name), beside=PurePosixPath(name).parent in folders)
            and looks_like(tree, name)
        ]


class LabelReader:
    """Reads label files into a source; every line that cannot be read is reported."""

    def __init__(self, source: Source, *, limit: int | None, origin: str) -> None:
        self.source = source
        self.limit = limit  # number of classes; None: whatever indices come define them
        self.origin = origin

    def read(self, tree: Tree, relative: str, image: SourceImage) -> None:
        """Give the boxes of a label file to the image, which is the source's last."""
        file, place, polygons = self.source.file(relative), len(self.source.images) - 1, 0
        image.described_in, image.boxes = relative, 0
        for number, line in enumerate(self.lines(tree, relative), start=1):
            if not line.strip():
                continue
            try:
                label, box, is_polygon = self.box(line)
            except ValueError as error:
                self.source.boxes_skipped += 1
                image.refused += 1
                self.source.problems.add(ImportProblem(relative, str(error), kind="broken_record", line=number))
                continue
            polygons += is_polygon
            self.source.boxes.add(place, label, box, (file, number))
            image.boxes += 1
        if polygons:
            reason = f"{polygons} polygons were taken as the boxes around them"
            self.source.problems.add(ImportProblem(relative, reason, "repaired", "polygon", count=polygons))

    def box(self, line: str) -> tuple[int, Box, bool]:
        """Class, box, and whether it was a polygon. Raises ValueError with what is wrong."""
        self.source.boxes_found += 1
        label, box, is_polygon = parse(line)
        self.check_class(label)
        return label, box, is_polygon

    def lines(self, tree: Tree, relative: str) -> list[str]:
        path = tree.path(relative)
        try:
            if path.stat().st_size <= LARGEST:
                return path.read_text("utf-8", "replace").splitlines()
            reason = "it is too large to be a label file"
        except OSError as error:
            reason = f"the file cannot be read: {error.strerror}"
        self.source.problems.add(ImportProblem(relative, reason, kind="broken_file"))
        return []

    def check_class(self, label: int) -> None:
        names = self.source.class_names
        if self.limit is None:
            names.extend([None] * (label + 1 - len(names)))
        elif label >= self.limit:
            raise ValueError(f"class {label} is not in {self.origin}, which has 0 to {self.limit - 1}")

    def lose(self, tree: Tree, relative: str) -> int:
        """How many boxes a file holds whose image is missing; counted by class too."""
        lines = [line for line in self.lines(tree, relative) if line.strip()]
        for line in lines:
            with contextlib.suppress(ValueError):
                self.source.lost[self.box(line)[0]] += 1
        self.source.boxes_skipped += len(lines)
        return len(lines)


def parse(line: str) -> tuple[int, Box, bool]:
    """Class index, (centre x, centre y, width, height), and whether it was a polygon. Raises ValueError."""
    words = line.split()
    try:
        label, numbers = float(words[0]), [float(word) for word in words[1:]]
    except ValueError as error:
        raise ValueError("it is not a line of numbers") from error
    if not all(map(math.isfinite, [label, *numbers])):
        raise ValueError("a number in it is not finite")
    if label != int(label) or not 0 <= label < 10_000:
        raise ValueError(f"{words[0]} is not a class index")
    if len(numbers) >= 6 and len(numbers) % 2 == 0:
        return int(label), bounds(numbers), True
    if len(numbers) not in (4, 5):  # 5: some tools append a confidence
        raise ValueError(f"it has {len(words)} numbers where a box has 5")
    return int(label), (numbers[0], numbers[1], numbers[2], numbers[3]), False


def bounds(points: list[float]) -> Box:
    """The box around a polygon's points x1 y1 x2 y2 …"""
    xs, ys = points[0::2], points[1::2]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top
