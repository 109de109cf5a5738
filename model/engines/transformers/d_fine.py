"""D-FINE (Peng et al., arXiv 2410.13842): RT-DETR's plan, with edges as distributions refined layer by layer."""

from __future__ import annotations

from typing import Any

from torch import nn
from transformers import DFineConfig, DFineForObjectDetection
from transformers.loss.loss_d_fine import DFineForObjectDetectionLoss, DFineLoss

from model.engines.transformers.building import network_of_library
from model.engines.transformers.criterion import LeavesIgnoredOut, with_criterion
from model.engines.transformers.families import Family, Layout, Names
from model.engines.transformers.hgnet import B0, B2, B4, B5
from model.engines.transformers.rt_detr_v2 import PRIOR, RT_DETR_V2, answers, finish_detr, least_side, loss, stages


def _layout(hgnet: dict[str, Any], out_indices: tuple[int, ...] = (2, 3, 4), **values: Any) -> Layout:
    channels = [hgnet["stage_out_channels"][index - 1] for index in out_indices]
    backbone = {**hgnet, "out_indices": list(out_indices)}
    return {
        "backbone_config": backbone,
        "encoder_in_channels": channels,
        "decoder_n_points": [3, 6, 3],
        "initializer_bias_prior_prob": PRIOR,
        **values,
    }


SIZES = {
    "dfine-n": _layout(
        B0, (3, 4), feat_strides=[16, 32], num_feature_levels=2, decoder_n_points=[6, 6], d_model=128,
        encoder_hidden_dim=128, encoder_ffn_dim=512, encode_proj_layers=[1], decoder_in_channels=[128, 128],
        decoder_ffn_dim=512, decoder_layers=3, depth_mult=0.5, hidden_expansion=0.34,
    ),
    "dfine-s": _layout(B0, decoder_layers=3, depth_mult=0.34, hidden_expansion=0.5),
    "dfine-m": _layout(B2, decoder_layers=4, depth_mult=0.67),
    "dfine-l": _layout(B4),
    "dfine-x": _layout(B5, encoder_hidden_dim=384, encoder_ffn_dim=2048, decoder_in_channels=[384, 384, 384]),
}  # fmt: skip


class DFineCriterion(LeavesIgnoredOut, DFineLoss):
    """D-FINE's loss, without what is ignored."""


def build(layout: Layout, classes: int) -> nn.Module:
    """A network with fresh weights."""
    network: Any = network_of_library(DFineForObjectDetection, DFineConfig, layout, classes)
    return finish_detr(network, with_criterion(DFineForObjectDetectionLoss, DFineLoss=DFineCriterion))


D_FINE = Family(
    name="d_fine",
    sizes=SIZES,
    build=build,
    loss=loss,
    answers=answers,
    stages=stages,
    ours_alone=r"points_scale$",
    least_side=least_side,
    class_rows=RT_DETR_V2.class_rows,
    names=Names(
        (
            (r"^(class_embed|bbox_embed)\.", r"model.decoder.\1."),
            (r"\bout_proj\b", "o_proj"),
            (r"layers\.(\d+)\.fc1\.", r"layers.\1.mlp.layers.0."),
            (r"layers\.(\d+)\.fc2\.", r"layers.\1.mlp.layers.1."),
            (r"encoder\.encoder\.(\d+)\.layers", r"encoder.aifi.\1.layers"),
        )
    ),
)
