"""What a picture file really is, and its upright, displayable form.

Every stored image is EXIF-upright 8-bit JPEG, PNG or WebP, so that browser, canvas and training see the same pixels
without knowing of EXIF. A file that already is keeps its bytes; any other is converted once, here.
"""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from storage.facts import MEASURED_AT, Facts, facts_of
from storage.shrinking import Pixels, as_jpeg, decode_small, shrunk, smaller

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")  # JPEG's reader also knows MPO, the cameras' several in one
SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "WEBP": ".webp"}  # what browsers show as it is
NAMES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"})
PLAIN_MODES = {"JPEG": ("RGB", "L"), "PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "WEBP": ("RGB", "RGBA")}
ORIENTATION = 0x0112

Image.init()  # all readers at once: threads would race to load them one by one
Image.MAX_IMAGE_PIXELS = None  # refused by pixels below, with a sentence, before anything is decoded


class PictureRefused(Exception):
    """The bytes are not a picture that can be taken in; the message says why."""


@dataclass(frozen=True)
class Picture:
    """A picture that can be stored, and what was seen while it was decoded, which happens once.

    `data` are its bytes as stored: the given ones unless they had to be converted.
    """

    data: bytes
    suffix: str
    width: int
    height: int
    facts: Facts
    thumbnail: bytes  # a JPEG, MEASURED_AT pixels long
    converted: bool


def take_in(data: bytes) -> Picture:
    """Check the bytes by decoding them all; raises PictureRefused with the reason."""
    header = open_header(data)
    upright = is_upright(header)
    kind = "JPEG" if header.format == "MPO" else str(header.format)
    if not upright or header.mode not in PLAIN_MODES.get(kind, ()):
        return take_in_converted(header, lossy=kind in ("JPEG", "WEBP"))
    width, height = header.size  # before it is shrunk, which may be done in place
    small = small_of_jpeg(data) if kind == "JPEG" else shrunk(decoded(header), MEASURED_AT)
    return Picture(data, SUFFIXES[kind], width, height, facts_of(small), as_jpeg(small), converted=False)


def open_header(data: bytes) -> Image.Image:
    """The picture, nothing decoded yet. Refuses what is no picture and what would be a decompression bomb."""
    try:
        header = Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise PictureRefused("it is not a picture of a known kind (JPEG, PNG, WebP, BMP, TIFF, GIF)") from error
    except Exception as error:  # Pillow's readers raise what they like on broken headers
        raise PictureRefused(f"its header cannot be read: {error}") from error
    if header.width * header.height > settings.MAX_IMAGE_PIXELS:
        raise PictureRefused(f"{header.width} × {header.height} pixels are more than the limit")
    if min(header.size) < 1:
        raise PictureRefused("it has no pixels")
    return header


def is_upright(header: Image.Image) -> bool:
    """Whether EXIF, where there is any, says that nothing need be turned. A PNG is decoded for it."""
    try:
        return header.getexif().get(ORIENTATION, 1) in (0, 1)
    except Exception as error:  # as above
        raise PictureRefused(f"it is corrupt: {error}") from error


def decoded(header: Image.Image) -> Image.Image:
    try:
        header.load()
    except Exception as error:  # as above
        raise PictureRefused(f"it is corrupt: {error}") from error
    return header


def small_of_jpeg(data: bytes) -> Pixels:
    """The JPEG at thumbnail size; all of the file is read for it, so that a torn one is noticed."""
    try:
        pixels = decode_small(data, MEASURED_AT, strict=True)
    except ValueError as error:
        if "remature" in str(error):
            raise PictureRefused(f"it is corrupt: {error}") from error
        pixels = decode_leniently(data)
    return smaller(pixels, MEASURED_AT)


def decode_leniently(data: bytes) -> Pixels:
    """For files with a harmless flaw, such as stray bytes between markers, that every viewer shows."""
    try:
        return decode_small(data, MEASURED_AT, strict=False)
    except ValueError as error:
        raise PictureRefused(f"it is corrupt: {error}") from error


def take_in_converted(header: Image.Image, *, lossy: bool) -> Picture:
    """Turn it upright and into 8-bit RGB or grey: JPEG where it was lossy already, PNG otherwise."""
    picture = eight_bit(ImageOps.exif_transpose(decoded(header)), alpha=not lossy)
    out = BytesIO()
    if lossy:
        picture.save(out, "JPEG", quality=95, subsampling=0)
    else:
        picture.save(out, "PNG")
    suffix = ".jpg" if lossy else ".png"
    width, height = picture.size
    small = shrunk(picture, MEASURED_AT)
    return Picture(out.getvalue(), suffix, width, height, facts_of(small), as_jpeg(small), converted=True)


def eight_bit(picture: Image.Image, *, alpha: bool) -> Image.Image:
    """The picture with 8 bits a channel, without EXIF."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        deep = np.asarray(picture, dtype=np.float64)
        scale = 255 / 65535 if deep.max(initial=0) > 255 else 1
        picture = Image.fromarray(np.clip(deep * scale, 0, 255).round().astype(np.uint8))
    elif picture.mode not in ("L", "RGB", *(("RGBA",) if alpha else ())):
        has_alpha = alpha and ("A" in picture.mode or "transparency" in picture.info)
        picture = picture.convert("RGBA" if has_alpha else "RGB")
    picture.info.clear()
    return picture
