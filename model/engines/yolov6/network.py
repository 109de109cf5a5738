"""Backbone, neck and head, and the network of the three."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from model.engines.yolov6.head import DecoupledHead, Raw
from model.engines.yolov6.layers import (
    BepC3,
    BiFusion,
    Block,
    Chain,
    PartialPoolingPyramid,
    PoolingPyramid,
    RepUnit,
    relu_conv,
    silu_conv,
)
from model.engines.yolov6.sizes import Size

CHANNELS = (64, 128, 256, 512, 768, 1024)  # of stem and stages, at width 1
REPEATS = (6, 12, 18, 6, 6)  # of the stages, at depth 1
NECK_CHANNELS = (512, 256, 128, 256, 512, 1024)  # downwards to the finest level, then upwards
NECK_REPEATS = 12
STRIDE = 64  # pixels; sides of the input are multiples of it


def wide(channels: int, size: Size) -> int:
    """Channels at the size's width, a multiple of eight."""
    return math.ceil(channels * size.width / 8) * 8


def stage_block(inputs: int, outputs: int, repeats: int, size: Size) -> nn.Module:
    """What a stage of backbone or neck repeats: BepC3, or RepVGG blocks in a row."""
    count = max(1, round(repeats * size.depth))
    if size.csp:
        return BepC3(inputs, outputs, count, size.csp, basic_block(size), silu_conv if size.silu else relu_conv)
    return Chain(RepUnit(inputs, outputs), [RepUnit(outputs, outputs) for _ in range(count - 1)])


def basic_block(size: Size) -> Block:
    """The 3 x 3 layer of which backbone and stages consist."""
    return silu_conv if size.silu else RepUnit


class Backbone(nn.Module):
    """Stem and five stages; gives the maps at strides 4 to 64."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        block = basic_block(size)
        channels = [wide(one, size) for one in CHANNELS]
        self.stem = block(3, channels[0], 3, 2)
        self.stages = nn.ModuleList(
            nn.ModuleDict({"down": block(before, after, 3, 2), "block": stage_block(after, after, repeats, size)})
            for before, after, repeats in zip(channels, channels[1:], REPEATS, strict=False)
        )
        pooling = PoolingPyramid if size.csp else PartialPoolingPyramid
        self.pool = pooling(channels[-1], silu_conv if size.silu else relu_conv)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.stem(x)
        maps: list[Tensor] = []
        for stage in self.stages:
            x = stage["block"](stage["down"](x))  # type: ignore[index]
            maps.append(x)
        maps[-1] = self.pool(maps[-1])
        return maps


class Neck(nn.Module):
    """Down to stride 8 by fusing three levels at a time, up again to stride 64 (the paper's RepBi-PAN)."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        stages = [wide(one, size) for one in CHANNELS]
        a, b, c, d, e, f = (wide(one, size) for one in NECK_CHANNELS)
        down, coarser, same, finer = (a, b, c), (stages[5], a, b), stages[4:1:-1], stages[3:0:-1]
        self.reduce = nn.ModuleList(relu_conv(i, o, 1) for i, o in zip(coarser, down, strict=True))
        self.fuse = nn.ModuleList(BiFusion(s, f, o) for s, f, o in zip(same, finer, down, strict=True))
        self.inward = nn.ModuleList(stage_block(o, o, NECK_REPEATS, size) for o in down)
        joined = ((c, c, d), (d, b, e), (e, a, f))  # channels of the finer map, of the one beside, and after
        self.shrink = nn.ModuleList(relu_conv(i, beside, 3, 2) for i, beside, _ in joined)
        self.outward = nn.ModuleList(stage_block(2 * beside, o, NECK_REPEATS, size) for _, beside, o in joined)

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        reduced: list[Tensor] = []
        x = maps[4]
        for level, (reduce, fuse, inward) in enumerate(zip(self.reduce, self.fuse, self.inward, strict=True)):
            reduced.append(reduce(x))
            x = inward(fuse(reduced[-1], maps[3 - level], maps[2 - level]))
        out = [x]
        for shrink, outward, beside in zip(self.shrink, self.outward, reversed(reduced), strict=True):
            out.append(outward(torch.cat([shrink(out[-1]), beside], 1)))
        return out


class YoloV6(nn.Module):
    """The whole network: images (B, 3, H, W), RGB 0..1, sides multiples of 64, to the head's raw output."""

    def __init__(self, size: Size, class_names: tuple[str, ...]) -> None:
        super().__init__()
        self.size, self.class_names = size, class_names
        self.backbone = Backbone(size)
        self.neck = Neck(size)
        self.head = DecoupledHead([wide(one, size) for one in NECK_CHANNELS[2:]], len(class_names), size.bins)

    def forward(self, images: Tensor) -> Raw:
        raw: Raw = self.head(self.neck(self.backbone(images)))
        return raw
