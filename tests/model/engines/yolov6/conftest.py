"""Eight small pictures with one or two coloured boxes, and settings with which a narrow network learns them."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from model.engines.types import LabelledImage, TrainSettings

NAMES = ("red", "blue")
COLOURS = ((40, 40, 220), (220, 60, 40))  # BGR
PLAIN = TrainSettings(
    epochs=2, imgsz=128, batch=4, threads=1, optimizer="AdamW", lr0=0.004, momentum=0.9, box_gain=2.5, cls_gain=1.0,
    mosaic=0.0, scale=0.0, translate=0.0, fliplr=0.0, hsv_h=0.0, hsv_s=0.0, hsv_v=0.0,
)  # fmt: skip


def picture(path: Path, number: int) -> LabelledImage:
    chance = np.random.default_rng(number)
    pixels = chance.integers(90, 130, (120, 160, 3), dtype=np.uint8)
    boxes = []
    for index, colour in enumerate(COLOURS[: 1 + number % 2]):  # red at the left, blue at the right
        x, y = 80 * index + int(chance.integers(0, 30)), int(chance.integers(0, 80))
        pixels[y : y + 40, x : x + 50] = colour
        boxes.append((x, y, x + 50, y + 40))
    cv2.imwrite(str(path), pixels)
    return LabelledImage(path, 160, 120, np.array(boxes, np.float32), np.arange(len(boxes), dtype=np.int32))


@pytest.fixture(scope="session")
def coloured(tmp_path_factory: pytest.TempPathFactory) -> tuple[LabelledImage, ...]:
    folder = tmp_path_factory.mktemp("coloured")
    return tuple(picture(folder / f"{number}.png", number) for number in range(8))
