"""Reading the image files: each is read once, hashed, checked by decoding, and stored; in parallel."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

from dataset.importing.origins import FolderOrigin, Origin
from dataset.importing.repairs import what_was_done
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
    repair: str = ""  # what was done to its bytes, as a sentence


def take_images(
    images: Sequence[SourceImage],
    known: Mapping[str, str],
    problems: Problems,
    *,
    copy: bool,
    keep: bool = True,
    report: Callable[[int], None],
    origin: Origin = FOLDER,
) -> list[Taken]:
    """Store the bytes of every image that can be taken, in order; the others are reported. `keep` false: store nothing.

    `known`: SHA-256 by key of what the dataset has. `report(count)` is called now and then and may raise.
    """
    taken: list[Taken] = []
    done = 0
    with ThreadPoolExecutor(origin.threads, thread_name_prefix="intake") as pool:
        for some in in_chunks(images):
            results = pool.map(lambda image: take_one(image, known, copy=copy, keep=keep, origin=origin), some)
            for image, result in zip(some, results, strict=True):
                if isinstance(result, Taken):
                    taken.append(result)
                    if result.repair:
                        problems.add(ImportProblem(image.key, result.repair, "repaired", "converted"))
                else:
                    problems.add(ImportProblem(image.key, reason_with_boxes(result, image), kind="bad_image"))
            done += len(some)
            report(done)
    return taken


def in_chunks(images: Sequence[SourceImage]) -> Iterator[list[SourceImage]]:
    rest = iter(images)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def reason_with_boxes(reason: str, image: SourceImage) -> str:
    count = image.boxes or 0
    return f"{reason}; its {count} boxes were left out" if count else reason


def take_one(
    image: SourceImage, known: Mapping[str, str], *, copy: bool, keep: bool = True, origin: Origin = FOLDER
) -> Taken | str:
    """The stored image, or why it cannot be taken. Never raises for what a file contains."""
    if image.path is None:
        return Taken(image, known[image.key])
    try:
        data = origin.read(image.path)
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"
    sha256 = hashlib.sha256(data).hexdigest()
    if known.get(image.key) == sha256:
        return Taken(image, sha256)
    try:
        taken = store(image, data, sha256, None if copy else origin) if keep else look_at(image, data, sha256)
    except PictureRefused as error:
        return str(error)
    return taken if taken.sha256 == sha256 else replace(taken, repair=what_was_done(data))


def look_at(image: SourceImage, data: bytes, sha256: str) -> Taken:
    """The image as it would be stored."""
    picture = take_in(data)
    sha256 = hashlib.sha256(picture.data).hexdigest() if picture.converted else sha256
    return Taken(image, sha256, width=picture.width, height=picture.height)


def store(image: SourceImage, data: bytes, sha256: str, origin: Origin | None) -> Taken:
    """Decode and store; left at its origin, where one is given, only if it would be stored as it is."""
    picture = take_in(data)
    if origin is None or image.path is None or picture.converted:
        blob = blobs.put_bytes(picture.data, suffix=picture.suffix)
        sha256, location = blob.sha256, blob.key
    else:
        location = origin.location(image.path)
    thumbnails.keep(sha256, picture.thumbnail)
    return Taken(image, sha256, location, picture.width, picture.height, picture.facts)
