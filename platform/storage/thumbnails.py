"""Small versions of images, kept under the image's SHA-256: the middle one from the import, others when asked for."""

from django.conf import settings

from storage import blobs, s3
from storage.drawing_apart import draw_apart
from storage.facts import MEASURED_AT

SIZES = (160, 320, 640)  # pixels of the longer side


def thumbnail(*, sha256: str, location: str, size: int) -> str:
    """The location of a JPEG whose longer side is at most `size` pixels; made where it is not there yet.

    Raises FileNotFoundError where the image's bytes are gone, PictureRefused where they cannot be drawn.
    """
    key = key_of(sha256, size)
    if not is_there(key):
        blobs.put_at(key, draw_apart(blobs.read(location), size), durable=False)
    return key


def keep(sha256: str, thumbnail: bytes) -> None:
    """Store the thumbnail that came of taking the image in."""
    blobs.put_at(key_of(sha256, MEASURED_AT), thumbnail, durable=False)


def key_of(sha256: str, size: int) -> str:
    return f"thumbnails/{size}/{sha256[:2]}/{sha256}.jpg"


def is_there(key: str) -> bool:
    """Whether it was made, and survived."""
    return blobs.exists(key) if s3.store() else blobs.is_there(settings.STORAGE_ROOT / key)
