"""What most formats have no place for, counted so that the report can say it."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from dataset.exporting.types import Chunk, ExportImage, Losses

LONGEST_VALUE = 500  # characters of a text
NO_PLACE = "has no place for"
CHANGED = "does not bring back as it was:"


def count_objects(
    losses: Losses, format_name: str, chunk: Chunk, lost: Mapping[int, Iterable[str]], *, what: str = NO_PLACE
) -> None:
    """Attributes of boxes that the format loses: their names by the box's place in the chunk."""
    times = Counter(name for names in lost.values() for name in names)
    first = {name: place for place, names in reversed(list(lost.items())) for name in names}
    for name, number in times.items():
        kind = f"{format_name} {what} the attribute {escaped(name)} (boxes: {{n}})"
        losses.count(kind, chunk.name_of(first[name]), number)


def count_context(
    losses: Losses,
    format_name: str,
    image: ExportImage,
    *,
    kept: dict[str, Any],
    fields: tuple[str, ...] = ("sequence", "captured_at", "latitude", "longitude"),
    what: str = NO_PLACE,
) -> None:
    """What is known of an image and has no place in the format; `kept` is metadata that comes back all the same."""
    for name in fields:
        if getattr(image, name) not in ("", None):
            losses.count(f"{format_name} {NO_PLACE} {name} (images: {{n}})", image.key)
    for key, value in image.metadata.items():
        if key not in kept or kept[key] != value:
            losses.count(f"{format_name} {what} metadata {escaped(key)} (images: {{n}})", image.key)


def kept_split(image: ExportImage) -> dict[str, Any]:
    """The metadata that a format keeps by where it puts an image."""
    return {"split": image.metadata["split"]} if image.split else {}


def escaped(name: str) -> str:
    """A name inside a sentence that is formatted once more."""
    return name.replace("{", "{{").replace("}", "}}")


def is_plain(value: object) -> bool:
    """What an import takes as metadata: a short text, a finite number, or true or false."""
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE
    return isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))
