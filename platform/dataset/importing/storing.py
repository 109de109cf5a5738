"""Storing the images that are taken in, or leaving them where they are."""

import hashlib
from functools import partial

from dataset.importing.inside_labels import is_inside
from dataset.importing.intake import Intake, Taken, taken_of
from dataset.importing.origins import Origin
from dataset.importing.types import SourceImage
from storage import blobs, thumbnails
from storage.pictures import Picture


def intake_from(origin: Origin, *, copy: bool) -> Intake:
    """Take images in from there; without `copy` they stay there, where they can be shown as they are."""
    return Intake(origin.read, partial(store, origin=None if copy else origin), origin.threads)


def store(image: SourceImage, picture: Picture, sha256: str, *, origin: Origin | None) -> Taken:
    """Store the picture; left at its origin, where one is given, only if it would be stored as it is."""
    if picture.converted:
        sha256 = hashlib.sha256(picture.data).hexdigest()
    path = image.path
    if origin is None or path is None or picture.converted or is_inside(image):
        location = blobs.put_known(picture.data, sha256, suffix=picture.suffix)
    else:
        location = origin.location(path)
    thumbnails.keep(sha256, picture.thumbnail)
    return taken_of(image, picture, sha256, location)
