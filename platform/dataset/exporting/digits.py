"""Decimals that bring float32 boxes back exactly: as few as do it, so that files are short and easy on the eye.

Every format stores something else than the two corners that Halfday keeps: sizes, centres, fractions. What is written
is chosen by undoing it as a reader would, in double precision, and looking whether the same float32 comes out.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from science.geometry.boxes import clip, from_centred, to_centred
from science.shapes.finer import TurnedBox

Doubles = NDArray[np.float64]
Singles = NDArray[np.float32]

MOST = 12  # decimals that are tried; beyond, the double itself is written


def fewest(values: Doubles, accept: Callable[[Doubles, NDArray[np.intp]], NDArray[np.bool_]]) -> Doubles:
    """The values with as few decimals as `accept(rounded, places)` lets pass; those that never pass stay as they are.

    `values` is `(N,)`; `accept` is asked about those at `places` only.
    """
    result, left = values.copy(), np.arange(len(values))
    for decimals in range(MOST + 1):
        rounded = np.round(values[left], decimals)
        fits = accept(rounded, left)
        result[left[fits]] = rounded[fits]
        left = left[~fits]
        if not len(left):
            break
    return result


def shortest_numbers(values: Singles) -> Doubles:
    """`(N,)` numbers with as few decimals as bring the float32 back."""
    return fewest(values.astype(np.float64), lambda some, at: some.astype(np.float32) == values[at])


def shortest_corners(boxes: Singles, *, last: float = 0.0) -> Doubles:
    """`(N, 4)` xyxy; each number comes back as its float32, also where a reader makes sizes of the corners and back.

    `last` is what the reader adds to the right and bottom side: 1 where a format names the last pixel inside. Beside
    it, a side that lies less than a millionth of a pixel from the border cannot be told exactly in double precision.
    """
    wanted = boxes.astype(np.float32)
    starts = shortest_numbers(wanted[:, :2].ravel()).reshape(-1, 2)
    return np.concatenate([starts, far_edges(starts, wanted[:, 2:], last)], axis=1)


def far_edges(starts: Doubles, ends: Singles, last: float) -> Doubles:
    """`(N, 2)` right and bottom sides for `corners`."""
    begin, end = starts.ravel(), ends.ravel()

    def comes_back(some: Doubles, at: NDArray[np.intp]) -> NDArray[np.bool_]:
        by_size: Doubles = begin[at] + (some - begin[at] + last)
        return ((some + last).astype(np.float32) == end[at]) & (by_size.astype(np.float32) == end[at])

    return fewest(end.astype(np.float64) - last, comes_back).reshape(-1, 2)


def shortest_sizes(boxes: Singles) -> Doubles:
    """`(N, 4)` left, top, width, height; left + width, added in double precision, is the float32 right side."""
    wanted = boxes.astype(np.float32)
    begin, end = shortest_numbers(wanted[:, :2].ravel()), wanted[:, 2:].ravel()

    def comes_back(some: Doubles, at: NDArray[np.intp]) -> NDArray[np.bool_]:
        return (some > 0) & ((begin[at] + some).astype(np.float32) == end[at])

    found = fewest(end.astype(np.float64) - begin, comes_back)
    return np.concatenate([begin.reshape(-1, 2), found.reshape(-1, 2)], axis=1)


def shortest_percents(boxes: Singles, width: int, height: int) -> Doubles:
    """`(N, 4)` left, top, width, height in percent of the image, as Label Studio has them."""
    wanted, sides = boxes.astype(np.float32), np.array([width, height], np.float64)
    side = np.tile(sides, len(wanted))
    begin, end = wanted[:, :2].ravel(), wanted[:, 2:].ravel()

    def starts_there(some: Doubles, at: NDArray[np.intp]) -> NDArray[np.bool_]:
        return (some / 100 * side[at]).astype(np.float32) == begin[at]

    starts = fewest(begin / side * 100, starts_there)

    def ends_there(some: Doubles, at: NDArray[np.intp]) -> NDArray[np.bool_]:
        back = np.minimum((starts[at] / 100 + some / 100) * side[at], side[at])
        return (some > 0) & (back.astype(np.float32) == end[at])

    sizes = fewest(end / side * 100 - starts, ends_there)
    return np.concatenate([starts.reshape(-1, 2), sizes.reshape(-1, 2)], axis=1)


def shortest_fractions(boxes: Singles, width: int, height: int) -> tuple[list[str], int]:
    """YOLO's "centre-x centre-y width height" of `(N, 4)` boxes, and how many of them come back a little off.

    Six decimals, as is usual, where they bring the box back; else eight, ten … up to seventeen.
    """
    wanted = boxes.astype(np.float32)
    given = to_centred(wanted.astype(np.float64), width, height).astype(np.float64)
    texts, left = [""] * len(given), np.arange(len(given))
    for decimals in (6, 8, 10, 12, 14, 17):
        rounded = np.round(given[left], decimals) if decimals < 17 else as_written(given[left], decimals)
        back = clip(from_centred(rounded, width, height), width, height).astype(np.float32)
        exact = (back == wanted[left]).all(axis=1) & (rounded[:, 2:] > 0).all(axis=1)
        for place, values in zip(left[exact].tolist(), rounded[exact].tolist(), strict=True):
            texts[place] = " ".join([f"{value:.{decimals}f}" for value in values])
        left = left[~exact]
        if not len(left):
            break
    for place in left.tolist():
        texts[place] = " ".join([f"{value:.17f}" for value in given[place].tolist()])
    return texts, len(left)


def shortest_points(points: NDArray[np.floating]) -> Doubles:
    """`(P, 2)` numbers with as few decimals as bring the float32s back."""
    return shortest_numbers(points.astype(np.float32).ravel()).reshape(-1, 2)


def shortest_point_percents(points: NDArray[np.floating], width: int, height: int) -> Doubles:
    """`(P, 2)` points in percent of the image."""
    wanted, side = points.astype(np.float32).ravel(), np.tile(np.array([width, height], np.float64), len(points))
    found = fewest(wanted / side * 100, lambda some, at: (some / 100 * side[at]).astype(np.float32) == wanted[at])
    return found.reshape(-1, 2)


def point_fractions(points: NDArray[np.floating], width: int, height: int) -> str:
    """YOLO's "x y x y …" of `(P, 2)` points: six decimals where they bring a float32 back, else up to seventeen."""
    wanted, side = points.astype(np.float32).ravel(), np.tile(np.array([width, height], np.float64), len(points))
    given, texts = wanted / side, [""] * len(wanted)
    left = np.arange(len(wanted))
    for decimals in (6, 8, 10, 12, 17):
        rounded = np.round(given[left], decimals) if decimals < 17 else as_written(given[left], decimals)
        fits = ((rounded * side[left]).astype(np.float32) == wanted[left]) | (decimals == 17)
        for place, value in zip(left[fits].tolist(), rounded[fits].tolist(), strict=True):
            texts[place] = f"{value:.{decimals}f}"
        left = left[~fits]
    return " ".join(texts)


def before_turn(box: TurnedBox) -> list[float]:
    """xyxy of a turned box before it was turned: few decimals whose middle and sides are its float32s again."""
    found = [0.0] * 4
    for at, (middle, side) in enumerate(((box.x, box.width), (box.y, box.height))):
        for decimals in range(MOST + 1):
            low, high = round(middle - side / 2, decimals), round(middle + side / 2, decimals)
            back = np.array([(low + high) / 2, high - low], np.float32)
            if np.array_equal(back, np.array([middle, side], np.float32)):
                break
        else:
            low, high = middle - side / 2, middle + side / 2
        found[at], found[at + 2] = low, high
    return found


def short_angle(box: TurnedBox) -> float:
    """Its degrees with as few decimals as bring the float32 back."""
    return float(str(np.float32(box.angle)))


def as_written(values: Doubles, decimals: int) -> Doubles:
    """What a reader gets of numbers written with that many decimals, where `np.round` no longer can tell."""
    read = [float(f"{value:.{decimals}f}") for value in values.ravel().tolist()]
    return np.array(read, dtype=np.float64).reshape(values.shape)
