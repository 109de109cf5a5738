"""Small versions and cut-outs of stored pictures, as JPEGs. Called in the process that decodes (storage.decoder)."""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

import simplejpeg
from PIL import Image

from storage.frames import is_fast
from storage.headers import check_size
from storage.shrinking import QUALITY, on_white, opened_stored, shrink

KEPT_PIXELS = 4_000_000  # larger pictures are not held in memory


def draw(data: bytes, size: int, region: Sequence[int] | None) -> bytes:
    """The stored picture, or its region (xyxy whole pixels), with at most `size` pixels on the longer side.

    Raises PictureRefused for more pixels than an import takes: a file that was left in its place may have changed.
    """
    width, height = opened_stored(data).size
    check_size(width, height)
    if region is None:
        return shrink(data, size)
    left, top, right, bottom = region
    picture = _held(data) if width * height <= KEPT_PIXELS else decoded(data)
    return cut_out(picture, (left, top, right, bottom), size)


def cut_out(picture: Image.Image, region: tuple[int, int, int, int], size: int) -> bytes:
    """A JPEG of the region, never enlarged."""
    small = picture.crop(region)
    small.thumbnail((size, size), Image.Resampling.BICUBIC, reducing_gap=2.0)
    out = BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


@lru_cache(maxsize=4)
def _held(data: bytes) -> Image.Image:
    """The crops of one image are asked for together, so the last few pictures are held."""
    return decoded(data)


def decoded(data: bytes) -> Image.Image:
    """The picture as RGB."""
    if is_fast(data):
        return Image.fromarray(simplejpeg.decode_jpeg(data, "RGB", strict=False, fastdct=True))
    return on_white(opened_stored(data))
