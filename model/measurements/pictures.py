"""Pictures to measure a baseline on: noise with rectangles, which cost as much to train on as any others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from model.engines import LabelledImage

CLASSES = ("a", "b", "c")
BOXES = 5


def draw(folder: Path, count: int, side: int) -> tuple[LabelledImage, ...]:
    """Write so many square JPEGs of a side in pixels, with their labels."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_one(folder / f"{number:03}.jpg", side, rng) for number in range(count))


def _one(path: Path, side: int, rng: np.random.Generator) -> LabelledImage:
    corner = rng.uniform(0, 0.6 * side, (BOXES, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(0.1, 0.35, (BOXES, 2)) * side], axis=1).astype(np.float32)
    classes = rng.integers(0, len(CLASSES), BOXES).astype(np.int32)
    pixels = rng.integers(0, 256, (side // 8 + 1, side // 8 + 1, 3), np.uint8).repeat(8, 0).repeat(8, 1)[:side, :side]
    for (x1, y1, x2, y2), label in zip(boxes.astype(int).tolist(), classes.tolist(), strict=True):
        pixels[y1:y2, x1:x2] = 60 + 80 * label
    Image.fromarray(pixels).save(path, quality=90)
    return LabelledImage(path, side, side, boxes, classes)
