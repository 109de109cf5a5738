"""Training images with their boxes, and what augmentation does to both. numpy and OpenCV, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model.engines.fitting import read_upright
from model.engines.types import LabelledImage, TrainSettings
from model.serving.letterbox import GREY, inner_size, with_border

Pixels = NDArray[Any]  # (H, W, 3) uint8 BGR
Chance = np.random.Generator
SMALLEST = 2.0  # pixels; a side below is no object any more
KEPT = 0.1  # of a box's area; an object of which less is left is no object any more


@dataclass(frozen=True, slots=True)
class TrainingPicture:
    """An image with its N boxes, ignored ones among them, so that they move together."""

    pixels: Pixels
    boxes: NDArray[np.float32]  # (N, 4) xyxy pixels
    classes: NDArray[np.int32]  # (N,) or EVERY_CLASS
    ignored: NDArray[np.bool_]  # (N,)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]


def scaled_picture(sample: LabelledImage, imgsz: int, stretched: bool = False) -> TrainingPicture:
    """The image with its longer side made imgsz, or both."""
    pixels = read_upright(sample.path)
    inner = (imgsz, imgsz) if stretched else inner_size(pixels.shape[1], pixels.shape[0], imgsz)
    if inner != (pixels.shape[1], pixels.shape[0]):
        pixels = cv2.resize(pixels, inner, interpolation=cv2.INTER_LINEAR)
    boxes = np.concatenate([sample.boxes.reshape(-1, 4), sample.ignored.reshape(-1, 4)])
    factor = np.array([inner[0] / sample.width, inner[1] / sample.height] * 2, np.float32)
    ignored = np.arange(len(boxes)) >= len(sample.classes)
    classes = np.concatenate([sample.classes, sample.ignored_classes]).astype(np.int32)
    return cut_at_border(TrainingPicture(pixels, boxes.astype(np.float32) * factor, classes, ignored))


def cut_at_border(picture: TrainingPicture) -> TrainingPicture:
    """Boxes cut at the image's border; objects of which too little is left are gone."""
    limit = np.array(picture.size * 2, np.float32)
    cut = np.clip(picture.boxes, 0, limit)
    sides, before = cut[:, 2:] - cut[:, :2], picture.boxes[:, 2:] - picture.boxes[:, :2]
    seen = (sides > 0).all(1)
    object_left = (sides > SMALLEST).all(1) & (sides.prod(1) > KEPT * before.prod(1))
    kept = seen & (object_left | picture.ignored)
    return TrainingPicture(picture.pixels, cut[kept], picture.classes[kept], picture.ignored[kept])


def bordered_picture(picture: TrainingPicture, canvas: tuple[int, int]) -> TrainingPicture:
    """The picture in the middle of a grey canvas of this width and height."""
    pixels, offset = with_border(picture.pixels, canvas)
    moved = picture.boxes + np.array(offset * 2, np.float32)
    return TrainingPicture(pixels, moved, picture.classes, picture.ignored)


def mosaic_of_four(pictures: list[TrainingPicture], canvas: tuple[int, int], chance: Chance) -> TrainingPicture:
    """Four pictures around a point, on a grey canvas of twice the width and height."""
    width, height = canvas
    x, y = int(chance.uniform(width / 2, width * 3 / 2)), int(chance.uniform(height / 2, height * 3 / 2))
    pixels = np.full((2 * height, 2 * width, 3), GREY, np.uint8)
    boxes = []
    for place, one in enumerate(pictures):
        left, top = x - one.size[0] * (place % 2 == 0), y - one.size[1] * (place < 2)
        _paste(pixels, one.pixels, left, top)
        boxes.append(one.boxes + np.array([left, top] * 2, np.float32))
    classes, ignored = (np.concatenate([getattr(one, name) for one in pictures]) for name in ("classes", "ignored"))
    return cut_at_border(TrainingPicture(pixels, np.concatenate(boxes), classes, ignored))


