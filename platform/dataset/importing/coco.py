"""COCO: JSON files of images, categories and annotations (bbox: left, top, width, height in pixels).

An image record may carry `metadata`, `weather`, `scene`, `timeofday`, `sequence` or `video`, `captured_at`, `latitude`
and `longitude`.
"""

import mmap
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from functools import partial
from itertools import chain
from typing import Any

from dataset.importing.coco_boxes import CocoBoxes, as_id
from dataset.importing.described import described_image
from dataset.importing.files import Tree
from dataset.importing.finding import NO_FILE, MissingFile
from dataset.importing.gathering import Gatherer
from dataset.importing.json_stream import BrokenJson, pieces, top_keys
from dataset.importing.plain_boxes import PlainAnnotations, plain_annotations
from dataset.importing.scratch import Spool
from dataset.importing.types import ImportProblem, Problems, Source

Record = dict[str, Any]
PARTS = ("images", "categories", "annotations")
NAMES = ("file_name", "coco_url")  # LVIS has but the address
OTHER_NAMES = ("filename",)  # of files made by hand
BOXES = (b'"bbox"', b'"segmentation"')  # keys of a record by which a file is one of boxes
LOOKED_AT = 1 << 18  # bytes of a list of annotations
ANNOTATIONS = b'"annotations"'
OPENING = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*\[[ \t\r\n]*")
RECORDS_TOGETHER, RECORDS_IN_MEMORY = 10_000, 100_000  # of images
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
FIRST_IMAGE = re.compile(rb"\[\s*(\{|\]|\[|$)")


def read(tree: Tree, problems: Problems, files: list[str], *, asked_for: bool = False) -> Source:
    """Read the annotation files with the images that they describe. `asked_for`: the user has named the file."""
    source = Source("coco", [], [], problems, form="xywh", naming="annotations[{n}]")
    reader = CocoReader(source, tree)
    for name in files if asked_for else files_with_boxes(tree, files, problems):
        try:
            file = CocoFile(name, reader)
            file.load()
        except BrokenJson as error:
            reason = error.reason + (f" (column {error.column})" if error.column else "")
            problems.add(ImportProblem(name, reason, kind="broken_file", line=error.line))
            continue
        if file.has_images:
            file.read()
        elif asked_for:
            problems.add(ImportProblem(name, "it has no list of images, so it is not a COCO file", kind="broken_file"))
    reader.take_unlisted()
    return source


def is_head(head: bytes) -> bool:
    """Whether a JSON file that begins so is, or tries to be, a COCO file: by the keys of its object, not of others."""
    if head.lstrip()[:1] != b"{":
        return False
    keys = top_keys(head)
    images = keys.get("images")
    if images is None or not FIRST_IMAGE.match(images):
        return False
    named = any(b'"%b"' % key.encode() in head for key in NAMES)
    return not images[1:].lstrip().startswith(b"{") or named or not keys.keys().isdisjoint(PARTS[1:])


def has_boxes(tree: Tree, name: str) -> bool:
    """Whether the first annotations of a COCO file have boxes or outlines; captions and lists of images have none.

    A file with a list of annotations that is empty says that there is nothing on its images, if it names classes.
    """
    try:
        with tree.path(name).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[:2] in UTF_16 or 0 in data[:2]:
                return True  # not looked into
            start = first_annotations(data)
            if start[:1] == b"]":
                return data.find(b'"categories"') >= 0 and data.find(b'"name"') >= 0
            return any(key in start for key in BOXES) and b'"segments_info"' not in start
    except (OSError, ValueError):
        return False


def has_annotations(tree: Tree, name: str) -> bool:
    """Whether the beginning of a file has a list of annotations with something in it."""
    head = tree.head(name, 1 << 20)
    at = head.find(ANNOTATIONS)
    opening = OPENING.match(head, at + len(ANNOTATIONS)) if at >= 0 else None
    return opening is not None and head[opening.end() : opening.end() + 1] == b"{"


def first_annotations(data: mmap.mmap) -> bytes:
    """What the file's list of annotations begins with; nothing where it has none."""
    at = data.find(ANNOTATIONS)
    while at >= 0:
        if opening := OPENING.match(data, at + len(ANNOTATIONS)):
            return data[opening.end() : opening.end() + LOOKED_AT]
        at = data.find(ANNOTATIONS, at + 1)
    return b""


def files_with_boxes(tree: Tree, files: list[str], problems: Problems) -> list[str]:
    """The files to read. In COCO's own download captions, lists of images and stuff lie beside the boxes."""
    fit = [name for name in files if has_boxes(tree, name)]
    if not fit:
        for name in filter(partial(has_annotations, tree), files):
            problems.add(ImportProblem(name, "it has no boxes, so it labels no image", "kept", "other_file"))
        return files
    things = {name for name in fit if stem_of(name).startswith("instances_")}
    stuff = {name for name in fit if stem_of(name).startswith("stuff_") and things_beside(name) in things}
    for name in files:
        if name not in fit or name in stuff:
            what = "outlines of stuff" if name in stuff else "no boxes"
            reason = f"it has {what}; boxes were taken from {', '.join([one for one in fit if one not in stuff][:3])}"
            problems.add(ImportProblem(name, reason, kind="other_file"))
    return [name for name in fit if name not in stuff]


def stem_of(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def things_beside(name: str) -> str:
    """instances_val2017.json beside stuff_val2017.json."""
    return name.removesuffix(stem_of(name)) + stem_of(name).replace("stuff_", "instances_", 1)


class CocoReader(Gatherer):
    """The source that the annotation files are read into; they share classes, by name, and images, by key."""


class CocoFile:
    """One annotation file. Nothing of it reaches the source before all of it has been understood."""

    def __init__(self, name: str, reader: CocoReader) -> None:
        self.name = name
        self.reader = reader
        self.categories: list[Any] = []
        self.image_records: Spool[list[Any]] = Spool(len, RECORDS_IN_MEMORY)
        self.given: set[str] = set()
        self.not_lists: list[str] = []
        self.boxes = CocoBoxes()
        self.images: dict[Hashable, int] = {}  # places in the source, by id
        self.unusable: set[Hashable] = set()  # ids whose image could not be taken; already reported
        self.ambiguous: set[Hashable] = set()
        self.own: set[str] = set()  # keys of the images that this file has described
        self.later: list[tuple[int, Record]] = []  # image records whose file is not there by its whole name
        self.says = False  # whether an image without boxes has none, or is of no concern to the file

    def load(self) -> None:
        """Read the file's lists, boxes straight into columns. Raises BrokenJson."""
        for key, piece in pieces(self.reader.tree.path(self.name), {"annotations": plain_annotations}):
            if key not in PARTS:
                continue
            self.given.add(key)
            if isinstance(piece, PlainAnnotations):
                self.boxes.take_plain(piece)
            elif not isinstance(piece, list):
                self.not_lists.append(key)
            elif key == "annotations":
                self.boxes.take(piece)
            elif key == "images":
                for start in range(0, len(piece), RECORDS_TOGETHER):
                    self.image_records.append(piece[start : start + RECORDS_TOGETHER])
            else:
                self.categories.extend(piece)

    @property
    def has_images(self) -> bool:
        return "images" in self.given and "images" not in self.not_lists

    @property
    def is_of_predictions(self) -> bool:
        """Whether all boxes have scores, and not the 1 that some tools write beside labels."""
        return (
            0 < self.boxes.scored == self.boxes.found - len(self.boxes.unsound)
            and self.boxes.certain < self.boxes.scored
        )

    def problem(self, reason: str, kind: str, record: str | None = None, action: str = "skipped") -> None:
        self.reader.problem(reason, kind, action, record=record)

    def read(self) -> None:
        """Add the file's images and boxes to the source."""
        self.reader.start_file(self.name)
        for kind in self.not_lists:
            self.problem(f"{kind} is not a list", "broken_file")
        self.says = has_boxes(self.reader.tree, self.name) and not self.is_of_predictions
        categories = self.read_categories()
        self.find_ambiguous_ids()
        for place, record in self.records("images"):
            self.read_image(place, record)
        for place, record in self.later:
            self.read_image(place, record, by_any_ending=True)
        self.read_boxes(categories)

    def records(self, kind: str, *, report: bool = True) -> Iterator[tuple[int, Record]]:
        """The objects of a list of the file, with their places; anything else in it is reported."""
        found = self.categories if kind == "categories" else chain.from_iterable(self.image_records)
        for place, record in enumerate(found):
            if isinstance(record, dict):
                yield place, record
            elif report:
                self.problem("it is not an object", "broken_record", f"{kind}[{place}]")

    def read_categories(self) -> dict[Hashable, int]:
        """Category ids to places among the source's class names; files are joined by name."""
        places: dict[Hashable, int] = {}
        umbrella = self.umbrella()
        for place, record in sorted(self.records("categories"), key=lambda item: id_order(item[1].get("id"))):
            name, number = record.get("name"), as_id(record.get("id"))
            if umbrella is not None and number == umbrella:
                reason = f"{name} only names the group of the other classes and has no boxes, so it is no class"
                self.problem(reason, "group_of_classes", f"categories[{place}]")
                continue
            try:
                if not isinstance(number, int | str) or not isinstance(name, str | int):
                    raise ValueError("it has no name")
                places[number] = self.reader.class_of(str(name))
            except ValueError:
                self.problem("a category needs an id and a name", "broken_record", f"categories[{place}]")
        return places

    def umbrella(self) -> Any:
        """The id of the category that Roboflow puts before the others: their group, which no box is of; or None."""
        records = [record for record in self.categories if isinstance(record, dict)]
        groups = {record.get("supercategory") for record in records[1:]}
        first = records[0] if records else {}
        is_umbrella = len(groups) == 1 and first.get("supercategory") == "none" and groups == {first.get("name")}
        number = as_id(first.get("id"))
        return number if is_umbrella and not self.boxes.has_category(number) else None

    def find_ambiguous_ids(self) -> None:
        """Ids that stand for several files: boxes that name them cannot be told apart."""
        if self.each_id_once():
            return
        files: dict[Hashable, Counter[str]] = defaultdict(Counter)
        for _, record in self.records("images", report=False):
            number = as_id(record.get("id"))
            if isinstance(number, int | str):
                files[number][str(name_of(record))] += 1
        for number, names in files.items():
            if len(names) > 1:
                self.ambiguous.add(number)
                some = f"{len(names)} files ({', '.join(sorted(names)[:3])})"
            elif names.total() > 1 and isinstance(
                self.reader.naming.find_by_ending(next(iter(names)), self.name), MissingFile
            ):
                some = f"{names.total()} images, all called {next(iter(names))}"
            else:
                continue
            reason = f"the id stands for {some}; its boxes cannot be told apart"
            self.problem(reason, "colliding_ids", f"image id {number}")

    def each_id_once(self) -> bool:
        """Whether every record has an id of its own: the usual case, seen at once."""
        ids = [record.get("id") for _, record in self.records("images", report=False)]
        try:
            return len(set(ids)) == len(ids)
        except TypeError:  # lists and objects, which are no ids
            return False

    def read_image(self, place: int, record: Record, *, by_any_ending: bool = False) -> None:
        """Take one image record, or report why not. What no file is called as waits until the others are taken."""
        number, file_name = as_id(record.get("id")), name_of(record)
        source, where = self.reader.source, f"images[{place}] (id {number})"
        if not isinstance(number, int | str) or not isinstance(file_name, str) or not file_name:
            source.images_found += 1
            source.images_skipped += 1
            self.problem("an image needs an id and a file_name", "broken_record", where)
            self.cannot_use(number)
            return
        naming = self.reader.naming
        found = (naming.find if by_any_ending else naming.find_by_ending)(file_name, self.name)
        if isinstance(found, MissingFile) and not by_any_ending:
            self.later.append((place, record))
            return
        if by_any_ending and found in self.own:
            found = MissingFile(NO_FILE)
        known = len(source.images)
        image = self.reader.image(found, file_name, record=where)
        if isinstance(found, MissingFile):
            self.cannot_use(number)
            return
        if image == known:
            described_image(self.reader.of(image), record, self.name, source.problems)
        elif found in self.own:
            self.problem("two records name this image; their boxes were joined", "described_twice", where, "repaired")
        self.own.add(found)
        if number not in self.ambiguous and self.says:
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
        predicted = self.is_of_predictions
        outcome = self.boxes.give(usable, categories, lost_ids, source, self.reader.file, as_predictions=predicted)
        if predicted:
            source.boxes_skipped += self.boxes.found
            reason = "all its boxes have scores, so they are predictions; a prediction set can be made of them"
            self.reader.problem(reason, "predictions", count=self.boxes.scored)
            return
        self.tell_of_boxes_around()
        if any(kind == "unknown_image" for *_, kind in outcome.refused):
            self.doubt_negatives()
        for place, number, reason, kind in outcome.refused:
            source.boxes_skipped += 1
            self.problem(reason, kind, f"annotations[{place}] (id {number})")
        for place, count in outcome.refused_on.items():
            source.images[place].refused += count
        for number, boxes in outcome.lost.items():
            source.boxes_skipped += boxes
            record = f"image id {number}"
            self.reader.problem(f"{boxes} boxes of this image were left out", "lost_boxes", count=boxes, record=record)

    def doubt_negatives(self) -> None:
        """Annotations name other images than those listed. Where none names a listed one, ids are of two kinds: then
        nothing is known of any image of the file.
        """
        own = [self.reader.of(place) for place in self.images.values()]
        for image in () if any(image.boxes or image.refused for image in own) else own:
            image.boxes = None

    def tell_of_boxes_around(self) -> None:
        """Boxes that are not as they stand in the file, because there are none, or because they are turned."""
        for how, count in self.boxes.mended.items():
            self.reader.problem(
                f"attributes of {count} records were mended: {how}", "attributes", "repaired", count=count
            )
        if count := self.boxes.around["polygon"]:
            reason = f"{count} records have no bbox; the boxes around their polygons or masks were taken"
            self.reader.problem(reason, "polygon", "repaired", count=count)


def name_of(record: Record) -> Any:
    """What an image record calls its file."""
    return next((record[key] for key in (*NAMES, *OTHER_NAMES) if record.get(key)), None)


def id_order(number: Any) -> tuple[bool, Any]:
    """Sorts numbers as numbers, before everything else."""
    return (not isinstance(number, int), number if isinstance(number, int) else str(number))
