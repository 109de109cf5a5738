"""What a picture file really is, and its upright, displayable form.

Every stored image is an EXIF-upright, opaque 8-bit JPEG, PNG or WebP in sRGB, so that browser, canvas, thumbnails,
training and embedding see the same pixels without knowing of EXIF, profiles or transparency. A file that already is
keeps its bytes; any other is converted once (conversion.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from PIL import Image

from storage import jpegs
from storage.conversion import Converted, Unstretched, convert, encoded, is_lossy
from storage.deep import Found, Ranges
from storage.facts import MEASURED_AT, Facts, facts_of
from storage.frames import is_fast
from storage.headers import Header, read_header
from storage.refusals import PictureRefused
from storage.shrinking import Pixels, as_jpeg, decode_small, see_through, shrunk, smaller

__all__ = ["NAMES", "Picture", "PictureRefused", "Unstretched", "take_in", "take_in_few"]

SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}  # what browsers show as it is
JPEGS = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"})
NAMES = JPEGS | {".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".heic", ".heif", ".hif", ".avif"}
PLAIN_MODES = {"JPEG": ("RGB", "L"), "PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "WEBP": ("RGB", "RGBA")}
BYTES_BEHIND = "bytes follow the end of the picture in its file; they are kept with it and have no meaning"


@dataclass(frozen=True)
class Picture:
    """A picture that can be stored, and what was seen while it was decoded, which happens once.

    `data` are its bytes as stored: the given ones unless they had to be converted.
    """

    data: bytes
    suffix: str
    width: int
    height: int
    facts: Facts
    thumbnail: bytes  # a JPEG, MEASURED_AT pixels long
    converted: bool
    said: str = ""  # what was done to it, or is odd about it, as a sentence
    found: Found | None = None  # the values of a deep one


@dataclass(frozen=True)
class Unmeasured:
    """A picture that is stored as it is: decoded and small, of which nothing large is held any more."""

    data: bytes
    suffix: str
    width: int
    height: int
    said: str
    small: Pixels
    facts: Facts | None = None


def take_in(data: bytes, ranges: Ranges | None = None) -> Picture:
    """Check the bytes by decoding them all; raises PictureRefused with the reason.

    `ranges`: what is stretched of deep pictures, by kind of sample. Unstretched is raised for a kind that is not
    among them; None stretches each by itself.
    """
    (taken,) = take_in_few([data], ranges)
    if isinstance(taken, Exception):
        raise taken
    return taken


def take_in_few(some: Sequence[bytes], ranges: Ranges | None = None) -> list[Picture | Exception]:
    """What became of each; an error is what `take_in` would raise.

    Step by step for all of them: what a step runs is in the processor's caches from the second picture on, which saves
    a tenth of the time.
    """
    decoded = [attempted(partial(decode, ranges=ranges), data) for data in some]
    measured = [attempted(measure, one) for one in decoded]
    return [attempted(with_thumbnail, one) for one in measured]


Made = TypeVar("Made")


def attempted(step: Callable[[Any], Made], given: Any) -> Made | Exception:
    """What the step makes of it, or why there is nothing; the libraries that decode raise what they like."""
    if isinstance(given, Exception):
        return given
    try:
        return step(given)
    except Exception as error:
        return error


def decode(data: bytes, ranges: Ranges | None) -> Unmeasured | Picture:
    """The picture small, to be gone on with; one that has to be converted is finished here."""
    header = read_header(data)
    if is_plain(header, data):
        small = small_of(header, data)
        if small is not None:
            behind = header.kind == "JPEG" and not jpegs.ends_at_its_end(data)
            said = BYTES_BEHIND if behind else ""
            return Unmeasured(data, SUFFIXES[header.kind], header.width, header.height, said, small)
    return taken_converted(convert(header, data, ranges), header, lossy=is_lossy(header, data))


def measure(one: Unmeasured | Picture) -> Unmeasured | Picture:
    return one if isinstance(one, Picture) else replace(one, facts=facts_of(one.small))


def with_thumbnail(one: Unmeasured | Picture) -> Picture:
    if isinstance(one, Picture):
        return one
    assert one.facts is not None
    thumbnail = as_jpeg(one.small)
    return Picture(one.data, one.suffix, one.width, one.height, one.facts, thumbnail, converted=False, said=one.said)


def is_plain(header: Header, data: bytes) -> bool:
    """Whether the bytes are fit for every reader, as far as the header tells."""
    if header.mode not in PLAIN_MODES.get(header.kind, ()) or header.deep or header.profile or header.moves:
        return False
    return header.orientation == 1 and (header.kind != "JPEG" or is_fast(data))


def small_of(header: Header, data: bytes) -> Pixels | None:
    """The picture at thumbnail size; None where something of it is transparent, or the file is torn."""
    if header.kind == "JPEG":
        return small_of_jpeg(data)
    picture = loaded(header)
    return None if see_through(picture) else shrunk(picture, MEASURED_AT)


def loaded(header: Header) -> Image.Image:
    assert header.picture is not None
    try:
        header.picture.load()
    except Exception as error:  # Pillow's readers raise what they like
        raise PictureRefused(f"it is corrupt: {error}") from error
    return header.picture


def small_of_jpeg(data: bytes) -> Pixels | None:
    """The JPEG at thumbnail size; all of the file is read for it, so that a torn one is noticed: None."""
    try:
        pixels = decode_small(data, MEASURED_AT, strict=True)
    except ValueError as error:
        if "remature" in str(error):
            return None
        pixels = decode_leniently(data)
    return smaller(pixels, MEASURED_AT)


def decode_leniently(data: bytes) -> Pixels:
    """For files with a harmless flaw, such as stray bytes between markers, that every viewer shows."""
    try:
        return decode_small(data, MEASURED_AT, strict=False)
    except ValueError as error:
        raise PictureRefused(f"it is corrupt: {error}") from error


def taken_converted(made: Converted, header: Header, *, lossy: bool) -> Picture:
    """As JPEG where it was lossy already, PNG otherwise."""
    data, kind = encoded(made.picture, lossy=lossy), "JPEG" if lossy else "PNG"
    width, height = made.picture.size
    small = shrunk(made.picture, MEASURED_AT)
    done = [*made.done, *([] if kind == header.kind else [f"stored as {kind} instead of {header.kind}"])]
    return Picture(
        data,
        SUFFIXES[kind],
        width,
        height,
        facts_of(small),
        as_jpeg(small),
        converted=True,
        said=f"the picture was {', '.join(done) or 'converted'}",
        found=made.found,
    )
