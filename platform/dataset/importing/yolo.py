"""YOLO: one text file per image, a line per box: class index, centre x, centre y, width, height, as fractions.

With a data.yaml or bare; labels beside the images or in a `labels` folder beside `images`. Lines of polygons
(segmentation) and of four corners (OBB) give the boxes around them, with the polygon or turned box; poses their boxes.
Lines with a confidence are predictions.
"""

import contextlib
import re
from array import array
from pathlib import PurePosixPath

from dataset.importing.files import Tree, by_name, split_of, suffix_of
from dataset.importing.finding import ImageFinder, one_of
from dataset.importing.names import clean
from dataset.importing.naming import UPLOADED
from dataset.importing.text import Undecodable, decoded
from dataset.importing.types import (
    CLASS_NUMBERS,
    ImportNote,
    ImportProblem,
    Problems,
    Question,
    Source,
    SourceImage,
)
from dataset.importing.yolo_lists import ClassList, YoloLists, first_line, is_class_list, is_picture
from dataset.importing.yolo_rows import PixelRow, Row, RowForms, is_number, is_tracked, learned, parse
from storage.pictures import NAMES
from storage.stand_ins import stand_in

LARGEST = 20_000_000  # bytes of a label file
SAMPLE = 300  # label files of each class list that are read to know what their rows are
LINE = re.compile(rb"\s*\d+(\.0*)?([ \t]+[-+.\deE]+){4}")
COMMENT = re.compile(r"\s*(#|//|;)")
HEADER = re.compile(r"\s*[A-Za-z][\w/-]*([\s,]+[A-Za-z][\w/-]*){4,}\s*")  # class x y w h
PLAIN_TEXTS = ("readme", "license", "licence", "requirements", "notes", "changelog")
SAID = {
    "pose": ("pose", "poses were taken as their boxes; keypoints are not kept"),
    "suspected pose": (
        "pose",
        "lines look like poses, though no kpt_shape says so: their first four numbers were taken as the box",
    ),
}


def label_files(tree: Tree) -> list[str]:
    """Text files that have the name of an image, or lie in a folder called labels and look like it."""
    names = [PurePosixPath(name) for name in tree.images]
    stems = {clean(path.stem) for path in names} | {plain_stem(path.name) for path in names}
    found = []
    for name in tree.with_suffix(".txt"):
        path = PurePosixPath(name)
        if is_class_list(name):
            continue
        if (
            clean(path.stem) in stems
            or plain_stem(path.stem) in stems
            or (is_likely(path, beside=False) and looks_like(tree, name))
        ):
            found.append(name)
    return found


def other_texts(tree: Tree, known: set[str]) -> list[str]:
    """Texts that are neither labels nor lists of classes or images, nor something to read."""
    stems = {clean(PurePosixPath(name).stem) for name in tree.images}
    return [
        name
        for name in tree.with_suffix(".txt")
        if name not in known
        and not is_class_list(name)
        and not PurePosixPath(name).name.lower().startswith(PLAIN_TEXTS)
        and "ImageSets" not in name
        and not is_list_of_pictures(tree, name)
        and clean(first_line(tree, name)) not in stems
        and not looks_like(tree, name)
    ]


def is_list_of_pictures(tree: Tree, name: str) -> bool:
    """Whether a text begins with names of pictures alone; some formats put other lines between them."""
    lines = tree.head(name, 4000).decode("utf-8", "replace").splitlines()[:3]
    return bool(lines) and all(is_picture(line) for line in lines if line.strip())


def plain_stem(name: str) -> str:
    """A name without its ending, the prefix of an upload, and regard to case: what files of one image share."""
    stem = PurePosixPath(clean(name)).stem if suffix_of(name) in NAMES else clean(name)
    return UPLOADED.sub("", stem.casefold())


def is_likely(path: PurePosixPath, *, beside: bool) -> bool:
    """Whether a file lies where label files do: beside others, or under a folder called labels."""
    return beside or any("label" in part.lower() for part in path.parts[:-1])


def looks_like(tree: Tree, name: str) -> bool:
    """Whether a file is empty or begins with a line of numbers; lists of images lie about too."""
    head = tree.head(name, 1000)
    return not head.strip() or LINE.match(head) is not None


