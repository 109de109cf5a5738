"""COCO's image records: which file is meant, and what the record says of it."""

from __future__ import annotations

import math
import posixpath
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from dataset.importing.files import SPLITS, Tree, by_name, split_of
from dataset.importing.types import SourceImage

if TYPE_CHECKING:
    from dataset.importing.coco import CocoFile

CONTEXT = ("weather", "scene", "timeofday")
LONGEST_VALUE = 500
LONGEST_SEQUENCE = 200


@dataclass(frozen=True)
class NotFound:
    """Why no file could be found."""

    reason: str


class ImageFinder:
    """Finds the image file that a record means; only files of the tree can be found, whatever the record says."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.known = set(tree.images)
        self.by_file = by_name(tree.images, lambda path: path.name)

    def find(self, file_name: str, annotation_file: str) -> str | NotFound:
        """The path in the tree: from the annotation file's folder, from the root, else the only file of that name."""
        given = file_name.replace("\\", "/").removeprefix("./")
        for folder in (posixpath.dirname(annotation_file), "", "images"):
            if (path := posixpath.join(folder, given)) in self.known:
                return path
        namesakes = self.by_file.get(posixpath.basename(given), [])
        alike = [name for name in namesakes if name.endswith(f"/{given}")] or namesakes
        if len(alike) > 1:
            alike = [name for name in alike if split_of(name) == split_of_stem(annotation_file)] or alike
        if not alike:
            return NotFound("there is no such image file")
        return alike[0] if len(alike) == 1 else NotFound(f"{len(alike)} image files have this name")


@lru_cache
def split_of_stem(annotation_file: str) -> str | None:
    """train of instances_train2017.json."""
    stem = PurePosixPath(annotation_file).stem.lower()
    words = stem.replace("-", "_").split("_")
    named = [SPLITS[word.rstrip("0123456789")] for word in words if word.rstrip("0123456789") in SPLITS]
    return named[0] if named else split_of(annotation_file)


def described(image: SourceImage, record: dict[str, Any], file: CocoFile) -> SourceImage:
    """Put what the record says of the image onto it."""
    image.metadata = metadata_of(image, record, file)
    image.sequence = text(record.get("sequence", record.get("video", record.get("video_id"))))[:LONGEST_SEQUENCE]
    image.captured_at = moment(record.get("captured_at", record.get("date_captured")))
    image.latitude = degrees(record.get("latitude", record.get("lat")), 90)
    image.longitude = degrees(record.get("longitude", record.get("lon")), 180)
    return image


def metadata_of(image: SourceImage, record: dict[str, Any], file: CocoFile) -> dict[str, Any]:
    """Split, `attributes`, `metadata` and the three context words; values that are no plain values are left out."""
    given: dict[str, Any] = {"split": split_of(image.key) or split_of_stem(file.name)}
    for more in (record.get("attributes"), record.get("metadata")):
        given |= more if isinstance(more, dict) else {}
    given |= {key: record[key] for key in CONTEXT if key in record}
    plain = {str(key): value for key, value in given.items() if is_plain(value)}
    if left_out := sorted({str(key) for key, value in given.items() if value is not None} - set(plain)):
        file.problem(f"metadata {', '.join(left_out)} of {image.key} is not a plain value", action="repaired")
    return plain


def is_plain(value: object) -> bool:
    """A short text, a finite number, or true or false."""
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE and "\0" not in value
    return isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))


def text(value: object) -> str:
    return str(value).replace("\0", "") if isinstance(value, str | int) else ""


def degrees(value: object, limit: float) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= limit
    return float(value) if number else None  # type: ignore[arg-type]


def moment(value: object) -> datetime | None:
    """ISO 8601, COCO's "2013-11-14 17:02:52", or seconds since 1970; without a zone it is UTC."""
    try:
        if isinstance(value, str):
            when = datetime.fromisoformat(value.strip())
            return when if when.tzinfo else when.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None
