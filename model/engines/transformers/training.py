"""What the training loop asks of a network of this engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from model.engines.batches import InputLabels
from model.engines.checkpoint import CheckpointHeader
from model.engines.class_weights import class_weights
from model.engines.fitting import Found
from model.engines.training import Losses, train_network
from model.engines.transformers.checkpoints import detector_to_train
from model.engines.transformers.families import CLASS_WEIGHTS
from model.engines.transformers.prediction import found_in_images, input_side
from model.engines.types import PredictSettings, Reporter, TrainRequest, TrainResult


def train(request: TrainRequest, report: Reporter) -> TrainResult:
    """Train, or go on where an interrupted training of the same output folder stopped."""
    return train_network(request, report, DetectorTrainee)


class DetectorTrainee:
    """A network about to be trained (`model.engines.training.Trainee`)."""

    def __init__(self, request: TrainRequest) -> None:
        self.detector = detector_to_train(request.architecture, request.weights, request.class_names, request.renamed)
        input_side(self.detector, request.settings.imgsz)
        self.family, self.network = self.detector.family, self.detector.module
        weights = class_weights(request.images, len(request.class_names), request.settings)
        if weights is not None:
            setattr(self.network, CLASS_WEIGHTS, torch.from_numpy(weights))
        self.stretched, self.stride = self.family.stretched, self.family.stride
        self.max_gradient = self.family.max_gradient

    def stages(self) -> list[nn.Module]:
        """The parts of the backbone."""
        return self.family.stages(self.network)

    def header(self) -> CheckpointHeader:
        """What its checkpoint says beside the tensors."""
        return self.detector.header()

    def losses(self, images: Tensor, labels: list[InputLabels], epoch: int, half: bool) -> Losses:
        """In half precision where asked for, up to where the network goes on in whole."""
        with torch.autocast(images.device.type, torch.bfloat16, enabled=half):
            return self.family.loss(self.network, images, labels)

    def found(self, network: Any, images: list[Path], settings: PredictSettings, device: torch.device) -> Found:
        """What an averaged copy predicts."""
        return found_in_images(replace(self.detector, module=network), images, settings, device)

    def settle(self, steps: int) -> None:
        """Nothing to do."""
