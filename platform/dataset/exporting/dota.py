"""DOTA: images, and labelTxt with a text file per image: four corners in pixels, class, difficult (0 or 1).

A turned box is its corners from the one that was top left, clockwise; a box its own. A polygon of four corners is
itself where they are no rectangle; other polygons and masks are the smallest turned boxes around them.
"""

from collections.abc import Callable, Iterable

import numpy as np

from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.losses import count_context, count_objects, kept_split
from dataset.exporting.outlines import ChunkShapes, is_one_ring
from dataset.exporting.types import Chunk, Content, Losses
from dataset.exporting.voc import number
from dataset.exporting.yolo_shapes import Points, corners_of_box, smallest_corners
from dataset.importing.columns import Ignore
from dataset.importing.dota import ROUNDING
from dataset.importing.turning import BEFORE, TURNED
from science.geometry import turned
from science.shapes.finer import Finer, Polygon, TurnedBox
from science.shapes.measures import corners_of

UNSPLIT = "default"
DIGITS = 12  # after the point, of corners that are no float32s


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write a file per labelled image, also where there is no box."""
    names = list(line_names(content.class_names).values())
    for given, name in zip(content.class_names, names, strict=True):
        if given != name:
            reason = f"DOTA parts its lines by spaces: the class {given} is written as {name}"
            losses.add("labelTxt", reason, "repaired")
    done = 0
    for chunk in content.chunks():
        write_chunk(archive, chunk, content, names, losses)
        done += len(chunk.images)
        report(done)


def line_names(class_names: list[str]) -> dict[str, str]:
    """Class names as a line can have them, each its own."""
    found: dict[str, str] = {}
    for given in class_names:
        name = "_".join(given.replace(",", " ").split()) or "class"
        name = f"class_{name}" if name[0].isdigit() else name
        while name in found.values() or (name != given and name in class_names):
            name += "_"
        found[given] = name
    return found


def write_chunk(archive: Archive, chunk: Chunk, content: Content, names: list[str], losses: Losses) -> None:
    chunk.count_unsaid(losses, "DOTA")
    lost = {at: [key for key in given if key not in (BEFORE, TURNED)] for at, given in chunk.attributes.items()}
    count_objects(losses, "DOTA", chunk, lost)
    corners, labels = Quadrilaterals(ChunkShapes(chunk, losses, "DOTA")), chunk.label.tolist()
    others = np.flatnonzero(chunk.ignore > Ignore.REGION).tolist()
    corners.shapes.count(others, "has difficult alone; these come back as regions that are ignored")
    for image, boxes in chunk.by_image():
        if image.id in content.unlabelled:
            losses.count("images that are not labelled have no file (images: {n})", image.key)
            continue
        kept = {key: value for key, value in image.metadata.items() if key in ("imagesource", "gsd")}
        count_context(losses, "DOTA", image, kept=kept | kept_split(image))
        about = [f"{key}:{value}\n" for key, value in kept.items()]
        lines = [f"{corners.text(at)} {names[labels[at]]} {int(chunk.ignore[at] != Ignore.NO)}\n" for at in boxes]
        archive.put(f"{image.split or UNSPLIT}/labelTxt/{image.stem}.txt", "".join([*about, *lines]).encode())


class Quadrilaterals:
    """The four corners of each box of a chunk, and what is told of those that are others' shapes."""

    def __init__(self, shapes: ChunkShapes) -> None:
        self.shapes = shapes
        read = shapes.read()
        self.read: dict[int, Finer] = shapes.chunk.turned_by_attributes() | read
        kept = {at: one for at, one in read.items() if isinstance(one, TurnedBox) or is_askew(one)}
        shapes.count_other_boxes(kept)
        shapes.count(
            sorted(read.keys() - kept.keys()),
            "has four corners alone; other polygons and masks are the smallest turned boxes around them",
        )
        self.count_quarters(kept.items())

    def count_quarters(self, kept: Iterable[tuple[int, Finer]]) -> None:
        quarters = [at for at, one in kept if isinstance(one, TurnedBox) and not turned.is_turned(4 * one.angle)]
        self.shapes.count(quarters, "cannot tell a quarter turn from none; these come back as upright boxes")

    def text(self, place: int) -> str:
        shape = self.read.get(place)
        if shape is None:
            return written_points(digits.shortest_points(corners_of_box(self.shapes.chunk.boxes[place])))
        if isinstance(shape, TurnedBox):
            return written_points(corners_of(shape).round(DIGITS))
        if isinstance(shape, Polygon) and is_askew(shape):
            return written_points(digits.shortest_points(shape.parts[0][0]))
        return written_points(smallest_corners(shape, self.shapes.chunk, place).round(DIGITS))


def is_askew(shape: Finer) -> bool:
    """Whether a polygon is four corners that are no rectangle, which come back as they are."""
    if not isinstance(shape, Polygon) or not is_one_ring(shape) or len(shape.parts[0][0]) != 4:
        return False
    return not turned.is_rectangle(shape.parts[0][0].tolist(), ROUNDING)


def written_points(points: Points) -> str:
    return " ".join(number(value) for value in points.ravel().tolist())
