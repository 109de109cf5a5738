"""What the writers of formats ask of shapes, and what they say of those that a format has no place for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from dataset.exporting.types import Chunk, Losses
from science.shapes.finer import Finer, Mask, Polygon
from science.shapes.measures import box_of
from science.shapes.packed import NAMES, unpack

WORDS = {"polygon": "polygons", "turned": "turned boxes", "mask": "masks"}


@dataclass(frozen=True)
class ChunkShapes:
    """The shapes of a chunk's boxes, by place, and the losses that are told of them."""

    chunk: Chunk
    losses: Losses
    format_name: str

    def read(self) -> dict[int, Finer]:
        return {place: unpack(packed) for place, packed in self.chunk.shapes.items()}

    def size(self, place: int) -> tuple[int, int]:
        """Height and width of the image of a box."""
        image = self.chunk.images[int(self.chunk.place[place])]
        return image.height, image.width

    def count(self, places: Iterable[int], what: str) -> None:
        """Say of some boxes what becomes of their shapes; `what` reads on from the format's name."""
        if some := list(places):
            self.losses.count(f"{self.format_name} {what} (boxes: {{n}})", self.chunk.name_of(some[0]), len(some))

    def count_other_boxes(self, shapes: Mapping[int, Finer], what: str = "") -> None:
        """Boxes that are not the ones around their shapes, which a reader will take."""
        others = [place for place, shape in shapes.items() if not self.is_around(place, shape)]
        self.count(others, what or "has no place for a box other than the one around its shape")

    def is_around(self, place: int, shape: Finer) -> bool:
        """Whether a box is the one around its shape, or what its image leaves of that."""
        height, width = self.size(place)
        around = np.clip(box_of(shape), 0, np.array([width, height, width, height], np.float32))
        return bool(np.array_equal(around, self.chunk.boxes[place]))


def count_shapes(losses: Losses, format_name: str, chunk: Chunk, kinds: Iterable[str] = tuple(WORDS)) -> None:
    """Shapes of kinds that a format has no place for: the boxes around them are written."""
    found = {place: NAMES[packed[0] >> 4] for place, packed in chunk.shapes.items()}
    for kind in kinds:
        if places := [place for place, named in found.items() if named == kind]:
            text = f"{format_name} has no place for {WORDS[kind]}; the boxes around them are written (boxes: {{n}})"
            losses.count(text, chunk.name_of(places[0]), len(places))


def is_one_ring(shape: Finer) -> bool:
    """Whether a polygon has one part and no hole, as most formats have them."""
    return isinstance(shape, Polygon) and len(shape.parts) == 1 and len(shape.parts[0]) == 1


def has_holes(shape: Finer) -> bool:
    return isinstance(shape, Polygon) and any(len(part) > 1 for part in shape.parts)


def is_picture(shape: Finer) -> bool:
    """Whether it is written as pixels where a format has masks, and polygons of one ring alone."""
    return isinstance(shape, Mask) or (isinstance(shape, Polygon) and not is_one_ring(shape))
