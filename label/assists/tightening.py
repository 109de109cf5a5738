"""Tighten by the picture: a bounded crop around the box is decoded apart, and GrabCut looks at that alone."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image as Picture

from accounts.problems import BadInput
from dataset.models import Image
from storage import blobs
from storage.drawing_apart import draw_apart
from storage.refusals import PictureRefused

CROP = 160  # pixels of the crop's longer side: bounds the time, see benchmarks/assist.py
AROUND = 0.25  # of the box's sides, on each side
LEAST_AROUND = 6.0  # pixels


def tightened(image: Image, box: Sequence[float]) -> list[float] | None:
    """The box around what GrabCut finds in `box`, xyxy pixels; None where it is unsure. Raises BadInput."""
    place = checked(image, box)
    region = region_of(image, place)
    try:
        data = draw_apart(blobs.read(image.location), CROP, region)
    except (FileNotFoundError, PictureRefused) as error:
        raise BadInput(f"The picture cannot be read: {error}") from error
    pixels = np.asarray(Picture.open(BytesIO(data)).convert("RGB"))
    return in_image(pixels, place, region)


def in_image(
    pixels: np.ndarray, box: tuple[float, float, float, float], region: tuple[int, int, int, int]
) -> list[float] | None:
    """`box` tightened in a crop of the region, and the outcome in the image's own pixels."""
    scale = np.array([pixels.shape[1] / (region[2] - region[0]), pixels.shape[0] / (region[3] - region[1])] * 2)
    shift = np.array([region[0], region[1]] * 2)
    inside = (np.array(box) - shift) * scale
    from label.assists.grabcut import tight_box  # OpenCV takes a tenth of a second, and few processes need it

    found = tight_box(pixels, tuple(inside.tolist()))
    return None if found is None else [round(value, 2) for value in (np.array(found) / scale + shift).tolist()]


def checked(image: Image, box: Sequence[float]) -> tuple[float, float, float, float]:
    x1, y1 = max(0.0, box[0]), max(0.0, box[1])
    x2, y2 = min(float(image.width), box[2]), min(float(image.height), box[3])
    if not (np.isfinite(box).all() and x2 - x1 >= 1 and y2 - y1 >= 1):
        sentence = "A box is four numbers, x1 < x2 and y1 < y2, inside the image."
        raise BadInput(sentence, errors={"box": [sentence]})
    return x1, y1, x2, y2


def region_of(image: Image, box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    """The box with some of what is around it, whole pixels inside the image."""
    x1, y1, x2, y2 = box
    dx, dy = max(LEAST_AROUND, AROUND * (x2 - x1)), max(LEAST_AROUND, AROUND * (y2 - y1))
    left, top = max(0, int(x1 - dx)), max(0, int(y1 - dy))
    return left, top, min(image.width, int(x2 + dx) + 1), min(image.height, int(y2 + dy) + 1)
