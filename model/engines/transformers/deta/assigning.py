"""Which places and which proposals learn which object. One image at a time: N objects, P places or proposals.

First stage: the anchors of the maps' places, against objects of any class. Second stage: the boxes that the first one
proposed; what was assigned to them holds for every layer of the decoder. Boxes are xyxy, of any one unit.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torchvision.ops import box_iou

FIRST_OVERLAP = 0.7  # of an anchor, from which it is the object's
SECOND_OVERLAP = 0.6  # of a proposal
FIRST_SAMPLES, FIRST_SHARE = 256, 0.5  # anchors drawn of an image, and how many of these at most are an object's
SECOND_SHARE = 0.25  # of all proposals
BEST = 4  # places or proposals that learn one object
ORDER = 0  # seed of what is drawn: the same for every image, so that a resumed run draws the same


class AssignedPairs(NamedTuple):
    """(K,) place and (K,) object that belong together, by object and within it by falling overlap."""

    place: Tensor
    object: Tensor


def assign_places(objects: Tensor, anchors: Tensor, used: Tensor) -> AssignedPairs:
    """The first stage. `used` (P,) is False at places without an anchor.

    Anchors that overlap an object by .3 to .7 were left out of the draw as published. As no more than the number of
    an object's own anchors hangs on the draw, all that is not assigned is background to the loss.
    """
    overlaps = box_iou(objects, anchors) * used
    return _pairs(overlaps, FIRST_OVERLAP, int(FIRST_SAMPLES * FIRST_SHARE))


def assign_proposals(objects: Tensor, proposals: Tensor) -> AssignedPairs:
    """The second stage."""
    return _pairs(box_iou(objects, proposals), SECOND_OVERLAP, int(len(proposals) * SECOND_SHARE))


def _pairs(overlaps: Tensor, least: float, most: int) -> AssignedPairs:
    """Pairs out of overlaps (N, P)."""
    if not overlaps.numel():
        nothing = overlaps.new_zeros(0, dtype=torch.long)
        return AssignedPairs(nothing, nothing)
    overlap, owner = overlaps.max(0)
    found = drawn_places((overlap >= least) | nearest_of_any(overlaps), most)
    counts = torch.bincount(owner[found], minlength=len(overlaps)).clamp(max=BEST)
    return best_of_each(overlaps, counts)


def nearest_of_any(overlaps: Tensor) -> Tensor:
    """(P,) whether no place overlaps some object more; so an object that nothing overlaps much is learnt too."""
    return ((overlaps == overlaps.amax(1, keepdim=True)) & (overlaps > 0)).any(0)


def drawn_places(found: Tensor, most: int) -> Tensor:
    """(P,) the same, or where more than `most` are True, so many of them drawn."""
    places = found.nonzero()[:, 0]
    order = torch.randperm(len(places), generator=torch.Generator().manual_seed(ORDER))[:most].to(found.device)
    return torch.zeros_like(found).index_fill_(0, places[order], True)


def best_of_each(overlaps: Tensor, counts: Tensor) -> AssignedPairs:
    """Each object's so many best, whoever else they overlap."""
    best = overlaps.topk(min(BEST, overlaps.shape[1]), dim=1).indices  # (N, 4)
    taken = torch.arange(best.shape[1], device=best.device) < counts[:, None]
    return AssignedPairs(best[taken], taken.nonzero()[:, 0])
