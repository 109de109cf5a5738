"""Networks in other forms give the same raw output, at sizes and batches that they were not traced with."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from model.engines import EngineError, ExportRequest, PredictSettings, run_in_process
from model.engines.checkpoint import CheckpointHeader
from model.engines.fitting import fit, input_of_group
from model.engines.ultralytics import networks
from model.engines.ultralytics.prediction import run
from model.engines.yolov6.checkpoints import fresh_network, header_of_network, load_network, save_network
from model.engines.yolov6.export import DecodedYoloV6
from model.engines.yolov6.folding import folded
from model.engines.yolov6.sizes import SIZES

pytestmark = pytest.mark.slow
NAMES = ("car", "rider", "bus")


def exported(request: ExportRequest) -> Path:
    return run_in_process(request, log=request.destination.with_suffix(".log"))


def answered(path: Path, images: torch.Tensor) -> np.ndarray:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {"images": images.numpy()})[0]


@pytest.mark.thorough
def test_yolov6_takes_any_multiple_of_its_stride(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = fresh_network(SIZES["yolov6t6"], NAMES)
    save_network(tmp_path / "w.pt", network, header_of_network(network, "yolov6t6"))
    request = ExportRequest(tmp_path / "w.pt", tmp_path / "form", 128, "onnx", origin={"run": "night"})
    path = exported(request)
    images = torch.rand(2, 3, 64, 192)
    with torch.inference_mode():
        wanted = DecodedYoloV6(folded(load_network(request.weights)[0]))(images).numpy()
    np.testing.assert_allclose(answered(path, images), wanted, atol=1e-3)
    facts = json.loads((tmp_path / "form" / "facts.json").read_text())
    assert {"stride": 64, "output": "grid", "nms": True, "run": "night"}.items() <= facts.items()
    with pytest.raises(EngineError, match="multiple of 64"):
        exported(ExportRequest(tmp_path / "w.pt", tmp_path / "form", 96))


SMALL_DETR = """
nc: 3
backbone:
- [-1, 1, Conv, [16, 3, 2]]
- [-1, 1, Conv, [32, 3, 2]]
- [-1, 1, Conv, [32, 3, 2]]
- [-1, 1, Conv, [32, 3, 2]]
- [-1, 1, Conv, [32, 3, 2]]
head:
- [[2, 3, 4], 1, RTDETRDecoder, [nc]]
"""


@pytest.fixture(scope="module")
def detr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """RT-DETR's decoder on a small body, its classes drawn so that some are sure."""
    import yaml

    torch.manual_seed(0)
    layout = yaml.safe_load(SMALL_DETR)
    network = networks.build(layout, NAMES)
    with torch.no_grad():
        for layer in network.model[-1].dec_score_head:
            layer.weight.normal_(0, 0.5)
            layer.bias.fill_(-1.0)
    path = tmp_path_factory.mktemp("detr") / "w.pt"
    networks.save(path, network, CheckpointHeader("custom", layout, NAMES, imgsz=128))
    return path


def test_rtdetr_gives_corners_in_pixels(detr: Path, tmp_path: Path) -> None:
    path = exported(ExportRequest(detr, tmp_path / "form", 128, "onnx"))
    images = torch.rand(2, 3, 128, 128)
    network, _ = networks.load(detr)
    with torch.inference_mode():
        found = network(images)[0].numpy()  # centre and size as fractions, score, class
    answer = answered(path, images)
    same = np.isclose((answer[..., :2] + answer[..., 2:4]) / 2, found[..., :2] * 128, atol=1e-2).all(axis=-1)
    assert same.mean() > 0.9  # of equal scores either may come first
    np.testing.assert_allclose(answer[..., 4:], found[..., 4:], atol=1e-4)
    facts = json.loads((tmp_path / "form" / "facts.json").read_text())
    assert (facts["fit"], facts["output"], facts["nms"]) == ("stretch", "kept", False)


def test_rtdetrs_boxes_have_the_scores_and_classes_that_the_network_gives(detr: Path, images) -> None:
    """The last two columns are a score and a class, and not the scores of two classes."""
    network, _ = networks.load(detr)
    settings = PredictSettings(imgsz=128, conf=0.001, half=False, threads=1)
    _, classes, _, scores = run(network, [images[0].path], settings, torch.device("cpu"))
    with torch.inference_mode():
        found = network(input_of_group([(0, fit(images[0].path, 128, stretched=True))], torch.device("cpu")))[0][0]
    np.testing.assert_allclose(scores, found[:, 4], atol=1e-6)
    assert classes.tolist() == found[:, 5].tolist()


def test_it_rejects_a_form_that_there_is_not(base: Path, tmp_path: Path) -> None:
    for form, precision in (("coreml", "f32"), ("onnx", "bf16")):
        with pytest.raises(EngineError, match=f"no form {form} in {precision}"):
            exported(ExportRequest(base, tmp_path / "form", 64, form, precision))
