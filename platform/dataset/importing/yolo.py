"""YOLO: one text file per image, a line per box: class index, centre x, centre y, width, height, as fractions.

With a data.yaml or bare; labels beside the images or in a `labels` folder beside `images`. Lines of polygons
(segmentation) are taken as their bounding boxes.
"""

import math
from pathlib import PurePosixPath
from typing import Any

import yaml

from dataset.importing.files import Tree, by_name, split_of
from dataset.importing.types import ImportProblem, Problems, Source, SourceBoxes, SourceImage

LISTS = frozenset({"classes.txt", "labels.txt", "obj.names"})
LARGEST = 20_000_000  # bytes of a label file


def read(tree: Tree, problems: Problems, known_classes: list[str]) -> Source:
    """Read every image of the tree with its label file. `known_classes` name the indices where the folder does not."""
    names, origin = class_names(tree, problems, known_classes)
    source = Source("yolo", list(names), [], problems)
    reader = LabelReader(source, limit=len(names) if names else None, origin=origin)
    finder = LabelFinder(tree, problems)
    for relative in tree.images:
        label_file = finder.of(relative)
        labels = reader.read(tree, label_file) if label_file else None
        split = split_of(relative)
        source.images.append(
            SourceImage(relative, tree.path(relative), labels, metadata={"split": split} if split else {})
        )
    source.images_found = len(tree.images)
    for orphan in finder.orphans():
        source.boxes_skipped += reader.count(tree, orphan)
        problems.add(ImportProblem(orphan, "there is no image of this name, so its boxes were left out"))
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
        problems.add(ImportProblem(relative, f"it is not YAML: {getattr(error, 'problem', error)}", line=line))
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
            self.problems.add(ImportProblem(image, reason))
            self.ambiguous.update(alike)
        return self.take(alike[0]) if len(alike) == 1 else None

    def take(self, relative: str) -> str:
        self.found.add(relative)
        return relative

    def orphans(self) -> list[str]:
        """Label files without an image: in folders where others were found, or named labels."""
        folders = {PurePosixPath(name).parent for name in self.found}
        return [
            name
            for name in self.files
            if name not in self.found | self.ambiguous
            and (PurePosixPath(name).parent in folders or "labels" in PurePosixPath(name).parts[:-1])
        ]


class LabelReader:
    """Reads label files into a source; every line that cannot be read is reported."""

    def __init__(self, source: Source, *, limit: int | None, origin: str) -> None:
        self.source = source
        self.limit = limit  # number of classes; None: whatever indices come define them
        self.origin = origin

    def read(self, tree: Tree, relative: str) -> SourceBoxes:
        labels = SourceBoxes(file=relative, fractional=True)
        for number, line in enumerate(self.lines(tree, relative), start=1):
            if not line.strip():
                continue
            self.source.boxes_found += 1
            try:
                label, box = parse(line)
                self.check_class(label)
            except ValueError as error:
                self.source.boxes_skipped += 1
                self.source.problems.add(ImportProblem(relative, str(error), line=number))
                continue
            labels.add(label, box, number)
        return labels

    def lines(self, tree: Tree, relative: str) -> list[str]:
        path = tree.path(relative)
        if path.stat().st_size > LARGEST:
            self.source.problems.add(ImportProblem(relative, "it is too large to be a label file"))
            return []
        return path.read_text("utf-8", "replace").splitlines()

    def check_class(self, label: int) -> None:
        names = self.source.class_names
        if self.limit is None:
            names.extend([None] * (label + 1 - len(names)))
        elif label >= self.limit:
            raise ValueError(f"class {label} is not in {self.origin}, which has 0 to {self.limit - 1}")

    def count(self, tree: Tree, relative: str) -> int:
        """How many boxes a file holds whose image is missing."""
        boxes = sum(1 for line in self.lines(tree, relative) if line.strip())
        self.source.boxes_found += boxes
        return boxes


def parse(line: str) -> tuple[int, tuple[float, float, float, float]]:
    """Class index and (centre x, centre y, width, height). Raises ValueError with what is wrong."""
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
        return int(label), bounds(numbers)
    if len(numbers) not in (4, 5):  # 5: some tools append a confidence
        raise ValueError(f"it has {len(words)} numbers where a box has 5")
    return int(label), (numbers[0], numbers[1], numbers[2], numbers[3])


def bounds(points: list[float]) -> tuple[float, float, float, float]:
    """The box around a polygon's points x1 y1 x2 y2 …"""
    xs, ys = points[0::2], points[1::2]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top
