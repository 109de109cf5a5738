"""BDD100K, which is Scalabel's form: one JSON file of frames with attributes, and box2d in pixels.

Scalabel's corners are pixels inside the box: its width is x2 − x1 + 1. So the right and bottom edges are written less
one, and come back plus one.
"""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.coco import write_rows
from dataset.exporting.losses import count_context, is_plain
from dataset.exporting.types import Chunk, Content, ExportImage, Losses

LABELS = "labels.json"
LAST = 1.0  # pixels between the last pixel inside and the edge


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write frames and, in the order of the class list, the categories."""
    with archive.stream(LABELS) as out:
        config = {"categories": [{"name": name} for name in content.class_names]}
        out.write(b'{"config":' + orjson.dumps(config) + b',\n"frames":[')
        write_rows(out, frames(content, losses, report))
        out.write(b"]}\n")


def frames(content: Content, losses: Losses, report: Callable[[int], None]) -> Iterator[list[dict[str, Any]]]:
    done = 0
    for chunk in content.chunks():
        for image in chunk.images:
            kept = {key: value for key, value in image.metadata.items() if is_plain(value)}
            count_context(losses, "BDD100K", image, kept=kept, fields=("captured_at", "latitude", "longitude"))
        yield frames_of(chunk, content.class_names)
        done += len(chunk.images)
        report(done)


def frames_of(chunk: Chunk, class_names: list[str]) -> list[dict[str, Any]]:
    labels = labels_of(chunk, class_names)
    return [frame(image, labels[boxes.start : boxes.stop]) for image, boxes in chunk.by_image()]


def frame(image: ExportImage, labels: list[dict[str, Any]]) -> dict[str, Any]:
    """An image; what is not known is not mentioned."""
    found: dict[str, Any] = {
        "name": image.key,
        "size": {"width": image.width, "height": image.height},
        "attributes": image.metadata,
    }
    if image.sequence:
        found["videoName"] = image.sequence
    return found | {"labels": labels}


def labels_of(chunk: Chunk, class_names: list[str]) -> list[dict[str, Any]]:
    """One label per box, in order."""
    columns = (
        chunk.object_id.tolist(),
        chunk.label.tolist(),
        digits.corners(chunk.boxes, last=LAST).tolist(),
    )
    return [
        {
            "id": str(number),
            "category": class_names[label],
            "attributes": chunk.attributes.get(place, {}),
            "manualShape": True,
            "manualAttributes": True,
            "box2d": {"x1": x1, "y1": y1, "x2": x2, "y2": y2},
        }
        for place, (number, label, (x1, y1, x2, y2)) in enumerate(zip(*columns, strict=True))
    ]
