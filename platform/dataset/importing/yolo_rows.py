"""The lines of YOLO's label files: a box, a polygon, a turned box, a pose, or a prediction; each by its numbers."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Box = tuple[float, float, float, float]  # centre x, centre y, width, height, as fractions

MOST_CLASSES = 10_000
VISIBILITY = (0.0, 1.0, 2.0)
OUTSIDE = 1.1  # no point of a polygon lies further out; keypoints' visibility 2 does, and pixels do
FRACTION = 2.0  # no box that reaches into the image has a centre or a size beyond it
SKEW = 0.01  # of the image: by which opposite sides of a turned box may differ


@dataclass(frozen=True)
class RowForms:
    """What is known of a set's rows beside the numbers themselves."""

    keypoints: int = 0  # numbers that follow the box in a pose: `kpt_shape`, multiplied
    suspected: frozenset[int] = frozenset()  # how many follow in rows that look like poses, where nothing says so
    tracked: bool = False  # seven columns end with the number of a track
    turned: bool = False  # four corners are a turned box, not a polygon


@dataclass(frozen=True)
class Row:
    """One line, understood. `kind`: box, polygon, turned, pose or suspected pose."""

    label: int
    box: Box
    kind: str = "box"
    score: float | None = None  # then it is a prediction
    corners: list[float] | None = None
    outline: list[float] | None = None  # of a polygon: x1 y1 x2 y2 …


class PixelRow(ValueError):
    """A box in pixels, where fractions are wanted."""


def numbers_of(line: str) -> tuple[int, list[float]]:
    """Class index, and the numbers after it. Raises ValueError with what is wrong."""
    words = line.split()
    try:
        label, numbers = float(words[0]), [float(word) for word in words[1:]]
    except ValueError as error:
        commas = "; only spaces may stand between them, and it has commas" if "," in line else ""
        raise ValueError(f"it is not a line of numbers{commas}") from error
    if not all(map(math.isfinite, [label, *numbers])):
        raise ValueError("a number in it is not finite")
    if label != int(label) or not 0 <= label < MOST_CLASSES:
        raise ValueError(f"{words[0]} is not a class index")
    return int(label), numbers


def is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def parse(line: str, rows: RowForms, *, tracked: bool = False) -> Row:
    """What a line says. `tracked`: seven columns end with a track's number. Raises ValueError with what is wrong."""
    label, numbers = numbers_of(line)
    count = len(numbers)
    if count == 4:
        return Row(label, first_four(numbers))
    if rows.keypoints and count - 4 in (rows.keypoints, rows.keypoints + 1):
        return Row(label, first_four(numbers), "pose", score_in(numbers[-1]) if count - 4 > rows.keypoints else None)
    if count == 5 or (count == 6 and tracked):
        return Row(label, first_four(numbers), score=score_in(numbers[4]))
    if count - 4 in rows.suspected:
        return Row(label, first_four(numbers), "suspected pose")
    if count < 6:
        raise ValueError(f"it has {count + 1} numbers where a box has 5")
    points, score = (numbers[:-1], score_in(numbers[-1])) if count % 2 else (numbers, None)
    if max(map(abs, points)) > OUTSIDE:
        raise ValueError("it has values above 1, which no polygon has; of a pose, data.yaml needs to say the kpt_shape")
    if rows.turned and len(points) == 8:
        return Row(label, bounds(points), "turned", score, corners=points)
    return Row(label, bounds(points), "polygon", score, outline=None if is_upright(points) else points)


def first_four(numbers: Sequence[float]) -> Box:
    if max(map(abs, numbers[:4])) > FRACTION:
        raise PixelRow("its numbers are far above 1, so they are no fractions of the image; they may be pixels")
    return numbers[0], numbers[1], numbers[2], numbers[3]


def score_in(value: float) -> float:
    """A confidence. Raises ValueError where it is none."""
    if not 0 <= value <= 1:
        raise ValueError(f"{value:g} stands where a confidence from 0 to 1 would")
    return value


def bounds(points: Sequence[float]) -> Box:
    """The box around a polygon's points x1 y1 x2 y2 …"""
    xs, ys = points[0::2], points[1::2]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top


def is_tracked(lines: Sequence[str]) -> bool:
    """Whether lines of seven columns end with a track's number, which is whole, and are no triangles.

    A triangle has whole numbers where it touches the border, but not there alone in every line.
    """
    rows = [words for line in lines if len(words := line.split()) == 7]
    ends = [words[6] for words in rows]
    if not ends or not all(map(str.isdecimal, ends)):
        return False
    inner = [word for words in rows for word in words[1:6]]
    return any(int(end) > 1 for end in ends) or not any(map(str.isdecimal, inner))


def learned(lines: Sequence[str], *, keypoints: int, turned: bool | None) -> RowForms:
    """What some lines of a set tell of all: whether they look like poses, and whether four corners are turned boxes."""
    rows = []
    for line in lines:
        try:
            rows.append(numbers_of(line)[1])
        except (ValueError, IndexError):
            continue
    if keypoints:
        return RowForms(keypoints)
    posed = Counter(len(numbers) - 4 for numbers in rows if looks_like_pose(numbers))
    if turned is None:
        turned = bool(rows) and all(len(numbers) == 8 and is_skewless(numbers) for numbers in rows)
    return RowForms(suspected=frozenset(posed), tracked=is_tracked(lines), turned=turned)


def looks_like_pose(numbers: Sequence[float]) -> bool:
    """A box and then points with a visibility each, one of them 2: no polygon has such numbers."""
    seen = numbers[6::3]
    is_long = len(numbers) >= 7 and (len(numbers) - 4) % 3 == 0
    return is_long and 2.0 in seen and all(value in VISIBILITY for value in seen)


def is_skewless(points: Sequence[float]) -> bool:
    """Whether the diagonals of four corners halve each other, as those of rectangles do in an image of any shape."""
    across = (points[0] + points[4] - points[2] - points[6], points[1] + points[5] - points[3] - points[7])
    corners = list(zip(points[0::2], points[1::2], strict=True))
    is_box = all(abs(one[0] - other[0]) + abs(one[1] - other[1]) > 0 for one, other in pairwise(corners))
    return is_box and max(map(abs, across)) <= SKEW


def is_upright(points: Sequence[float]) -> bool:
    """Whether points x1 y1 … are the four corners of an upright box, which sets of outlines write for boxes."""
    corners = list(zip(points[0::2], points[1::2], strict=True))
    places = len({x for x, _ in corners}), len({y for _, y in corners})
    steps = [(x1 != x2) + (y1 != y2) for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]])]
    return places == (2, 2) and steps == [1, 1, 1, 1]
