"""Small versions of pictures. A JPEG is decoded at the smallest of the eighths that suffices, which saves most work."""

from io import BytesIO

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from storage.frames import is_fast

QUALITY = 82
STORED = ("JPEG", "PNG", "WEBP")


Pixels = NDArray[np.uint8]  # (H, W, 3) RGB


def shrink(data: bytes, size: int) -> bytes:
    """A JPEG of the stored picture whose longer side is at most `size` pixels, never enlarged."""
    if is_fast(data):
        return as_jpeg(smaller(decode_small(data, size, strict=False), size))
    return as_jpeg(shrunk(opened_stored(data), size))


def opened_stored(data: bytes) -> Image.Image:
    """A stored picture, which is of one of these kinds. Raises OSError where it is none."""
    return Image.open(BytesIO(data), formats=STORED)


def decode_small(data: bytes, size: int, *, strict: bool) -> Pixels:
    """The JPEG's `(H, W, 3)` RGB pixels at an eighth, two eighths, …; its longer side is not below `size` if it can be.

    All of the file is read for it. Raises ValueError where it is torn; `strict`, also at flaws that viewers overlook.
    """
    height, width, *_ = simplejpeg.decode_jpeg_header(data, strict=False)
    longer = max(height, width)
    wanted = {"min_height": -(-height * size // longer), "min_width": -(-width * size // longer)}
    return simplejpeg.decode_jpeg(data, "RGB", strict=strict, **wanted)


def smaller(pixels: Pixels, size: int) -> Pixels:
    """Shrunk where its longer side is more than `size` pixels."""
    return pixels if max(pixels.shape) <= size else shrunk(Image.fromarray(pixels), size)


def shrunk(picture: Image.Image, size: int) -> Pixels:
    """The picture as RGB pixels, its longer side at most `size`."""
    small = on_white(picture)
    if max(small.size) > size:
        small.thumbnail((size, size), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.asarray(small)


def on_white(picture: Image.Image) -> Image.Image:
    """As RGB; where it is transparent, white shows through."""
    if picture.mode == "RGB":
        return picture
    if "A" not in picture.mode and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    page = Image.new("RGB", layer.size, "white")
    page.paste(layer, mask=layer.getchannel("A"))
    return page


def see_through(picture: Image.Image) -> bool:
    """Whether anything of the picture is transparent; a channel for it that is full is none."""
    if picture.mode not in ("RGBA", "LA", "PA", "RGBa") and "transparency" not in picture.info:
        return False
    alpha = picture if picture.mode in ("RGBA", "LA") else picture.convert("RGBA")
    lowest, _ = alpha.getchannel("A").getextrema()
    return bool(lowest < 255)  # type: ignore[operator]


def as_jpeg(pixels: Pixels) -> bytes:
    return bytes(simplejpeg.encode_jpeg(pixels, quality=QUALITY, colorsubsampling="420", fastdct=True))
