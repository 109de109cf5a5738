"""The decoupled head, and how its output becomes boxes. Whatever is predicted and decoded is float32."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from model.engines.yolov6.layers import silu_conv

STRIDES = (8, 16, 32, 64)  # pixels
PRIOR = 0.01  # score of an untrained network
FIRST_DISTANCE = 1.0  # what an untrained network answers for each number of the box branch


class Raw(NamedTuple):
    """Output for B images and A places of the grid, finest level first."""

    scores: Tensor  # (B, A, C) logits
    distances: Tensor  # (B, A, 4 (bins + 1)) left, top, right, bottom: logits of their distributions, or themselves
    centres: Tensor  # (A, 2) pixels
    strides: Tensor  # (A, 1) pixels


class DecoupledHead(nn.Module):
    """Class and box branches on each of four levels."""

    def __init__(self, channels: list[int], classes: int, bins: int) -> None:
        super().__init__()
        self.bins = bins
        self.stems = nn.ModuleList(silu_conv(c, c, 1) for c in channels)
        self.cls_convs = nn.ModuleList(silu_conv(c, c, 3) for c in channels)
        self.reg_convs = nn.ModuleList(silu_conv(c, c, 3) for c in channels)
        self.cls_preds = nn.ModuleList(nn.Conv2d(c, classes, 1) for c in channels)
        self.reg_preds = nn.ModuleList(nn.Conv2d(c, 4 * (bins + 1), 1) for c in channels)
        for scores, distances in zip(self.cls_preds, self.reg_preds, strict=True):
            _start_at(scores, -math.log((1 - PRIOR) / PRIOR))
            _start_at(distances, FIRST_DISTANCE)

    def forward(self, maps: list[Tensor]) -> Raw:
        levels = [self._level(level, x) for level, x in enumerate(maps)]
        centres, strides = grid_of([(x.shape[2], x.shape[3]) for x in maps], maps[0].device)
        return Raw(torch.cat([s for s, _ in levels], 1), torch.cat([d for _, d in levels], 1), centres, strides)

    def _level(self, level: int, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.stems[level](x)
        scores, distances = self.cls_convs[level](x), self.reg_convs[level](x)
        kind = "cuda" if x.is_cuda else "cpu"
        with torch.autocast(kind, enabled=False):  # with eight bits a distance would be wrong by pixels
            return flat(self.cls_preds[level](scores.float())), flat(self.reg_preds[level](distances.float()))


def _start_at(layer: nn.Module, value: float) -> None:
    """Have a fresh layer answer the value whatever it sees."""
    assert isinstance(layer, nn.Conv2d)
    assert layer.bias is not None
    nn.init.zeros_(layer.weight)
    nn.init.constant_(layer.bias, value)


def flat(x: Tensor) -> Tensor:
    """(B, C, H, W) to (B, H W, C)."""
    return x.flatten(2).transpose(1, 2)


def grid_of(sides: list[tuple[int, int]], device: torch.device) -> tuple[Tensor, Tensor]:
    """Centres (A, 2) xy and strides (A, 1) in pixels, of levels with these heights and widths."""
    centres, strides = [], []
    for (height, width), stride in zip(sides, STRIDES, strict=True):
        y, x = torch.meshgrid(torch.arange(height, device=device), torch.arange(width, device=device), indexing="ij")
        centres.append((torch.stack([x, y], -1).reshape(-1, 2).float() + 0.5) * stride)
        strides.append(torch.full((height * width, 1), float(stride), device=device))
    return torch.cat(centres), torch.cat(strides)


def distances_of(raw: Raw, bins: int) -> Tensor:
    """(B, A, 4) distances to left, top, right and bottom in strides: the means of their distributions."""
    if not bins:
        return raw.distances
    shares = raw.distances.reshape(*raw.distances.shape[:2], 4, bins + 1).softmax(-1)
    means: Tensor = shares @ torch.arange(bins + 1, dtype=shares.dtype, device=shares.device)
    return means


def boxes_of(raw: Raw, bins: int) -> Tensor:
    """(B, A, 4) xyxy pixels of the network's input."""
    left_top, right_bottom = (distances_of(raw, bins) * raw.strides).chunk(2, -1)
    return torch.cat([raw.centres - left_top, raw.centres + right_bottom], -1)