def read(tree: Tree, problems: Problems, known_classes: list[str], class_numbers: str | None = None) -> Source:
    """Read every image of the tree with its label file. `known_classes` name the indices where the folder does not.

    `class_numbers`: what a person has said of class numbers that may count from 1, one of CLASS_NUMBERS.
    """
    source = Source("yolo", [], [], problems, form="centred")
    around = YoloLists(tree, problems, ImageFinder(tree))
    finder = LabelFinder(tree, problems)
    pairs = [(image, finder.of(image)) for image in tree.images_meant]
    reader = LabelReader(source, tree, around, known_classes)
    reader.class_numbers = class_numbers
    reader.learn([(image, label) for image, label in pairs if label])
    reader.learn_names([image for image, label in pairs if not label and tree.images])
    for relative, label_file in pairs:
        if label_file is None and not tree.images:
            continue  # an image of the dataset that this folder says nothing of
        image = tree.image(relative)
        if split := around.splits.get(relative) or split_of(relative):
            image.metadata["split"] = split
        source.images.append(image)
        if label_file:
            reader.read(label_file, image)
    source.images_found = len(source.images)
    stems = {clean(PurePosixPath(name).stem) for name in tree.images_meant}
    for orphan in finder.orphans(tree):
        if orphan in around.split_lists:
            continue
        if clean(PurePosixPath(orphan).stem) in stems:
            reason = "its image has another label file, which was taken"
            problems.add(ImportProblem(orphan, reason, kind="other_file"))
            continue
        boxes = reader.lose(orphan)
        reason = "there is no image of this name, so its boxes were left out"
        problems.add(ImportProblem(orphan, reason, kind="no_image", count=max(boxes, 1)))
    reader.tell_of_names()
    return source


