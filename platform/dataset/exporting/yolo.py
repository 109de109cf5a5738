"""YOLO: data.yaml, and a text file per image with a line per box: class index, centre x, centre y, width, height.
Of segments a line is the points of an outline behind the class, of turned boxes (OBB) four corners.

Images lie in images/train and its likes, labels in labels/train; train.txt lists the images of a split. An image on
which there is nothing has an empty file. One that is not labelled has none, and is in no list.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import yaml

from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.losses import count_context, count_objects, kept_split
from dataset.exporting.types import Chunk, Content, ExportImage, Losses
from dataset.exporting.yolo_shapes import TASKS, rows_of
from dataset.importing.columns import Ignore

DATA = "data.yaml"
UNSPLIT = "train"
SPLITS = ("train", "val", "test")  # as ultralytics calls them

Lists = dict[str, list[str]]  # the images of each split, by their paths


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write data.yaml, the lists of its splits, and a label file per labelled image, also where there is no box."""
    lists: Lists = {}
    done = 0
    for chunk in content.chunks():
        write_chunk(archive, chunk, lists, losses, content)
        done += len(chunk.images)
        report(done)
    lists = lists or {UNSPLIT: []}
    for split, paths in lists.items():
        archive.put(f"{split}.txt", "".join(f"./{path}\n" for path in paths).encode())
    if "val" not in lists:
        losses.add(DATA, "no image is in val, which ultralytics asks for; choose a slice for it")
    archive.put(DATA, data_yaml(content, list(lists)))


def write_chunk(archive: Archive, chunk: Chunk, lists: Lists, losses: Losses, content: Content) -> None:
    row = rows_of(chunk, losses, content.lines)
    count_objects(losses, "YOLO", chunk, chunk.attributes)
    chunk.count_unsaid(losses, "YOLO")
    labels, counted = chunk.label.tolist(), chunk.ignore == Ignore.NO
    for image, of_image in chunk.by_image():
        if image.id in content.unlabelled:
            kind = "images that are not labelled have no label file and are in no list (images: {n})"
            losses.count(kind, image.key)
            continue
        boxes = [place for place in of_image if counted[place]]
        leave_out_ignored(len(of_image) - len(boxes), image, losses)
        list_image(image, lists, losses)
        texts = [row(place) for place in boxes] if row else box_rows(chunk, boxes, image, losses)
        lines = [f"{labels[place]} {text}\n" for place, text in zip(boxes, texts, strict=True)]
        archive.put(f"labels/{image.split or UNSPLIT}/{image.stem}.txt", "".join(lines).encode())


def box_rows(chunk: Chunk, boxes: list[int], image: ExportImage, losses: Losses) -> list[str]:
    texts, off = digits.shortest_fractions(chunk.boxes[np.array(boxes, np.intp)], image.width, image.height)
    losses.count("boxes come back less than a thousandth of a pixel off (boxes: {n})", image.key, off)
    return texts


def list_image(image: ExportImage, lists: Lists, losses: Losses) -> None:
    lists.setdefault(image.split or UNSPLIT, []).append(image.path)
    count_context(losses, "YOLO", image, kept=kept_split(image))
    if not image.split:
        losses.count("images that are in no split are listed for training (images: {n})", image.key)


def leave_out_ignored(boxes: int, image: ExportImage, losses: Losses) -> None:
    kind = "YOLO has no place for what is ignored: it was left out, and is background to a reader (boxes: {n})"
    losses.count(kind, image.key, boxes)
    losses.boxes_skipped += boxes


def data_yaml(content: Content, lists: list[str]) -> bytes:
    """Paths are relative to the file itself: with a `path` they would be so to wherever a tool is started."""
    head = f"# {content.title}, revision {content.revision}\n".encode()
    body: dict[str, Any] = {
        **{split: f"{split}.txt" for split in SPLITS if split in lists},
        "nc": len(content.class_names),
        "names": dict(enumerate(content.class_names)),
    } | ({"task": TASKS[content.lines]} if content.lines in TASKS else {})
    return head + yaml.safe_dump(body, allow_unicode=True, sort_keys=False).encode()
