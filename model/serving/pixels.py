"""A picture that somebody sends, as the pixels that a network takes: checked first, upright, RGB, in sRGB."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from storage.conversion import convert
from storage.headers import read_header
from storage.pictures import is_plain
from storage.refusals import PictureRefused

CORRUPT = "it is corrupt: its pixels cannot be decoded"


def upright_pixels(data: bytes) -> NDArray[np.uint8]:
    """(H, W, 3) RGB. Raises PictureRefused with the reason: no picture, too many pixels, torn.

    What is stored as it is (storage.pictures) is decoded as trainings and evaluations do, so that the boxes are theirs.
    """
    header = read_header(data)
    if not is_plain(header, data):
        return np.ascontiguousarray(np.asarray(convert(header, data, None).picture.convert("RGB")))
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if found is None:
        raise PictureRefused(CORRUPT)
    if found.shape[:2] != header.stored_shape:
        raise PictureRefused("it is corrupt: its size is not what its header says")
    return np.ascontiguousarray(found[..., ::-1])
