"""What the readers of formats hand over, and the report that comes of it."""

import zlib
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from accounts.values import mended_text
from dataset.importing.columns import BoxColumns

FORMATS = ["auto", "coco", "yolo", "voc", "bdd100k", "cvat", "labelme", "openimages"]
FORMATS += ["label_studio", "superb", "supervisely", "labelbox", "datumaro", "fiftyone", "createml", "crowdhuman"]
FORMATS += ["hugging_face", "via", "tf_csv", "retinanet", "tfrecord", "mot", "kitti", "visdrone", "dota"]
FORMATS += ["wider", "automl", "ultralytics", "ground_truth", "darwin", "vott", "makesense", "mmdetection", "nuimages"]
FORMATS += ["tt100k", "vertex", "azure_ml", "hasty", "scale", "dataloop", "kili", "encord", "cityscapes", "ua_detrac"]
FORMATS += ["keras_lines", "named_lines", "images"]
SHOWN_PROBLEMS = 1000
SHOWN_OF_KIND = 100  # of each kind in any case, so that a flood of one hides no other


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One thing that was wrong, where, and what was done about it.

    `kind` groups equal ones for counts and filters; `count` is how many boxes or images one entry speaks of.
    """

    file: str
    reason: str
    action: str = "skipped"  # or "repaired", or "kept": taken as it is, and worth knowing
    kind: str = "other"
    line: int | None = None
    record: str | None = None
    count: int = 1

    def as_json(self) -> dict[str, Any]:
        given = {key: value for key, value in asdict(self).items() if value is not None}
        return given if self.count != 1 else {key: value for key, value in given.items() if key != "count"}


def storable(problem: ImportProblem) -> ImportProblem:
    """The same without what a database cannot hold, which label files may have in any name."""
    file, reason, record = (mended_text(text or "") for text in (problem.file, problem.reason, problem.record))
    return replace(problem, file=file, reason=reason, record=record or None)


@dataclass(frozen=True, slots=True)
class ImportNote:
    """Something about the whole import that is no problem, and worth knowing."""

    kind: str
    count: int
    text: str
    values: dict[str, str] = field(default_factory=dict)  # that a page's own sentence needs besides the count


class Problems:
    """The problems found: all are counted and kept, but only the first thousand (and some of each kind) unpacked."""

    def __init__(self) -> None:
        self.shown: list[ImportProblem] = []
        self.notes: list[ImportNote] = []
        self.stretched: dict[str, tuple[float, float]] = {}  # the range of deep pictures, by kind of sample
        self.total = 0
        self.encodings: dict[str, list[str]] = {}  # files by the encoding that they were read in, UTF-8 left out
        self.kinds: Counter[tuple[str, str]] = Counter()  # entries by kind and action
        self.counts: Counter[tuple[str, str]] = Counter()  # what they speak of
        self._packer = zlib.compressobj(1)
        self._packed: list[bytes] = []

    def add(self, problem: ImportProblem) -> None:
        if not (problem.reason.isprintable() and problem.file.isprintable() and (problem.record or "").isprintable()):
            problem = storable(problem)
        self.total += 1
        key = (problem.kind, problem.action)
        self.kinds[key] += 1
        self.counts[key] += problem.count
        if len(self.shown) < SHOWN_PROBLEMS or self.kinds[key] <= SHOWN_OF_KIND:
            self.shown.append(problem)
        self._packed.append(self._packer.compress(orjson.dumps(problem.as_json()) + b"\n"))

    def read_as(self, file: str, encoding: str) -> None:
        """A file was read in that encoding; worth saying where it is not the usual one."""
        if encoding != "UTF-8" and file not in (known := self.encodings.setdefault(encoding, [])):
            known.append(file)

    def tell_encodings(self) -> None:
        """One note for all files that were not in UTF-8."""
        some = [f"{len(files)} in {name} ({files[0]})" for name, files in self.encodings.items()]
        if some:
            count = sum(map(len, self.encodings.values()))
            text = f"{count} files are not in UTF-8 and were read as they are: {', '.join(some)}"
            self.notes.append(ImportNote("encoding", count, text))
            self.encodings = {}

    def of(self, kind: str) -> int:
        """How many boxes or images the entries of a kind speak of."""
        return sum(count for (name, _), count in self.counts.items() if name == kind)

    def as_json(self) -> dict[str, Any]:
        kinds = [
            {"kind": kind, "action": action, "entries": entries, "count": self.counts[kind, action]}
            for (kind, action), entries in sorted(self.kinds.items(), key=lambda item: -item[1])
        ]
        return {
            "problems": [one.as_json() for one in self.shown],
            "problems_total": self.total,
            "kinds": kinds,
            "notes": [asdict(note) for note in self.notes],
            "stretched": {kind: list(span) for kind, span in self.stretched.items()},
        }

    def complete(self, report: dict[str, Any]) -> Iterator[bytes]:
        """The report as JSON with every problem, piece by piece."""
        head = {key: value for key, value in report.items() if key != "problems"} | {"problems": []}
        yield orjson.dumps(head)[:-2]
        unpacker, before, first = zlib.decompressobj(), b"", True
        for packed in [*self._packed, self._packer.copy().flush()]:
            *lines, before = (before + unpacker.decompress(packed)).split(b"\n")
            for line in lines:
                yield (b"\n" if first else b",\n") + line
                first = False
        yield b"\n]}\n"


@dataclass(slots=True)
class SourceImage:
    """An image file and what the format says about it.

    `within`: where its bytes begin in the file, and how many they are, if the file holds several pictures. `boxes`
    counts those that the format gives it; None where it says nothing of its boxes. `refused` counts labels that
    could not be read: with none left, nothing is known of the image. `root` None: the folder does not have the file,
    the dataset does.
    """

    key: str
    root: Path | None
    boxes: int | None = None
    refused: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    sequence: str = ""
    captured_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    size: tuple[int, int] | None = None  # width and height as the labels state them
    described_in: str = ""  # the label file
    inside: str = ""  # the label file that holds its picture
    lies_at: str = ""  # where it lies below the root, if it is called otherwise
    within: tuple[int, int] | None = None

    @property
    def path(self) -> Path | None:
        """The file to read. Made when asked for: of a million images, paths would take as much memory as all else."""
        return self.root / (self.inside or self.lies_at or self.key) if self.root else None


@dataclass
class StatedBy:
    """An attribute that a format states for a class, as CVAT's labels do: not a value, but what may be one."""

    class_name: str
    name: str
    kind: str  # of attribute_rules.KINDS
    values: list[Any] = field(default_factory=list)
    minimum: float | None = None
    maximum: float | None = None
    default: Any = None

    def means(self) -> tuple[Any, ...]:
        """The same of two that ask for the same."""
        return self.kind, orjson.dumps(self.values), self.minimum, self.maximum, orjson.dumps(self.default)


