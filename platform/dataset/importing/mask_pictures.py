"""Masks that stand in label files as small pictures: PNG, in base64, of a part of their image."""

import base64
import binascii
import zlib
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from dataset.importing.drawn import BadShape, Pixels

LARGEST = 50_000_000  # bytes, unpacked: a PNG
MOST_PIXELS = 90_000_000
BROKEN = (zlib.error, binascii.Error, TypeError, ValueError, OSError, UnidentifiedImageError, SyntaxError)


def pixels_in_text(text: Any, *, packed: bool = False) -> Pixels | BadShape:
    """Which pixels of a PNG in base64 are drawn, `(height, width)`: those that are not clear, or not black.

    `packed`: by zlib, as Supervisely has it.
    """
    try:
        data = base64.b64decode(text or "")
        if packed:
            data = zlib.decompressobj().decompress(data, LARGEST)
        return drawn_pixels(levels_of(data))
    except BROKEN:
        return BadShape("a mask whose picture cannot be read")


def levels_of(data: bytes) -> NDArray[np.uint8]:
    """The one channel of a PNG that tells: how opaque it is where it says so, else how bright. Raises one of BROKEN."""
    with Image.open(BytesIO(data), formats=("PNG",)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("it has too many pixels")
        channel = picture.getchannel("A") if "A" in picture.getbands() else picture.convert("L")
        return np.asarray(channel, np.uint8)


def drawn_pixels(levels: NDArray[np.uint8]) -> Pixels:
    found: Pixels = levels > 0
    return found
