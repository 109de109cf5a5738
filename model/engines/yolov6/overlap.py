"""How far boxes overlap, and the box losses. Boxes are (…, 4) xyxy pixels; all of it float32."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

TINY = 1e-7


def sides_of(boxes: Tensor) -> Tensor:
    """(…, 2) width and height, not below zero."""
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0)


def iou_of_pairs(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Intersection over union of boxes that stand at the same place, and the union."""
    low, high = torch.maximum(one[..., :2], other[..., :2]), torch.minimum(one[..., 2:], other[..., 2:])
    shared = (high - low).clamp(min=0).prod(-1)
    union = sides_of(one).prod(-1) + sides_of(other).prod(-1) - shared + TINY
    return shared / union, union


def iou_matrix(one: Tensor, other: Tensor) -> Tensor:
    """(N, M) of N and M boxes."""
    return iou_of_pairs(one[:, None], other[None])[0]


def giou_loss(predicted: Tensor, true: Tensor) -> Tensor:
    """1 - GIoU (Rezatofighi et al., arXiv 1902.09630), 0 … 2 for each pair."""
    iou, union = iou_of_pairs(predicted, true)
    hull = _hull(predicted, true).prod(-1) + TINY
    return 1 - (iou - (hull - union) / hull)


def siou_loss(predicted: Tensor, true: Tensor) -> Tensor:
    """1 - SIoU (Gevorgyan, arXiv 2205.12740): overlap, distance of the centres weighed by its angle, shape."""
    iou, _ = iou_of_pairs(predicted, true)
    apart = ((true[..., :2] + true[..., 2:]) - (predicted[..., :2] + predicted[..., 2:])) / 2
    angle = 2 * apart.abs().prod(-1) / (apart.square().sum(-1) + TINY)  # sin 2a of the line between the centres
    along = (apart / (_hull(predicted, true) + TINY)).square()
    distance = (1 - torch.exp((angle - 2)[..., None] * along)).sum(-1)
    mine, theirs = sides_of(predicted), sides_of(true)
    unlike = (mine - theirs).abs() / (torch.maximum(mine, theirs) + TINY)
    shape = (1 - torch.exp(-unlike)).pow(4).sum(-1)
    return 1 - iou + (distance + shape) / 2


def _hull(one: Tensor, other: Tensor) -> Tensor:
    """(…, 2) sides of the smallest box around both."""
    return torch.maximum(one[..., 2:], other[..., 2:]) - torch.minimum(one[..., :2], other[..., :2])


BOX_LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"giou": giou_loss, "siou": siou_loss}
