"""A fast mAP between epochs by the platform's own evaluator, to watch and to pick the best epoch by."""

from __future__ import annotations

import copy

import torch

from model.engines.types import LabelledImage, PredictSettings, TrainSettings
from model.engines.ultralytics.networks import Network
from model.engines.ultralytics.prediction import run
from model.engines.watching import fast_figures, watched_images


def fast_map(
    network: Network, images: tuple[LabelledImage, ...], settings: TrainSettings, device: torch.device
) -> dict[str, float]:
    """mAP and mAP50 of a network, which is left as it was."""
    watched = watched_images(images, settings)
    options = PredictSettings(imgsz=settings.imgsz, batch=max(16, settings.batch), half=settings.half)
    found = run(copy.deepcopy(network), [one.path for one in watched], options, device)
    return fast_figures(found, watched)
