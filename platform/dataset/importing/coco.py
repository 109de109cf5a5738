"""COCO: JSON files of images, categories and annotations (bbox: left, top, width, height in pixels).

An image record may carry `metadata`, `weather`, `scene`, `timeofday`, `sequence` or `video`, `captured_at`, `latitude`
and `longitude`.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from typing import Any

from dataset.importing.coco_boxes import CocoBoxes
from dataset.importing.described import described_image
from dataset.importing.files import Tree
from dataset.importing.finding import MissingFile
from dataset.importing.gathering import Gatherer
from dataset.importing.json_stream import BrokenJson, pieces
from dataset.importing.types import ImportProblem, Problems, Source

Record = dict[str, Any]
PARTS = ("images", "categories", "annotations")
KEYS = tuple(f'"{part}"'.encode() for part in PARTS)


def read(tree: Tree, problems: Problems, files: list[str], *, asked_for: bool = False) -> Source:
    """Read the annotation files with the images that they describe. `asked_for`: the user has named the file."""
    source = Source("coco", [], [], problems, form="xywh", naming="annotations[{n}]")
    reader, broken = CocoReader(source, tree), False
    for name in files:
        try:
            file = CocoFile(name, reader)
            file.load()
        except BrokenJson as error:
            broken = True
            reason = error.reason + (f" (column {error.column})" if error.column else "")
            problems.add(ImportProblem(name, reason, kind="broken_file", line=error.line))
            continue
        if file.has_images and file.boxes.scored and file.boxes.scored == file.boxes.found:
            reason = "all its boxes have scores, so they are predictions; import it as a prediction set"
            problems.add(ImportProblem(name, reason, kind="predictions", count=file.boxes.found))
        elif file.has_images:
            file.read()
        elif asked_for:
            problems.add(ImportProblem(name, "it has no list of images, so it is not a COCO file", kind="broken_file"))
    take_unlisted(reader, broken=broken)
    return source


def is_head(head: bytes) -> bool:
    """Whether a JSON file that begins so is, or tries to be, a COCO file."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{" and any(key in head for key in KEYS)


def take_unlisted(reader: Gatherer, *, broken: bool) -> None:
    """Images that no file describes: taken without labels where a file was broken, else counted and left out."""
    if broken:
        reader.take_unlisted()
        return
    source = reader.source
    unlisted = [relative for relative in reader.tree.images if relative not in reader.images]
    source.images_found += len(unlisted)
    source.images_skipped += len(unlisted)
    if unlisted:
        reason = f"{len(unlisted)} image files are named in no annotation file, {unlisted[0]} among them"
        source.problems.add(ImportProblem(".", reason, kind="unlisted", count=len(unlisted)))


class CocoReader(Gatherer):
    """The source that the annotation files are read into; they share classes, by name, and images, by key."""


