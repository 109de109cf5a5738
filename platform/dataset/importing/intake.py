"""Reading the image files: each is read once, hashed, checked by decoding, and stored or only looked at; in parallel.

Storing is in `storing.py`: a look from the shell needs no storage, and starts without it.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from dataset.importing.inside_labels import is_inside, picture_inside, read_within
from dataset.importing.stretching import tell_of_stretching
from dataset.importing.types import ImportProblem, Problems, SourceImage
from storage.decoding import take_in_all
from storage.deep import Found, Ranges, ranges_of
from storage.facts import Facts
from storage.pictures import Picture, PictureRefused, Unstretched

LARGEST_FILE = 300_000_000  # bytes
AT_ONCE = 256  # images between two reports
TOGETHER, MOST_TOGETHER = 8, 24 << 20  # images and bytes that a decoder gets at once

# Decoding and hashing release the interpreter, so threads use all cores; waiting for the disk hides behind two more.
THREADS = min(16, (os.cpu_count() or 2) + 2)


@dataclass(frozen=True, slots=True)
class Taken:
    """An image whose bytes are stored. `facts` None: it is in the dataset already, nothing had to be decoded."""

    source: SourceImage
    sha256: str
    location: str = ""
    width: int = 0
    height: int = 0
    facts: Facts | None = None
    said: str = ""  # what was done to its bytes, or is odd about them, as a sentence
    converted: bool = False
    found: Found | None = None  # the values of a deep picture


Result = Taken | Found | str  # taken; deep and waiting for the others; or why it cannot be taken


@dataclass(frozen=True)
class Intake:
    """How the bytes of an image are read, and what becomes of the picture: `keep(image, picture, SHA-256)`."""

    read: Callable[[Path], bytes]  # raises OSError with a sentence
    keep: Callable[[SourceImage, Picture, str], Taken]
    threads: int = THREADS


def take_images(
    images: Sequence[SourceImage],
    known: Mapping[str, str],
    problems: Problems,
    *,
    intake: Intake,
    report: Callable[[int], None],
    ranges: Ranges | None = None,
) -> list[Taken]:
    """Every image that can be taken, in order; the others are reported.

    `known`: SHA-256 by key of what the dataset has. `ranges`: what the dataset's deep pictures were stretched from.
    `report(count)` is called now and then and may raise. Deep pictures of a kind that is new to the dataset are looked
    at twice: all of them decide how each is stretched.
    """
    settled = dict(ranges or {})
    results = take_all(images, known, intake, settled, report)
    waiting = [place for place, result in enumerate(results) if isinstance(result, Found)]
    if waiting:
        settled |= ranges_of(result for result in results if isinstance(result, Found))
        before = len(images) - len(waiting)
        again = take_all([images[place] for place in waiting], known, intake, settled, lambda n: report(before + n))
        for place, result in zip(waiting, again, strict=True):
            results[place] = result
    taken = tell_of_results(images, results, problems)
    tell_of_stretching((one.found for one in taken if one.found), settled, problems)
    return taken


def take_all(
    images: Sequence[SourceImage],
    known: Mapping[str, str],
    intake: Intake,
    ranges: Ranges,
    report: Callable[[int], None],
) -> list[Result]:
    """What became of each image."""
    results: list[Result] = []
    done = 0
    with ThreadPoolExecutor(intake.threads, thread_name_prefix="intake") as pool:
        for some in in_chunks(images, AT_ONCE):
            few = in_chunks(some, max(1, min(TOGETHER, len(some) // intake.threads)))
            found = list(chain.from_iterable(pool.map(lambda few: take_few(few, known, intake, ranges), few)))
            results += found
            done += sum(not isinstance(result, Found) for result in found)
            report(done)
    return results


def in_chunks(images: Sequence[SourceImage], size: int) -> Iterator[list[SourceImage]]:
    rest = iter(images)
    while some := list(islice(rest, size)):
        yield some


def tell_of_results(images: Sequence[SourceImage], results: Sequence[Result], problems: Problems) -> list[Taken]:
    """Those taken; what is odd about them, and why others were left out, is reported."""
    taken: list[Taken] = []
    for image, result in zip(images, results, strict=True):
        if isinstance(result, Taken):
            taken.append(result)
            if result.said:
                action, kind = ("repaired", "converted") if result.converted else ("kept", "odd_image")
                problems.add(ImportProblem(image.key, result.said, action, kind))
        else:
            problems.add(ImportProblem(image.key, reason_with_boxes(str(result), image), kind="bad_image"))
    return taken


def reason_with_boxes(reason: str, image: SourceImage) -> str:
    count = image.boxes or 0
    return f"{reason}; its {count} boxes were left out" if count else reason


def take_few(
    images: Sequence[SourceImage], known: Mapping[str, str], intake: Intake, ranges: Ranges
) -> Iterator[Result]:
    """What became of each image. Never raises for what a file contains. Large files are not held together."""
    waiting: list[Read] = []
    for image in images:
        found = read_one(image, known, intake)
        if isinstance(found, Read) and sum(len(one.data) for one in waiting) + len(found.data) > MOST_TOGETHER:
            yield from decoded(waiting, intake, ranges)
            waiting = []
        if isinstance(found, Read):
            waiting.append(found)
            continue
        yield from decoded(waiting, intake, ranges)
        waiting = []
        yield found
    yield from decoded(waiting, intake, ranges)


@dataclass(frozen=True)
class Read:
    """An image file's bytes, not looked at yet."""

    image: SourceImage
    data: bytes
    sha256: str


def read_one(image: SourceImage, known: Mapping[str, str], intake: Intake) -> Read | Taken | str:
    """Its bytes; or that the dataset has them, or why they cannot be read."""
    if (path := image.path) is None:
        return Taken(image, known[image.key])
    try:
        data = read_within(path, image.within) if image.within else intake.read(path)
        data = picture_inside(data) if is_inside(image) and not image.within else data
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"
    sha256 = hashlib.sha256(data).hexdigest()
    return Taken(image, sha256) if known.get(image.key) == sha256 else Read(image, data, sha256)


def decoded(some: Sequence[Read], intake: Intake, ranges: Ranges) -> Iterator[Result]:
    """What became of files that have been read."""
    outcomes = take_in_all([one.data for one in some], ranges) if some else []
    for one, found in zip(some, outcomes, strict=True):
        if isinstance(found, Unstretched):
            yield found.found
        else:
            yield str(found) if isinstance(found, PictureRefused) else intake.keep(one.image, found, one.sha256)


def look_at(image: SourceImage, picture: Picture, sha256: str) -> Taken:
    """The image as it would be stored."""
    return taken_of(image, picture, hashlib.sha256(picture.data).hexdigest() if picture.converted else sha256)


def taken_of(image: SourceImage, picture: Picture, sha256: str, location: str = "") -> Taken:
    return Taken(
        image,
        sha256,
        location,
        picture.width,
        picture.height,
        picture.facts,
        picture.said,
        picture.converted,
        picture.found,
    )


def read_file(path: Path) -> bytes:
    """The bytes of a file of this machine. Raises OSError, with a sentence, where it cannot be read."""
    if path.stat().st_size > LARGEST_FILE:
        raise OSError(0, "it is larger than an image may be")
    return path.read_bytes()


LOOKING = Intake(read_file, look_at)  # at files of this machine, storing nothing
