"""The small pictures that YOLOv6 is tested with, and a network to convert."""

import pytest
import torch

from model.engines.transformers.checkpoints import Detector, fresh_detector
from model.engines.transformers.listing import family_of_architecture
from tests.model.engines.yolov6.conftest import coloured

__all__ = ["coloured"]


def detector_of(size: str, names: tuple[str, ...] = ("a", "b", "c")) -> Detector:
    torch.manual_seed(0)
    return fresh_detector(family_of_architecture(size), size, names)


@pytest.fixture(scope="session")
def narrow() -> Detector:
    return detector_of("rtdetrv2-t")
