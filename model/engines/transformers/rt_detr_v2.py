"""RT-DETRv2 (Lv et al., arXiv 2407.17140): queries chosen among the places of a hybrid encoder, no suppression."""

from __future__ import annotations

from itertools import count
from typing import Any

import torch
from torch import Tensor, nn
from transformers import RTDetrV2Config, RTDetrV2ForObjectDetection
from transformers.loss.loss_rt_detr import RTDetrForObjectDetectionLoss, RTDetrLoss

from model.engines.batches import InputLabels
from model.engines.transformers.building import from_here_in_float32, network_of_library
from model.engines.transformers.criterion import LeavesIgnoredOut, parts_of_loss, targets_of_labels, with_criterion
from model.engines.transformers.families import Family, Layout, Names, NetworkAnswers

STRIDES, QUERIES = (8, 16, 32), 300  # pixels between the places of a level; the library's number where none is said
PRIOR = 0.01  # what a fresh network takes for the share of objects among its answers, as published
SMALL = [64, 128, 256, 512]  # channels of the stages of a network of basic blocks


def _layout(resnet: dict[str, Any], **values: Any) -> Layout:
    backbone = {"model_type": "rt_detr_resnet", "out_indices": [2, 3, 4], **resnet}
    return {"backbone_config": backbone, "initializer_bias_prior_prob": PRIOR, **values}


SIZES = {
    "rtdetrv2-t": _layout(  # ours, for trying out
        {"hidden_sizes": [16, 32, 64, 128], "depths": [1, 1, 1, 1], "layer_type": "basic", "embedding_size": 16},
        encoder_in_channels=[32, 64, 128], encoder_hidden_dim=64, encoder_ffn_dim=128, encoder_attention_heads=4,
        hidden_expansion=0.5, d_model=64, decoder_in_channels=[64, 64, 64], decoder_ffn_dim=128,
        decoder_attention_heads=4, decoder_layers=2, num_queries=100, num_denoising=50,
    ),
    "rtdetrv2-r18": _layout(
        {"hidden_sizes": SMALL, "depths": [2, 2, 2, 2], "layer_type": "basic"},
        encoder_in_channels=SMALL[1:], hidden_expansion=0.5, decoder_layers=3,
    ),
    "rtdetrv2-r34": _layout(
        {"hidden_sizes": SMALL, "depths": [3, 4, 6, 3], "layer_type": "basic"},
        encoder_in_channels=SMALL[1:], hidden_expansion=0.5, decoder_layers=4,
    ),
    "rtdetrv2-r50": _layout({"depths": [3, 4, 6, 3]}),
    "rtdetrv2-r101": _layout(
        {"depths": [3, 4, 23, 3]},
        encoder_ffn_dim=2048, encoder_hidden_dim=384, decoder_in_channels=[384, 384, 384],
    ),
}  # fmt: skip


class RtDetrCriterion(LeavesIgnoredOut, RTDetrLoss):
    """RT-DETR's loss, without what is ignored."""


def build(layout: Layout, classes: int) -> nn.Module:
    """A network with fresh weights."""
    network: Any = network_of_library(RTDetrV2ForObjectDetection, RTDetrV2Config, layout, classes)
    return finish_detr(network, with_criterion(RTDetrForObjectDetectionLoss, RTDetrLoss=RtDetrCriterion))


def finish_detr(network: Any, loss: Any) -> nn.Module:
    """What RT-DETR and its kin need beyond the library: one set of heads, a decoder in float32, our loss."""
    del network.class_embed, network.bbox_embed  # copies of the decoder's, which nothing reads
    if torch.get_default_device().type != "meta":
        nn.init.zeros_(network.model.enc_bbox_head.layers[-1].weight)
        nn.init.zeros_(network.model.enc_bbox_head.layers[-1].bias)
    network.loss_function = loss
    from_here_in_float32([*network.model.decoder_input_proj])
    return network  # type: ignore[no-any-return]


def loss(network: nn.Module, images: Tensor, labels: list[InputLabels]) -> dict[str, Tensor]:
    """The published parts: varifocal, distance and overlap, of each decoder layer and of denoising."""
    return parts_of_loss(network(images, labels=targets_of_labels(labels, images)).loss_dict)


def answers(network: nn.Module, images: Tensor) -> NetworkAnswers:
    """Boxes of the last decoder layer."""
    found = network(images)
    return answers_of(found.logits, found.pred_boxes, images)


def answers_of(logits: Tensor, boxes: Tensor, images: Tensor) -> NetworkAnswers:
    """Pixels and scores, of fractions and logits."""
    height, width = images.shape[2:]
    size = torch.tensor([width, height, width, height], device=boxes.device, dtype=torch.float32)
    centre, side = boxes.float().chunk(2, -1)
    corners = torch.cat([centre - side / 2, centre + side / 2], -1)
    return NetworkAnswers(corners * size, logits.float().sigmoid())


def least_side(layout: Layout) -> int:
    """The queries are the best of the places of all levels: there must be as many."""
    levels, queries = layout.get("num_feature_levels", 3), layout.get("num_queries", QUERIES)
    return next(side for side in count(32, 32) if sum((side // step) ** 2 for step in STRIDES[-levels:]) >= queries)


def stages(network: Any) -> list[nn.Module]:
    """The stem and four stages of the backbone."""
    backbone = network.model.backbone.model
    return [backbone.embedder, *backbone.encoder.stages]


RT_DETR_V2 = Family(
    name="rt_detr_v2",
    sizes=SIZES,
    build=build,
    loss=loss,
    answers=answers,
    stages=stages,
    ours_alone=r"points_scale$",
    least_side=least_side,
    class_rows=r"class_embed\.\d+\.|enc_score_head\.|denoising_class_embed\.",
    names=Names(
        (
            (r"^(class_embed|bbox_embed)\.", r"model.decoder.\1."),  # files hold them under one name or both
            (r"\bout_proj\b", "o_proj"),
            (r"layers\.(\d+)\.(fc[12])\.", r"layers.\1.mlp.\2."),
            (r"encoder\.encoder\.(\d+)\.layers", r"encoder.aifi.\1.layers"),
        )
    ),
)
