"""What a picture file says of itself before anything of it is decoded."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from storage import deep, profiles
from storage.refusals import PictureRefused
from storage.stand_ins import stand_in

UNKNOWN = "it is not a picture of a known kind (JPEG, PNG, WebP, BMP, TIFF, GIF, HEIC, AVIF)"
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "AVIF")  # JPEG's reader also knows MPO, several in one
TIFF_BEGINS = (b"II*\0", b"MM\0*")
ORIENTATION = 0x0112

Image.init()  # all readers at once: threads would race to load them one by one
Image.MAX_IMAGE_PIXELS = None  # refused by pixels below, with a sentence, before anything is decoded


@dataclass(frozen=True)
class Header:
    """The picture, nothing decoded yet, and what matters of its header."""

    picture: Image.Image | None  # None: only OpenCV knows its samples
    kind: str  # Pillow's name of the format; JPEG also where it holds several
    mode: str
    width: int
    height: int
    orientation: int  # EXIF's, 1 to 8
    deep: str  # what its samples are where 8 bits do not hold them (deep.kind_of)
    tags: Any  # a TIFF's
    profile: bytes  # its colour profile, if that means anything but sRGB
    moves: bool  # several frames or pages

    @property
    def stored_shape(self) -> tuple[int, int]:
        return self.height, self.width


def read_header(data: bytes) -> Header:
    """Refuses what is no picture and what would be a decompression bomb."""
    picture = opened(data)
    if picture is None:
        return foreign_header(data)
    check_size(picture.width, picture.height)
    kind = "JPEG" if picture.format == "MPO" else str(picture.format)
    samples = deep.kind_of(picture, data)  # before the next line, which decodes a PNG
    return Header(
        picture=picture,
        kind=kind,
        mode=picture.mode,
        width=picture.width,
        height=picture.height,
        orientation=orientation_of(picture),
        deep=samples,
        tags=getattr(picture, "tag_v2", {}),
        profile=needed_profile(picture),
        moves=picture.format != "MPO" and bool(getattr(picture, "is_animated", False)),
    )


def opened(data: bytes) -> Image.Image | None:
    """The picture; None for a TIFF whose samples Pillow does not know."""
    try:
        return Image.open(BytesIO(data), formats=(*FORMATS, *heif_if_it_may_be(data)))
    except UnidentifiedImageError as error:
        if data[:4] in TIFF_BEGINS:
            return None
        raise PictureRefused(stand_in(data[:500]) or UNKNOWN) from error
    except Exception as error:  # Pillow's readers raise what they like on broken headers
        raise PictureRefused(f"its header cannot be read: {error}") from error


def heif_if_it_may_be(data: bytes) -> tuple[str, ...]:
    return (heif(),) if data[4:8] == b"ftyp" else ()


@cache
def heif() -> str:
    """Let Pillow open HEIC. The library is loaded where a file may need it."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    return "HEIF"


def foreign_header(data: bytes) -> Header:
    """The header of a TIFF that OpenCV may know."""
    try:
        tags = deep.foreign_tiff(data)
        width, height = int(tags[256]), int(tags[257])
    except Exception as error:  # as above
        raise PictureRefused("it is a TIFF of a kind that cannot be read") from error
    check_size(width, height)
    turn = tags.get(ORIENTATION, 1)
    return Header(
        picture=None,
        kind="TIFF",
        mode="F",
        width=width,
        height=height,
        orientation=turn if turn in range(1, 9) else 1,
        deep=deep.tiff_kind(tags),
        tags=tags,
        profile=b"",
        moves=False,
    )


def check_size(width: int, height: int) -> None:
    if width * height > settings.MAX_IMAGE_PIXELS:
        raise PictureRefused(f"{width} × {height} pixels are more than the limit")
    if min(width, height) < 1:
        raise PictureRefused("it has no pixels")


def orientation_of(picture: Image.Image) -> int:
    """EXIF's; 1 where it says nothing, or nonsense. A PNG is decoded for it."""
    try:
        found = picture.getexif().get(ORIENTATION, 1)
    except Exception as error:  # as above
        raise PictureRefused(f"it is corrupt: {error}") from error
    return found if found in range(1, 9) else 1


def needed_profile(picture: Image.Image) -> bytes:
    """Its colour profile, if there is one that changes anything."""
    profile = picture.info.get("icc_profile")
    if not isinstance(profile, bytes) or not profile or not profiles.is_for(profile, picture.mode):
        return b""
    return profile if profiles.is_needed(profile) else b""
