"""RF-DETR's loss, which is LW-DETR's (Chen et al., arXiv 2406.03459): a class loss that knows how well a box fits."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid
from torchvision.ops import box_convert, box_iou
from transformers.loss.loss_lw_detr import LwDetrForObjectDetectionLoss, LwDetrImageLoss

from model.engines.transformers.criterion import LeavesIgnoredOut, Target, with_criterion

WEIGHTS = {"ce": 1.0, "bbox": 5.0, "giou": 2.0}  # published
FAR_FROM_OBJECT = 0.01  # the least that is asked of a matched query's score


class FiniteLwDetrLoss(LwDetrImageLoss):
    """With the class loss on logits: the library takes logarithms of scores, which are of 0 where a score is 1."""

    def loss_labels(
        self, outputs: dict[str, Tensor], targets: list[Target], indices: Any, num_boxes: float
    ) -> dict[str, Tensor]:
        """Binary cross-entropy; a matched query's score is asked to be score^alpha * IoU^(1 - alpha).

        Background counts by the square of its score.
        """
        logits = outputs["logits"]  # (B, Q, C)
        where = self._get_source_permutation_idx(indices)  # type: ignore[no-untyped-call]
        classes = torch.cat([one["class_labels"][chosen] for one, (_, chosen) in zip(targets, indices, strict=True)])
        boxes = torch.cat([one["boxes"][chosen] for one, (_, chosen) in zip(targets, indices, strict=True)])
        scores, cells = logits.sigmoid(), (*where, classes)
        fit = _overlaps(outputs["pred_boxes"][where].detach(), boxes)
        asked = scores[cells].pow(self.focal_alpha) * fit.pow(1 - self.focal_alpha)
        asked = asked.clamp(min=FAR_FROM_OBJECT).detach()
        as_object, as_background = torch.zeros_like(logits), scores.square()
        as_object[cells], as_background[cells] = asked, 1 - asked
        cost = -as_object * logsigmoid(logits) - as_background * logsigmoid(-logits)
        return {"loss_ce": cost.sum() / num_boxes}


def _overlaps(found: Tensor, wanted: Tensor) -> Tensor:
    """(N,) IoU of each pair of boxes, centre and sides."""
    overlaps: Tensor = box_iou(box_convert(found, "cxcywh", "xyxy"), box_convert(wanted, "cxcywh", "xyxy"))
    return overlaps.diag()


class RfDetrCriterion(LeavesIgnoredOut, FiniteLwDetrLoss):
    """RF-DETR's loss, without what is ignored. For training: the library matches by groups of queries always."""


rf_detr_loss = with_criterion(LwDetrForObjectDetectionLoss, LwDetrImageLoss=RfDetrCriterion)
