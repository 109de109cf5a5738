"""What the training loop asks of a YOLOv6."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from model.engines.batches import InputLabels
from model.engines.checkpoint import CheckpointHeader
from model.engines.class_weights import class_weights
from model.engines.fitting import Found
from model.engines.training import Losses, train_network
from model.engines.types import PredictSettings, Reporter, TrainRequest, TrainResult
from model.engines.yolov6.checkpoints import header_of_network, network_to_train
from model.engines.yolov6.loss import Gains, loss_of_batch
from model.engines.yolov6.network import STRIDE, YoloV6
from model.engines.yolov6.prediction import found_in_images
from model.engines.yolov6.settling import settle_sooner


def train(request: TrainRequest, report: Reporter) -> TrainResult:
    """Train, or go on where an interrupted training of the same output folder stopped."""
    return train_network(request, report, YoloV6Trainee)


class YoloV6Trainee:
    """A YOLOv6 about to be trained (`model.engines.training.Trainee`)."""

    stretched, stride, max_gradient = False, STRIDE, 10.0

    def __init__(self, request: TrainRequest) -> None:
        self.gains = Gains(request.settings.box_gain, request.settings.cls_gain)
        weights = class_weights(request.images, len(request.class_names), request.settings)
        self.weights = None if weights is None else torch.from_numpy(weights)
        self.network, self.architecture = network_to_train(
            request.architecture, request.weights, request.class_names, request.renamed
        )

    def stages(self) -> list[nn.Module]:
        """Stem, five stages and pooling."""
        backbone = self.network.backbone
        return [backbone.stem, *backbone.stages, backbone.pool]

    def header(self) -> CheckpointHeader:
        """What its checkpoint says beside the tensors."""
        return header_of_network(self.network, self.architecture)

    def losses(self, images: Tensor, labels: list[InputLabels], epoch: int, half: bool) -> Losses:
        """Layers in half precision where asked for, the loss in whole."""
        with torch.autocast(images.device.type, torch.bfloat16, enabled=half):
            raw = self.network(images)
        return loss_of_batch(raw, labels, self.network.size, self.gains, epoch, self.weights)

    def found(self, network: YoloV6, images: list[Path], settings: PredictSettings, device: torch.device) -> Found:
        """What an averaged copy predicts."""
        return found_in_images(network, images, settings, device)

    def settle(self, steps: int) -> None:
        """Batch statistics follow faster in a short run."""
        settle_sooner(self.network, steps)
