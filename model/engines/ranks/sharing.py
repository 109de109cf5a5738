"""A network that several processes train as one: batch statistics over all images of a step, gradients averaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

Losses = dict[str, Tensor]


def shared_losses(network: nn.Module, losses: Callable[..., Losses]) -> Callable[..., Losses]:
    """`losses` of the network, after which a backward pass leaves every process the mean of all gradients.

    Its batch normalisation goes by all processes' images from now on; names and parameters stay.
    """
    norms: Any = dist.new_group()  # of its own: gradients are sent while batch statistics are
    if next(network.parameters()).is_cuda:
        nn.SyncBatchNorm.convert_sync_batchnorm(network, norms)  # type: ignore[no-untyped-call]
    else:
        _share_norms(network, norms)
    # A step without objects may leave a part of the network unused, for one process or for all.
    return DistributedDataParallel(_Descent(network, losses), forward_sync_buffers=False, find_unused_parameters=True)


class _Descent(nn.Module):
    """The loss as a module, which is what the library wraps."""

    def __init__(self, network: nn.Module, losses: Callable[..., Losses]) -> None:
        super().__init__()
        self.network, self.losses = network, losses

    def forward(self, *arguments: Any) -> Losses:
        return self.losses(*arguments)


def _share_norms(module: nn.Module, group: Any) -> None:
    for name, child in module.named_children():
        if type(child) is nn.BatchNorm2d:
            setattr(module, name, NormOfAll(child, group))
        else:
            _share_norms(child, group)


class NormOfAll(nn.BatchNorm2d):
    """torch's SyncBatchNorm on processors, where that library has none."""

    def __init__(self, norm: nn.BatchNorm2d, group: Any) -> None:
        super().__init__(norm.num_features, norm.eps, norm.momentum, norm.affine, norm.track_running_stats)
        self.weight, self.bias, self.training, self.group = norm.weight, norm.bias, norm.training, group
        for name, buffer in norm.named_buffers():
            setattr(self, name, buffer)

    def forward(self, images: Tensor) -> Tensor:
        if not self.training:
            return super().forward(images)
        x = images.float()
        count = _sum_of_all(torch.full((), x.numel() / x.shape[1]), self.group)
        mean = _sum_of_all(x.sum((0, 2, 3)), self.group) / count  # (C,)
        away = x - mean[:, None, None]
        variance = _sum_of_all(away.square().sum((0, 2, 3)), self.group) / count  # (C,)
        self._follow(mean.detach(), variance.detach() * count / (count - 1))
        scaled = away * (variance + self.eps).rsqrt()[:, None, None]
        if self.affine:
            scaled = scaled * self.weight[:, None, None] + self.bias[:, None, None]
        return scaled.to(images.dtype)

    def _follow(self, mean: Tensor, variance: Tensor) -> None:
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return
        self.num_batches_tracked.add_(1)
        momentum = 1 / float(self.num_batches_tracked) if self.momentum is None else self.momentum
        self.running_mean.lerp_(mean, momentum)
        self.running_var.lerp_(variance, momentum)


class _SumOfAll(torch.autograd.Function):
    """The sum over all processes, each of whose losses hangs on it."""

    @staticmethod
    def forward(context: Any, value: Tensor, group: Any) -> Tensor:
        context.group = group
        total = value.clone()
        dist.all_reduce(total, group=group)
        return total

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        total = gradient.contiguous().clone()
        dist.all_reduce(total, group=context.group)
        return total, None


def _sum_of_all(value: Tensor, group: Any) -> Tensor:
    found: Tensor = _SumOfAll.apply(value, group)
    return found
