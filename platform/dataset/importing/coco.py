"""COCO: JSON files of images, categories and annotations (bbox: left, top, width, height in pixels).

An image record may carry `metadata`, `weather`, `scene`, `timeofday`, `sequence` or `video`, `captured_at`, `latitude`
and `longitude`.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from typing import Any

import orjson

from dataset.importing.coco_images import ImageFinder, described
from dataset.importing.files import Tree
from dataset.importing.types import ImportProblem, Problems, Source, SourceBoxes, SourceImage

Record = dict[str, Any]
NUMBERS = {int, float}  # not bool
FAR = 1e7  # pixels


def read(tree: Tree, problems: Problems, annotations: str | None = None) -> Source:
    """Read the annotation files of the tree (or the one named) with the images that they describe."""
    source = Source("coco", [], [], problems)
    names = [annotations] if annotations else tree.with_suffix(".json")
    finder, broken = ImageFinder(tree), False
    taken: dict[str, SourceImage] = {}
    for name in names:
        content = load(tree, name, problems)
        broken = broken or content is None
        if isinstance(content, dict) and isinstance(content.get("images"), list):
            CocoFile(name, content, source).read(finder, taken)
        elif content is not None and annotations:
            problems.add(ImportProblem(name, "it has no list of images, so it is not a COCO file"))
    source.images.extend(taken.values())
    take_unlisted(tree, source, taken, broken=broken)
    return source


def load(tree: Tree, name: str, problems: Problems) -> Any:
    """The JSON of a file; None, with a problem that names the line, where it is broken."""
    try:
        return orjson.loads(tree.path(name).read_bytes())
    except orjson.JSONDecodeError as error:
        reason = f"broken JSON: {error.msg.split(': line')[0]} (column {error.colno})"
        problems.add(ImportProblem(name, reason, line=error.lineno))
        return None


def looks_like(tree: Tree) -> bool:
    """Whether one of the JSON files is, or tries to be, a COCO file."""
    for name in tree.with_suffix(".json"):
        with tree.path(name).open("rb") as file:
            head = file.read(1 << 20)
        if b'"images"' in head or b'"annotations"' in head or b'"categories"' in head:
            return True
    return False


def take_unlisted(tree: Tree, source: Source, taken: dict[str, SourceImage], *, broken: bool) -> None:
    """Images that no file describes: taken without labels where a file was broken, else counted and left out."""
    unlisted = [relative for relative in tree.images if relative not in taken]
    source.images_found += len(unlisted)
    if broken:
        source.images.extend(SourceImage(relative, tree.path(relative)) for relative in unlisted)
    elif unlisted:
        source.images_skipped += len(unlisted)
        reason = f"{len(unlisted)} image files are named in no annotation file, {unlisted[0]} among them"
        source.problems.add(ImportProblem(".", reason))


class CocoFile:
    """One annotation file being read into a source."""

    def __init__(self, name: str, content: Record, source: Source) -> None:
        self.name = name
        self.content = content
        self.source = source
        self.images: dict[Hashable, SourceImage] = {}
        self.unusable: set[Hashable] = set()  # ids whose image could not be taken; already reported
        self.ambiguous: set[Hashable] = set()
        self.own: set[str] = set()  # keys of the images that this file was the first to describe

    def problem(self, reason: str, record: str | None = None, action: str = "skipped") -> None:
        self.source.problems.add(ImportProblem(self.name, reason, action, record=record))

    def records(self, kind: str) -> Iterator[tuple[int, Record]]:
        """The objects of a list of the file, with their places; anything else in it is reported."""
        given = self.content.get(kind, [])
        if not isinstance(given, list):
            self.problem(f"{kind} is not a list")
            return
        for place, record in enumerate(given):
            if isinstance(record, dict):
                yield place, record
            else:
                self.problem("it is not an object", f"{kind}[{place}]")

    def read(self, finder: ImageFinder, taken: dict[str, SourceImage]) -> None:
        """Add the file's images to `taken`, by key, with their boxes."""
        categories = self.read_categories()
        self.find_ambiguous_ids()
        for place, record in self.records("images"):
            self.read_image(place, record, finder, taken)
        self.read_annotations(categories)

    def read_categories(self) -> dict[Hashable, int]:
        """Category ids to places among the source's class names; files are joined by name."""
        places: dict[Hashable, int] = {}
        known = {name: place for place, name in enumerate(self.source.class_names)}
        for place, record in sorted(self.records("categories"), key=lambda item: id_order(item[1].get("id"))):
            name, number = record.get("name"), record.get("id")
            if not isinstance(name, str) or not name.strip() or not isinstance(number, int | str):
                self.problem("a category needs an id and a name", f"categories[{place}]")
                continue
            if name.strip() not in known:
                known[name.strip()] = len(self.source.class_names)
                self.source.class_names.append(name.strip())
            places[number] = known[name.strip()]
        return places

    def find_ambiguous_ids(self) -> None:
        """Ids that stand for several files: boxes that name them cannot be told apart."""
        files: dict[Hashable, set[str]] = defaultdict(set)
        for _, record in self.records("images"):
            number = record.get("id")
            if isinstance(number, int | str):
                files[number].add(str(record.get("file_name")))
        for number, names in files.items():
            if len(names) > 1:
                self.ambiguous.add(number)
                some = ", ".join(sorted(names)[:3])
                self.problem(
                    f"the id stands for {len(names)} files ({some}); its boxes cannot be told apart",
                    f"image id {number}",
                )

    def read_image(self, place: int, record: Record, finder: ImageFinder, taken: dict[str, SourceImage]) -> None:
        """Take one image record, or report why not."""
        number, file_name = record.get("id"), record.get("file_name")
        self.source.images_found += 1
        where = f"images[{place}] (id {number})"
        if not isinstance(number, int | str) or not isinstance(file_name, str) or not file_name:
            self.skip_image(number, "an image needs an id and a file_name", where)
            return
        found = finder.find(file_name, self.name)
        if not isinstance(found, str):
            self.skip_image(number, f"{file_name}: {found.reason}", where)
            return
        if (image := taken.get(found)) is None:
            self.own.add(found)
            image = taken[found] = described(SourceImage(found, finder.tree.path(found)), record, self)
        else:
            self.source.images_found -= 1
            if found not in self.own:
                self.problem("another file describes this image already; its boxes there are kept", where)
                self.unusable.add(number)
                return
            self.problem("two records name this image; their boxes were joined", where, "repaired")
        if image.labels is None and number not in self.ambiguous and "annotations" in self.content:
            image.labels = SourceBoxes(file=self.name)
        self.images[number] = image

    def skip_image(self, number: Any, reason: str, where: str) -> None:
        self.source.images_skipped += 1
        self.problem(reason, where)
        if isinstance(number, int | str):
            self.unusable.add(number)

    def read_annotations(self, categories: dict[Hashable, int]) -> None:
        lost: Counter[Hashable] = Counter()
        for place, record in self.records("annotations"):
            self.source.boxes_found += 1
            number = record.get("image_id")
            hashable = isinstance(number, int | str)
            if hashable and (number in self.unusable or number in self.ambiguous):
                lost[number] += 1
                continue
            if reason := self.read_annotation(place, record, number if hashable else None, categories):
                self.source.boxes_skipped += 1
                self.problem(reason, f"annotations[{place}] (id {record.get('id')})")
        for number, boxes in lost.items():
            self.source.boxes_skipped += boxes
            self.problem(f"{boxes} boxes of this image were left out", f"image id {number}")

    def read_annotation(self, place: int, record: Record, number: Any, categories: dict[Hashable, int]) -> str:
        """Add one box to its image; returns why that cannot be done, or nothing."""
        image = self.images.get(number)
        if image is None:
            return f"image_id {record.get('image_id')} is not among the images"
        category = record.get("category_id")
        label = categories.get(category) if isinstance(category, int | str) else None
        if label is None:
            return f"category_id {category} is not among the categories"
        box = as_box(record.get("bbox"))
        if box is None:
            return "bbox is not four finite numbers"
        labels = image.labels
        if labels is None:
            return f"image_id {number} is described in another file"
        if attributes := attributes_of(record):
            labels.attributes[len(labels.boxes)] = attributes
        labels.add(label, box, place)
        return ""


def as_box(given: Any) -> tuple[float, float, float, float] | None:
    """Left, top, width, height; None where it is anything else."""
    if type(given) is not list or len(given) != 4:
        return None
    left, top, width, height = given
    if not {type(left), type(top), type(width), type(height)} <= NUMBERS:
        return None
    if not (abs(left) < FAR and abs(top) < FAR and abs(width) < FAR and abs(height) < FAR):  # also false of NaN
        return None
    return float(left), float(top), float(width), float(height)


def attributes_of(record: Record) -> dict[str, Any]:
    """`attributes` of the annotation, and whether it is a crowd."""
    given = record.get("attributes")
    attributes = {str(key): value for key, value in given.items()} if isinstance(given, dict) else {}
    return attributes | ({"iscrowd": True} if record.get("iscrowd") else {})


def id_order(number: Any) -> tuple[bool, Any]:
    """Sorts numbers as numbers, before everything else."""
    return (not isinstance(number, int), number if isinstance(number, int) else str(number))
