"""Pascal VOC's SegmentationObject: pictures whose pixels say which object of their image they are of.

0 is background and 255 the border around objects. Objects count from 1 in the order of the XML file; some tools count
otherwise, so a mask goes to the object of its number where the box agrees, else to the one whose box agrees best.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dataset.importing.files import Tree
from dataset.importing.mask_pictures import BROKEN, MOST_PIXELS
from dataset.importing.names import clean
from science.geometry.boxes import iou

FOLDER = "segmentationobject"
BORDER = 255
SAME = 0.5  # IoU of the box around a mask and an object's

Box = Sequence[float]
Numbers = NDArray[np.uint8]


@dataclass
class ObjectMasks:
    """The pictures of a tree by the names of their images, without endings."""

    tree: Tree
    by_stem: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: Tree) -> "ObjectMasks":
        lying = [key for key in tree.images if FOLDER in [part.lower() for part in PurePosixPath(key).parts[:-1]]]
        return cls(tree, {clean(PurePosixPath(key).stem): key for key in lying})

    def numbers(self, stem: str) -> tuple[str, Numbers | None]:
        """The picture of an image and the number at each pixel; "" where there is none, None where it is broken."""
        key = self.by_stem.get(clean(stem), "")
        if not key:
            return "", None
        try:
            return key, numbers_in(self.tree.path(key).read_bytes())
        except BROKEN:
            return key, None


def numbers_in(data: bytes) -> Numbers:
    """The numbers of a palette's colours, or of grey; colours are numbered as VOC's palette has them. Raises BROKEN."""
    with Image.open(BytesIO(data), formats=("PNG",)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("it has too many pixels")
        if picture.mode in ("P", "L", "1"):
            return np.asarray(picture, np.uint8)
        colours = np.asarray(picture.convert("RGB"), np.uint8)
    return number_of_colour(colours)


def number_of_colour(colours: NDArray[np.uint8]) -> Numbers:
    """`(H, W)` numbers of `(H, W, 3)` colours: their bits from the highest down are the number's, three by three."""
    found = np.zeros(colours.shape[:2], np.uint8)
    for step in range(3):
        for channel in range(3):
            if 3 * step + channel < 8:
                found |= ((colours[..., channel] >> (7 - step)) & 1) << (3 * step + channel)
    return found


def matched_masks(numbers: Numbers, boxes: Mapping[int, Box]) -> tuple[dict[int, NDArray[np.bool_]], int]:
    """The mask of each object by its place, from 0, among those of these boxes; and how many masks are of none."""
    left = {number: numbers == number for number in np.unique(numbers).tolist() if number not in (0, BORDER)}
    found: dict[int, NDArray[np.bool_]] = {}
    for number in list(left):
        if number - 1 in boxes and agreement(left[number], boxes[number - 1]) >= SAME:
            found[number - 1] = left.pop(number)
    pairs = sorted(
        ((agreement(mask, box), number, place) for number, mask in left.items() for place, box in boxes.items()),
        reverse=True,
    )
    for score, number, place in pairs:
        if score >= SAME and number in left and place not in found:
            found[place] = left.pop(number)
    return found, len(left)


def agreement(mask: NDArray[np.bool_], box: Box) -> float:
    """The IoU of the box around a mask and another."""
    ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    around = np.array([[xs[0], ys[0], xs[-1] + 1, ys[-1] + 1]], np.float32)
    return float(iou(around, np.array([box], np.float32))[0, 0])