def _paste(onto: Pixels, pixels: Pixels, left: int, top: int) -> None:
    """Put pixels there, as far as there is room."""
    x, y = max(left, 0), max(top, 0)
    right, bottom = min(left + pixels.shape[1], onto.shape[1]), min(top + pixels.shape[0], onto.shape[0])
    onto[y:bottom, x:right] = pixels[y - top : bottom - top, x - left : right - left]


def moved_picture(
    picture: TrainingPicture, canvas: tuple[int, int], settings: TrainSettings, chance: Chance
) -> TrainingPicture:
    """Zoomed, turned and shifted at random around its middle, then cut to the canvas."""
    width, height = canvas
    zoom = chance.uniform(1 - settings.scale, 1 + settings.scale)
    turn = chance.uniform(-settings.degrees, settings.degrees)
    shift = chance.uniform(-settings.translate, settings.translate, 2) * (width, height)
    matrix = cv2.getRotationMatrix2D((picture.size[0] / 2, picture.size[1] / 2), turn, max(zoom, 0.05))
    matrix[:, 2] += (width / 2 - picture.size[0] / 2 + shift[0], height / 2 - picture.size[1] / 2 + shift[1])
    pixels = cv2.warpAffine(picture.pixels, matrix, (width, height), borderValue=(GREY, GREY, GREY))
    return cut_at_border(TrainingPicture(pixels, moved_boxes(picture.boxes, matrix), picture.classes, picture.ignored))


def moved_boxes(boxes: NDArray[np.float32], matrix: NDArray[Any]) -> NDArray[np.float32]:
    """(N, 4) around the corners after a transform (2, 3)."""
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:, :2].T + matrix[:, 2]
    return np.concatenate([corners.min(1), corners.max(1)], 1).astype(np.float32)


def flipped_picture(picture: TrainingPicture, settings: TrainSettings, chance: Chance) -> TrainingPicture:
    """Left and right, up and down exchanged, each with its probability."""
    pixels, boxes, (width, height) = picture.pixels, picture.boxes.copy(), picture.size
    if chance.random() < settings.fliplr:
        pixels, boxes[:, [0, 2]] = pixels[:, ::-1], width - boxes[:, [2, 0]]
    if chance.random() < settings.flipud:
        pixels, boxes[:, [1, 3]] = pixels[::-1], height - boxes[:, [3, 1]]
    return TrainingPicture(np.ascontiguousarray(pixels), boxes, picture.classes, picture.ignored)


def coloured_picture(picture: TrainingPicture, settings: TrainSettings, chance: Chance) -> TrainingPicture:
    """Hue, saturation and brightness changed at random."""
    strength = np.array([settings.hsv_h, settings.hsv_s, settings.hsv_v])
    if not strength.any():
        return picture
    hue, saturation, value = chance.uniform(-1, 1, 3) * strength + 1
    levels = np.arange(256)
    tables = ((levels * hue) % 180, np.clip(levels * saturation, 0, 255), np.clip(levels * value, 0, 255))
    planes = cv2.split(cv2.cvtColor(picture.pixels, cv2.COLOR_BGR2HSV))
    changed = [cv2.LUT(plane, table.astype(np.uint8)) for plane, table in zip(planes, tables, strict=True)]
    return TrainingPicture(
        cv2.cvtColor(cv2.merge(changed), cv2.COLOR_HSV2BGR), picture.boxes, picture.classes, picture.ignored
    )


def blended_pictures(one: TrainingPicture, other: TrainingPicture, chance: Chance) -> TrainingPicture:
    """Two pictures of one size shining through each other, with the boxes of both (mixup)."""
    share = chance.beta(32.0, 32.0)
    pixels = (one.pixels * share + other.pixels * (1 - share)).astype(np.uint8)
    parts = (np.concatenate([getattr(one, n), getattr(other, n)]) for n in ("boxes", "classes", "ignored"))
    return TrainingPicture(pixels, *parts)
