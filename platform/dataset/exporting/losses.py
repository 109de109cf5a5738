"""What most formats have no place for, counted so that the report can say it."""

from collections import Counter
from typing import Any

from dataset.exporting.types import Chunk, ExportImage, Losses


def count_objects(losses: Losses, format_name: str, chunk: Chunk, *, kept: frozenset[str] | None) -> None:
    """Attributes of boxes that the format has no place for: all but those in `kept`; None keeps all."""
    if kept is None:
        return
    lost = Counter(name for given in chunk.attributes.values() for name in given if name not in kept)
    if not lost:
        return
    places = {name: place for place, given in reversed(chunk.attributes.items()) for name in given}
    for name, times in lost.items():
        example = chunk.images[int(chunk.place[places[name]])].key
        losses.count(
            f"{format_name} has no place for the attribute {escaped(name)}, which {{n}} boxes have", example, times
        )


def count_context(
    losses: Losses,
    format_name: str,
    image: ExportImage,
    *,
    kept: dict[str, Any],
    fields: tuple[str, ...] = ("sequence", "captured_at", "latitude", "longitude"),
) -> None:
    """What is known of an image and has no place in the format; `kept` is metadata that comes back all the same."""
    for name in fields:
        if getattr(image, name) not in ("", None):
            losses.count(f"{format_name} has no place for {name}, which is known of {{n}} images", image.key)
    for key, value in image.metadata.items():
        if key not in kept or kept[key] != value:
            losses.count(f"{format_name} has no place for metadata {escaped(key)}, which {{n}} images have", image.key)
    for key in kept.keys() - image.metadata.keys():
        losses.count(f"metadata {escaped(key)} would be read from the folders' names for {{n}} images", image.key)


def escaped(name: str) -> str:
    """A name inside a sentence that is formatted once more."""
    return name.replace("{", "{{").replace("}", "}}")