class LabelFinder:
    """Which label file belongs to which image; remembers which were found."""

    def __init__(self, tree: Tree, problems: Problems) -> None:
        self.problems = problems
        self.files = [name for name in tree.with_suffix(".txt") if not is_class_list(name)]
        self.known = {clean(name): name for name in self.files}
        self.by_stem = by_name(self.files, lambda path: clean(path.stem))
        self.by_plain_stem = by_name(self.files, lambda path: plain_stem(path.stem))
        self.by_lower = by_name(self.files, lambda path: clean(path.as_posix()).casefold())
        self.found: set[str] = set()
        self.ambiguous: set[str] = set()

    def of(self, image: str) -> str | None:
        """labels/ instead of images/, or beside the image, or the only one of that stem anywhere."""
        path = PurePosixPath(image)
        places = [path.with_suffix(".txt")]
        lower = [part.casefold() for part in path.parts[:-1]]
        if "images" in lower:
            at = len(lower) - 1 - lower[::-1].index("images")
            places.insert(0, PurePosixPath(*path.parts[:at], "labels", *path.parts[at + 1 :]).with_suffix(".txt"))
        for place in places:
            if found := self.at(clean(place.as_posix())):
                return self.take(found)
        alike = self.by_stem.get(clean(path.stem), []) or self.by_plain_stem.get(plain_stem(path.name), [])
        nearest = one_of(alike, image)
        if isinstance(nearest, str):
            return self.take(nearest)
        if len(alike) > 1:
            reason = f"{len(alike)} label files have its name ({', '.join(alike[:3])}), so none was taken"
            self.problems.add(ImportProblem(image, reason, kind="ambiguous"))
            self.ambiguous.update(alike)
        return None

    def at(self, path: str) -> str | None:
        """The label file of that path, in any case where there is but one."""
        alike = self.by_lower.get(path.casefold(), [])
        return self.known.get(path) or (alike[0] if len(alike) == 1 else None)

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

    def __init__(self, source: Source, tree: Tree, around: YoloLists, known: list[str]) -> None:
        self.source, self.tree, self.around = source, tree, around
        self.nameless = ClassList("the dataset", known)  # whose indices no list names
        self.unnamed: list[str] = []  # label files of which that is so
        self.places: dict[str, int] = {}  # of classes, by name
        self.rows: dict[str, RowForms] = {}  # by the origin of their class list
        self.chosen: dict[str, ClassList] = {}  # class lists, by label file
        self.numbers: dict[str, set[int]] = {}  # of classes that rows name, by the origin of their list
        self.by_names: set[str] = set()  # label files whose rows name classes
        self.class_numbers: str | None = None  # what a person has said of lists whose numbers may count from 1
        self.first: dict[str, int] = {}  # the number of the first class, by the origin of the list, if it is not 0

    def learn(self, pairs: list[tuple[str, str]]) -> None:
        """Find the class list of every label file, and from some files of each what their rows are."""
        files: dict[str, list[str]] = {}
        lists: dict[str, ClassList] = {}
        for image, label_file in pairs:
            found = self.around.of(label_file, image) or self.nameless
            self.chosen[label_file] = lists.setdefault(found.origin, found)
            files.setdefault(found.origin, []).append(label_file)
        for origin, found in lists.items():
            self.note(found)
            step = max(len(files[origin]) // SAMPLE, 1)
            lines = [line for name in files[origin][::step] for line in (self.lines(name, quiet=True) or [])[:50]]
            self.rows[origin] = learned(lines, keypoints=found.keypoints, turned=found.is_turned)
            if self.class_numbers == "from_1" and counts_from_one(found, self.numbers_in(found, files[origin])):
                self.first[origin] = 1

    def numbers_in(self, found: ClassList, files: list[str]) -> set[int]:
        """The class numbers of all rows that `read` will understand: those by which it asks."""
        numbers: set[int] = set()
        for name in files:
            lines = self.lines(name, quiet=True) or []
            tracked = self.is_tracked(lines, found)
            for line in lines:
                with contextlib.suppress(ValueError, IndexError):  # no numbers, or none at all
                    numbers.add(parse(line, self.rows[found.origin], tracked=tracked).label)
        return numbers

    def is_tracked(self, lines: list[str], found: ClassList) -> bool:
        return is_tracked(lines) or self.rows[found.origin].tracked

    def learn_names(self, images: list[str]) -> None:
        """The class lists of images without a label file: they will be labelled with these."""
        for folder, image in {PurePosixPath(image).parent: image for image in reversed(images)}.items():
            found = self.around.of(str(folder / "-.txt"), image)
            if found:
                self.note(found)

    def note(self, found: ClassList) -> None:
        """The classes of a list, in its order."""
        for name in found.names:
            if name:
                self.place_of(name)

    def place_of(self, name: str) -> int:
        """The place of a class; lists are joined by name."""
        if name not in self.places:
            self.places[name] = len(self.source.class_names)
            self.source.class_names.append(name)
        return self.places[name]

    def read(self, relative: str, image: SourceImage) -> None:
        """Give the boxes of a label file to the image, which is the source's last."""
        file, place = self.source.file(relative), len(self.source.images) - 1
        image.described_in, image.boxes = relative, 0
        found, lines = self.chosen[relative], self.lines(relative)
        if lines is None:
            image.boxes = None
            return
        kinds: dict[str, int] = {}
        tracked = self.is_tracked(lines, found)
        if found is self.nameless and lines:
            self.unnamed.append(relative)
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            if COMMENT.match(line) or (number == 1 and HEADER.fullmatch(line)):
                reason = "the line holds no label but words about the others"
                self.source.problems.add(ImportProblem(relative, reason, "kept", "comment", line=number))
                continue
            try:
                numbered = self.with_index(line, found, relative)
                row, label = self.row(numbered, found, tracked=tracked, tells=numbered is line)
            except ValueError as error:
                kind = "pixels" if isinstance(error, PixelRow) else "broken_record"
                self.source.boxes_skipped += 1
                image.refused += 1
                self.source.problems.add(ImportProblem(relative, str(error), kind=kind, line=number))
                continue
            kind = "prediction" if row.score is not None else row.kind
            kinds[kind] = kinds.get(kind, 0) + 1
            self.take(row, label, image, (place, file, number))
        self.tell_of_kinds(relative, kinds)

    def row(self, line: str, found: ClassList, *, tracked: bool, tells: bool) -> tuple[Row, int]:
        """A line and the place of its class. Raises ValueError with what is wrong.

        `tells`: whether its number is one of those that tell from where they count.
        """
        self.source.boxes_found += 1
        row = parse(line, self.rows.get(found.origin, RowForms()), tracked=tracked)
        if not found.names:
            return row, [self.place_of(f"class {index}") for index in range(row.label + 1)][-1]
        if tells:
            self.numbers.setdefault(found.origin, set()).add(row.label)
        return row, self.place_of(found.name(row.label - self.first.get(found.origin, 0)))

    def with_index(self, line: str, found: ClassList, relative: str) -> str:
        """The line with its class's number, where it has the name instead, as some scripts write it."""
        first, _, rest = line.strip().partition(" ")
        index = found.index(clean(first)) if not is_number(first) else None
        if index is None:
            return line
        if relative not in self.by_names:
            self.by_names.add(relative)
            reason = "its lines begin with names of classes instead of numbers; they were looked up in the list"
            self.source.problems.add(ImportProblem(relative, reason, "repaired", "names_in_rows"))
        return f"{index + self.first.get(found.origin, 0)} {rest}"

    def take(self, row: Row, label: int, image: SourceImage, where: tuple[int, int, int]) -> None:
        """Add a row's box, to the predictions where it has a confidence."""
        place, file, number = where
        if row.score is not None:
            image.refused += 1
            self.source.boxes_skipped += 1
            self.source.predictions.add(place, label, row.box, (file, number))
            self.source.scores.append(row.score)
            return
        if row.corners is not None:
            self.source.corners[len(self.source.boxes)] = row.corners
        if row.outline is not None:
            self.source.fraction_outlines[len(self.source.boxes)] = [array("d", row.outline)]
        self.source.boxes.add(place, label, row.box, (file, number))
        image.boxes = (image.boxes or 0) + 1

    def tell_of_kinds(self, relative: str, kinds: dict[str, int]) -> None:
        for kind, (name, said) in SAID.items():
            if count := kinds.get(kind):
                problem = ImportProblem(relative, f"{count} {said}", "repaired", name, count=count)
                self.source.problems.add(problem)
        if count := kinds.get("prediction"):
            reason = f"{count} lines have a confidence, so they are predictions, not labels"
            self.source.problems.add(ImportProblem(relative, reason, kind="predictions", count=count))

    def lines(self, relative: str, *, quiet: bool = False) -> list[str] | None:
        """The lines of a file; None, and reported unless `quiet`, where it cannot be read."""
        path, kind = self.tree.path(relative), "broken_file"
        try:
            if path.stat().st_size <= LARGEST:
                data = path.read_bytes()
                reason = stand_in(data[:500]) if data else ""
                if not reason:
                    found = decoded(data)
                    self.source.problems.read_as(relative, found.encoding)
                    return found.text.splitlines()
            else:
                reason = "it is too large to be a label file"
        except OSError as error:
            reason = f"the file cannot be read: {error.strerror}"
        except Undecodable as error:
            reason, kind = str(error), "encoding"
        if not quiet:
            self.source.problems.add(ImportProblem(relative, reason, kind=kind))
        return None

    def lose(self, relative: str) -> int:
        """How many boxes a file holds whose image is missing; counted by class too."""
        lines = [line for line in self.lines(relative) or () if line.strip()]
        found = self.around.of(relative, relative) or self.nameless
        for line in lines:
            with contextlib.suppress(ValueError):
                self.source.lost[self.row(line, found, tracked=False, tells=False)[1]] += 1
        self.source.boxes_skipped += len(lines)
        return len(lines)

    def tell_of_names(self) -> None:
        """Say where numbers stand for classes that no list names, or seem to count from 1."""
        for found in {one.origin: one for one in self.chosen.values() if one.names}.values():
            used = self.numbers.get(found.origin, set())
            if counts_from_one(found, used):
                self.tell_of_numbers(found, used)
        if not self.unnamed:
            return
        count, known = len(self.unnamed), self.nameless.names
        taken = "the dataset's own classes in their order" if known else "called class 0, class 1 and so on"
        text = f"{count} label files have no list of class names above them, {self.unnamed[0]} among them; {taken}"
        text = text if not known else text.replace(f"; {taken}", f"; their numbers were taken as {taken}")
        self.source.problems.notes.append(ImportNote("no_names", count, text))

    def tell_of_numbers(self, found: ClassList, used: set[int]) -> None:
        """Ask whether numbers count from 1, or say what came of the answer."""
        seen = (
            f"class numbers run from {min(used)} to {max(used)} and never are 0, while {found.origin} has"
            f" {len(found.names)} names"
        )
        if self.class_numbers is None:
            text = (
                f"The {seen}: they seem to count from 1, and then every class is the one before. Say which it is:"
                " from_0 or from_1 (class_numbers; --class-numbers in the shell)."
            )
            self.source.questions.append(Question("class_numbers", found.origin, text, CLASS_NUMBERS, "from_1"))
            return
        kind, how = ("counted_from_one", "1") if self.first.get(found.origin) else ("counted_from_zero", "0")
        text = f"{seen}; they were taken as counting from {how}, as it was said"
        self.source.problems.notes.append(ImportNote(kind, len(used), text))


def counts_from_one(found: ClassList, used: set[int]) -> bool:
    """Whether the numbers used never are 0 and go one beyond the list, and no further."""
    return bool(found.names) and max(used, default=-1) == len(found.names) and min(used) > 0
