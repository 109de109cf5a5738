"""The library's losses, with what is ignored left out.

A prediction that is matched to no object and of which half or more lies in an ignored region gives no class loss
for that region's class, or for any. So does one whose centre is inside. A logit far below zero is one without loss
and without gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import torch
from torch import Tensor
from torchvision.ops import box_convert

from model.engines.batches import InputLabels
from model.engines.fitting import MOSTLY
from model.engines.ranks.team import per_process
from model.engines.types import EVERY_CLASS

FAR_BELOW = -1e4  # a logit at which the loss of background, and its gradient, are zero
CLASS_LOSSES = ("vfl", "mal", "focal", "labels")
PARTS = {"vfl": "cls_loss", "mal": "cls_loss", "ce": "cls_loss", "bbox": "box_loss", "giou": "box_loss"}
FINER = "dfl_loss"  # of what is left: the distributions of edges

Target = dict[str, Tensor]


def targets_of_labels(labels: list[InputLabels], images: Tensor) -> list[Target]:
    """As the library wants them: centre, width and height as fractions of the input; ours beside."""
    size = torch.tensor(images.shape[:1:-1] * 2, device=images.device, dtype=torch.float32)  # W, H, W, H
    found = []
    for one in labels:
        low, high = (one.boxes.float() / size).clamp(0, 1).chunk(2, -1)
        boxes = torch.cat([(low + high) / 2, high - low], -1)
        regions = {"ignored": one.ignored.float() / size, "ignored_classes": one.ignored_classes}
        found.append({"class_labels": one.classes, "boxes": boxes, **regions})
    return found


class LeavesIgnoredOut:
    """Before a criterion of the library: matches as it does, and gives no class loss where nothing is to be learnt.

    Where several processes share a step, its sums are divided by the objects of all.
    """

    share = 1.0  # what a count of this process's objects becomes, as a factor

    def forward(self, outputs: dict[str, Any], targets: list[Target]) -> Any:
        self.device = outputs["logits"].device
        self.share = share_of_all(sum(len(one["class_labels"]) for one in targets), self.device)
        return super().forward(outputs, targets)  # type: ignore[misc]

    def get_loss(
        self, loss: str, outputs: dict[str, Any], targets: list[Target], indices: Any, num_boxes: float
    ) -> dict[str, Tensor]:
        if loss in CLASS_LOSSES and any(len(one["ignored"]) for one in targets):
            silent = ignored_cells(outputs, targets, indices)
            outputs = {**outputs, "logits": outputs["logits"].masked_fill(silent, FAR_BELOW)}
        count = num_boxes * self.share_for(indices)
        found: dict[str, Tensor] = super().get_loss(loss, outputs, targets, indices, count)  # type: ignore[misc]
        return found

    def share_for(self, indices: Any) -> float:
        """The factor for a loss of these pairs."""
        return self.share


def share_of_all(mine: int, device: torch.device) -> float:
    """By what to multiply this process's count, at least 1, so that all divide by one number. Every process asks."""
    return float(per_process(torch.tensor(float(mine), device=device))) / max(mine, 1)


@torch.no_grad()
def ignored_cells(outputs: dict[str, Tensor], targets: list[Target], indices: Any) -> Tensor:
    """(B, Q, C) for which classes nothing is learnt of each prediction."""
    silent = torch.zeros_like(outputs["logits"], dtype=torch.bool)
    corners, centres = box_convert(outputs["pred_boxes"], "cxcywh", "xyxy"), outputs["pred_boxes"][..., :2]
    for image, target in enumerate(targets):
        boxes, points = corners[image], centres[image]
        area = (boxes[:, 2:] - boxes[:, :2]).prod(1).clamp(min=1e-9)
        for region, label in zip(target["ignored"], target["ignored_classes"].tolist(), strict=True):
            low, high = torch.maximum(boxes[:, :2], region[:2]), torch.minimum(boxes[:, 2:], region[2:])
            there = (high - low).clamp(min=0).prod(1) >= MOSTLY * area
            there |= ((points >= region[:2]) & (points <= region[2:])).all(1)
            classes = slice(None) if label == EVERY_CLASS else slice(label, label + 1)
            silent[image, :, classes] |= there[:, None]
        silent[image, indices[image][0].to(silent.device)] = False
    return silent


def with_criterion(function: Callable[..., Any], **criteria: type) -> Callable[..., Any]:
    """The library's function of a loss, which finds these criteria under the names that it uses."""
    names = {**function.__globals__, **criteria}
    mine = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    mine.__kwdefaults__ = function.__kwdefaults__
    return mine


def parts_of_loss(losses: dict[str, Tensor], weights: dict[str, float] | None = None) -> dict[str, Tensor]:
    """The library's many terms by what they are of: class, box, and the finer place of edges."""
    found: dict[str, Tensor] = {}
    for name, value in losses.items():
        kind = name.removeprefix("loss_").split("_")[0]
        weight = 1.0 if weights is None else weights.get(kind, 0.0)
        part = PARTS.get(kind, FINER)
        if weight:
            found[part] = found.get(part, torch.zeros((), device=value.device)) + weight * value
    return found
