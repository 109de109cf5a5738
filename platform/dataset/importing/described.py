"""What a record says of its image: metadata, sequence, time and place; checked, since it may say anything."""

from __future__ import annotations

import math
import sys
from datetime import UTC, datetime
from typing import Any

from accounts.values import NOT_KEPT, is_kept_moment
from dataset.importing.files import SPLITS, split_of
from dataset.importing.finding import split_of_stem
from dataset.importing.names import clean
from dataset.importing.types import ImportProblem, Problems, SourceImage

CONTEXT = ("weather", "scene", "timeofday")
PLACE_AND_TIME = frozenset(
    ("sequence", "video", "video_id", "captured_at", "date_captured", "latitude", "lat", "longitude", "lon")
)
LONGEST_VALUE, LONGEST_KEY = 500, 200
LONGEST_SEQUENCE = 200


def described_image(image: SourceImage, record: dict[str, Any], file: str, problems: Problems) -> SourceImage:
    """Put what a COCO image record says onto the image: split, `attributes`, `metadata` and the three context words."""
    image.size = size(record.get("width"), record.get("height"))
    given: dict[str, Any] = {}
    for more in (record.get("attributes"), record.get("metadata")):
        given |= more if isinstance(more, dict) else {}
    given |= {key: record[key] for key in CONTEXT if key in record}
    if split := SPLITS.get(str(record.get("split", "")).lower()):
        given["split"] = split
    add_metadata(image, given, file, problems)
    if record.keys().isdisjoint(PLACE_AND_TIME):
        return image
    given_sequence = record.get("sequence", record.get("video", record.get("video_id")))
    image.sequence = sys.intern(text(given_sequence)[:LONGEST_SEQUENCE])
    image.captured_at = moment_of(record, image, file, problems)
    image.latitude = degrees(record.get("latitude", record.get("lat")), 90)
    image.longitude = degrees(record.get("longitude", record.get("lon")), 180)
    return image


def add_metadata(image: SourceImage, given: dict[str, Any], file: str, problems: Problems) -> None:
    """Every plain value; others are reported. The split is the record's, or else what the file's name tells."""
    split = None if "split" in given else split_of(image.key) or split_of_stem(file)
    if not given:
        image.metadata = {"split": split} if split else {}
        return
    named = {clean(str(key))[:LONGEST_KEY]: value for key, value in given.items()}
    plain = {key: kept_once(value) for key, value in named.items() if key and is_plain(value)}
    if left_out := sorted({key for key, value in named.items() if value is not None} - set(plain)):
        reason = f"metadata {', '.join(left_out)} of {image.key} is not a plain value"
        problems.add(ImportProblem(file, reason, "repaired", "metadata"))
    image.metadata = ({"split": split} if split else {}) | plain


def kept_once(value: Any) -> Any:
    """The same; a text that many images have is one text in memory."""
    return sys.intern(value) if type(value) is str else value


def is_plain(value: object) -> bool:
    """A short text, a finite number, or true or false."""
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE and not NOT_KEPT.search(value)
    return (
        isinstance(value, bool)
        or (isinstance(value, int) and abs(value) < 2**63)
        or (isinstance(value, float) and math.isfinite(value))
    )


def moment_of(record: dict[str, Any], image: SourceImage, file: str, problems: Problems) -> datetime | None:
    """When the record says that the image was taken; reported where that is no time."""
    given = record.get("captured_at", record.get("date_captured"))
    found = moment(given)
    if found is None and given not in (None, "", 0):
        reason = f"captured_at of {image.key} is no time that can be read: {str(given)[:60]!r}; it was left out"
        problems.add(ImportProblem(file, reason, "repaired", "metadata"))
    return found


def text(value: object) -> str:
    return NOT_KEPT.sub("", str(value)) if isinstance(value, str | int) else ""


def size(width: object, height: object) -> tuple[int, int] | None:
    """Width and height, where both are counts of pixels."""
    if type(width) is int and type(height) is int and 0 < width < 1_000_000 and 0 < height < 1_000_000:
        return width, height
    return None


def degrees(value: object, limit: float) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= limit
    return float(value) if number else None  # type: ignore[arg-type]


def in_reach(when: datetime) -> datetime | None:
    return when if is_kept_moment(when) else None


def moment(value: object) -> datetime | None:
    """ISO 8601, COCO's "2013-11-14 17:02:52", or seconds since 1970; without a zone it is UTC."""
    if value in (None, "", 0):  # CVAT writes 0 where it knows nothing
        return None
    try:
        if isinstance(value, str):
            when = datetime.fromisoformat(value.strip())
            return in_reach(when if when.tzinfo else when.replace(tzinfo=UTC))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return in_reach(datetime.fromtimestamp(value, UTC))
    except (ValueError, OverflowError, OSError):
        pass
    return None
