"""A few generated scenes, and a network trained on them for one epoch."""

from pathlib import Path

import cv2
import pytest

from demo.objects import CLASSES
from demo.scenes import scenes
from model.engines import LabelledImage, TrainRequest, TrainSettings, run_in_process

QUICK = TrainSettings(epochs=1, imgsz=160, batch=5, threads=1, close_mosaic=0)


@pytest.fixture(scope="session")
def images(tmp_path_factory) -> tuple[LabelledImage, ...]:
    folder = tmp_path_factory.mktemp("scenes")
    made = []
    for scene in scenes(20, seed=1):
        path = folder / f"{scene.key}.jpg"
        cv2.imwrite(str(path), scene.pixels[..., ::-1])
        made.append(LabelledImage(path, scene.pixels.shape[1], scene.pixels.shape[0], scene.boxes, scene.classes))
    return tuple(made)


@pytest.fixture(scope="session")
def base() -> Path:
    """The base checkpoint that ships with the project."""
    return Path(__file__).parents[3] / "model" / "weights" / "road11t.pt"


@pytest.fixture(scope="session")
def trained(images, base, tmp_path_factory):
    """(result, epoch reports, log) of one epoch from the base checkpoint."""
    folder = tmp_path_factory.mktemp("trained")
    reports = []
    request = TrainRequest("road11t", CLASSES, images, folder / "output", QUICK, weights=base)
    result = run_in_process(request, log=folder / "log", report=reports.append)
    return result, reports, folder / "log"
