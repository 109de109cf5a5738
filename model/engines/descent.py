"""Optimiser, learning rate, and the average of the weights."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from model.engines.types import EngineError, TrainSettings

DECAY = 0.9999  # of the averaged weights in a long run


def optimizer_of(
    network: nn.Module, settings: TrainSettings, backbone: Iterable[nn.Module] = ()
) -> torch.optim.Optimizer:
    """Weights decay; normalisation and biases do not. `backbone` are the parts that follow `backbone_lr`."""
    learnt = [one for one in network.parameters() if one.requires_grad]
    slow = {id(one) for part in backbone for one in part.parameters()} if settings.backbone_lr != 1 else set()
    groups: list[dict[str, Any]] = []
    for factor, some in (
        (1.0, [one for one in learnt if id(one) not in slow]),
        (settings.backbone_lr, [one for one in learnt if id(one) in slow]),
    ):
        if some:
            decayed, plain = [one for one in some if one.ndim > 1], [one for one in some if one.ndim <= 1]
            groups.append({"params": decayed, "weight_decay": settings.weight_decay, "factor": factor})
            groups.append({"params": plain, "weight_decay": 0.0, "factor": factor})
    if settings.optimizer == "SGD":
        return torch.optim.SGD(groups, lr=settings.lr0, momentum=settings.momentum, nesterov=settings.momentum > 0)
    kinds: dict[str, type[torch.optim.Adam]] = {"AdamW": torch.optim.AdamW, "Adam": torch.optim.Adam}
    if settings.optimizer not in kinds:
        raise EngineError(f"The optimizer {settings.optimizer} is not known; choose AdamW, Adam or SGD.")
    return kinds[settings.optimizer](groups, lr=settings.lr0, betas=(settings.momentum, 0.999), fused=True)


def learning_rate(settings: TrainSettings, step: int, per_epoch: int) -> float:
    """Of the coming step: a rise from zero, then a fall to lr0 * lrf."""
    warm = min(settings.warmup_epochs, max(settings.epochs - 1, 0.5)) * per_epoch
    if step < warm:
        return settings.lr0 * (step + 1) / (warm + 1)
    done = min(1.0, (step - warm) / max(1.0, settings.epochs * per_epoch - warm))
    fall = (1 + math.cos(math.pi * done)) / 2 if settings.cosine else 1 - done
    return settings.lr0 * (settings.lrf + (1 - settings.lrf) * fall)


def set_rates(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """The rate of the coming step, for the backbone its share of it."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("factor", 1.0)


class AveragedWeights:
    """A copy of the network that follows it slowly; fast at first, while there is little to average."""

    def __init__(self, network: nn.Module, tau: float) -> None:
        self.network: Any = copy.deepcopy(network).eval().requires_grad_(False)
        self.tau, self.updates = tau, 0

    @torch.no_grad()
    def follow(self, network: nn.Module) -> None:
        """Take the network's weights in, after a step."""
        self.updates += 1
        decay = DECAY * (1 - math.exp(-self.updates / self.tau))
        present = network.state_dict()
        for name, mean in self.network.state_dict().items():
            if mean.is_floating_point():
                mean.lerp_(present[name], 1 - decay)
            else:
                mean.copy_(present[name])


def on_processor(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors in main memory, apart from those that go on changing."""
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in state.items()}
