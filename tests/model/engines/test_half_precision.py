"""bfloat16 saves time in the layers; where boxes are made and compared, numbers are float32."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from model.engines import LabelledImage
from model.engines.types import PredictSettings
from model.engines.ultralytics import networks, prediction
from science.evaluation.average_precision import accumulate
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth

pytestmark = pytest.mark.slow
IMGSZ = 640
CPU = torch.device("cpu")


def predicted(images: tuple[LabelledImage, ...], base: Path, *, half: bool) -> prediction.Found:
    network, _ = networks.load(base)
    settings = PredictSettings(imgsz=IMGSZ, conf=0.01, half=half)
    return prediction.run(network, [image.path for image in images], settings, CPU)


@pytest.fixture(scope="module")
def rounded(images: tuple[LabelledImage, ...], base: Path) -> prediction.Found:
    """On a machine that prefers bfloat16."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prediction, "prefers_bfloat16", lambda device: True)
        return predicted(images, base, half=True)


def average_precision(images: tuple[LabelledImage, ...], found: prediction.Found) -> float:
    """AP of all classes as one, which is what the base checkpoint knows."""
    counts = [len(image.boxes) for image in images]
    truth = GroundTruth.of(
        image_ids=np.arange(len(images)),
        image_index=np.repeat(np.arange(len(images)), counts),
        class_index=np.zeros(sum(counts)),
        boxes=np.concatenate([image.boxes for image in images]),
    )
    index, classes, boxes, scores = found
    detections = Detections.of(image_index=index, class_index=classes, boxes=boxes, scores=scores)
    return float(accumulate(match(truth, detections, classes=1)).figures()["AP"])


def test_it_works(images: tuple[LabelledImage, ...], rounded: prediction.Found, base: Path) -> None:
    """Figures hardly depend on whether a machine has bfloat16."""
    exact = average_precision(images, predicted(images, base, half=False))
    assert exact > 0.1
    assert average_precision(images, rounded) == pytest.approx(exact, abs=0.001)


def test_edges_are_not_quantised(images: tuple[LabelledImage, ...], rounded: prediction.Found) -> None:
    """Of bfloat16's numbers from 256 to 512 every one is even: centres would lie on a grid of two pixels."""
    _, _, boxes, _ = rounded
    middle = boxes[:, [0, 2]].mean(axis=1) * IMGSZ / images[0].width  # in pixels of the network's input
    middle = middle[middle > 256]
    even = np.abs(middle - 2 * np.round(middle / 2)) < 0.05  # one in twenty, where they lie anywhere
    assert len(middle) > 100
    assert even.mean() < 0.15


def test_the_loss_is_that_of_float32(images: tuple[LabelledImage, ...], base: Path) -> None:
    """Up to what rounding in the layers makes of it: of the distances to the edges nothing is rounded."""
    network, _ = networks.load(base)
    network.train()
    batch = batch_of(images[:8])
    exact, _ = network(batch)
    with torch.autocast("cpu", torch.bfloat16):
        rounded, _ = network(batch)
    assert rounded.dtype == torch.float32
    assert float(rounded.detach().sum()) == pytest.approx(float(exact.detach().sum()), rel=0.002)


def batch_of(images: tuple[LabelledImage, ...]) -> dict[str, torch.Tensor]:
    """As the network's loss wants it."""
    pixels = [cv2.resize(cv2.imread(str(image.path)), (IMGSZ, IMGSZ))[..., ::-1] for image in images]
    boxes = np.concatenate([image.boxes / np.array([image.width, image.height] * 2) for image in images])
    centred = np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], axis=1)
    owner = np.repeat(np.arange(len(images)), [len(image.boxes) for image in images])
    return {
        "img": torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float() / 255,
        "batch_idx": torch.from_numpy(owner).float(),
        "cls": torch.zeros(len(boxes), 1),
        "bboxes": torch.from_numpy(centred).float(),
    }
