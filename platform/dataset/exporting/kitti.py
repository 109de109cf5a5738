"""KITTI, 2D objects: training/image_2 and training/label_2, a line per box, edges in pixels from 0.

Images of a split lie in train, val or test instead of training. A line has the class, truncated, occluded, alpha, the
box, and three times nothing for what is known of 3D only. What is ignored is a DontCare: of no class.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

import orjson

from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.losses import CHANGED, NO_PLACE, count_context, count_objects, kept_split
from dataset.exporting.outlines import count_shapes
from dataset.exporting.types import Chunk, Content, Losses
from dataset.exporting.voc import number
from dataset.importing.columns import Ignore

UNSPLIT = "training"
CLASSES = (
    "dataset_meta.json"  # the class list as datumaro wants it: else it numbers them anew in each folder, and stops
)
DONT_CARE = "DontCare"
TRUNCATED, OCCLUDED = "truncated", "occluded"
UNKNOWN = "-1"
NO_3D = "-1 -1 -1 -1000 -1000 -1000 -10"  # height, width, length, place, turn, as KITTI has it at DontCare


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write a file per labelled image, also where there is no box."""
    names = list(line_names(content.class_names).values())
    for given, name in zip(content.class_names, names, strict=True):
        if given != name:
            reason = f"KITTI parts its lines by spaces and counts with numbers: the class {given} is written as {name}"
            losses.add(UNSPLIT, reason, "repaired")
    archive.put(
        CLASSES, orjson.dumps({"label_map": dict(enumerate([*names, DONT_CARE]))}, option=orjson.OPT_NON_STR_KEYS)
    )
    done = 0
    for chunk in content.chunks():
        write_chunk(archive, chunk, content, names, losses)
        done += len(chunk.images)
        report(done)


def line_names(class_names: list[str]) -> dict[str, str]:
    """Class names as a line can have them, each its own."""
    found: dict[str, str] = {}
    for given in class_names:
        name = re.sub(r"[\s,]+", "_", given.strip()) or "class"
        name = f"class_{name}" if name[0].isdigit() else name
        while name in found.values() or name.lower() == DONT_CARE.lower() or (name != given and name in class_names):
            name += "_"
        found[given] = name
    return found


def write_chunk(archive: Archive, chunk: Chunk, content: Content, names: list[str], losses: Losses) -> None:
    count_shapes(losses, "KITTI", chunk)
    count_lost(chunk, losses)
    labels = chunk.label.tolist()
    corners = digits.shortest_corners(chunk.boxes).tolist()
    for image, boxes in chunk.by_image():
        if image.id in content.unlabelled:
            losses.count("images that are not labelled have no label file (images: {n})", image.key)
            continue
        count_context(losses, "KITTI", image, kept=kept_split(image))
        lines = [
            line(names[labels[at]], corners[at], chunk.attributes.get(at, {}), Ignore(chunk.ignore[at])) for at in boxes
        ]
        archive.put(f"{image.split or UNSPLIT}/label_2/{image.stem}.txt", "".join(lines).encode())


def count_lost(chunk: Chunk, losses: Losses) -> None:
    chunk.count_unsaid(losses, "KITTI")
    ignored = (chunk.ignore != Ignore.NO).nonzero()[0]
    if len(ignored):
        kind = "KITTI's DontCare has no class: what is ignored comes back as ignored for every class (boxes: {n})"
        losses.count(kind, chunk.name_of(int(ignored[0])), len(ignored))
    lost = {at: given.keys() - {TRUNCATED, OCCLUDED} for at, given in chunk.attributes.items()}
    count_objects(losses, "KITTI", chunk, lost, what=NO_PLACE)
    changed = {at: [*changed_of(given)] for at, given in chunk.attributes.items()}
    count_objects(losses, "KITTI", chunk, changed, what=CHANGED)


def changed_of(attributes: Mapping[str, Any]) -> Iterator[str]:
    """Which of the two that a line has a place for do not come back as they are."""
    if TRUNCATED in attributes and not is_share(attributes[TRUNCATED]):
        yield TRUNCATED
    if OCCLUDED in attributes and not is_level(attributes[OCCLUDED]):
        yield OCCLUDED


def is_share(value: Any) -> TypeGuard[float]:
    """How much of an object the image's edge cuts off."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value <= 1


def is_level(value: Any) -> TypeGuard[int]:
    """How hidden an object is: 0 is not, 3 is unknown."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 3


def line(name: str, corners: list[float], attributes: Mapping[str, Any], ignore: Ignore) -> str:
    box = " ".join(number(value) for value in corners)
    if ignore != Ignore.NO:
        return f"{DONT_CARE} -1 -1 -10 {box} {NO_3D}\n"
    truncated, occluded = attributes.get(TRUNCATED), attributes.get(OCCLUDED)
    cut = number(float(truncated)) if isinstance(truncated, bool) or is_share(truncated) else UNKNOWN
    hidden = int(occluded) if isinstance(occluded, bool) or is_level(occluded) else UNKNOWN
    return f"{name} {cut} {hidden} -10 {box} {NO_3D}\n"
