"""Boxes that stand at an angle: the box around them is what is stored, the angle is kept as a fact beside it.

Angles are degrees clockwise (y points down), as CVAT and Label Studio write them.
"""

import math
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import Base

LYING = (5, 6, 7, 8)  # EXIF orientations that swap width and height

Points = list[tuple[float, float]]


def box_of_centre(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def unturned(corners: Points, slack: float = 1.5) -> tuple[tuple[float, float, float, float], float] | None:
    """The unturned box and the angle of four corners in order round; None where they are no rectangle.

    `slack`: pixels that the corners may stand off, since tools round them.
    """
    if len(corners) != 4:
        return None
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    if max(abs(ax + cx - bx - dx), abs(ay + cy - by - dy)) > 2 * slack:
        return None
    if abs(math.dist((ax, ay), (cx, cy)) - math.dist((bx, by), (dx, dy))) > 2 * slack:
        return None
    middle = (ax + bx + cx + dx) / 4, (ay + by + cy + dy) / 4
    width, height = math.dist((ax, ay), (bx, by)), math.dist((bx, by), (cx, cy))
    return box_of_centre(*middle, width, height), math.degrees(math.atan2(by - ay, bx - ax)) % 360


def upright_size(path: Path | None) -> tuple[int, int] | None:
    """Width and height of a picture as it is looked at, by its header; None where it cannot be read here."""
    try:
        if path is None:
            return None
        with Image.open(path) as picture:
            width, height = picture.size
            return (height, width) if picture.getexif().get(Base.Orientation) in LYING else (width, height)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
        return None
