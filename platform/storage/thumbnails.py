"""Small versions of images, kept under the image's SHA-256: the middle one from the import, others when asked for."""

from pathlib import Path

from django.conf import settings

from storage import blobs
from storage.facts import MEASURED_AT
from storage.shrinking import shrink

SIZES = (160, 320, 640)  # pixels of the longer side


def thumbnail(*, sha256: str, location: str, size: int) -> Path:
    """The file of a JPEG whose longer side is at most `size` pixels.

    Raises FileNotFoundError where the image's bytes are gone.
    """
    path = path_of(sha256, size)
    if not blobs.is_there(path):
        blobs.write_once(path, shrink(blobs.read(location), size), durable=False)
    return path


def keep(sha256: str, thumbnail: bytes) -> None:
    """Store the thumbnail that came of taking the image in."""
    blobs.write_once(path_of(sha256, MEASURED_AT), thumbnail, durable=False)


def path_of(sha256: str, size: int) -> Path:
    path: Path = settings.STORAGE_ROOT / "thumbnails" / str(size) / sha256[:2] / f"{sha256}.jpg"
    return path
