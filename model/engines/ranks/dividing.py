"""How many processes a training gets."""

from __future__ import annotations

from collections.abc import Sized

import torch

from model.engines.catalogue import ONE_DEVICE
from model.engines.ranks.team import on_gpus
from model.engines.types import EngineError, TrainSettings

LEAST_SHARE = 2  # images of a step for each GPU, where nobody says how many GPUs there are to be


def processes_for(settings: TrainSettings, engine: str) -> int:
    """As many as `devices` says. Raises EngineError where they cannot be had."""
    if settings.devices == "auto":
        several = engine != ONE_DEVICE and settings.device == "auto" and on_gpus(settings)
        return min(torch.cuda.device_count(), max(1, settings.batch // LEAST_SHARE)) if several else 1
    wanted = int(settings.devices)
    if wanted == 1:
        return 1
    if engine == ONE_DEVICE:
        raise EngineError(
            f"Networks of {ONE_DEVICE} train on one device. Set devices to 1, or choose another baseline."
        )
    if on_gpus(settings) and wanted > torch.cuda.device_count():
        raise EngineError(
            f"{wanted} GPUs were asked for, but the worker has {torch.cuda.device_count()}. Set devices to auto or to"
            " fewer."
        )
    return wanted


def check_shares(settings: TrainSettings, images: Sized, processes: int) -> None:
    """Raise EngineError where a step has fewer images than there are processes."""
    step = min(settings.batch, len(images))
    if step < processes:
        raise EngineError(
            f"{processes} devices cannot share {step} images of a step. Set batch to {processes} or more, or devices to"
            f" {step} or fewer."
        )