class CocoFile:
    """One annotation file. Nothing of it reaches the source before all of it has been understood."""

    def __init__(self, name: str, reader: CocoReader) -> None:
        self.name = name
        self.reader = reader
        self.lists: dict[str, list[Any]] = {"images": [], "categories": []}
        self.given: set[str] = set()
        self.not_lists: list[str] = []
        self.boxes = CocoBoxes()
        self.images: dict[Hashable, int] = {}  # places in the source, by id
        self.unusable: set[Hashable] = set()  # ids whose image could not be taken; already reported
        self.ambiguous: set[Hashable] = set()
        self.own: set[str] = set()  # keys of the images that this file was the first to describe

    def load(self) -> None:
        """Read the file's lists, boxes straight into columns. Raises BrokenJson."""
        for key, piece in pieces(self.reader.tree.path(self.name)):
            if key not in PARTS:
                continue
            self.given.add(key)
            if not isinstance(piece, list):
                self.not_lists.append(key)
            elif key == "annotations":
                self.boxes.take(piece)
            else:
                self.lists[key].extend(piece)

    @property
    def has_images(self) -> bool:
        return "images" in self.given and "images" not in self.not_lists

    def problem(self, reason: str, kind: str, record: str | None = None, action: str = "skipped") -> None:
        self.reader.problem(reason, kind, action, record=record)

    def read(self) -> None:
        """Add the file's images and boxes to the source."""
        self.reader.start_file(self.name)
        for kind in self.not_lists:
            self.problem(f"{kind} is not a list", "broken_file")
        categories = self.read_categories()
        self.find_ambiguous_ids()
        for place, record in self.records("images"):
            self.read_image(place, record)
        self.read_boxes(categories)

    def records(self, kind: str, *, report: bool = True) -> Iterator[tuple[int, Record]]:
        """The objects of a list of the file, with their places; anything else in it is reported."""
        for place, record in enumerate(self.lists[kind]):
            if isinstance(record, dict):
                yield place, record
            elif report:
                self.problem("it is not an object", "broken_record", f"{kind}[{place}]")

    def read_categories(self) -> dict[Hashable, int]:
        """Category ids to places among the source's class names; files are joined by name."""
        places: dict[Hashable, int] = {}
        for place, record in sorted(self.records("categories"), key=lambda item: id_order(item[1].get("id"))):
            name, number = record.get("name"), record.get("id")
            if not isinstance(name, str) or not name.strip() or not isinstance(number, int | str):
                self.problem("a category needs an id and a name", "broken_record", f"categories[{place}]")
                continue
            places[number] = self.reader.class_of(name)
        return places

    def find_ambiguous_ids(self) -> None:
        """Ids that stand for several files: boxes that name them cannot be told apart."""
        files: dict[Hashable, Counter[str]] = defaultdict(Counter)
        for _, record in self.records("images", report=False):
            number = record.get("id")
            if isinstance(number, int | str):
                files[number][str(record.get("file_name"))] += 1
        for number, names in files.items():
            if len(names) > 1:
                self.ambiguous.add(number)
                some = f"{len(names)} files ({', '.join(sorted(names)[:3])})"
            elif names.total() > 1 and isinstance(self.reader.finder.find(next(iter(names)), self.name), MissingFile):
                some = f"{names.total()} images, all called {next(iter(names))}"
            else:
                continue
            reason = f"the id stands for {some}; its boxes cannot be told apart"
            self.problem(reason, "colliding_ids", f"image id {number}")

    def read_image(self, place: int, record: Record) -> None:
        """Take one image record, or report why not."""
        number, file_name = record.get("id"), record.get("file_name")
        source, where = self.reader.source, f"images[{place}] (id {number})"
        if not isinstance(number, int | str) or not isinstance(file_name, str) or not file_name:
            source.images_found += 1
            source.images_skipped += 1
            self.problem("an image needs an id and a file_name", "broken_record", where)
            self.cannot_use(number)
            return
        found = self.reader.finder.find(file_name, self.name)
        known = len(source.images)
        image = self.reader.image(found, file_name, record=where)
        if isinstance(found, MissingFile):
            self.cannot_use(number)
            return
        if image == known:
            self.own.add(found)
            described_image(self.reader.of(image), record, self.name, source.problems)
        elif found not in self.own:
            self.problem(
                "another file describes this image already; its boxes there are kept", "described_twice", where
            )
            self.unusable.add(number)
            return
        else:
            self.problem("two records name this image; their boxes were joined", "described_twice", where, "repaired")
        if number not in self.ambiguous and "annotations" in self.given:
            self.reader.is_labelled(image)
        self.images[number] = image

    def cannot_use(self, number: Any) -> None:
        if isinstance(number, int | str):
            self.unusable.add(number)

    def read_boxes(self, categories: dict[Hashable, int]) -> None:
        """Give the boxes to their images; report those that have none, and those that are broken."""
        source = self.reader.source
        source.boxes_found += self.boxes.found
        lost_ids = self.unusable | self.ambiguous
        usable = {number: place for number, place in self.images.items() if number not in lost_ids}
        outcome = self.boxes.give(usable, categories, lost_ids, source, self.reader.file)
        for place, number, reason, kind in outcome.refused:
            source.boxes_skipped += 1
            self.problem(reason, kind, f"annotations[{place}] (id {number})")
        for place, count in outcome.refused_on.items():
            source.images[place].refused += count
        for number, boxes in outcome.lost.items():
            source.boxes_skipped += boxes
            record = f"image id {number}"
            self.reader.problem(f"{boxes} boxes of this image were left out", "lost_boxes", count=boxes, record=record)


def id_order(number: Any) -> tuple[bool, Any]:
    """Sorts numbers as numbers, before everything else."""
    return (not isinstance(number, int), number if isinstance(number, int) else str(number))
