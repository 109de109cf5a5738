"""What the readers of all formats do: find images, number classes, add boxes, and report what cannot be."""

from __future__ import annotations

import math
from pathlib import PurePosixPath
from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.drawn import BadShape, Drawn, box_around_drawn, turned_box
from dataset.importing.files import Tree, by_name
from dataset.importing.finding import ImageFinder, MissingFile, is_in_masks
from dataset.importing.ignoring import OUT_OF_SIGHT, is_out_of_sight, parted
from dataset.importing.keeping import mended_attributes
from dataset.importing.names import clean
from dataset.importing.naming import ToolNames
from dataset.importing.turned import upright_size
from dataset.importing.types import ImportNote, ImportProblem, Problems, Source, SourceImage
from science.geometry import turned
from science.shapes.finer import TurnedBox
from science.shapes.packed import pack

FAR = 1e7  # pixels
LOST = -1  # in place of an image that cannot be found; already reported


class Gatherer:
    """A source being filled, label file by label file."""

    def __init__(self, source: Source, tree: Tree) -> None:
        self.source = source
        self.tree = tree
        self.finder = ImageFinder(tree)
        self.naming = ToolNames(self.finder)
        self.images: dict[str, int] = {}  # places of the images described so far, by key
        self.classes: dict[str, int] = {}
        self.masks_read: set[str] = set()  # pictures that are no images, but say which pixels an object has
        self.file_name = ""
        self.file = -1

    @property
    def problems(self) -> Problems:
        return self.source.problems

    def start_file(self, name: str) -> None:
        """What is added from here on was read in that file."""
        self.file_name, self.file = name, self.source.file(name)

    def problem(self, reason: str, kind: str, action: str = "skipped", count: int = 1, **where: Any) -> None:
        self.problems.add(ImportProblem(self.file_name, reason, action, kind, count=count, **where))

    def class_of(self, name: str) -> int:
        """The number of a class; a name that is new is appended. Raises ValueError where it is no name."""
        name = clean(name)
        if not name:
            raise ValueError("it has no class name")
        known = self.classes.get(name)
        if known is None:
            known = self.classes[name] = len(self.source.class_names)
            self.source.class_names.append(name)
        return known

    def image(self, found: str | MissingFile, name: str, **where: Any) -> int:
        """The place of an image that a record describes; LOST, and reported, where there is none."""
        self.source.images_found += 1
        if isinstance(found, MissingFile):
            self.source.images_skipped += 1
            self.problem(f"{name}: {found.reason}", "no_image", **where)
            return LOST
        if found in self.images:
            self.source.images_found -= 1
            return self.images[found]
        self.images[found] = place = len(self.source.images)
        image = self.tree.image(found)
        image.described_in = self.file_name
        self.source.images.append(image)
        return place

    def of(self, place: int) -> SourceImage:
        return self.source.images[place]

    def size_of(self, place: int) -> tuple[int, int] | None:
        """Width and height of the upright image: as its file has them, else as the labels state them."""
        if place == LOST:
            return None
        return upright_size(self.of(place).path) or self.of(place).size

    def is_labelled(self, place: int) -> None:
        """The format says what boxes the image has, if none."""
        if place != LOST and self.of(place).boxes is None:
            self.of(place).boxes = 0

    def add(
        self,
        image: int,
        name: Any,
        box: Any,
        at: int,
        attributes: dict[str, Any] | None = None,
        *,
        ignore: int = Ignore.NO,
        area: float | None = None,
        shape: Drawn = None,
    ) -> str:
        """Add one box of four numbers; returns why that cannot be done, or nothing.

        `ignore` and `area` as `BoxColumns.add` has them; flags among the attributes say the same as `ignore`. `shape`:
        what was drawn where that is more than the box; one that is none is reported, and the box taken alone.
        """
        reason, label = self.reason_against(name, box)
        reason = OUT_OF_SIGHT if is_out_of_sight(attributes) else reason
        self.source.boxes_found += 1
        self.source.boxes_skipped += bool(reason) or image == LOST
        if reason:
            self.refused(image)
            return reason
        if image == LOST:
            self.source.lost[label] += 1
            return ""
        flagged, rest = parted(attributes)
        where, ignored = (self.file, at), max(ignore, flagged)
        if shape is not None:
            self.keep_shape(shape, image, at)
        self.source.boxes.add(image, label, box, where, self.code(rest), ignore=ignored, area=area)
        described = self.of(image)
        described.boxes = (described.boxes or 0) + 1
        return ""

    def keep_shape(self, shape: Drawn, image: int, at: int) -> None:
        """Keep the shape of the next box, or say why it is none."""
        if isinstance(shape, BadShape):
            naming = self.source.naming
            record = {"line": at} if naming == "line" else {"record": naming.format(n=at, image=self.of(image).key)}
            self.problem(f"the shape has {shape}; the box was taken alone", "bad_shape", "repaired", **record)
        elif shape is not None:
            self.source.shapes[len(self.source.boxes)] = pack(shape)

    def add_turned(
        self,
        image: int,
        name: Any,
        before: Any,
        degrees: float,
        at: int,
        attributes: dict[str, Any] | None = None,
        *,
        ignore: int = Ignore.NO,
    ) -> str:
        """Add the box around a turned one, which is its shape; returns why that cannot be done, or nothing.

        `before`: four numbers, xyxy pixels before it was turned; `degrees`: clockwise about its middle.
        """
        if not is_box(before) or not math.isfinite(degrees) or not turned.is_turned(degrees):
            return self.add(image, name, before, at, attributes, ignore=ignore)
        shape = turned_box(before, degrees)
        if not isinstance(shape, TurnedBox):
            around = turned.around_turned(before, degrees)
            return self.add(image, name, around, at, attributes, ignore=ignore, shape=shape)
        area = shape.width * shape.height
        return self.add(image, name, box_around_drawn(shape), at, attributes, ignore=ignore, area=area, shape=shape)

    def add_prediction(self, image: int, name: Any, box: Any, score: float, at: int) -> None:
        """Add a box with a confidence, which is no label, to the source's predictions; report why that cannot be."""
        reason, label = self.reason_against(name, box)
        self.source.boxes_found += 1
        self.source.boxes_skipped += 1
        self.refused(image)
        if reason or not 0 <= score <= 1:
            self.problem(reason or f"{score:g} is no confidence from 0 to 1", "broken_record", line=at)
        elif image != LOST:
            self.source.predictions.add(image, label, box, (self.file, at))
            self.source.scores.append(score)

    def reason_against(self, name: Any, box: Any) -> tuple[str, int]:
        """Why a box cannot be taken, or nothing and the number of its class."""
        if isinstance(name, int) and not isinstance(name, bool):
            name = str(name)
        if not isinstance(name, str):
            return "it has no class name", LOST
        if not is_box(box):
            return "the box is not four finite numbers", LOST
        try:
            return "", self.class_of(name)
        except ValueError as error:
            return str(error), LOST

    def refused(self, image: int) -> None:
        """The image has a label that cannot be taken; if it has no others, nothing is known of it."""
        if image != LOST:
            self.of(image).refused += 1

    def code(self, attributes: dict[str, Any] | None) -> int:
        try:
            return self.source.boxes.values.code(attributes)
        except ValueError:
            better, how = mended_attributes(attributes or {})
            self.problem(f"attributes were mended: {how}", "attributes", "repaired")
            return self.source.boxes.values.code(better)

    def take_unlisted(self) -> None:
        """Images that no label file speaks of: taken, since a picture without labels can still be labelled."""
        self.tell_of_endings()
        rest = [key for key in self.tree.images if key not in self.images and key not in self.masks_read]
        masks = {key for key in rest if is_in_masks(key) and self.is_of_another(key)}
        for folder, keys in by_name(sorted(masks), lambda path: str(path.parent)).items():
            reason = f"{len(keys)} pictures are called as others and lie where masks do, so they are no images"
            self.problems.add(ImportProblem(folder, reason, kind="masks", count=len(keys)))
        rest = [key for key in rest if key not in masks]
        self.source.images_found += len(rest)
        self.source.images.extend(self.tree.image(key) for key in rest)

    def is_of_another(self, key: str) -> bool:
        """Whether an image of the same stem lies elsewhere."""
        stem = PurePosixPath(clean(key)).stem
        return any(not is_in_masks(one) for one in self.finder.by_stem.get(stem, []))

    def tell_of_endings(self) -> None:
        """Labels name a.png, and the folder has a.jpg."""
        others = self.naming.other_endings
        if others:
            key, given = next(iter(others.items()))
            text = f"{len(others)} images are named with another ending in the labels, {given} for {key} among them"
            self.problems.notes.append(ImportNote("other_ending", len(others), text))


def is_box(box: Any) -> bool:
    return (
        len(box) == 4
        and all(type(value) in (float, int) for value in box)
        and all(math.isfinite(value) and abs(value) < FAR for value in box)
    )


def number(text: str | None) -> float:
    """A number as label files write it, also with a decimal comma; NaN where it is none."""
    try:
        return float((text or "").strip().replace(",", "."))
    except ValueError:
        return math.nan
