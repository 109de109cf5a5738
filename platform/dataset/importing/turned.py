"""Boxes that stand at an angle: the box around them is what is stored, the angle is kept as a fact beside it.

Angles are degrees clockwise (y points down), as CVAT and Label Studio write them.
"""

import math
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from storage.pictures import ORIENTATION

LYING = (5, 6, 7, 8)  # EXIF orientations that swap width and height
DIGITS = 3

Points = list[tuple[float, float]]


def corners_of(box: tuple[float, ...], degrees: float) -> Points:
    """The corners of an xyxy box turned about its centre: top left, top right, bottom right, bottom left before."""
    x1, y1, x2, y2 = box
    middle_x, middle_y, angle = (x1 + x2) / 2, (y1 + y2) / 2, math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    offsets = [(x - middle_x, y - middle_y) for x, y in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))]
    return [(middle_x + x * cosine - y * sine, middle_y + x * sine + y * cosine) for x, y in offsets]


def box_of_centre(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def facts_of_turn(box: tuple[float, ...], degrees: float) -> dict[str, Any]:
    """What an export needs to turn the box again; `box` is the unturned one, xyxy pixels."""
    return {"rotation": round(degrees % 360, DIGITS), "rotated_box": [round(side, DIGITS) for side in box]}


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
            return (height, width) if picture.getexif().get(ORIENTATION) in LYING else (width, height)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
        return None
