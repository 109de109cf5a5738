"""Training pictures as files that people can look at, and what is on each. numpy and OpenCV, no torch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from model.engines.picture_files import LIST
from model.engines.pictures import TrainingPicture

LARGEST = 640  # pixels of a picture's longer side; its boxes stay in pixels of the network's input
QUALITY = 88  # of JPEG


def write_pictures(folder: Path, pictures: Iterable[TrainingPicture]) -> Path:
    """Put the pictures into the folder as 0.jpg, 1.jpg …, with a list of what is on them; gives back the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for place, picture in enumerate(pictures):
        (folder / f"{place}.jpg").write_bytes(_jpeg(picture))
        listed.append(_described(picture))
    (folder / LIST).write_text(json.dumps(listed), encoding="utf-8")
    return folder


def _jpeg(picture: TrainingPicture) -> bytes:
    width, height = picture.size
    share = min(1.0, LARGEST / max(width, height))
    size = max(1, round(width * share)), max(1, round(height * share))
    pixels = picture.pixels if share == 1 else cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", np.ascontiguousarray(pixels), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise ValueError("the picture cannot be written as JPEG")
    return data.tobytes()


def _described(picture: TrainingPicture) -> dict[str, Any]:
    width, height = picture.size
    return {
        "width": width,
        "height": height,
        "boxes": picture.boxes.round(1).tolist(),
        "classes": picture.classes.tolist(),
        "ignored": picture.ignored.tolist(),
    }
