"""Tighten by the picture: a bounded crop around the box is decoded apart, and GrabCut looks at that alone."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image as Picture

from accounts.problems import BadInput
from dataset.models import Image
from label.assists.regions import CROP, region_around
from storage import blobs
from storage.drawing_apart import draw_apart
from storage.refusals import PictureRefused


def tightened(image: Image, box: Sequence[float]) -> list[float] | None:
    """The box around what GrabCut finds in `box`, xyxy pixels; None where it is unsure. Raises BadInput."""
    place = checked(image, box)
    region = region_around((image.width, image.height), place)
    try:
        data = draw_apart(blobs.read(image.location), CROP, region)
    except (FileNotFoundError, PictureRefused) as error:
        raise BadInput(f"The picture cannot be read: {error}") from error
    pixels = np.asarray(Picture.open(BytesIO(data)).convert("RGB"))
    from label.assists.grabcut import tight_in_image  # OpenCV takes a tenth of a second, and few processes need it

    return tight_in_image(pixels, place, region)


def checked(image: Image, box: Sequence[float]) -> tuple[float, float, float, float]:
    x1, y1 = max(0.0, box[0]), max(0.0, box[1])
    x2, y2 = min(float(image.width), box[2]), min(float(image.height), box[3])
    if not (np.isfinite(box).all() and x2 - x1 >= 1 and y2 - y1 >= 1):
        sentence = "A box is four numbers, x1 < x2 and y1 < y2, inside the image."
        raise BadInput(sentence, errors={"box": [sentence]})
    return x1, y1, x2, y2
