"""Boxes that stand at an angle: the box around them is what is stored, the angle is kept as a fact beside it.

Angles are degrees clockwise (y points down), as CVAT and Label Studio write them.
"""

from pathlib import Path

from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import Base

LYING = (5, 6, 7, 8)  # EXIF orientations that swap width and height

Points = list[tuple[float, float]]


def box_of_centre(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def upright_size(path: Path | None) -> tuple[int, int] | None:
    """Width and height of a picture as it is looked at, by its header; None where it cannot be read here."""
    found = header_of(path)
    if found is None:
        return None
    width, height, orientation = found
    return (height, width) if orientation in LYING else (width, height)


def orientation_of(path: Path | None) -> int:
    """EXIF's orientation, 1 to 8; 1, upright, where none is said or the file cannot be read here."""
    found = header_of(path)
    return found[2] if found and found[2] in range(1, 9) else 1


def header_of(path: Path | None) -> tuple[int, int, int] | None:
    """Width and height as stored, and EXIF's orientation."""
    try:
        if path is None:
            return None
        with Image.open(path) as picture:
            return *picture.size, picture.getexif().get(Base.Orientation, 1)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
        return None
