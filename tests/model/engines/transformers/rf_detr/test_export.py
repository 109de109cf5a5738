"""The exported network answers as the network does, at another side than that of its table of places."""

from pathlib import Path

import numpy as np
import pytest
import torch

from model.engines import EngineError, ExportRequest
from model.engines.transformers.checkpoints import save_detector
from model.engines.transformers.export import export
from tests.model.engines.transformers.conftest import detector_of

onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
SIDE = 160


@pytest.mark.slow
def test_it_works(tmp_path: Path) -> None:
    detector = detector_of("rfdetr-t")
    save_detector(tmp_path / "a.pt", detector, detector.header())
    target = export(ExportRequest(tmp_path / "a.pt", tmp_path / "form", imgsz=SIDE))
    images = np.random.default_rng(0).random((1, 3, SIDE, SIDE), np.float32)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    (found,) = session.run(["output"], {"images": images})
    with torch.no_grad():
        boxes, scores = detector.family.answers(detector.module.eval(), torch.from_numpy(images))
    assert found.shape == (1, 4 + 3, 60)
    low, high = found[0, :2] - found[0, 2:4] / 2, found[0, :2] + found[0, 2:4] / 2
    exported = np.concatenate([low, high, found[0, 4:]]).T
    expected = torch.cat([boxes, scores], -1)[0].numpy()
    nearest = np.abs(expected[:, None] - exported[None]).sum(-1).argmin(1)  # nearly equal scores may change places
    assert sorted(nearest) == list(range(60))
    assert np.allclose(exported[nearest], expected, atol=0.01)


def test_it_rejects_a_side_that_does_not_divide(tmp_path: Path) -> None:
    detector = detector_of("rfdetr-t")
    save_detector(tmp_path / "a.pt", detector, detector.header())
    with pytest.raises(EngineError, match="multiple of 32 pixels"):
        export(ExportRequest(tmp_path / "a.pt", tmp_path / "form", imgsz=150))
