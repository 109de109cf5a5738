"""The maps of the backbone as one row of places, with what tells encoder and decoder where each is."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers.models.deformable_detr.modeling_deformable_detr import DeformableDetrSinePositionEmbedding

from model.engines.transformers.deta.places import Shape

LEVELS = 5  # the backbone's three and two more
GROUPS = 32  # of the norms on the levels
TEMPERATURE = 10_000.0  # of the waves that stand for a position


class Levels(NamedTuple):
    """The maps as one row of S places."""

    features: Tensor  # (B, S, D)
    positions: Tensor  # (B, S, D)
    valid: Tensor  # (B, S)
    ratios: Tensor  # (B, L, 2) of each level that the image fills, x and y
    shapes: list[Shape]

    def beside(self) -> dict[str, object]:
        """What encoder and decoder are told of the maps, by their names for it."""
        shapes = torch.tensor(self.shapes, device=self.features.device)
        first = torch.cat([shapes.new_zeros(1), shapes.prod(1).cumsum(0)[:-1]])
        return {
            "spatial_shapes": shapes,
            "spatial_shapes_list": self.shapes,
            "level_start_index": first,
            "valid_ratios": self.ratios,
        }


def levels_of_maps(maps: list[Tensor], valid: Tensor, level_embed: Tensor) -> Levels:
    """Five maps (B, D, H, W) as one row. `valid` (B, H, W) in pixels; `level_embed` (L, D) marks the levels."""
    masks = [functional.interpolate(valid[None].float(), size=one.shape[-2:])[0].bool() for one in maps]
    positions = [_positions(one, mask) + mine for one, mask, mine in zip(maps, masks, level_embed, strict=True)]
    ratios = [torch.stack([mask[:, 0].float().mean(1), mask[:, :, 0].float().mean(1)], 1) for mask in masks]
    return Levels(
        torch.cat([one.flatten(2).transpose(1, 2) for one in maps], 1),
        torch.cat(positions, 1),
        torch.cat([mask.flatten(1) for mask in masks], 1),
        torch.stack(ratios, 1),
        [(one.shape[2], one.shape[3]) for one in maps],
    )


def _positions(one: Tensor, mask: Tensor) -> Tensor:
    """(B, H x W, D) waves of row and column."""
    waves = DeformableDetrSinePositionEmbedding(one.shape[1] // 2, normalize=True)
    found: Tensor = waves(one.shape, one.device, torch.float32, mask=mask)
    return found.flatten(2).transpose(1, 2)


def waves_of_boxes(boxes: Tensor, channels: int) -> Tensor:
    """(…, 4 x channels) sine and cosine in turn, of each number of a box (…, 4) in fractions."""
    frequencies = TEMPERATURE ** (-torch.arange(0, channels, 2, device=boxes.device) / channels)
    angles = boxes[..., None] * 2 * math.pi * frequencies
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(-3)


def projections(channels: list[int], hidden: int) -> list[nn.Sequential]:
    """To the width of the encoder; the last two halve the map."""
    plain = [nn.Sequential(nn.Conv2d(one, hidden, 1), nn.GroupNorm(GROUPS, hidden)) for one in channels]
    more = [channels[-1], *[hidden] * (LEVELS - len(channels) - 1)]
    return plain + [
        nn.Sequential(nn.Conv2d(one, hidden, 3, stride=2, padding=1), nn.GroupNorm(GROUPS, hidden)) for one in more
    ]
