"""The places of the maps, the anchor of each, and which of them become queries."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torchvision.ops import batched_nms

Shape = tuple[int, int]  # height and width of a map, in places

SMALLEST = 0.05  # side of an anchor on the first level as a fraction of the image's; doubled with each level
EDGE = 0.01  # anchors whose numbers lie nearer to 0 or 1 are not used
BEST_OF_LEVEL = 1000  # by score, that enter suppression
OVERLAP = 0.9  # above which the lower scored of a level goes


def anchors_of(shapes: Sequence[Shape], valid: Tensor) -> tuple[Tensor, Tensor]:
    """(B, S, 4) centre and sides as fractions of the image, and (B, S) whether the place is used.

    `valid` (B, S) says where the image is, rather than the border that fills up its batch.
    """
    levels, first = [], 0
    for level, (height, width) in enumerate(shapes):
        inside = valid[:, first : first + height * width].reshape(-1, height, width)
        levels.append(_anchors_of_level(inside, SMALLEST * 2**level))
        first += height * width
    anchors = torch.cat(levels, 1)
    return anchors, valid & ((anchors > EDGE) & (anchors < 1 - EDGE)).all(-1)


def _anchors_of_level(inside: Tensor, side: float) -> Tensor:
    """(B, H x W, 4), row by row."""
    _, height, width = inside.shape
    y = (torch.arange(height, device=inside.device) + 0.5)[None] / inside[:, :, 0].sum(1, keepdim=True)
    x = (torch.arange(width, device=inside.device) + 0.5)[None] / inside[:, 0, :].sum(1, keepdim=True)
    centres = torch.stack([x[:, None, :].expand(inside.shape), y[:, :, None].expand(inside.shape)], -1)
    return torch.cat([centres, torch.full_like(centres, side)], -1).flatten(1, 2)


def levels_of(shapes: Sequence[Shape], device: torch.device) -> Tensor:
    """(S,) the level of each place."""
    counts = torch.tensor([height * width for height, width in shapes], device=device)
    return torch.arange(len(shapes), device=device).repeat_interleave(counts)


def chosen_places(boxes: Tensor, scores: Tensor, levels: Tensor, count: int) -> Tensor:
    """(Q,) indices of the places of one image that become queries, by falling score; Q is count, or all there are.

    boxes (S, 4) xyxy, scores (S,), levels (S,). Of what is left in each level after suppression the best, as many of
    each level; where a level has not so many, the best of the others. Where all together are too few, the best of all.
    """
    count, number = min(count, len(scores)), int(levels[-1]) + 1
    places = torch.cat([_best_of_level(scores, levels == level) for level in range(number)])
    kept = places[batched_nms(boxes[places].float(), scores[places].float(), levels[places], OVERLAP)]
    within = _rank_in_level(levels[kept], number) < count // number
    room = count - within.sum()
    taken = kept[within | ((~within).long().cumsum(0) <= room)]
    best = scores.topk(count).indices
    # Without a branch, so that a traced network goes either way.
    return torch.where(room <= (~within).sum(), torch.cat([taken, best])[:count], best)


def _best_of_level(scores: Tensor, there: Tensor) -> Tensor:
    places = there.nonzero()[:, 0]
    return places[scores[places].topk(min(BEST_OF_LEVEL, len(places))).indices]


def _rank_in_level(levels: Tensor, number: int) -> Tensor:
    """(K,) how many before it are of the same level."""
    same = levels[:, None] == torch.arange(number, device=levels.device)
    return same.long().cumsum(0)[same] - 1
