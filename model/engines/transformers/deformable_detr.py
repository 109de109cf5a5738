"""Deformable DETR (Zhu et al., arXiv 2010.04159) on a ResNet-50: 300 learnt queries, six layers each way."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from transformers import DeformableDetrConfig, DeformableDetrForObjectDetection
from transformers.loss.loss_deformable_detr import DeformableDetrForObjectDetectionLoss, DeformableDetrImageLoss

from model.engines.batches import InputLabels
from model.engines.transformers.building import from_here_in_float32, network_of_library
from model.engines.transformers.criterion import LeavesIgnoredOut, parts_of_loss, targets_of_labels, with_criterion
from model.engines.transformers.families import Family, Layout, Names, NetworkAnswers
from model.engines.transformers.normalising import normalised
from model.engines.transformers.rt_detr_v2 import PRIOR, answers_of

SIZES: dict[str, Layout] = {
    "deformable-detr-r50": {
        "backbone_config": {"model_type": "resnet", "out_features": ["stage2", "stage3", "stage4"]},
        "auxiliary_loss": True,
        "tie_word_embeddings": True,  # all layers share their heads, as published
    }
}
WEIGHTS = {"ce": 1.0, "bbox": 5.0, "giou": 2.0}  # published


class DeformableDetrCriterion(LeavesIgnoredOut, DeformableDetrImageLoss):
    """Deformable DETR's loss, without what is ignored."""


def build(layout: Layout, classes: int) -> nn.Module:
    """A network with fresh weights."""
    network: Any = network_of_library(DeformableDetrForObjectDetection, DeformableDetrConfig, layout, classes)
    if torch.get_default_device().type != "meta":
        _begin_heads(network)
    network.requires_grad_(True)  # the library holds back a backbone of its own kind whole
    network.loss_function = with_criterion(
        DeformableDetrForObjectDetectionLoss, DeformableDetrImageLoss=DeformableDetrCriterion
    )
    from_here_in_float32([*network.model.input_proj])
    return network  # type: ignore[no-any-return]


@torch.no_grad()
def _begin_heads(network: Any) -> None:
    """As published: objects are rare, and boxes begin small around their query's place."""
    nn.init.constant_(network.class_embed[0].bias, math.log(PRIOR / (1 - PRIOR)))
    last = network.bbox_embed[0].layers[-1]
    nn.init.zeros_(last.weight)
    last.bias.copy_(torch.tensor([0.0, 0.0, -2.0, -2.0]))


def loss(network: nn.Module, images: Tensor, labels: list[InputLabels]) -> dict[str, Tensor]:
    """Focal, distance and overlap, of each decoder layer."""
    found = network(normalised(images), labels=targets_of_labels(labels, images))
    return parts_of_loss(found.loss_dict, WEIGHTS)


def answers(network: nn.Module, images: Tensor) -> NetworkAnswers:
    """Boxes of the last decoder layer."""
    found = network(normalised(images))
    return answers_of(found.logits, found.pred_boxes, images)


def stages(network: Any) -> list[nn.Module]:
    """The stem and four stages of the backbone."""
    backbone = network.model.backbone.model
    return [backbone.embedder, *backbone.encoder.stages]


RESNET = "model.backbone.model."
DEFORMABLE_DETR = Family(
    name="deformable_detr",
    sizes=SIZES,
    build=build,
    loss=loss,
    answers=answers,
    stages=stages,
    class_rows=r"^class_embed\.\d+\.",
    names=Names(
        (
            (r"backbone\.conv_encoder\.", "backbone."),
            (r"self_attn\.out_proj", "self_attn.o_proj"),
            (r"layers\.(\d+)\.(fc[12])\.", r"layers.\1.mlp.\2."),
            # A ResNet as torchvision and timm name it, in the library's own names.
            (r"^model\.backbone\.model\.conv1\.", f"{RESNET}embedder.embedder.convolution."),
            (r"^model\.backbone\.model\.bn1\.", f"{RESNET}embedder.embedder.normalization."),
            *(
                (rf"^model\.backbone\.model\.layer{stage + 1}\.(\d+)\.{theirs}\.",
                 rf"{RESNET}encoder.stages.{stage}.layers.\1.{ours}.")
                for stage in range(4)
                for theirs, ours in (
                    *((f"conv{n + 1}", f"layer.{n}.convolution") for n in range(3)),
                    *((f"bn{n + 1}", f"layer.{n}.normalization") for n in range(3)),
                    ("downsample\\.0", "shortcut.convolution"),
                    ("downsample\\.1", "shortcut.normalization"),
                )
            ),
        )
    ),
    stretched=False,
)  # fmt: skip
