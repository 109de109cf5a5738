"""A network that goes on from one with more classes can be stored and read again."""

from pathlib import Path

import pytest
import torch

from model.engines.checkpoint import CheckpointHeader
from model.engines.ultralytics import networks

NAMES = ("ambulance", "bus", "car")


@pytest.mark.parametrize("architecture", ["yolov8n", "yolo11n"])
def test_it_works(architecture: str, tmp_path: Path) -> None:
    layout = networks.layout_of(architecture)
    many = networks.build(layout, tuple(f"class {number}" for number in range(80)))
    few = networks.build(layout, NAMES)
    few.load(many, verbose=False)
    networks.save(tmp_path / "few.pt", few, CheckpointHeader(architecture, layout, NAMES))
    back, facts = networks.load(tmp_path / "few.pt")
    picture = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        before, after = few.half().float().eval()(picture)[0], back(picture)[0]
    assert facts.class_names == NAMES
    assert torch.allclose(before, after, atol=1e-3)
