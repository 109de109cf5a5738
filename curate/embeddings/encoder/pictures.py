"""Image files as the encoder's input: squares of 224 pixels, the whole image or one box of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from curate.embeddings.encoder.types import SIDE, PictureToEncode
from storage.frames import is_fast
from storage.shrinking import on_white, opened_stored

Tiles = NDArray[np.uint8]  # (N, side, side, 3) RGB


def tiles_of(picture: PictureToEncode, side: int = SIDE) -> Tiles:
    """One square of that many pixels per vector. Raises OSError or ValueError where the file is gone or is no picture.

    Image and boxes are stretched to the square: nothing at the sides is lost, and crops so made find their own class
    more often than square cuts with their surroundings do (docs/embeddings.md).
    """
    if picture.boxes is None:
        return np.asarray(squeezed_picture(small_picture(picture.path, side), side))[None]
    whole = large_picture(picture.path)
    tiles = [np.asarray(squeezed_picture(whole.crop(whole_pixels(box, whole.size)), side)) for box in picture.boxes]
    return np.stack(tiles) if tiles else np.zeros((0, side, side, 3), np.uint8)


def small_picture(path: Path, side: int) -> Image.Image:
    """The image, a JPEG decoded at the smallest of the eighths that is large enough: most of the work is saved."""
    data = path.read_bytes()
    if not is_fast(data):
        return rgb_picture(data)
    shape = {"min_height": side, "min_width": side}
    return Image.fromarray(simplejpeg.decode_jpeg(data, "RGB", strict=False, fastdct=True, **shape))


def large_picture(path: Path) -> Image.Image:
    """The image in full."""
    data = path.read_bytes()
    if not is_fast(data):
        return rgb_picture(data)
    return Image.fromarray(simplejpeg.decode_jpeg(data, "RGB", strict=False))


def rgb_picture(data: bytes) -> Image.Image:
    return on_white(opened_stored(data))


def squeezed_picture(picture: Image.Image, side: int) -> Image.Image:
    return picture.resize((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)


def whole_pixels(box: NDArray[np.float32], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The box on the pixel grid, inside the image and at least one pixel each way. `size` is width and height."""
    x1, y1, x2, y2 = (round(float(side)) for side in box)
    left, top = min(max(x1, 0), size[0] - 1), min(max(y1, 0), size[1] - 1)
    return left, top, max(min(x2, size[0]), left + 1), max(min(y2, size[1]), top + 1)
