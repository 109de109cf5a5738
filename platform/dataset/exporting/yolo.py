"""YOLO: data.yaml, and a text file per image with a line per box: class index, centre x, centre y, width, height.

An image on which there is nothing has an empty file. One that is not labelled has none, and is in no list.
"""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import yaml

from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.losses import count_context, count_objects
from dataset.exporting.types import Chunk, Content, ExportImage, Losses
from dataset.importing.columns import Ignore
from dataset.importing.files import split_of
from dataset.importing.yolo_lists import LISTS

DATA = "data.yaml"
LIST_OF = {"train": "train", "valid": "val", "test": "test"}  # what ultralytics calls the splits


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write data.yaml, the lists of its splits, and a label file per labelled image, also where there is no box."""
    names = YoloFileNames()
    done = 0
    for chunk in content.chunks():
        write_chunk(archive, chunk, names, losses, content.unlabelled)
        done += len(chunk.images)
        report(done)
    lists = names.lists or {"train": []}
    for split, keys in lists.items():
        archive.put(f"{split}.list", "".join(f"./{key}\n" for key in keys).encode())
    archive.put(DATA, data_yaml(content, list(lists)))


class YoloFileNames:
    """Which label files are taken, and which images are in which split."""

    def __init__(self) -> None:
        self.taken: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}

    def list_image(self, image: ExportImage) -> None:
        split = LIST_OF.get(str(image.metadata.get("split")), "train")
        self.lists.setdefault(split, []).append(image.key)

    def label_file(self, image: ExportImage) -> str | None:
        """The image's label file; None where another image has taken it, or a class list would be called so."""
        name = label_file(image.key)
        if self.taken.setdefault(name, image.key) != image.key or PurePosixPath(name).name.lower() in LISTS:
            return None
        return name


def label_file(key: str) -> str:
    """labels/ instead of the last images/ on the way, else beside the image, as readers look for it."""
    path = PurePosixPath(key)
    parts = list(path.parts)
    if "images" in parts[:-1]:
        parts[len(parts) - 2 - parts[-2::-1].index("images")] = "labels"
    return PurePosixPath(*parts).with_suffix(".txt").as_posix()


def write_chunk(
    archive: Archive, chunk: Chunk, names: YoloFileNames, losses: Losses, unlabelled: frozenset[int]
) -> None:
    count_objects(losses, "YOLO", chunk, chunk.attributes)
    chunk.count_unsaid(losses, "YOLO")
    labels, counted = chunk.label.tolist(), chunk.ignore == Ignore.NO
    for image, of_image in chunk.by_image():
        if image.id in unlabelled:
            kind = "images that are not labelled have no label file and are in no list (images: {n})"
            losses.count(kind, image.key)
            continue
        boxes = [place for place in of_image if counted[place]]
        leave_out_ignored(len(of_image) - len(boxes), image, losses)
        names.list_image(image)
        split = split_of(image.key)
        count_context(losses, "YOLO", image, kept={"split": split} if split else {})
        name = names.label_file(image)
        if name is None:
            taken = names.taken[label_file(image.key)]
            reason = f"its label file would be that of {taken}; its {len(boxes)} boxes were left out"
            losses.add(image.key, reason if taken != image.key else "its label file would be read as a class list")
            losses.boxes_skipped += len(boxes)
            continue
        texts, off = digits.shortest_fractions(chunk.boxes[np.array(boxes, np.intp)], image.width, image.height)
        losses.count("boxes come back less than a thousandth of a pixel off (boxes: {n})", image.key, off)
        lines = [f"{labels[place]} {text}\n" for place, text in zip(boxes, texts, strict=True)]
        archive.put(name, "".join(lines).encode())


def leave_out_ignored(boxes: int, image: ExportImage, losses: Losses) -> None:
    kind = "YOLO has no place for what is ignored: it was left out, and is background to a reader (boxes: {n})"
    losses.count(kind, image.key, boxes)
    losses.boxes_skipped += boxes


def data_yaml(content: Content, lists: list[str]) -> bytes:
    """Paths are relative to the file itself: with a `path` they would be so to wherever a tool is started."""
    head = f"# {content.title}, revision {content.revision}\n".encode()
    body: dict[str, Any] = {
        **{split: f"{split}.list" for split in ("train", "val", "test") if split in lists},
        "nc": len(content.class_names),
        "names": dict(enumerate(content.class_names)),
    }
    return head + yaml.safe_dump(body, allow_unicode=True, sort_keys=False).encode()
