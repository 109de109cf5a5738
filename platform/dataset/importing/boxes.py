"""From the boxes of the formats to xyxy pixels inside their images: cut, or left out with a reason.

All boxes of a source at once: image by image, numpy would spend its time in being called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataset.importing.columns import NOT_STATED
from dataset.importing.drawn import box_around_drawn, outline, turned_box
from dataset.importing.scratch import let_go, new_array
from dataset.importing.shape_settling import mend_shapes, settle_fractions, settle_one
from dataset.importing.stored_view import turn_stored
from dataset.importing.types import ImportProblem, Source
from science.geometry import turned
from science.shapes.finer import TurnedBox

CORNERS_OFF = 2.0  # pixels that a corner of a turned box may miss a rectangle by: the formats' rounding
ROUNDING = 1.0  # pixels that a box may stand out of its image without being reported: the formats' rounding

AT_ONCE = 250_000  # boxes
SAME_AREA, ROUNDED_AREA = 1e-4, 0.01  # of the box, and in square pixels: less is another rounding

COLUMNS: dict[str, tuple[Any, tuple[int, ...]]] = {  # of PixelBoxes
    "image": (np.int32, ()),
    "classes": (np.int64, ()),
    "boxes": (np.float32, (4,)),
    "attributes": (np.int32, ()),
    "ignore": (np.int16, ()),
    "area": (np.float32, ()),
}

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class PixelBoxes:
    """Boxes as they will be stored, ordered by image, within an image as the source has them."""

    image: NDArray[np.int32]  # (N,) places in Source.images
    classes: NDArray[np.int64]  # (N,) places in Source.class_names
    boxes: NDArray[np.float32]  # (N, 4) xyxy pixels
    attributes: NDArray[np.int32]  # (N,) by AttributeValues
    ignore: NDArray[np.int16]  # (N,) an Ignore
    area: NDArray[np.float32]  # (N,) square pixels, NOT_STATED where it is the box's own
    shapes: dict[int, bytes] = field(default_factory=dict)  # packed, by place: of few
    clipped: int = 0
    skipped: int = 0

    def of(self, first: int, last: int) -> slice:
        """The places of the boxes of images first to last, the last one left out."""
        return slice(*np.searchsorted(self.image, [first, last]).tolist())


def as_pixels(source: Source, sizes: NDArray[np.int64]) -> PixelBoxes:
    """Convert, cut to the images, and leave out what has no area there; every box touched is reported.

    `sizes`: `(I, 2)` width and height of each of the source's images, 0 where it cannot be taken: its boxes are
    left out without a word here, since the image has been reported with them. Some boxes at a time, so that memory is
    taken for what is kept of them.
    """
    settle_corners(source, sizes)
    settle_fractions(source, sizes)
    turn_stored(source, sizes)
    mend_shapes(source, sizes)
    image = source.boxes.view("image")
    order = order_of(image)
    order = order[sizes[image[order], 0] > 0] if len(image) else order
    columns = {name: new_array((len(order), *width), dtype) for name, (dtype, width) in COLUMNS.items()}
    shapes: dict[int, bytes] = {}
    count = clipped = skipped = 0
    for start, stop in whole_images(image[order], AT_ONCE):
        part = some_as_pixels(source, sizes, order[start:stop])
        for name, column in columns.items():
            column[count : count + len(part.image)] = getattr(part, name)
        shapes |= {count + place: shape for place, shape in part.shapes.items()}
        count, clipped, skipped = count + len(part.image), clipped + part.clipped, skipped + part.skipped
        source.boxes.let_go()
        let_go(*columns.values())
    kept = {name: column[:count] for name, column in columns.items()}
    return PixelBoxes(**kept, shapes=shapes, clipped=clipped, skipped=skipped)


def order_of(image: NDArray[np.int32]) -> NDArray[np.int32]:
    """`(N,)` places by image, within an image as they come; most files have them so already."""
    if (image[1:] >= image[:-1]).all():
        return np.arange(len(image), dtype=np.int32)
    return np.argsort(image, kind="stable").astype(np.int32)


def whole_images(image: NDArray[np.int32], most: int) -> list[tuple[int, int]]:
    """Stretches of boxes, `(N,)` ordered by image, of about `most` boxes, that part no image; one at least."""
    wanted = image[np.arange(most, len(image), most)]
    cuts = [0, *np.unique(np.searchsorted(image, wanted)).tolist(), len(image)]
    return [(start, stop) for start, stop in pairwise(cuts) if start < stop] or [(0, 0)]


def some_as_pixels(source: Source, sizes: NDArray[np.int64], chosen: NDArray[np.int32]) -> PixelBoxes:
    """The same of the boxes chosen, which are all of their images and ordered by image."""
    columns = source.boxes
    image, given = columns.view("image")[chosen], columns.view("box")[chosen]
    width_height = sizes[image].astype(np.float64)  # (N, 2)
    whole = as_xyxy(given, source.form, width_height)
    swapped = corners_swapped(whole, source.form)
    whole[swapped] = in_order(whole[swapped])
    boxes = np.clip(whole, 0, np.tile(width_height, 2)).astype(np.float32)
    empty = (whole[:, 2:] <= whole[:, :2]).any(axis=1)
    outside = ~empty & (boxes[:, 2:] <= boxes[:, :2]).any(axis=1)
    clipped = ~empty & ~outside & (np.abs(whole - boxes) > ROUNDING).any(axis=1)
    talk = Talk(source, chosen, image, whole, width_height)
    talk.of_swapped(np.flatnonzero(swapped & ~empty))
    talk.of_empty(np.flatnonzero(empty))
    talk.of_outside(np.flatnonzero(outside))
    talk.of_clipped(np.flatnonzero(clipped))
    label = columns.view("label")[chosen].astype(np.int64)
    kept = np.logical_not(empty | outside)
    kept &= ~talk.of_twins(image, label, boxes, kept)
    return PixelBoxes(
        image[kept],
        label[kept],
        boxes[kept],
        columns.view("attributes")[chosen][kept],
        columns.view("ignore")[chosen][kept].astype(np.int16),
        other_areas(columns.view("area")[chosen], whole)[kept],
        picked_shapes(source.shapes, chosen[kept]) if source.shapes else {},
        clipped=int((clipped & kept).sum()),
        skipped=int(len(kept) - kept.sum()),
    )


def picked_shapes(shapes: Mapping[int, bytes], rows: NDArray[np.integer[Any]]) -> dict[int, bytes]:
    """The shapes of these rows, by their new places."""
    return {place: shapes[row] for place, row in enumerate(rows.tolist()) if row in shapes}


def settle_corners(source: Source, sizes: NDArray[np.int64]) -> None:
    """Make turned boxes of corners given as fractions: they can be told now that the sizes are known."""
    columns = source.boxes
    image, boxes, area = (columns.view(name) for name in ("image", "box", "area"))
    for box, four in source.corners.items():
        width, height = sizes[image[box]].tolist()
        points = [(x * width, y * height) for x, y in zip(four[0::2], four[1::2], strict=True)]
        if width == 0:
            continue
        if not turned.is_rectangle(points, CORNERS_OFF):
            settle_one(source, box, outline(points))
            continue
        before, degrees = turned.from_corners(points)
        if not turned.is_turned(degrees * 4):  # a quarter turn is upright again
            continue
        shape = turned_box(before, degrees)
        settle_one(source, box, shape)
        if isinstance(shape, TurnedBox):
            area[box] = shape.width * shape.height
            x1, y1, x2, y2 = box_around_drawn(shape)
            boxes[box] = (x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height
    source.corners = {}


def corners_swapped(boxes: Floats, form: str) -> Mask:
    """`(N,)` whether two corners are given the wrong way round; a size below nothing is no such thing."""
    if form not in ("xyxy", "fractions"):
        return np.zeros(len(boxes), dtype=bool)
    return np.logical_or(boxes[:, 2] < boxes[:, 0], boxes[:, 3] < boxes[:, 1])


def in_order(boxes: Floats) -> Floats:
    """`(N, 4)` the same corners, the left top one first."""
    first, second = boxes[:, :2], boxes[:, 2:]
    return np.concatenate([np.minimum(first, second), np.maximum(first, second)], axis=1)


def other_areas(stated: Floats, boxes: Floats) -> NDArray[np.float32]:
    """`(N,)` the areas that are not those of the boxes, `(N, 4)` xyxy as given; NOT_STATED for the others."""
    own = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    other = np.abs(stated - own) > np.maximum(SAME_AREA * own, ROUNDED_AREA)
    return np.where(other, stated, NOT_STATED).astype(np.float32)


def as_xyxy(given: Floats, form: str, width_height: Floats) -> Floats:
    """`(N, 4)` boxes of a form as xyxy pixels."""
    first, second = given[:, :2], given[:, 2:]
    if form == "xywh":
        return np.concatenate([first, first + second], axis=1)
    if form == "centred":
        corners = np.concatenate([first - second / 2, first + second / 2], axis=1)
        return corners * np.tile(width_height, 2)
    return given * np.tile(width_height, 2) if form == "fractions" else given


@dataclass(frozen=True)
class Talk:
    """Says what was done to which box. Places count among the boxes chosen."""

    source: Source
    chosen: NDArray[np.int32]
    image: NDArray[np.int32]
    whole: Floats
    width_height: Floats

    def say(self, place: int, reason: str, action: str, kind: str) -> None:
        box = int(self.chosen[place])
        file = self.source.files[self.source.boxes.view("file")[box]]
        self.source.problems.add(ImportProblem(file, reason, action, kind, **self.source.where(box)))

    def of_swapped(self, places: NDArray[np.intp]) -> None:
        for place in places.tolist():
            self.say(place, "its corners are given the wrong way round; they were put in order", "repaired", "swapped")

    def of_empty(self, places: NDArray[np.intp]) -> None:
        for place in places.tolist():
            x1, y1, x2, y2 = self.whole[place].tolist()
            self.say(place, f"the box has no area (width {x2 - x1:g}, height {y2 - y1:g})", "skipped", "no_area")

    def of_outside(self, places: NDArray[np.intp]) -> None:
        for place in places.tolist():
            reason = f"the box {in_words(self.whole[place])} lies outside the image of {self.size(place)} pixels"
            self.say(place, reason, "skipped", "outside")

    def of_clipped(self, places: NDArray[np.intp]) -> None:
        for place in places.tolist():
            reason = f"the box {in_words(self.whole[place])} was cut to the image of {self.size(place)} pixels"
            self.say(place, reason, "repaired", "clipped")

    def size(self, place: int) -> str:
        width, height = self.width_height[place].tolist()
        return f"{width:g} × {height:g}"

    def of_twins(self, image: NDArray[np.int32], label: NDArray[np.int64], boxes: Any, usable: Mask) -> Mask:
        """Boxes that stand where an earlier one of their image does: of its class (true in the answer), or another."""
        copies = np.zeros(len(image), dtype=bool)
        for group in twins(image, boxes, usable):
            first: dict[tuple[int, bytes | None], int] = {}
            for place in group:
                shape = self.source.shapes.get(int(self.chosen[place]))
                before = first.setdefault((int(label[place]), shape), place)
                copies[place] = before != place
                if before != place:
                    reason = f"the same box of the same class stands in {self.named(before)} already"
                    self.say(place, reason, "skipped", "duplicate")
            of = dict.fromkeys(one for one, _ in first)
            if len(of) > 1:
                names = " and ".join(str(self.source.class_names[one] or f"class {one}") for one in of)
                self.say(group[0], f"the same box is of {len(of)} classes: {names}", "kept", "two_classes")
        return copies

    def named(self, place: int) -> str:
        where = self.source.where(int(self.chosen[place]))
        return f"line {where['line']}" if "line" in where else str(where["record"])


def twins(image: NDArray[np.int32], boxes: NDArray[np.float32], usable: Mask) -> list[list[int]]:
    """Groups of places, in order, of boxes that are equal in one image."""
    if not usable.any():
        return []
    bits = np.ascontiguousarray(boxes).view(np.uint32).astype(np.uint64)  # (N, 4)
    mixed = image.astype(np.uint64)
    for column in range(4):
        mixed = (mixed ^ bits[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed, kind="stable")
    order = order[usable[order]]
    alike = mixed[order[1:]] == mixed[order[:-1]]
    alike &= (image[order[1:]] == image[order[:-1]]) & (boxes[order[1:]] == boxes[order[:-1]]).all(axis=1)
    groups: list[list[int]] = []
    last = -2
    for at in np.flatnonzero(alike).tolist():
        if at != last + 1:
            groups.append([int(order[at])])
        groups[-1].append(int(order[at + 1]))
        last = at
    return sorted(groups)


def in_words(box: Sequence[float] | NDArray[Any]) -> str:
    return "[" + ", ".join(f"{value:.1f}" for value in box) + "]"
