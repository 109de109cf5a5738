"""Bytes of a picture to its pixels, as an import stores it and the engines read it. No Django."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from storage import deep, profiles
from storage.frames import is_fast
from storage.refusals import PictureRefused
from storage.shrinking import on_white, see_through

KINDS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "AVIF")
ORIENTATION = 0x0112  # of EXIF
MOST_PIXELS = 100_000_000
DEEP = "its samples have more than 8 bits; stretch them to 0 … 255 by the range of the import (docs/import.md) first"

Image.MAX_IMAGE_PIXELS = None  # refused by MOST_PIXELS, with a sentence, before anything is decoded


def pixels_of_picture(data: bytes, most: int = MOST_PIXELS) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB, upright, in sRGB, on white where it is transparent.

    Raises PictureRefused with the reason where it is no picture, or has more than `most` pixels.
    """
    picture = _opened(data, most)
    try:
        if picture.format == "JPEG" and is_fast(data) and _is_plain(picture):
            return simplejpeg.decode_jpeg(data, "RGB", strict=False)
        return _converted(picture)
    except Exception as error:  # decoders raise what they like
        raise PictureRefused(f"it is corrupt: {error}") from error


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
    if deep.kind_of(picture, data):
        raise PictureRefused(DEEP)
    return picture


def _is_plain(picture: Image.Image) -> bool:
    return picture.getexif().get(ORIENTATION, 1) == 1 and not profiles.is_needed(_profile(picture))


def _profile(picture: Image.Image) -> bytes:
    return picture.info.get("icc_profile") or b""


def _converted(picture: Image.Image) -> NDArray[np.uint8]:
    profile = _profile(picture)
    upright = ImageOps.exif_transpose(picture)
    if see_through(upright):
        upright = on_white(upright)
    return np.asarray((profiles.in_srgb(upright, profile) if profiles.is_needed(profile) else upright).convert("RGB"))
