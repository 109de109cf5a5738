"""What a class weighs in the loss, and that the losses move by just that."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.engines.class_weights import class_weights
from model.engines.types import LabelledImage, TrainSettings
from model.engines.ultralytics import networks
from model.engines.ultralytics.ignoring import honour_ignored
from model.engines.yolov6.head import Raw, grid_of
from model.engines.yolov6.loss import Gains, InputLabels, loss_of_batch
from model.engines.yolov6.sizes import SIZES

SETTINGS = TrainSettings(class_weights="inverse_sqrt")


def showing(*counts: int) -> LabelledImage:
    """An image with so many objects of each class."""
    classes = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    return LabelledImage(
        Path("x.jpg"), 64, 64, np.tile(np.array([[1, 1, 9, 9]], np.float32), (len(classes), 1)), classes
    )


def test_it_works() -> None:
    """36 cars, 4 riders, 1 train, no tram: 1, √9, √36 cut at 5, and 1."""
    images = (showing(30, 4, 0, 0), showing(6, 0, 1, 0))
    assert class_weights(images, 4, SETTINGS) == pytest.approx([1, 3, 5, 1])
    assert class_weights(images, 4, replace(SETTINGS, class_weights="none")) is None


WEIGHTS = torch.tensor([1.0, 3.0])


def by_class(gradient: torch.Tensor) -> torch.Tensor:
    """(C,) of a gradient whose last axis are the classes."""
    return gradient.abs().reshape(-1, gradient.shape[-1]).sum(0)


def test_the_loss_of_yolov6_moves_by_the_weights() -> None:
    """Of each class's part by its own factor, so the whole is the weighed sum; boxes are left alone."""
    centres, strides = grid_of([(8, 8), (4, 4), (2, 2), (1, 1)], torch.device("cpu"))
    labels = InputLabels(
        torch.tensor([[4.0, 4, 30, 30], [30, 30, 60, 60]]),
        torch.tensor([0, 1]),
        torch.zeros(0, 4),
        torch.zeros(0).long(),
    )
    gradients, parts = [], []
    for weights in (None, WEIGHTS):
        torch.manual_seed(0)
        raw = Raw(torch.randn(1, 85, 2).requires_grad_(), torch.randn(1, 85, 68), centres, strides)
        parts.append(loss_of_batch(raw, [labels], SIZES["yolov6l6"], Gains(2.5, 1.0), 9, weights))
        parts[-1]["cls_loss"].backward()
        gradients.append(by_class(raw.scores.grad))
    assert (gradients[1] / gradients[0]).tolist() == pytest.approx([1, 3])
    assert parts[0]["cls_loss"] < parts[1]["cls_loss"] < 3 * parts[0]["cls_loss"]
    assert parts[0]["box_loss"].item() == parts[1]["box_loss"].item()


@pytest.mark.parametrize("ignoring", [False, True])
@pytest.mark.parametrize("architecture", ["road11t", "yolo26n"])
def test_the_loss_of_yolo_moves_by_the_weights(architecture: str, ignoring: bool) -> None:
    """With the weights 1 and 3 it is the first class's loss and three times the second's; boxes are left alone."""
    batch = {
        "img": torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(1)),
        "batch_idx": torch.zeros(2), "cls": torch.tensor([[0.0], [1.0]]),
        "bboxes": torch.tensor([[0.25, 0.5, 0.3, 0.4], [0.75, 0.5, 0.2, 0.2]]),
    }  # fmt: skip

    def parts(weights: torch.Tensor | None) -> dict[str, float]:
        torch.manual_seed(0)
        network = networks.build(networks.layout_of(architecture), ("car", "rider")).train()
        network.class_weights = weights
        if ignoring:
            honour_ignored(network)
        return {str(name): float(value) for name, value in network(batch)[1].items()}

    plain, weighed = parts(None), parts(WEIGHTS)
    cars, riders = (parts(torch.tensor(one))["cls_loss"] for one in ([1.0, 0.0], [0.0, 1.0]))
    assert plain["cls_loss"] == pytest.approx(cars + riders, rel=1e-4)
    assert weighed["cls_loss"] == pytest.approx(cars + 3 * riders, rel=1e-4)
    assert plain["box_loss"] == pytest.approx(weighed["box_loss"])