@dataclass
class Source:
    """What a reader found in a folder.

    `form`: how the boxes are given: xyxy or xywh pixels, or as fractions of the image xyxy ("fractions") or by
    centre and size ("centred"). `naming`: how a box's place is called in the report.
    """

    format: str
    class_names: list[str | None]  # None: a class that only its number is known of
    images: list[SourceImage]
    problems: Problems
    form: str = "xyxy"
    naming: str = "line"
    boxes: BoxColumns = field(default_factory=BoxColumns)
    files: list[str] = field(default_factory=list)
    lost: Counter[int] = field(default_factory=Counter)  # boxes without an image, by class
    corners: dict[int, list[float]] = field(default_factory=dict)  # of turned boxes: x1 y1 … y4, fractions, by box
    fraction_outlines: dict[int, list["array[float]"]] = field(default_factory=dict)  # parts, x1 y1 x2 y2 …, by box
    predictions: BoxColumns = field(default_factory=BoxColumns)  # boxes with a score, which are no labels
    scores: "array[float]" = field(default_factory=lambda: array("d"))  # theirs
    attributes: list[StatedBy] = field(default_factory=list)  # that the files state
    questions: list["Question"] = field(default_factory=list)  # that its reader has to ask
    shapes: dict[int, bytes] = field(default_factory=dict)  # packed (science.shapes.packed), by box: of few
    outlines: dict[tuple[int, int], tuple[float, ...]] = field(default_factory=dict)  # xywh, by file and place: of some
    boxes_found: int = 0
    boxes_skipped: int = 0
    images_found: int = 0
    images_skipped: int = 0

    def file(self, name: str) -> int:
        """The place of a new label file."""
        self.files.append(name)
        return len(self.files) - 1

    def where(self, box: int) -> dict[str, Any]:
        """Line or record of a box, as a problem names it."""
        place = int(self.boxes.view("place")[box])
        if self.naming == "line":
            return {"line": place}
        return {"record": self.naming.format(n=place, image=self.images[self.boxes.view("image")[box]].key)}


@dataclass
class ImageCounts:
    found: int = 0
    added: int = 0
    unchanged: int = 0
    skipped: int = 0


@dataclass
class BoxCounts:
    found: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    clipped: int = 0
    skipped: int = 0


@dataclass
class ClassCount:
    """Boxes of a class: named in the labels, and fit to be taken. `new`: the dataset does not have it yet."""

    name: str
    found: int = 0
    usable: int = 0
    new: bool = False


@dataclass
class LabelStateCounts:
    """Images taken by what is known of their labels."""

    labelled: int = 0
    negative: int = 0
    not_labelled: int = 0


@dataclass
class PredictionCounts:
    """Boxes with a score that stood among the labels, and the file of them that a prediction set can be made from."""

    files: int = 0
    boxes: int = 0
    location: str | None = None


@dataclass(frozen=True)
class Question:
    """What a file does not tell, and what it looks like; the import waits for an answer."""

    kind: str  # "box_form" or "class_numbers": the answer that it asks for
    file: str
    text: str
    choices: tuple[str, ...]
    likely: str


@dataclass(frozen=True)
class Answers:
    """What a person has said that files do not tell; None where nothing was said."""

    box_form: str | None = None  # one of box_forms.FORMS
    class_numbers: str | None = None  # one of CLASS_NUMBERS

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Answers":
        """Those among the parameters of an import."""
        return cls(given.get("box_form"), given.get("class_numbers"))

    def given(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


NO_ANSWERS = Answers()
CLASS_NUMBERS = ("from_0", "from_1")


@dataclass
class ImportReport:
    """What an import did, or would do; the job's result."""

    format: str
    dry_run: bool = False
    images: ImageCounts = field(default_factory=ImageCounts)
    boxes: BoxCounts = field(default_factory=BoxCounts)
    classes: list[ClassCount] = field(default_factory=list)
    label_states: LabelStateCounts | None = None
    predictions: PredictionCounts | None = None
    questions: list[Question] = field(default_factory=list)
    revision: int | None = None
    report: str | None = None  # where the complete report lies

    def as_json(self, problems: Problems) -> dict[str, Any]:
        return asdict(self) | problems.as_json()
