"""Cut-outs of images around a box, made when first asked for and kept under the image's SHA-256."""

from collections.abc import Sequence

from storage import blobs
from storage.drawing_apart import Region, draw_apart
from storage.thumbnails import is_there

SIZES = (160, 320)  # pixels of the longer side
MARGIN = 0.25  # of the box's longer side, on each side
SMALLEST = 48  # pixels of the image: a box of a few pixels is shown with what is around it


def region_around(box: Sequence[float], width: int, height: int) -> Region:
    """A square around the box, xyxy pixels, with some margin; moved into the image, and cut where that is too small.

    >>> region_around((100, 100, 200, 150), 1280, 720)
    (75, 50, 225, 200)
    """
    x1, y1, x2, y2 = box
    side = max(SMALLEST, round(max(x2 - x1, y2 - y1) * (1 + 2 * MARGIN)))
    left, right = _stretch((x1 + x2) / 2, side, width)
    top, bottom = _stretch((y1 + y2) / 2, side, height)
    return left, top, right, bottom


def _stretch(middle: float, side: int, limit: int) -> tuple[int, int]:
    """The stretch of that length around a middle, inside 0 and the limit."""
    start = min(max(0, round(middle - side / 2)), max(0, limit - side))
    return start, min(limit, start + side)


def crop(*, sha256: str, location: str, region: Region, size: int) -> str:
    """The location of a JPEG of that region whose longer side is at most `size` pixels.

    Raises FileNotFoundError where the image's bytes are gone, PictureRefused where they cannot be drawn.
    """
    name = "-".join(map(str, (*region, size)))
    key = f"crops/{sha256[:2]}/{sha256}/{name}.jpg"
    if not is_there(key):
        blobs.put_at(key, draw_apart(blobs.read(location), size, region), durable=False)
    return key
