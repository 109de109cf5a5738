"""A picture into a network's input, and boxes back into pixels of the picture; engines and exported forms do it alike.

The one file here that imports OpenCV.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

STRIDE = 32  # pixels; sides of the input are multiples of it, unless a network says another
GREY = 114  # of the border, as in training


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a picture lies in the input, and how to get back."""

    inner: tuple[int, int]  # width and height that the picture is scaled to
    outer: tuple[int, int]  # width and height of the input
    size: tuple[int, int]  # of the picture, width and height

    @property
    def factor(self) -> tuple[float, float]:
        """Input pixels per picture pixel, x and y."""
        return self.inner[0] / self.size[0], self.inner[1] / self.size[1]

    @property
    def offset(self) -> tuple[int, int]:
        """Of the picture in the input, x and y."""
        return (self.outer[0] - self.inner[0]) // 2, (self.outer[1] - self.inner[1]) // 2


def inner_size(width: int, height: int, imgsz: int) -> tuple[int, int]:
    """Width and height of a picture whose longer side is made imgsz."""
    ratio = imgsz / max(height, width)
    return min(imgsz, max(1, round(width * ratio))), min(imgsz, max(1, round(height * ratio)))


def placing(width: int, height: int, imgsz: int, stretched: bool = False, stride: int = STRIDE) -> Placing:
    """Where a picture of this size is to lie."""
    if stretched:
        return Placing((imgsz, imgsz), (imgsz, imgsz), (width, height))
    inner = inner_size(width, height, imgsz)
    outer = (-(-inner[0] // stride) * stride, -(-inner[1] // stride) * stride)
    return Placing(inner, outer, (width, height))


def draw_into(canvas: NDArray[np.uint8], pixels: NDArray[Any], place: Placing) -> None:
    """Scale the picture (H, W, 3) into its place of a canvas of the input's size, grey around."""
    left, top = place.offset
    width, height = place.inner
    if place.inner != place.outer:
        canvas[:] = GREY
    inside = canvas[top : top + height, left : left + width]
    if place.inner == place.size:
        inside[:] = pixels
    else:
        inside[:] = cv2.resize(pixels, place.inner, interpolation=cv2.INTER_LINEAR)


def with_border(pixels: NDArray[Any], outer: tuple[int, int]) -> tuple[NDArray[Any], tuple[int, int]]:
    """The picture in the middle of a grey one of this width and height, and where it lies there, x and y."""
    size = (pixels.shape[1], pixels.shape[0])
    place = Placing(size, outer, size)
    canvas = np.empty((outer[1], outer[0], 3), np.uint8)
    draw_into(canvas, pixels, place)
    return canvas, place.offset


def boxes_in_picture(boxes: NDArray[np.float32], place: Placing) -> NDArray[np.float32]:
    """(K, 4) xyxy input pixels to pixels of the picture, cut at its border."""
    moved = (boxes - np.array(place.offset * 2, np.float32)) / np.array(place.factor * 2, np.float32)
    return np.clip(moved, 0, np.array(place.size * 2, np.float32)).astype(np.float32, copy=False)


def use_threads(count: int) -> None:
    """Of OpenCV in this process."""
    cv2.setNumThreads(count)
