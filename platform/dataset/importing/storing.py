"""Storing the images that are taken in, or leaving them where they are."""

import hashlib
from functools import partial

from dataset.importing.inside_labels import is_inside
from dataset.importing.intake import Intake, Taken, taken_of
from dataset.importing.origins import Origin
from dataset.importing.types import SourceImage
from storage import blobs, thumbnails
from storage.deep import Ranges
from storage.pictures import take_in


def intake_from(origin: Origin, *, copy: bool) -> Intake:
    """Take images in from there; without `copy` they stay there, where they can be shown as they are."""
    return Intake(origin.read, partial(store, origin=None if copy else origin), origin.threads)


def store(image: SourceImage, data: bytes, sha256: str, ranges: Ranges, *, origin: Origin | None) -> Taken:
    """Decode and store; left at its origin, where one is given, only if it would be stored as it is."""
    picture = take_in(data, ranges)
    if picture.converted:
        sha256 = hashlib.sha256(picture.data).hexdigest()
    if origin is None or image.path is None or picture.converted or is_inside(image):
        location = blobs.put_known(picture.data, sha256, suffix=picture.suffix)
    else:
        location = origin.location(image.path)
    thumbnails.keep(sha256, picture.thumbnail)
    return taken_of(image, picture, sha256, location)
