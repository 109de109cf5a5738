"""The blocks that YOLOv6 is made of. Names of parameters follow the published checkpoints, less their wrappers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor, nn

Block = Callable[..., nn.Module]  # (inputs, outputs, kernel, stride) -> a layer
EPSILON, MOMENTUM = 1e-3, 0.03  # of batch normalisation


class ConvUnit(nn.Module):
    """Convolution, batch normalisation, activation."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, act: type[nn.Module] = nn.Identity
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(outputs, EPSILON, MOMENTUM)
        self.act = act()

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.act(self.bn(self.conv(x)))
        return out


relu_conv: Block = partial(ConvUnit, act=nn.ReLU)
silu_conv: Block = partial(ConvUnit, act=nn.SiLU)


class RepUnit(nn.Module):
    """RepVGG (Ding et al., arXiv 2101.03697): a 3 x 3, a 1 x 1 and, where shapes allow, an identity branch, then ReLU.

    For prediction the branches are folded into one 3 x 3 convolution (`folding`).
    """

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.rbr_dense = ConvUnit(inputs, outputs, kernel, stride)
        self.rbr_1x1 = ConvUnit(inputs, outputs, 1)
        self.stride = stride
        same = inputs == outputs and stride == 1
        self.rbr_identity = nn.BatchNorm2d(inputs, EPSILON, MOMENTUM) if same else None
        self.act = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        # the same as a stride of the 1 x 1 convolution, whose gradient torch 2.15 does not compute safely on a CPU
        summed = self.rbr_dense(x) + self.rbr_1x1(x[:, :, :: self.stride, :: self.stride])
        if self.rbr_identity is not None:
            summed = summed + self.rbr_identity(x)
        out: Tensor = self.act(summed)
        return out


class Bottleneck(nn.Module):
    """Two blocks and a shortcut whose weight, alpha, is learnt."""

    def __init__(self, channels: int, block: Block) -> None:
        super().__init__()
        self.conv1 = block(channels, channels)
        self.conv2 = block(channels, channels)
        self.alpha = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.conv2(self.conv1(x)) + self.alpha * x
        return out


class Chain(nn.Module):
    """Layers in a row; the first may change the number of channels."""

    def __init__(self, first: nn.Module, others: Sequence[nn.Module]) -> None:
        super().__init__()
        self.conv1 = first
        self.block = nn.Sequential(*others)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.block(self.conv1(x))
        return out


class BepC3(nn.Module):
    """A cross-stage-partial block: a chain of bottlenecks beside a 1 x 1 convolution."""

    def __init__(self, inputs: int, outputs: int, count: int, share: float, block: Block, plain: Block) -> None:
        super().__init__()
        inner = round(outputs * share)
        self.cv1 = plain(inputs, inner, 1)
        self.cv2 = plain(inputs, inner, 1)
        self.cv3 = plain(2 * inner, outputs, 1)
        first, *others = (Bottleneck(inner, block) for _ in range(max(1, count // 2)))
        self.m = Chain(first, others)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.cv3(torch.cat([self.m(self.cv1(x)), self.cv2(x)], 1))
        return out


def pyramid(x: Tensor) -> Tensor:
    """The map beside its maxima over 5, 9 and 13 places, joined."""
    maps = [x]
    for _ in range(3):
        maps.append(nn.functional.max_pool2d(maps[-1], 5, 1, 2))
    return torch.cat(maps, 1)


class PoolingPyramid(nn.Module):
    """SPPF: maxima over several ranges at the end of the backbone."""

    def __init__(self, channels: int, plain: Block) -> None:
        super().__init__()
        self.cv1 = plain(channels, channels // 2, 1)
        self.cv2 = plain(channels // 2 * 4, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.cv2(pyramid(self.cv1(x)))
        return out


class PartialPoolingPyramid(nn.Module):
    """SPPF in a cross-stage-partial block, as n6 and s6 have it."""

    def __init__(self, channels: int, plain: Block) -> None:
        super().__init__()
        inner = channels // 2
        self.cv1 = plain(channels, inner, 1)
        self.cv2 = plain(channels, inner, 1)
        self.cv3 = plain(inner, inner, 3)
        self.cv4 = plain(inner, inner, 1)
        self.cv5 = plain(inner * 4, inner, 1)
        self.cv6 = plain(inner, inner, 3)
        self.cv7 = plain(inner * 2, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        pooled = self.cv6(self.cv5(pyramid(self.cv4(self.cv3(self.cv1(x))))))
        out: Tensor = self.cv7(torch.cat([self.cv2(x), pooled], 1))
        return out


class BiFusion(nn.Module):
    """Joins a coarser map, one of this size and a finer one (the paper's BiC)."""

    def __init__(self, same: int, finer: int, outputs: int) -> None:
        super().__init__()
        self.upsample = nn.ConvTranspose2d(outputs, outputs, 2, 2)
        self.cv1 = relu_conv(same, outputs, 1)
        self.cv2 = relu_conv(finer, outputs, 1)
        self.downsample = relu_conv(outputs, outputs, 3, 2)
        self.cv3 = relu_conv(3 * outputs, outputs, 1)

    def forward(self, coarser: Tensor, same: Tensor, finer: Tensor) -> Tensor:
        maps = [self.upsample(coarser), self.cv1(same), self.downsample(self.cv2(finer))]
        out: Tensor = self.cv3(torch.cat(maps, 1))
        return out
