"""COCO: annotations/instances_train.json and its likes, a JSON file for each split, beside images/train.

bbox is left, top, width, height in pixels; category ids are class indices plus one. Images of no split are in
`default`.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import orjson

from dataset.exporting import digits
from dataset.exporting.archive import Archive, Sink
from dataset.exporting.coco_shapes import ImageSizes, shape_fields
from dataset.exporting.losses import escaped, is_plain
from dataset.exporting.types import Chunk, Content, ExportImage, Losses
from dataset.importing.columns import Ignore
from dataset.importing.turning import DIGITS

UNSPLIT = "default"  # as CVAT and datumaro call it


def labels_file(split: str) -> str:
    return f"annotations/instances_{split or UNSPLIT}.json"


def predictions_file(split: str) -> str:
    return f"predictions_{split or UNSPLIT}.json"


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write the labels, and the predictions where there are any. `report(images)` is called as it goes."""
    count_unlabelled(content, losses)
    done = 0
    for split, part in content.parts:
        write_labels(archive, labels_file(split), part, losses, partial(further, report, done))
        done += part.image_count
        if part.predictions:
            with archive.stream(predictions_file(split)) as out:
                out.write(b"[")
                write_rows(out, results(part))
                out.write(b"]\n")


def further(report: Callable[[int], None], before: int, images: int) -> None:
    """Report images of a part as images of the whole."""
    report(before + images)


def write_labels(archive: Archive, name: str, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write one file of a split."""
    with archive.stream(name) as out:
        out.write(b'{"info":' + orjson.dumps(info(content)))
        out.write(b',\n"categories":' + orjson.dumps(categories(content)))
        out.write(b',\n"images":[')
        sizes = ImageSizes()
        write_rows(out, (images_of(some, losses, sizes) for some in content.images()))
        out.write(b'],\n"annotations":[')
        write_rows(out, annotations(content, losses, report, sizes))
        out.write(b"]}\n")


def count_unlabelled(content: Content, losses: Losses) -> None:
    """An image without annotations is a negative to whoever reads COCO: those that are not labelled are not listed."""
    if content.left_out:
        losses.count(
            "images that are not labelled are not listed, as COCO would call them negatives (images: {n})",
            "annotations",
            content.left_out,
        )
    elif content.unlabelled:
        losses.count(
            "images that are not labelled are listed: a reader takes them for negatives (images: {n})",
            "annotations",
            len(content.unlabelled),
        )


def write_rows(out: Sink, parts: Iterator[list[dict[str, Any]]]) -> None:
    """The rows of every part, separated by commas; the surrounding brackets are the caller's."""
    first = True
    for rows in parts:
        if rows:
            out.write((b"\n" if first else b",\n") + orjson.dumps(rows)[1:-1])
            first = False


def info(content: Content) -> dict[str, Any]:
    return {"description": content.title, "version": f"revision {content.revision}"}


def categories(content: Content) -> list[dict[str, Any]]:
    return [{"id": index + 1, "name": name} for index, name in enumerate(content.class_names)]


def images_of(images: list[ExportImage], losses: Losses, sizes: ImageSizes) -> list[dict[str, Any]]:
    sizes.add(images)
    for image in images:
        for key in [key for key, value in image.metadata.items() if not is_plain(value)]:
            losses.count(
                f"metadata {escaped(key)} is no plain value: it is written, an import leaves it out (images: {{n}})",
                image.key,
            )
    return [image_record(image) for image in images]


def image_record(image: ExportImage) -> dict[str, Any]:
    """Everything that is known of an image; what is not known is not mentioned."""
    record: dict[str, Any] = {
        "id": image.id, "file_name": image.name, "width": image.width, "height": image.height
    }  # fmt: skip
    known = {
        "key": image.key if image.key != image.name else "",
        "sequence": image.sequence,
        "captured_at": image.captured_at and image.captured_at.isoformat(),
        "metadata": image.metadata,
    }
    record |= {name: value for name, value in known.items() if value}
    if image.latitude is not None:
        record["latitude"] = image.latitude
    if image.longitude is not None:
        record["longitude"] = image.longitude
    return record


def annotations(
    content: Content, losses: Losses, report: Callable[[int], None], sizes: ImageSizes
) -> Iterator[list[dict[str, Any]]]:
    done = 0
    for chunk in content.labels():
        count_ignored(chunk, losses)
        yield annotations_of(chunk, sizes)
        done += len(chunk.image_ids)
        report(done)


def count_ignored(chunk: Chunk, losses: Losses) -> None:
    anything = np.flatnonzero(chunk.ignore == Ignore.ANYTHING)
    if len(anything):
        kind = "COCO's crowds are of one class: what is ignored for every class is ignored for its own (boxes: {n})"
        losses.count(kind, chunk.name_of(int(anything[0])), len(anything))


def annotations_of(chunk: Chunk, sizes: ImageSizes) -> list[dict[str, Any]]:
    """`id` is the object's: the same object has it in every export, whatever the revision."""
    xywh = digits.shortest_sizes(chunk.boxes)
    before, turned = chunk.before_turns()
    for place, (x1, y1, x2, y2) in before.items():
        xywh[place] = x1, y1, round(x2 - x1, DIGITS), round(y2 - y1, DIGITS)
    columns = (
        chunk.object_id.tolist(),
        chunk.image_ids[chunk.place].tolist(),
        (chunk.label + 1).tolist(),
        xywh.tolist(),
        np.where(chunk.area > 0, digits.shortest_numbers(chunk.area), (xywh[:, 2] * xywh[:, 3]).round(2)).tolist(),
        (chunk.ignore != Ignore.NO).astype(int).tolist(),
    )
    records: list[dict[str, Any]] = [
        {"id": number, "image_id": image, "category_id": category, "bbox": bbox, "area": area, "iscrowd": crowd}
        for number, image, category, bbox, area, crowd in zip(*columns, strict=True)
    ]
    for place, packed in chunk.shapes.items():
        record = records[place]
        size = sizes.of(record["image_id"])
        record |= shape_fields(packed, chunk.boxes[place], size, float(chunk.area[place]))
    for place, attributes in (chunk.attributes | turned).items():
        if attributes:
            records[place]["attributes"] = attributes
    for place in np.flatnonzero((chunk.ignore == Ignore.REGION) | (chunk.ignore == Ignore.ANYTHING)).tolist():
        word = Ignore(chunk.ignore[place]).name.lower()  # iscrowd makes others leave it out; this brings it back here
        records[place]["attributes"] = records[place].get("attributes", {}) | {"ignore": word}
    return records


def results(content: Content) -> Iterator[list[dict[str, Any]]]:
    """Predictions as COCO results, with the ids of the annotation file beside."""
    for some in content.predictions() if content.predictions else ():
        columns = (
            some.image_id.tolist(),
            (some.label + 1).tolist(),
            digits.shortest_sizes(some.boxes).tolist(),
            digits.shortest_numbers(some.scores).tolist(),
        )
        yield [
            {"image_id": image, "category_id": category, "bbox": bbox, "score": score}
            for image, category, bbox, score in zip(*columns, strict=True)
        ]
