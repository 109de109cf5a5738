"""Reading the image files: each is read once, hashed, checked by decoding, and stored or only looked at; in parallel.

Storing is in `storing.py`: a look from the shell needs no storage, and starts without it.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from dataset.importing.repairs import what_was_done
from dataset.importing.types import ImportProblem, Problems, SourceImage
from storage.facts import Facts
from storage.pictures import PictureRefused, take_in

LARGEST_FILE = 300_000_000  # bytes
AT_ONCE = 256  # images between two reports

# Decoding and hashing release the interpreter, so threads use all cores; waiting for the disk hides behind two more.
THREADS = min(16, (os.cpu_count() or 2) + 2)


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


@dataclass(frozen=True)
class Intake:
    """How the bytes of an image are read, and what becomes of them: `keep(image, bytes, SHA-256)`."""

    read: Callable[[Path], bytes]  # raises OSError with a sentence
    keep: Callable[[SourceImage, bytes, str], Taken]  # raises PictureRefused
    threads: int = THREADS


def take_images(
    images: Sequence[SourceImage],
    known: Mapping[str, str],
    problems: Problems,
    *,
    intake: Intake,
    report: Callable[[int], None],
) -> list[Taken]:
    """Every image that can be taken, in order; the others are reported.

    `known`: SHA-256 by key of what the dataset has. `report(count)` is called now and then and may raise.
    """
    taken: list[Taken] = []
    done = 0
    with ThreadPoolExecutor(intake.threads, thread_name_prefix="intake") as pool:
        for some in in_chunks(images):
            results = pool.map(lambda image: take_one(image, known, intake), some)
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


def take_one(image: SourceImage, known: Mapping[str, str], intake: Intake) -> Taken | str:
    """The stored image, or why it cannot be taken. Never raises for what a file contains."""
    if image.path is None:
        return Taken(image, known[image.key])
    try:
        data = intake.read(image.path)
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"
    sha256 = hashlib.sha256(data).hexdigest()
    if known.get(image.key) == sha256:
        return Taken(image, sha256)
    try:
        taken = intake.keep(image, data, sha256)
    except PictureRefused as error:
        return str(error)
    return taken if taken.sha256 == sha256 else replace(taken, repair=what_was_done(data))


def look_at(image: SourceImage, data: bytes, sha256: str) -> Taken:
    """The image as it would be stored."""
    picture = take_in(data)
    sha256 = hashlib.sha256(picture.data).hexdigest() if picture.converted else sha256
    return Taken(image, sha256, width=picture.width, height=picture.height)


def read_file(path: Path) -> bytes:
    """The bytes of a file of this machine. Raises OSError, with a sentence, where it cannot be read."""
    if path.stat().st_size > LARGEST_FILE:
        raise OSError(0, "it is larger than an image may be")
    return path.read_bytes()


LOOKING = Intake(read_file, look_at)  # at files of this machine, storing nothing
