"""Pascal VOC's masks: SegmentationObject, where a pixel says which object of its image it is of, and SegmentationClass.

Both are PNG with VOC's palette; 0 is background. Objects count from 1 in the order of the XML file, classes in that of
the class list. Where two cover a pixel, it is the later one's.
"""

from collections.abc import Mapping
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dataset.exporting.archive import Archive
from dataset.exporting.outlines import ChunkShapes
from dataset.exporting.types import Chunk, ExportImage, Losses
from science.shapes.conversions import pixels_of_shape
from science.shapes.finer import Finer, Mask, TurnedBox

OBJECTS, CLASSES = "SegmentationObject", "SegmentationClass"
MOST = 254  # numbers that a pixel has: 255 is VOC's border, where nobody judges

Bytes = NDArray[np.uint8]


class VocMasks:
    """Writes the masks of a chunk's images, and says what is lost."""

    def __init__(self, archive: Archive, chunk: Chunk, losses: Losses) -> None:
        self.archive, self.chunk, self.losses = archive, chunk, losses
        self.shapes = ChunkShapes(chunk, losses, "VOC")
        read = self.shapes.read()
        self.read = {place: shape for place, shape in read.items() if not isinstance(shape, TurnedBox)}
        polygons = [place for place, shape in self.read.items() if not isinstance(shape, Mask)]
        self.shapes.count(polygons, "has masks alone; polygons come back as their pixels")

    def write(self, image: ExportImage, boxes: range) -> bool:
        """Write the two pictures of an image where one of its boxes has a shape; whether that was so."""
        own = {number: self.read[place] for number, place in enumerate(boxes, 1) if place in self.read}
        if not own:
            return False
        if max(own) > MOST or self.chunk.label[list(boxes)].max() >= MOST:
            kind = f"VOC's masks count to {MOST} objects and classes; images with more have none (images: {{n}})"
            self.losses.count(kind, image.key)
            return False
        objects = painted(own, image.height, image.width)
        self.count_hidden(own, objects, image)
        numbers = np.zeros(256, np.uint8)
        for number in own:
            numbers[number] = int(self.chunk.label[boxes[number - 1]]) + 1
        self.archive.put(f"{OBJECTS}/{image.stem}.png", png(objects))
        self.archive.put(f"{CLASSES}/{image.stem}.png", png(numbers[objects]))
        return True

    def count_hidden(self, own: Mapping[int, Finer], objects: Bytes, image: ExportImage) -> None:
        covered = [
            number
            for number, shape in own.items()
            if not np.array_equal(objects == number, pixels_of_shape(shape, image.height, image.width))
        ]
        kind = "VOC has one object for a pixel: what a later one covers is gone (boxes: {n})"
        self.losses.count(kind, image.key, len(covered))


def painted(shapes: Mapping[int, Finer], height: int, width: int) -> Bytes:
    """`(height, width)` the number of the object at each pixel."""
    objects = np.zeros((height, width), np.uint8)
    for number, shape in shapes.items():
        objects[pixels_of_shape(shape, height, width)] = number
    return objects


def png(levels: Bytes) -> bytes:
    picture = Image.fromarray(levels, "P")
    picture.putpalette(palette())
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def colours_of_classes(count: int) -> list[str]:
    """The colour of each class as labelmap.txt has it; none of those for which a pixel has no number."""
    colours = palette()
    given = [",".join(map(str, colours[3 * number : 3 * number + 3])) for number in range(1, min(count, MOST) + 1)]
    return given + [""] * (count - len(given))


def palette() -> list[int]:
    """VOC's colours: the bits of a number, three by three, from the highest bit of red, green and blue down."""
    return [
        sum((number >> 3 * step + channel & 1) << 7 - step for step in range(3))
        for number in range(256)
        for channel in range(3)
    ]
