"""A picture made what every reader sees alike: upright, 8 bits, RGB or grey, in sRGB, opaque, one frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from storage import deep, jpegs, profiles
from storage.headers import Header
from storage.refusals import PictureRefused
from storage.shrinking import on_white, see_through, shrunk

LOSSY = ("JPEG", "HEIF", "AVIF")
LEAST_LEFT = 0.2  # of a torn picture's rows; what a decoder makes up goes a little below where the file ends
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Unstretched(Exception):
    """It is deep, and which range its import stretches is not known yet; `found` says what its values are."""

    def __init__(self, found: deep.Found) -> None:
        super().__init__(found.kind)
        self.found = found


@dataclass(frozen=True)
class Converted:
    """The picture as it will be stored, and what was done, in words."""

    picture: Image.Image
    done: Sequence[str]
    found: deep.Found | None = None  # the values of a deep one


def convert(header: Header, data: bytes, ranges: deep.Ranges | None) -> Converted:
    """Decode and convert. `ranges` None: a deep picture is stretched by itself. Raises PictureRefused, Unstretched."""
    done: list[str] = []
    found = None
    if header.deep:
        picture, found = flat(header, data, ranges, done)
    else:
        picture = decoded(header, data, done)
    if header.orientation in TURNS:
        picture = picture.transpose(TURNS[header.orientation])
        done.insert(0, f"turned upright (EXIF orientation {header.orientation})")
    picture = in_srgb(picture, header.profile, done)
    picture = opaque(picture, done)
    picture = plain(picture, done)
    if header.moves:
        done.append("reduced to its first frame")
    picture.info.clear()
    return Converted(picture, done, found)


def flat(header: Header, data: bytes, ranges: deep.Ranges | None, done: list[str]) -> tuple[Image.Image, deep.Found]:
    """A deep picture with 8 bits a sample."""
    samples = deep.samples_of(header.picture, data, header.deep) if header.picture else deep.colours_of(data)
    if samples.shape[:2] != header.stored_shape:
        raise PictureRefused("it is corrupt: its size is not what its header says")
    if samples.dtype.itemsize == 1:
        return Image.fromarray(samples), deep.Found(header.deep, 0.0, 255.0)
    found = deep.found_in(samples, header.deep, header.tags)
    if ranges is not None and header.deep not in ranges:
        raise Unstretched(found)
    span = deep.range_of([found]) if ranges is None else ranges[header.deep]
    bits = header.deep.lstrip("uintfloa")
    done.append(
        f"brought from {bits} to 8 bits a channel ({number_text(span[0])} … {number_text(span[1])} became 0 … 255)"
    )
    return Image.fromarray(deep.stretched(samples, span)), found


def number_text(number: float) -> str:
    return f"{number:,.0f}" if number == round(number) else f"{number:.4g}"


def decoded(header: Header, data: bytes, done: list[str]) -> Image.Image:
    """All of the picture's pixels; of a torn JPEG those that there are."""
    assert header.picture is not None  # else it is deep
    try:
        header.picture.load()
    except Exception as error:  # Pillow's readers raise what they like
        if header.kind == "JPEG":
            return what_is_left(data, done)
        raise PictureRefused(f"it is corrupt: {error}") from error
    if header.kind == "JPEG" and not jpegs.is_shown(data):
        done.append("coded anew, as browsers do not show its kind of JPEG")
    return header.picture


def what_is_left(data: bytes, done: list[str]) -> Image.Image:
    """A torn JPEG, as far as it goes. Raises PictureRefused where nothing is left."""
    try:
        pixels = jpegs.what_is_left(data)
    except ValueError as error:
        raise PictureRefused(f"it is corrupt: {error}") from error
    picture = Image.fromarray(pixels)
    missing = jpegs.missing_share(shrunk(picture, 320))
    if missing > 1 - LEAST_LEFT:
        raise PictureRefused(f"it is corrupt: its file is torn, and {missing:.0%} of it, at the bottom, are missing")
    lost = f"{missing:.0%} of it, at the bottom, are missing" if missing >= 0.01 else "details are missing"
    done.append(f"made whole: its file is torn, and {lost}")
    return picture


def in_srgb(picture: Image.Image, profile: bytes, done: list[str]) -> Image.Image:
    """The picture in sRGB, with the transparency that it had."""
    if not profile:
        return picture
    alpha = picture.convert("RGBA").getchannel("A") if see_through(picture) else None
    try:
        changed = profiles.in_srgb(picture.convert(profiles.mode_of(profile)), profile)
    except ValueError:
        return picture
    done.append(f"brought from {profiles.name_of(profile)} to sRGB")
    if alpha:
        changed = changed.convert("RGB")
        changed.putalpha(alpha)
    return changed


def opaque(picture: Image.Image, done: list[str]) -> Image.Image:
    """What is transparent shows white."""
    if not see_through(picture):
        return picture
    grey = picture.mode.startswith("L")
    done.append("laid on white where it is transparent")
    return on_white(picture).convert("L" if grey else "RGB")


def plain(picture: Image.Image, done: list[str]) -> Image.Image:
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode not in ("RGBA", "LA"):
        done.append(f"brought from {mode_name(picture.mode)} to RGB")
    try:
        return picture.convert("RGB")
    except ValueError as error:
        raise PictureRefused(f"its colours ({picture.mode}) cannot be brought to RGB") from error


def mode_name(mode: str) -> str:
    return {"P": "a palette", "1": "black and white", "PA": "a palette with transparency"}.get(mode, mode)


def encoded(picture: Image.Image, *, lossy: bool) -> bytes:
    out = BytesIO()
    if lossy:
        picture.save(out, "JPEG", quality=95, subsampling=0)
    else:
        picture.save(out, "PNG")
    return out.getvalue()


def is_lossy(header: Header, data: bytes) -> bool:
    """Whether the picture has lost by its kind already, so that a JPEG loses little more."""
    return header.kind in LOSSY or (header.kind == "WEBP" and b"VP8 " in data)
