"""Reading the image files: each is read once, hashed, checked by decoding, and stored; in parallel."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from dataset.importing.origins import FolderOrigin, Origin
from dataset.importing.types import ImportProblem, Problems, SourceImage
from storage import blobs, thumbnails
from storage.facts import Facts
from storage.pictures import PictureRefused, take_in

AT_ONCE = 256  # images between two reports
FOLDER = FolderOrigin()


@dataclass(frozen=True)
class Taken:
    """An image whose bytes are stored. `facts` None: it is in the dataset already, nothing had to be decoded."""

    source: SourceImage
    sha256: str
    location: str = ""
    width: int = 0
    height: int = 0
    facts: Facts | None = None


def take_images(
    images: Sequence[SourceImage],
    known: Mapping[str, str],
    problems: Problems,
    *,
    copy: bool,
    report: Callable[[int], None],
    origin: Origin = FOLDER,
) -> list[Taken]:
    """Store the bytes of every image that can be taken, in order; the others are reported.

    `known`: SHA-256 by key of what the dataset has. `report(count)` is called now and then and may raise.
    """
    taken: list[Taken] = []
    done = 0
    with ThreadPoolExecutor(origin.threads, thread_name_prefix="intake") as pool:
        for some in in_chunks(images):
            results = pool.map(lambda image: take_one(image, known, copy=copy, origin=origin), some)
            for image, result in zip(some, results, strict=True):
                if isinstance(result, Taken):
                    taken.append(result)
                else:
                    problems.add(ImportProblem(image.key, reason_with_boxes(result, image)))
            done += len(some)
            report(done)
    return taken


def in_chunks(images: Sequence[SourceImage]) -> Iterator[list[SourceImage]]:
    rest = iter(images)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def reason_with_boxes(reason: str, image: SourceImage) -> str:
    count = len(image.labels.boxes) if image.labels else 0
    return f"{reason}; its {count} boxes were left out" if count else reason


def take_one(image: SourceImage, known: Mapping[str, str], *, copy: bool, origin: Origin = FOLDER) -> Taken | str:
    """The stored image, or why it cannot be taken. Never raises for what a file contains."""
    try:
        data = origin.read(image.path)
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"
    sha256 = hashlib.sha256(data).hexdigest()
    if known.get(image.key) == sha256:
        return Taken(image, sha256)
    try:
        return store(image, data, sha256, None if copy else origin)
    except PictureRefused as error:
        return str(error)


def store(image: SourceImage, data: bytes, sha256: str, origin: Origin | None) -> Taken:
    """Decode and store; left at its origin, where one is given, only if it would be stored as it is."""
    picture = take_in(data)
    if origin is None or picture.converted:
        blob = blobs.put_bytes(picture.data, suffix=picture.suffix)
        sha256, location = blob.sha256, blob.key
    else:
        location = origin.location(image.path)
    thumbnails.keep(sha256, picture.thumbnail)
    return Taken(image, sha256, location, picture.width, picture.height, picture.facts)
