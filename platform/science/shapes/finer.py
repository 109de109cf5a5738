"""An object's shape where it is known finer than by its box: a polygon, a turned box, or a mask.

Pixels of the EXIF-upright image with the origin in its top left corner, as 32-bit floats; shapes of equal numbers are
equal. They are made of what somebody gave by ``polygon_of``, ``turned_box_of`` and ``mask_of``, which check it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_POINTS = 100_000  # of one shape, and runs of one mask
FARTHEST = 1_000_000  # pixels: a number beyond it is a mistake
LONGEST_SIDE = 65_535  # pixels, of the image of a mask

Ring = NDArray[np.float32]  # (P, 2) x and y in order around it, not closed


class BadShape(ValueError):
    """A shape that nothing can be done with: what is wrong with it, and where; reads on from "the shape has …"."""


@dataclass(frozen=True, eq=False)
class Polygon:
    """What any of its parts encloses; of a part, its first ring without what the others, its holes, enclose."""

    parts: tuple[tuple[Ring, ...], ...]

    def rings(self) -> list[Ring]:
        """All of them, part after part."""
        return list(chain.from_iterable(self.parts))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Polygon)
            and [len(part) for part in self.parts] == [len(part) for part in other.parts]
            and all(np.array_equal(a, b) for a, b in zip(self.rings(), other.rings(), strict=True))
        )

    def __hash__(self) -> int:
        return hash(tuple(ring.tobytes() for ring in self.rings()))


@dataclass(frozen=True)
class TurnedBox:
    """A box of a width and a height around a centre, turned by degrees clockwise as one sees the image."""

    x: float
    y: float
    width: float
    height: float
    angle: float


@dataclass(frozen=True, eq=False)
class Mask:
    """COCO's runs: lengths of what lies outside and inside in turn, the image's columns one under the other."""

    height: int  # of the image, pixels
    width: int
    counts: NDArray[np.int64]  # (R,) that add up to height * width

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Mask)
            and (self.height, self.width) == (other.height, other.width)
            and np.array_equal(self.counts, other.counts)
        )

    def __hash__(self) -> int:
        return hash((self.height, self.width, self.counts.tobytes()))


Finer = Polygon | TurnedBox | Mask


def polygon_of(parts: Sequence[Sequence[ArrayLike]]) -> Polygon:
    """A polygon of its parts' rings, each (P, 2) or x, y, x, y … Raises ``BadShape`` naming part, ring and point."""
    if not len(parts):
        raise BadShape("no part")
    read = tuple(
        tuple(_ring(ring, f"part {p}, ring {r}") for r, ring in enumerate(part, 1)) for p, part in enumerate(parts, 1)
    )
    empty = next((p for p, part in enumerate(read, 1) if not part), None)
    if empty is not None:
        raise BadShape(f"no ring in part {empty}")
    polygon = Polygon(read)
    if (points := sum(map(len, polygon.rings()))) > MOST_POINTS:
        raise BadShape(f"{points} points, and {MOST_POINTS} are the most")
    return polygon


def _ring(given: ArrayLike, place: str) -> Ring:
    try:
        numbers = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        raise BadShape(f"something else than numbers in {place}") from None
    if numbers.size % 2 or numbers.ndim not in (1, 2) or (numbers.ndim == 2 and numbers.shape[1] != 2):
        raise BadShape(f"an x without its y in {place}")
    ring = numbers.reshape(-1, 2)
    wild = np.flatnonzero(~(np.abs(ring) <= FARTHEST).all(axis=1))
    if len(wild):
        x, y = ring[wild[0]].tolist()
        raise BadShape(f"no place in an image at {place}, point {wild[0] + 1}: {x}, {y}")
    if len(ring) < 3:
        raise BadShape(f"{len(ring)} points in {place}, and 3 are the fewest")
    return ring.astype(np.float32) + np.float32(0)  # no minus zero, so that equal numbers are equal bytes


def turned_box_of(x: float, y: float, width: float, height: float, angle: float) -> TurnedBox:
    """A turned box, in 32-bit floats. Raises ``BadShape``."""
    given = {"x": x, "y": y, "width": width, "height": height, "angle": angle}
    read = {}
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float | np.floating) or not abs(value) <= FARTHEST:
            raise BadShape(f"no number that can be used as its {name}: {value}")
        read[name] = float(np.float32(value) + np.float32(0))
    for name in ("width", "height"):
        if read[name] <= 0:
            raise BadShape(f"a {name} of {read[name]}, which must be above 0")
    return TurnedBox(**read)


def mask_of(height: int, width: int, counts: ArrayLike) -> Mask:
    """A mask of COCO's uncompressed runs. Raises ``BadShape``."""
    for name, side in (("height", height), ("width", width)):
        if isinstance(side, bool) or not isinstance(side, int | np.integer) or not 0 < side <= LONGEST_SIDE:
            raise BadShape(f"no {name} between 1 and {LONGEST_SIDE} pixels: {side}")
    try:
        numbers = np.asarray(counts, np.float64).reshape(-1)
    except (TypeError, ValueError):
        raise BadShape("something else than numbers among its runs") from None
    wrong = np.flatnonzero(~((numbers >= 0) & (numbers == np.floor(numbers)) & (numbers < 2**53)))
    if len(wrong):
        raise BadShape(f"no length of a run at run {wrong[0] + 1}: {numbers[wrong[0]]}")
    if len(numbers) > MOST_POINTS:
        raise BadShape(f"{len(numbers)} runs, and {MOST_POINTS} are the most")
    runs = numbers.astype(np.int64)
    if (total := int(runs.sum())) != int(height) * int(width):
        raise BadShape(f"runs of {total} pixels together, and its image of {width} x {height} has {height * width}")
    if not runs[1::2].any():
        raise BadShape("no pixel")
    return Mask(int(height), int(width), runs)


def mask_of_pixels(pixels: NDArray[np.bool_]) -> Mask:
    """A mask of an image's (height, width) pixels. Raises ``BadShape``."""
    flat = np.concatenate([[False], pixels.T.reshape(-1).astype(np.bool_)])
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    height, width = pixels.shape
    return mask_of(height, width, np.diff(changes, prepend=0, append=pixels.size))


def pixels_of_mask(mask: Mask) -> NDArray[np.bool_]:
    """(height, width) which pixels lie inside."""
    inside = np.arange(len(mask.counts)) % 2 == 1
    return np.repeat(inside, mask.counts).reshape(mask.width, mask.height).T
