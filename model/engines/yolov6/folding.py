"""A network for prediction: batch normalisation, and RepVGG's branches, folded into the convolutions before them."""

from __future__ import annotations

import copy
from typing import TypeVar

import torch
from torch import Tensor, nn

from model.engines.yolov6.layers import ConvUnit, RepUnit

Module = TypeVar("Module", bound=nn.Module)
Kernel = tuple[Tensor, Tensor]  # weight and bias


def folded(network: Module) -> Module:
    """A copy in evaluation mode that computes the same with fewer layers, up to rounding."""
    network = copy.deepcopy(network).eval()
    for parent in list(network.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, ConvUnit | RepUnit):
                parent._modules[name] = nn.Sequential(_convolution(child), child.act)
    return network


def _convolution(unit: ConvUnit | RepUnit) -> nn.Conv2d:
    """One convolution with the unit's effect before its activation."""
    first = unit if isinstance(unit, ConvUnit) else unit.rbr_dense
    weight, bias = _kernel(unit)
    old = first.conv
    with torch.device(weight.device):
        new = nn.Conv2d(old.in_channels, old.out_channels, old.kernel_size, old.stride, old.padding)  # type: ignore[arg-type]
    new.weight.data, new.bias.data = weight.to(old.weight.dtype), bias.to(old.weight.dtype)  # type: ignore[union-attr]
    return new.requires_grad_(False)


@torch.no_grad()
def _kernel(unit: ConvUnit | RepUnit) -> Kernel:
    if isinstance(unit, ConvUnit):
        return _scaled(unit.conv.weight.double(), unit.bn)
    branches = [_kernel(unit.rbr_dense), _padded(_kernel(unit.rbr_1x1))]
    if unit.rbr_identity is not None:
        channels = unit.rbr_identity.num_features
        one = torch.eye(channels, dtype=torch.double, device=unit.rbr_identity.weight.device)[:, :, None, None]
        branches.append(_padded(_scaled(one, unit.rbr_identity)))
    return sum(weight for weight, _ in branches), sum(bias for _, bias in branches)  # type: ignore[return-value]


def _scaled(weight: Tensor, norm: nn.BatchNorm2d) -> Kernel:
    """The kernel with a normalisation after it."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    factor = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
    return weight * factor[:, None, None, None], norm.bias.double() - norm.running_mean.double() * factor


def _padded(kernel: Kernel) -> Kernel:
    """A 1 x 1 kernel as the middle of a 3 x 3 one."""
    return nn.functional.pad(kernel[0], [1, 1, 1, 1]), kernel[1]
