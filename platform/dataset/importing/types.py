"""What the readers of formats hand over, and the report that comes of it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

FORMATS = ["auto", "yolo", "coco", "images"]
SHOWN_PROBLEMS = 1000


@dataclass(frozen=True)
class ImportProblem:
    """One thing that was wrong, where, and what was done about it."""

    file: str
    reason: str
    action: str = "skipped"  # or "repaired"
    line: int | None = None
    record: str | None = None


@dataclass
class SourceBoxes:
    """The boxes that a format gives for one image, in the format's own unit until the image's size is known."""

    classes: list[int] = field(default_factory=list)  # (N,) places in Source.class_names
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)  # fractional: centre, size; else xywh
    places: list[int] = field(default_factory=list)  # (N,) line numbers, or places among the annotation records
    attributes: dict[int, dict[str, Any]] = field(default_factory=dict)  # by place in these lists
    file: str = ""  # where they were read, for the report
    fractional: bool = False

    def add(self, label: int, box: tuple[float, float, float, float], place: int) -> None:
        self.classes.append(label)
        self.boxes.append(box)
        self.places.append(place)


@dataclass
class SourceImage:
    """An image file and what the format says about it. Without `labels` it says nothing about its boxes."""

    key: str
    path: Path
    labels: SourceBoxes | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    sequence: str = ""
    captured_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass
class Problems:
    """The problems found: all are counted, the first thousand kept."""

    shown: list[ImportProblem] = field(default_factory=list)
    total: int = 0

    def add(self, problem: ImportProblem) -> None:
        self.total += 1
        if len(self.shown) < SHOWN_PROBLEMS:
            self.shown.append(problem)

    def as_json(self) -> dict[str, Any]:
        shown = [{key: value for key, value in asdict(one).items() if value is not None} for one in self.shown]
        return {"problems": shown, "problems_total": self.total}


@dataclass
class Source:
    """What a reader found in a folder."""

    format: str
    class_names: list[str | None]  # None: a class that only its number is known of
    images: list[SourceImage]
    problems: Problems
    boxes_found: int = 0
    boxes_skipped: int = 0
    images_found: int = 0
    images_skipped: int = 0


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
class ImportReport:
    """What an import did; the job's result."""

    format: str
    images: ImageCounts = field(default_factory=ImageCounts)
    boxes: BoxCounts = field(default_factory=BoxCounts)
    revision: int | None = None

    def as_json(self, problems: Problems) -> dict[str, Any]:
        return asdict(self) | problems.as_json()
