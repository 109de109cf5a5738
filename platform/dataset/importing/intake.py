"""Reading the image files: each is read once, hashed, checked by decoding, and stored or only looked at; in parallel.

Storing is in `storing.py`: a look from the shell needs no storage, and starts without it.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dataset.importing.inside_labels import is_inside, picture_inside, read_within
from dataset.importing.stretching import tell_of_stretching
from dataset.importing.types import ImportProblem, Problems, SourceImage
from storage.deep import Found, Ranges, ranges_of
from storage.facts import Facts
from storage.pictures import Picture, PictureRefused, Unstretched, take_in

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
    said: str = ""  # what was done to its bytes, or is odd about them, as a sentence
    converted: bool = False
    found: Found | None = None  # the values of a deep picture


Result = Taken | Found | str  # taken; deep and waiting for the others; or why it cannot be taken


@dataclass(frozen=True)
class Intake:
    """How the bytes of an image are read, and what becomes of them: `keep(image, bytes, SHA-256, ranges)`."""

    read: Callable[[Path], bytes]  # raises OSError with a sentence
    keep: Callable[[SourceImage, bytes, str, Ranges], Taken]  # raises PictureRefused and Unstretched
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
        for some in in_chunks(images):
            found = list(pool.map(lambda image: take_one(image, known, intake, ranges), some))
            results += found
            done += sum(not isinstance(result, Found) for result in found)
            report(done)
    return results


def in_chunks(images: Sequence[SourceImage]) -> Iterator[list[SourceImage]]:
    rest = iter(images)
    while some := list(islice(rest, AT_ONCE)):
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


def take_one(image: SourceImage, known: Mapping[str, str], intake: Intake, ranges: Ranges) -> Result:
    """What became of the image. Never raises for what a file contains."""
    if image.path is None:
        return Taken(image, known[image.key])
    try:
        data = read_within(image.path, image.within) if image.within else intake.read(image.path)
        data = picture_inside(data) if is_inside(image) and not image.within else data
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"
    sha256 = hashlib.sha256(data).hexdigest()
    if known.get(image.key) == sha256:
        return Taken(image, sha256)
    try:
        return intake.keep(image, data, sha256, ranges)
    except Unstretched as waits:
        return waits.found
    except PictureRefused as error:
        return str(error)


def look_at(image: SourceImage, data: bytes, sha256: str, ranges: Ranges) -> Taken:
    """The image as it would be stored."""
    picture = take_in(data, ranges)
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
