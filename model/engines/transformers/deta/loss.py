"""The training loss: focal, L1 and GIoU, of each layer of the decoder and of the first stage."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from torchvision.ops import box_convert, generalized_box_iou_loss, sigmoid_focal_loss

from model.engines.fitting import MOSTLY
from model.engines.ranks.team import per_process
from model.engines.transformers.deta.assigning import AssignedPairs, assign_places, assign_proposals
from model.engines.transformers.deta.network import DetaAnswer, StageAnswer
from model.engines.types import EVERY_CLASS

ALPHA, GAMMA = 0.25, 2.0  # of the focal loss
CLASS_GAIN, CORNER_GAIN, OVERLAP_GAIN = 1.0, 5.0, 2.0


class FractionLabels(NamedTuple):
    """What is on one image, as fractions of the network's input."""

    boxes: Tensor  # (N, 4) xyxy
    classes: Tensor  # (N,)
    ignored: Tensor  # (K, 4) xyxy
    ignored_classes: Tensor  # (K,) or EVERY_CLASS


def loss_of_batch(answer: DetaAnswer, labels: list[FractionLabels], weights: Tensor | None = None) -> dict[str, Tensor]:
    """The parts of the loss, weighed; the loss to descend is their sum. `weights` (C,) are the classes'."""
    count = float(sum(len(one.boxes) for one in labels))
    objects = per_process(torch.tensor(count, device=answer.first.logits.device))
    first = [_classless(one) for one in labels]
    stages = [_stage(answer.first, first, _places_of(answer, labels))]
    proposals = _proposals_of(answer, labels)
    stages += [_stage(layer, labels, proposals, weights) for layer in answer.layers]
    names = ("cls_loss", "box_loss", "giou_loss")
    return {
        name: torch.stack(column).sum() / objects for name, column in zip(names, zip(*stages, strict=True), strict=True)
    }


def _classless(labels: FractionLabels) -> FractionLabels:
    """As the first stage sees it: any object is of class 0."""
    every = torch.full_like(labels.ignored_classes, EVERY_CLASS)
    return FractionLabels(labels.boxes, torch.zeros_like(labels.classes), labels.ignored, every)


@torch.no_grad()
def _places_of(answer: DetaAnswer, labels: list[FractionLabels]) -> list[AssignedPairs]:
    anchors = box_convert(answer.anchors, "cxcywh", "xyxy")
    return [assign_places(one.boxes, mine, used) for one, mine, used in zip(labels, anchors, answer.used, strict=True)]


@torch.no_grad()
def _proposals_of(answer: DetaAnswer, labels: list[FractionLabels]) -> list[AssignedPairs]:
    proposals = box_convert(answer.proposals, "cxcywh", "xyxy")
    return [assign_proposals(one.boxes, mine) for one, mine in zip(labels, proposals, strict=True)]


def _stage(
    found: StageAnswer, labels: list[FractionLabels], pairs: list[AssignedPairs], weights: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Sums of class, corner and overlap loss over a batch."""
    logits, boxes = found.logits.float(), found.boxes.float()
    wanted, silent = zip(*(_class_targets(*row) for row in zip(logits, boxes, labels, pairs, strict=True)), strict=True)
    focal = sigmoid_focal_loss(logits, torch.stack(wanted), ALPHA, GAMMA).masked_fill(torch.stack(silent), 0)
    if weights is not None:
        focal = focal * weights.to(focal)
    mine = torch.cat([one[pair.place] for one, pair in zip(boxes, pairs, strict=True)])
    true = torch.cat([one.boxes[pair.object] for one, pair in zip(labels, pairs, strict=True)])
    corners = functional.l1_loss(mine, box_convert(true, "xyxy", "cxcywh"), reduction="sum")
    overlap = generalized_box_iou_loss(box_convert(mine, "cxcywh", "xyxy"), true, reduction="sum")
    return CLASS_GAIN * focal.sum(), CORNER_GAIN * corners, OVERLAP_GAIN * overlap


def _class_targets(
    logits: Tensor, boxes: Tensor, labels: FractionLabels, pairs: AssignedPairs
) -> tuple[Tensor, Tensor]:
    """(P, C) what the scores are to be, and where nothing is learnt of them."""
    wanted = torch.zeros_like(logits)
    owner = pairs.place.new_full((len(logits),), -1).scatter_reduce_(0, pairs.place, pairs.object, "amax")
    found = owner >= 0  # where two objects share a place, the later is its class
    wanted[found, labels.classes[owner[found]]] = 1
    return wanted, ignored_places(box_convert(boxes.detach(), "cxcywh", "xyxy"), labels, wanted.shape) & ~found[:, None]


def ignored_places(boxes: Tensor, labels: FractionLabels, shape: torch.Size) -> Tensor:
    """(P, C) where the centre, or half of what is predicted, lies in an ignored box of the class; boxes (P, 4) xyxy."""
    silent = torch.zeros(shape, dtype=torch.bool, device=boxes.device)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1).clamp(min=1e-9)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    for region, label in zip(labels.ignored, labels.ignored_classes.tolist(), strict=True):
        low, high = torch.maximum(boxes[:, :2], region[:2]), torch.minimum(boxes[:, 2:], region[2:])
        there = (high - low).clamp(min=0).prod(1) >= MOSTLY * area
        there |= ((centres >= region[:2]) & (centres <= region[2:])).all(1)
        classes = slice(None) if label == EVERY_CLASS else slice(label, label + 1)
        silent[:, classes] |= there[:, None]
    return silent
