"""Bytes of a picture to its pixels, as an import stores it and the engines read it. No Django."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from storage import profiles
from storage.frames import is_fast
from storage.refusals import PictureRefused
from storage.shrinking import on_white, see_through

KINDS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "AVIF")
ORIENTATION = 0x0112  # of EXIF
MOST_PIXELS = 100_000_000

Image.MAX_IMAGE_PIXELS = None  # refused by MOST_PIXELS, with a sentence, before anything is decoded


def pixels_of_picture(data: bytes, most: int = MOST_PIXELS) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB, upright, in sRGB, on white where it is transparent.

    Raises PictureRefused with the reason where it is no picture, or has more than `most` pixels.
    """
    picture = _opened(data, most)
    profile = picture.info.get("icc_profile") or b""
    plain = picture.getexif().get(ORIENTATION, 1) == 1 and not profiles.is_needed(profile)
    if plain and picture.format == "JPEG" and is_fast(data):
        try:
            return simplejpeg.decode_jpeg(data, "RGB", strict=False)
        except ValueError as error:
            raise PictureRefused(f"it is corrupt: {error}") from error
    return _converted(picture, profile)


def _opened(data: bytes, most: int) -> Image.Image:
    """The picture, nothing decoded yet."""
    try:
        picture = Image.open(BytesIO(data), formats=KINDS)
    except UnidentifiedImageError as error:
        raise PictureRefused(f"it is not a picture of a known kind ({', '.join(KINDS)})") from error
    except Exception as error:  # Pillow's readers raise what they like on broken headers
        raise PictureRefused(f"its header cannot be read: {error}") from error
    if picture.width * picture.height > most:
        raise PictureRefused(f"it has {picture.width} x {picture.height} pixels; {most:,} in all are allowed")
    return picture


def _converted(picture: Image.Image, profile: bytes) -> NDArray[np.uint8]:
    try:
        upright = ImageOps.exif_transpose(picture)
        if see_through(upright):
            upright = on_white(upright)
        return np.asarray(
            (profiles.in_srgb(upright, profile) if profiles.is_needed(profile) else upright).convert("RGB")
        )
    except Exception as error:
        raise PictureRefused(f"it is corrupt: {error}") from error
