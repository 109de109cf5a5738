"""Taking in what users bring, in processes where a death costs one picture (storage.decoder)."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from children import ChildFailed, Crew, Line, TookTooLong
from storage.deep import Found, Ranges
from storage.facts import Facts
from storage.pictures import Picture, PictureRefused, Unstretched

PLATFORM = Path(__file__).resolve().parents[1]
LONGEST = 120.0  # seconds for one picture, or a few
MOST = 8  # processes
KEPT = str(64 << 20)  # bytes

Outcome = Picture | PictureRefused | Unstretched


def environment() -> dict[str, str]:
    """One thread each: there is one process for each core. Memory is kept between pictures, since that of new pages
    costs a twentieth of the decoding."""
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    memory = {"MALLOC_TRIM_THRESHOLD_": KEPT, "MALLOC_MMAP_THRESHOLD_": KEPT, "MALLOC_ARENA_MAX": "1"}
    return {**os.environ, "PYTHONPATH": str(PLATFORM), **threads, **memory}


HELLO: Line = {"ranges": None, "most_pixels": 0}
crew = Crew(
    "storage.decoder", environment, size=min(MOST, os.cpu_count() or 2), who="The process that decodes", hello=HELLO
)


def take_in_apart(data: bytes, ranges: Ranges | None = None) -> Picture:
    """As `pictures.take_in`, in a process of its own; raises PictureRefused also where that died of the picture."""
    (found,) = take_in_all([data], ranges)
    if isinstance(found, Exception):
        raise found
    return found


def take_in_all(some: Sequence[bytes], ranges: Ranges | None = None) -> list[Outcome]:
    """What became of each picture; raises nothing for what they contain.

    A few go together, since a process that is woken for each costs more. Where it dies, each is tried alone, so that
    one of them is refused and no other.
    """
    try:
        return decoded_by_crew(some, ranges)
    except ChildFailed:
        return [alone(data, ranges) for data in some]


def decoded_by_crew(some: Sequence[bytes], ranges: Ranges | None) -> list[Outcome]:
    """Raises ChildFailed where the process dies."""
    request = {"ranges": ranges and dict(ranges), "most_pixels": settings.MAX_IMAGE_PIXELS}
    answer, parts = crew.ask(request, some, seconds=LONGEST)
    if "error" in answer:
        raise ChildFailed(answer["error"])
    halves = zip(parts[::2], parts[1::2], strict=True)
    return [outcome(told, *half, data) for told, half, data in zip(answer["told"], halves, some, strict=True)]


def alone(data: bytes, ranges: Ranges | None) -> Outcome:
    """In a fresh process: the one that died may have been hurt by another picture, or by want of memory."""
    try:
        return decoded_by_crew([data], ranges)[0]
    except TookTooLong:
        return PictureRefused(f"it is not decoded within {LONGEST:.0f} seconds")
    except ChildFailed as died:
        return PictureRefused(f"decoding it ends the process that decodes: {died}")


def outcome(told: dict[str, Any], thumbnail: bytes, converted: bytes, data: bytes) -> Outcome:
    """The picture that a decoder tells of, or why there is none."""
    if "refused" in told:
        return PictureRefused(told["refused"])
    if "unstretched" in told:
        return Unstretched(found_of(told["unstretched"]))
    return Picture(
        data=converted if told["converted"] else data,
        suffix=told["suffix"],
        width=told["width"],
        height=told["height"],
        facts=Facts(**told["facts"]),
        thumbnail=thumbnail,
        converted=told["converted"],
        said=told["said"],
        found=found_of(told["found"]) if told["found"] else None,
    )


def found_of(told: dict[str, Any]) -> Found:
    stated = told["stated"]
    return Found(told["kind"], told["low"], told["high"], None if stated is None else (stated[0], stated[1]))
