"""How finely a source gives its numbers, so that another rounding of a box is not taken for a move.

VOC mostly has whole pixels, YOLO four to six decimals of a fraction, COCO one or two decimals: the same box, written in
each of them, comes back a little elsewhere.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataset.importing.matching import STILL
from dataset.importing.types import Source

AT_ONCE = 100_000  # boxes
FINEST = {"xyxy": 2, "xywh": 2}  # decimals of pixels; more are finer than STILL
FINEST_FRACTION = 6
WHOLE = 1e-4  # by which a number that was written in decimals may miss a whole number of steps
SHORT_OF = 0.99  # of a step, that cutting decimals off may take away: a whole one is a move

Floats = NDArray[np.float64]
Box = NDArray[np.float32]


@dataclass(frozen=True)
class Grain:
    """The form of a source's boxes (Source.form), and the step between two numbers next to each other, in its unit."""

    form: str
    step: float

    def steps(self, width_height: NDArray[np.int64]) -> Floats:
        """`(4,)` pixels: the step of each of the four numbers of a box in an image of that size, `(2,)`."""
        sides = np.tile(width_height, 2) if self.form in ("fractions", "centred") else np.ones(4)
        return sides.astype(np.float64) * self.step

    def is_rounding(self, old: Box, new: Box, width_height: NDArray[np.int64]) -> bool:
        """Whether the new box, `(4,)` xyxy pixels, is the old one as near as the source's numbers can say it.

        All of its numbers are rounded to the nearest, or all cut: its own, or those of its corners.
        """
        steps, before, now = self.steps(width_height), old.astype(np.float64), new.astype(np.float64)
        off = self.numbers(before) - self.numbers(now)
        return is_rounded(off, steps) or (self.form == "xywh" and is_rounded(before - now, steps))

    def numbers(self, box: Floats) -> Floats:
        """`(4,)` the numbers that the form has for a box, in pixels."""
        first, second = box[:2], box[2:]
        if self.form == "xywh":
            return np.concatenate([first, second - first])
        return np.concatenate([(first + second) / 2, second - first]) if self.form == "centred" else box


def is_rounded(off: Floats, steps: Floats) -> bool:
    """Whether numbers that are off by so much, old less new, are the same ones rounded, or cut, to those steps."""
    nearest = np.abs(off) <= steps / 2 + STILL
    cut = (off >= -STILL) & (off <= np.maximum(SHORT_OF * steps, STILL))
    return bool(nearest.all() or cut.all())


ANY_GRAIN = Grain("xyxy", 0.0)  # where nothing is compared


def grain_of(source: Source) -> Grain:
    """Of all boxes of a source: the step of the one that has the most decimals."""
    given = source.boxes.view("box")
    finest, decimals = FINEST.get(source.form, FINEST_FRACTION), 0
    for start in range(0, len(given), AT_ONCE):
        some = given[start : start + AT_ONCE]
        while decimals < finest and not is_whole(some * 10.0**decimals):
            decimals += 1
        source.boxes.let_go()
    return Grain(source.form, 10.0**-decimals)


def is_whole(numbers: Floats) -> bool:
    return bool((np.abs(numbers - np.round(numbers)) <= WHOLE).all())
