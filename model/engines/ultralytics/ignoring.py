"""Ignored labels in training: neither object nor background.

They travel through ultralytics' augmentation as boxes of reserved classes: nc + c where nothing is to be learned of the
class c, 2 nc where nothing is of any class. Before the loss they are split off. Whatever lies there and is assigned to
no object gives no class loss for those classes: a place of the grid whose centre is inside, or a prediction of which
half or more is. A logit far below zero is one without loss and without gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from ultralytics.models.utils.loss import RTDETRDetectionLoss
from ultralytics.utils.loss import E2ELoss, v8DetectionLoss
from ultralytics.utils.ops import xywh2xyxy
from ultralytics.utils.tal import make_anchors

from model.engines.types import EVERY_CLASS
from model.engines.ultralytics.networks import Network, is_transformer

MOSTLY = 0.5  # of a prediction inside an ignored region
FAR_BELOW = -1e4  # a logit at which the loss of background, and its gradient, are zero

Batch = dict[str, Any]
Tensor = torch.Tensor


def reserved(classes: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """The reserved class of each ignored class index, among `count` classes; EVERY_CLASS has one of its own."""
    return np.where(classes == EVERY_CLASS, 2 * count, count + classes).astype(np.int32)


def split_off(batch: Batch, count: int) -> tuple[Batch, Batch]:
    """The batch with its objects alone, and the ignored regions: batch_idx (R,), cls (R, 1), bboxes (R, 4) xywh."""
    ignored = batch["cls"].view(-1) >= count
    columns = ("batch_idx", "cls", "bboxes")
    return (
        {**batch, **{name: batch[name][~ignored] for name in columns}},
        {name: batch[name][ignored] for name in columns},
    )


def ignored_cells(regions: Batch, boxes: Tensor, centres: Tensor, count: int) -> Tensor:
    """(B, A, C) for which classes nothing is to be learned at each of A predictions.

    `boxes` (B, A, 4) xyxy and `centres` (B or 1, A, 2) are in the unit of the regions: fractions of the image.
    """
    found = torch.zeros((*boxes.shape[:2], count), dtype=torch.bool, device=boxes.device)
    corners = xywh2xyxy(regions["bboxes"].to(boxes.device, boxes.dtype))
    for image, label, region in zip(
        regions["batch_idx"].long().tolist(), regions["cls"].view(-1).long().tolist(), corners, strict=True
    ):
        mine, points = boxes[image], centres[image if len(centres) > 1 else 0]
        low, high = torch.maximum(mine[:, :2], region[:2]), torch.minimum(mine[:, 2:], region[2:])
        area = (mine[:, 2:] - mine[:, :2]).clamp(min=1e-9).prod(1)
        inside = (high - low).clamp(min=0).prod(1) >= MOSTLY * area
        inside |= ((points >= region[:2]) & (points <= region[2:])).all(1)
        classes = slice(None) if label >= 2 * count else slice(label - count, label - count + 1)
        found[image, :, classes] |= inside[:, None]
    return found


class GridLoss(v8DetectionLoss):
    """YOLO's loss, which leaves the ignored regions out."""

    def get_assigned_targets_and_loss(self, preds: Batch, batch: Batch, **options: Any) -> Any:
        objects, regions = split_off(batch, self.nc)
        if not len(regions["cls"]):
            return super().get_assigned_targets_and_loss(preds, objects, **options)
        cells, plain = self._ignored(preds, regions), self.bce

        def without_ignored(scores: Tensor, targets: Tensor) -> Tensor:
            background = targets.sum(2, keepdim=True) == 0
            loss: Tensor = plain(scores.masked_fill(cells & background, FAR_BELOW), targets)
            return loss

        self.bce = without_ignored  # type: ignore[assignment]  # for this call
        try:
            return super().get_assigned_targets_and_loss(preds, objects, **options)
        finally:
            self.bce = plain

    def _ignored(self, preds: Batch, regions: Batch) -> Tensor:
        """(B, A, C) of the grid."""
        with torch.no_grad():
            stride: Any = self.stride
            points, strides = make_anchors(preds["feats"], stride, 0.5)
            height, width = preds["feats"][0].shape[2:]
            size = torch.tensor([width, height], device=points.device, dtype=points.dtype) * stride[0]
            boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous()) * strides
            centres: Tensor = points * strides / size
            return ignored_cells(regions, boxes / size.repeat(2), centres.unsqueeze(0), self.nc)


class QueryLoss(RTDETRDetectionLoss):
    """RT-DETR's loss, which leaves the ignored regions out. `regions` are set before each batch."""

    regions: Batch
    _cells: Tensor | None = None

    def _get_loss(self, pred_bboxes: Tensor, pred_scores: Tensor, *given: Any, **options: Any) -> Any:
        self._cells = None
        if len(self.regions["cls"]):
            boxes = pred_bboxes.detach()
            self._cells = ignored_cells(self.regions, xywh2xyxy(boxes), boxes[..., :2], self.nc)
        return super()._get_loss(pred_bboxes, pred_scores, *given, **options)

    def _get_loss_class(self, pred_scores: Tensor, targets: Tensor, *given: Any, **options: Any) -> Any:
        if self._cells is not None:
            background = (targets == self.nc).unsqueeze(-1)
            pred_scores = pred_scores.masked_fill(self._cells & background, FAR_BELOW)
        return super()._get_loss_class(pred_scores, targets, *given, **options)


def honour_ignored(network: Network) -> None:
    """Let the network's loss split off what is ignored. After it has been put on its device."""
    if not is_transformer(network):
        two_heads = getattr(network.model[-1], "one2one_cv2", None) is not None
        network.criterion = E2ELoss(network, GridLoss) if two_heads else GridLoss(network)
        return
    network.criterion = QueryLoss(nc=network.nc, use_vfl=True)
    plain = network.loss

    def loss(batch: Batch, preds: Any = None) -> Any:
        objects, network.criterion.regions = split_off(batch, network.nc)
        return plain(objects, preds)

    network.loss = loss
