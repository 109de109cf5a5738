"""The training loss: varifocal, box overlap, and distribution of distances."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from model.engines.batches import InputLabels
from model.engines.fitting import MOSTLY
from model.engines.ranks.team import per_process
from model.engines.types import EVERY_CLASS
from model.engines.yolov6.assigning import NOBODY, Assigned, GridPlaces, assign_by_distance, assign_by_task
from model.engines.yolov6.head import Raw, boxes_of
from model.engines.yolov6.overlap import BOX_LOSSES, sides_of
from model.engines.yolov6.sizes import Size

WARMUP_EPOCHS = 4  # with ATSS
VARIFOCAL_ALPHA, VARIFOCAL_GAMMA = 0.75, 2.0
DISTRIBUTION_GAIN = 0.5


class Gains(NamedTuple):
    """What the parts of the loss weigh."""

    box: float
    cls: float


class Targets(NamedTuple):
    """What a batch is to answer, B images and A places."""

    scores: Tensor  # (B, A, C)
    boxes: Tensor  # (B, A, 4) xyxy pixels; anything where no object is
    silent: Tensor  # (B, A, C) where nothing is learnt of the class


def loss_of_batch(
    raw: Raw, labels: list[InputLabels], size: Size, gains: Gains, epoch: int, weights: Tensor | None = None
) -> dict[str, Tensor]:
    """The parts of the loss, weighed. `epoch` counts from 0; `weights` (C,) are the classes'."""
    boxes = boxes_of(raw, size.bins)
    targets = targets_of_batch(raw, boxes.detach(), labels, epoch)
    total = per_process(targets.scores.sum())
    found = targets.scores.sum(-1) > 0  # (B, A)
    weight = targets.scores.sum(-1)[found]
    overlap = BOX_LOSSES[size.iou](boxes[found], targets.boxes[found])
    of_class = varifocal(raw.scores, targets.scores).masked_fill(targets.silent, 0)  # (B, A, C)
    if weights is not None:
        of_class = of_class * weights.to(of_class)
    parts = {
        "cls_loss": gains.cls * of_class.sum() / total,
        "box_loss": gains.box * (overlap * weight).sum() / total,
    }
    if size.bins:
        spread = distribution_loss(raw, targets, found, size.bins)
        parts["dfl_loss"] = DISTRIBUTION_GAIN * (spread * weight).sum() / total
    return parts


@torch.no_grad()
def targets_of_batch(raw: Raw, boxes: Tensor, labels: list[InputLabels], epoch: int) -> Targets:
    """Assign each image's objects to its places."""
    images = []
    for scores, mine, one in zip(raw.scores.sigmoid(), boxes, labels, strict=True):
        places = GridPlaces(raw.centres, raw.strides, mine, scores)
        images.append(_targets_of_image(places, one, _assigned(places, one, epoch)))
    return Targets(*(torch.stack(column) for column in zip(*images, strict=True)))


def _assigned(places: GridPlaces, labels: InputLabels, epoch: int) -> Assigned:
    if not len(labels.boxes):
        nothing = places.centres[:, 0]
        return Assigned(torch.full_like(nothing, NOBODY, dtype=torch.long), torch.zeros_like(nothing))
    if epoch < WARMUP_EPOCHS:
        return assign_by_distance(labels.boxes, places)
    return assign_by_task(labels.boxes, labels.classes, places)


def _targets_of_image(places: GridPlaces, labels: InputLabels, assigned: Assigned) -> Targets:
    scores, found = torch.zeros_like(places.scores), assigned.owner != NOBODY
    boxes = torch.zeros_like(places.boxes)
    mine = assigned.owner[found]
    boxes[found] = labels.boxes[mine]
    scores[found, labels.classes[mine]] = assigned.quality[found]
    return Targets(scores, boxes, ignored_places(labels, places) & ~found[:, None])


def ignored_places(labels: InputLabels, places: GridPlaces) -> Tensor:
    """(A, C) for which classes nothing is learnt: the centre, or half of what is predicted, lies in an ignored box."""
    silent = torch.zeros_like(places.scores, dtype=torch.bool)
    area = sides_of(places.boxes).prod(1).clamp(min=1e-9)
    for region, label in zip(labels.ignored, labels.ignored_classes.tolist(), strict=True):
        low, high = torch.maximum(places.boxes[:, :2], region[:2]), torch.minimum(places.boxes[:, 2:], region[2:])
        there = (high - low).clamp(min=0).prod(1) >= MOSTLY * area
        there |= ((places.centres >= region[:2]) & (places.centres <= region[2:])).all(1)
        classes = slice(None) if label == EVERY_CLASS else slice(label, label + 1)
        silent[:, classes] |= there[:, None]
    return silent


def varifocal(logits: Tensor, wanted: Tensor) -> Tensor:
    """(…) of Zhang et al., arXiv 2008.13367: an object weighs by its quality, background by its wrong score."""
    background = VARIFOCAL_ALPHA * logits.sigmoid().pow(VARIFOCAL_GAMMA)
    weight = torch.where(wanted > 0, wanted, background)
    return functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * weight


def distribution_loss(raw: Raw, targets: Targets, found: Tensor, bins: int) -> Tensor:
    """(P,) of the P places with an object: the bins beside each true distance (Li et al., arXiv 2006.04388)."""
    centres, strides = raw.centres.expand(len(found), -1, 2)[found], raw.strides.expand(len(found), -1, 1)[found]
    boxes = targets.boxes[found]
    true = torch.cat([centres - boxes[:, :2], boxes[:, 2:] - centres], 1) / strides
    true = true.clamp(0, bins - 0.01)
    below = true.long()
    logits = raw.distances[found].reshape(-1, bins + 1)
    left = functional.cross_entropy(logits, below.flatten(), reduction="none").view_as(true)
    right = functional.cross_entropy(logits, below.flatten() + 1, reduction="none").view_as(true)
    share = true - below
    return (left * (1 - share) + right * share).mean(1)
