"""The exported network answers as the network does, whichever places become its queries."""

from pathlib import Path

import pytest
import torch

from model.engines import ExportRequest
from model.engines.transformers.checkpoints import save_detector
from model.engines.transformers.export import export
from tests.model.engines.transformers.conftest import detector_of

onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")


@pytest.mark.slow
def test_it_works(tmp_path: Path) -> None:
    detector = detector_of("deta-t")
    with torch.no_grad():
        for one in detector.module.parameters():  # fresh heads answer the same everywhere
            one.copy_((one + 0.05 * torch.randn_like(one)).half())  # as a checkpoint keeps it
    save_detector(tmp_path / "a.pt", detector, detector.header())
    target = export(ExportRequest(tmp_path / "a.pt", tmp_path / "form", imgsz=96))
    images = torch.rand(1, 3, 96, 96)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    (found,) = session.run(["output"], {"images": images.numpy()})
    with torch.no_grad():
        boxes, scores = detector.family.answers(detector.module.eval(), images)
    found = torch.from_numpy(found)[0].T
    low, high = found[:, :2] - found[:, 2:4] / 2, found[:, :2] + found[:, 2:4] / 2
    assert torch.allclose(torch.cat([low, high], 1), boxes[0], atol=0.02)
    assert torch.allclose(found[:, 4:], scores[0], atol=1e-3)
