"""Small versions of images, made when first asked for and kept under the image's SHA-256."""

from io import BytesIO
from pathlib import Path

import simplejpeg
from django.conf import settings
from PIL import Image

from storage import blobs

SIZES = (160, 320, 640)  # pixels of the longer side
QUALITY = 82


def thumbnail(*, sha256: str, location: str, size: int) -> Path:
    """The file of a JPEG whose longer side is at most `size` pixels.

    Raises FileNotFoundError where the image's bytes are gone.
    """
    path: Path = settings.STORAGE_ROOT / "thumbnails" / str(size) / sha256[:2] / f"{sha256}.jpg"
    if not path.exists():
        blobs.write_once(path, shrink(blobs.read(location), size))
    return path


def shrink(data: bytes, size: int) -> bytes:
    """A JPEG of the picture, never enlarged. The picture is stored upright, so EXIF plays no part."""
    small = small_jpeg(data, size) if simplejpeg.is_jpeg(data) else Image.open(BytesIO(data))
    small = on_white(small)
    small.thumbnail((size, size), Image.Resampling.BICUBIC, reducing_gap=2.0)
    out = BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def small_jpeg(data: bytes, size: int) -> Image.Image:
    """Decode at the smallest of the eighths that is not below the wanted size: most of the work is saved."""
    height, width, *_ = simplejpeg.decode_jpeg_header(data, strict=False)
    longer = max(height, width)
    wanted = {"min_height": -(-height * size // longer), "min_width": -(-width * size // longer)}
    return Image.fromarray(simplejpeg.decode_jpeg(data, "RGB", strict=False, fastdct=True, **wanted))


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
