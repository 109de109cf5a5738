"""Pictures with more than 8 bits a sample, and how their values become 0 to 255.

One range is stretched for all deep pictures of an import that have one kind of sample, never one per picture: a dark
picture must stay darker than a bright one. A TIFF may state it; else it is found from the values themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from storage.refusals import PictureRefused
from storage.shrinking import Pixels

Range = tuple[float, float]  # what becomes 0 and what becomes 255
Ranges = Mapping[str, Range]  # by kind of sample
Samples = NDArray[Any]  # (H, W), (H, W, 3) RGB or (H, W, 4) RGBA

BITS, FORMAT, SAMPLES = 258, 339, 277  # TIFF tags; no trust in PNG's sBIT: by the standard its values fill 16 bits
STATED = ((340, 341), (280, 281))  # the smallest and the largest sample value
NO_DATA = 42113  # GDAL's: a value that stands for no measurement
FORMS = {1: "uint", 2: "int", 3: "float"}
DEPTHS = {"float": (1.0, 255.0), "int": tuple(float(2**bits - 1) for bits in (8, 10, 12, 14, 16, 24, 32))}
USED = 1 / 4  # of a depth's range; where the values of all pictures take up less, their own range is stretched
ROWS = 256  # stretched at a time, to keep memory small
ONE_CHANNEL = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # of others Pillow would keep the upper 8 bits only


@dataclass(frozen=True)
class Found:
    """The values of one picture: the smallest, the largest, and the range that its header states."""

    kind: str  # as `kind_of`
    low: float
    high: float
    stated: Range | None = None


def kind_of(picture: Image.Image, data: bytes) -> str:
    """uint16, int16, uint32, float32 …; nothing where 8 bits hold the samples. `picture`: nothing decoded yet."""
    if picture.format == "PNG":
        return "uint16" if data[24] == 16 else ""
    if picture.format != "TIFF" or picture.mode == "CMYK":
        return ""
    return tiff_kind(picture.tag_v2)  # type: ignore[attr-defined]


def tiff_kind(tags: Mapping[int, object]) -> str:
    bits, form = max(numbers(tags.get(BITS)), default=1), max(numbers(tags.get(FORMAT)), default=1)
    if bits <= 8 or int(form) not in FORMS:
        return ""
    return f"{FORMS[int(form)]}{16 if bits <= 16 else 32 if bits <= 32 else 64}"


def numbers(value: object) -> list[float]:
    """A tag's numbers; none where it has others."""
    given = value if isinstance(value, tuple) else (value,)
    return [float(one) for one in given if isinstance(one, int | float | TiffImagePlugin.IFDRational)]


def samples_of(picture: Image.Image, data: bytes, kind: str) -> Samples:
    """The values as they are. Raises PictureRefused."""
    if picture.mode not in ONE_CHANNEL:
        return colours_of(data)
    try:
        picture.load()
    except Exception as error:  # Pillow's readers raise what they like
        raise PictureRefused(f"it is corrupt: {error}") from error
    values = np.asarray(picture)
    return values.view(np.uint32) if kind == "uint32" and values.dtype == np.int32 else values


def colours_of(data: bytes) -> Samples:
    """What only OpenCV decodes in full: deep colours, colours of floating point, doubles."""
    import cv2  # a tenth of a second, and few imports need it

    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise PictureRefused("it is corrupt: its samples cannot be decoded") from error
    if found is None or (found.ndim == 3 and found.shape[2] not in (3, 4)):
        raise PictureRefused("it is corrupt: its samples cannot be decoded")
    if found.ndim == 2:
        return found
    return found[..., [2, 1, 0, 3][: found.shape[2]]]


def foreign_tiff(data: bytes) -> TiffImagePlugin.ImageFileDirectory_v2:
    """The tags of a TIFF that Pillow does not know the samples of. Raises ValueError where OpenCV would not, either."""
    tags = TiffImagePlugin.ImageFileDirectory_v2(data[:8])
    file = BytesIO(data)
    file.seek(tags.next)
    tags.load(file)
    if not tiff_kind(tags) or max(numbers(tags.get(SAMPLES)), default=1) not in (1, 3, 4):
        raise ValueError("unknown samples")
    return tags


def found_in(samples: Samples, kind: str, tags: Mapping[int, object]) -> Found:
    """What the values are, those that mean nothing left out."""
    colours = samples[..., :3] if samples.ndim == 3 else samples
    meant = np.isfinite(colours)
    if (none := no_data(tags)) is not None:
        meant &= colours != none
    if not meant.any():
        return Found(kind, 0.0, 0.0, stated_in(tags))
    values = colours[meant]
    return Found(kind, float(values.min()), float(values.max()), stated_in(tags))


def no_data(tags: Mapping[int, object]) -> float | None:
    try:
        return float(str(tags[NO_DATA]).strip("\0 "))
    except (KeyError, ValueError):
        return None


def stated_in(tags: Mapping[int, object]) -> Range | None:
    """The range that a TIFF's tags state, or its odd number of bits."""
    for smallest, largest in STATED:
        low, high = min(numbers(tags.get(smallest)), default=0.0), max(numbers(tags.get(largest)), default=0.0)
        if np.isfinite([low, high]).all() and high > low:
            return low, high
    bits = max(numbers(tags.get(BITS)), default=1)
    return (0.0, 2.0**bits - 1) if 8 < bits < 16 else None


def ranges_of(found: Iterable[Found]) -> dict[str, Range]:
    """One range for each kind of sample."""
    by_kind: dict[str, list[Found]] = {}
    for one in found:
        by_kind.setdefault(one.kind, []).append(one)
    return {kind: range_of(some) for kind, some in by_kind.items()}


def range_of(found: Sequence[Found]) -> Range:
    """What all pictures of one kind of sample are stretched from.

    What they state, if their values keep to it; else 0 to the end of the smallest depth that holds all values (8, 10,
    12, 14, 16 … bits; 1 or 255 for floating point); else, where the values take up less than a quarter of that or are
    negative, their own range.
    """
    low, high = min(one.low for one in found), max(one.high for one in found)
    stated = [one.stated for one in found if one.stated]
    if stated:
        start, end = min(first for first, _ in stated), max(last for _, last in stated)
        if start <= low and high <= end:
            return start, end
    depths = DEPTHS["float" if found[0].kind.startswith("float") else "int"]
    end = next((depth for depth in depths if high <= depth), 0.0)
    if low >= 0 and end and (low == high or high - low >= USED * end):
        return 0.0, end
    return low, high


def stretched(samples: Samples, span: Range) -> Pixels:
    """The values as 0 to 255, those outside the range cut to it; what is no number becomes 0. Alpha fills its type."""
    low, high = span
    out = np.empty(samples.shape, np.uint8)
    for start in range(0, len(samples), ROWS):
        some = samples[start : start + ROWS].astype(np.float64)
        scaled = np.nan_to_num((some - low) * (255 / max(high - low, 1e-300)), nan=0.0)
        if samples.ndim == 3 and samples.shape[2] == 4:
            full = 1.0 if samples.dtype.kind == "f" else float(np.iinfo(samples.dtype).max)
            scaled[..., 3] = some[..., 3] * (255 / full)
        out[start : start + ROWS] = scaled.clip(0, 255).round()
    return out
