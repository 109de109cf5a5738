"""The exported network answers as the network does, in the form that all exports have."""

from pathlib import Path

import numpy as np
import pytest
import torch

from model.engines import EngineError, ExportRequest
from model.engines.transformers.checkpoints import Detector, save_detector
from model.engines.transformers.export import export

onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")


@pytest.mark.slow
def test_it_works(narrow: Detector, tmp_path: Path) -> None:
    save_detector(tmp_path / "a.pt", narrow, narrow.header())
    target = export(ExportRequest(tmp_path / "a.pt", tmp_path / "form", imgsz=96))
    images = np.random.default_rng(0).random((1, 3, 96, 96), np.float32)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    (found,) = session.run(["output"], {"images": images})
    narrow.module.eval()
    with torch.no_grad():
        boxes, scores = narrow.family.answers(narrow.module, torch.from_numpy(images))
    assert found.shape == (1, 4 + 3, 100)
    low, high = found[0, :2] - found[0, 2:4] / 2, found[0, :2] + found[0, 2:4] / 2
    exported = np.concatenate([low, high, found[0, 4:]]).T
    expected = torch.cat([boxes, scores], -1)[0].numpy()
    # Queries of nearly equal score may change their order.
    nearest = np.abs(expected[:, None] - exported[None]).sum(-1).argmin(1)
    assert sorted(nearest) == list(range(100))
    assert np.allclose(exported[nearest], expected, atol=0.01)


def test_it_rejects_a_side_with_too_few_places(narrow: Detector, tmp_path: Path) -> None:
    save_detector(tmp_path / "a.pt", narrow, narrow.header())
    with pytest.raises(EngineError, match="96 px or more"):
        export(ExportRequest(tmp_path / "a.pt", tmp_path / "form", imgsz=64))
