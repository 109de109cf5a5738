"""BDD100K, which is Scalabel's form: one JSON list of frames with attributes, and box2d in pixels.

Its corners name pixels inside the box: its width is x2 − x1 + 1. So the right and bottom edges are written less one,
and come back plus one. A box's `id` is its attribute `track` where the image belongs to a sequence, which is videoName.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import orjson

from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.coco import write_rows
from dataset.exporting.losses import count_context, count_objects, is_plain
from dataset.exporting.outlines import count_shapes
from dataset.exporting.types import Chunk, Content, ExportImage, Losses
from dataset.importing.columns import Ignore

LABELS = "labels.json"
CONFIG = "config.toml"
TRACK = "track"
OF_FRAME = ("timestamp", "frameIndex")  # metadata with a place of its own
LAST = 1.0  # pixels between the last pixel inside and the edge


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write the frames and, in the order of the class list, the categories as Scalabel's configuration has them."""
    with archive.stream(LABELS) as out:
        out.write(b"[")
        write_rows(out, frames(content, losses, report))
        out.write(b"]\n")
    categories = [f"[[categories]]\nname = {orjson.dumps(name).decode()}\n" for name in content.class_names]
    archive.put(CONFIG, "\n".join(categories).encode())
    if len(content.class_names) > 1:
        reason = "BDD100K names classes at their boxes only; here stands the list in its order, for Scalabel"
        losses.add(CONFIG, reason)


def frames(content: Content, losses: Losses, report: Callable[[int], None]) -> Iterator[list[dict[str, Any]]]:
    done = 0
    for chunk in content.chunks():
        count_objects(losses, "BDD100K", chunk, lost_of(chunk))
        chunk.count_unsaid(losses, "BDD100K")
        count_shapes(losses, "BDD100K", chunk)
        count_ignored(chunk, losses)
        for image in chunk.images:
            kept = {key: value for key, value in image.metadata.items() if is_plain(value)}
            count_context(losses, "BDD100K", image, kept=kept, fields=("captured_at", "latitude", "longitude"))
        yield frames_of(chunk, content)
        done += len(chunk.images)
        report(done)


def count_ignored(chunk: Chunk, losses: Losses) -> None:
    others = np.flatnonzero((chunk.ignore == Ignore.REGION) | (chunk.ignore == Ignore.ANYTHING))
    if len(others):
        kind = "BDD100K's ignored boxes come back as crowds of their class (boxes: {n})"
        losses.count(kind, chunk.name_of(int(others[0])), len(others))


def frames_of(chunk: Chunk, content: Content) -> list[dict[str, Any]]:
    """Of an image that is not labelled the labels are null, as Scalabel has it."""
    labels = labels_of(chunk, content.class_names)
    return [
        frame(image, None if image.id in content.unlabelled else labels[boxes.start : boxes.stop])
        for image, boxes in chunk.by_image()
    ]


def frame(image: ExportImage, labels: list[dict[str, Any]] | None) -> dict[str, Any]:
    """An image; what is not known is not mentioned."""
    found: dict[str, Any] = {"name": image.name}
    if image.sequence:
        found["videoName"] = image.sequence
    found |= {key: image.metadata[key] for key in OF_FRAME if key in image.metadata}
    found["attributes"] = {key: value for key, value in image.metadata.items() if key not in OF_FRAME}
    found["size"] = {"width": image.width, "height": image.height}
    return found | {"labels": labels}


def labels_of(chunk: Chunk, class_names: list[str]) -> list[dict[str, Any]]:
    """One label per box, in order."""
    in_video = [bool(image.sequence) for image in chunk.images]
    columns = (
        chunk.place.tolist(),
        chunk.object_id.tolist(),
        chunk.label.tolist(),
        digits.shortest_corners(chunk.boxes, last=LAST).tolist(),
    )
    return [
        {
            **identity(attributes_of(chunk, at), number, in_video[image]),
            "category": class_names[label],
            "manualShape": True,
            "manualAttributes": True,
            "box2d": {"x1": x1, "y1": y1, "x2": x2, "y2": y2},
        }
        for at, (image, number, label, (x1, y1, x2, y2)) in enumerate(zip(*columns, strict=True))
    ]


def attributes_of(chunk: Chunk, at: int) -> dict[str, Any]:
    """A box's attributes, with Scalabel's crowd and BDD100K's ignored."""
    ignore = chunk.ignore[at]
    flag = {} if ignore == Ignore.NO else {"crowd" if ignore == Ignore.CROWD else "ignored": True}
    return chunk.attributes.get(at, {}) | flag


def identity(attributes: dict[str, Any], number: int, in_video: bool) -> dict[str, Any]:
    """Id and attributes. Within a video the id is a track's, so there is none without a track."""
    if not in_video:
        return {"id": str(number), "attributes": attributes}
    others = {key: value for key, value in attributes.items() if key != TRACK}
    return ({"id": attributes[TRACK]} if TRACK in attributes else {}) | {"attributes": others}


def lost_of(chunk: Chunk) -> dict[int, list[str]]:
    """Attributes that are no plain values; an import leaves them out."""
    return {
        place: [key for key, value in given.items() if not is_plain(value)] for place, given in chunk.attributes.items()
    }
