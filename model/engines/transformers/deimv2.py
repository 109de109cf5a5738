"""DEIMv2 (Huang et al., arXiv 2509.20787): D-FINE's decoder on DINOv3's features, in small sizes on HGNetV2's."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from transformers import Deimv2Config, Deimv2ForObjectDetection
from transformers.loss.loss_deimv2 import Deimv2ForObjectDetectionLoss, Deimv2Loss

from model.engines.batches import InputLabels
from model.engines.transformers import rt_detr_v2
from model.engines.transformers.building import network_of_library
from model.engines.transformers.criterion import LeavesIgnoredOut, share_of_all, with_criterion
from model.engines.transformers.families import Family, Layout, Names, NetworkAnswers
from model.engines.transformers.hgnet import ATTO, B0, FEMTO, PICO
from model.engines.transformers.normalising import normalised

COMMON: Layout = {
    "initializer_bias_prior_prob": rt_detr_v2.PRIOR,
    "decoder_activation_function": "silu",
    "focal_loss_gamma": 1.5,
}


def _lite(hgnet: dict[str, Any], wide: int, ffn: int, queries: int) -> Layout:
    """Sizes below N: one level of the backbone, no attention in the encoder, one box head for all layers."""
    return {
        **COMMON,
        "backbone_config": {**hgnet, "out_indices": [3]},
        "encoder_type": "lite", "encoder_layers": 0, "encoder_in_channels": [hgnet["stage_out_channels"][-1]],
        "feat_strides": [16], "encoder_hidden_dim": wide, "hidden_expansion": 0.34, "depth_mult": 0.5,
        "d_model": wide, "decoder_in_channels": [wide, wide], "num_feature_levels": 2, "decoder_n_points": [4, 2],
        "decoder_layers": 3, "decoder_ffn_dim": ffn, "num_queries": queries,
        "share_bbox_head": True, "use_gateway": False,
        "use_dense_one_to_one": False, "weight_loss_fgl": 0.0, "weight_loss_ddf": 0.0,
    }  # fmt: skip


def _dinov3(vit: dict[str, Any], wide: int, planes: int, encoder: int, **values: Any) -> Layout:
    """Sizes from S: a vision transformer with a narrow convolutional branch beside it."""
    backbone = {
        "model_type": "dinov3_vit", "num_hidden_layers": 12, "rope_theta": 100.0, "out_indices": [6, 9, 12],
        "reshape_hidden_states": True, **vit,
    }  # fmt: skip
    return {
        **COMMON,
        "backbone_config": backbone,
        "spatial_tuning_adapter_inplanes": planes,
        "encoder_has_trailing_conv": False,
        "encoder_in_channels": [wide] * 3, "encoder_hidden_dim": wide, "encoder_ffn_dim": encoder, "d_model": wide,
        "decoder_in_channels": [wide] * 3, "decoder_n_points": [3, 6, 3], "decoder_layers": 4, **values,
    }  # fmt: skip


def _tiny(wide: int, heads: int) -> dict[str, Any]:
    """The vision transformers that DEIMv2's authors distilled for their S and M."""
    return {
        "hidden_size": wide, "num_attention_heads": heads, "intermediate_size": 4 * wide, "layerscale_value": 1.0,
        "num_register_tokens": 0, "pos_embed_rescale": None, "key_bias": False, "apply_layernorm": False,
    }  # fmt: skip


SMALL = {
    "hidden_size": 384, "num_attention_heads": 6, "layerscale_value": 1e-5, "num_register_tokens": 4,
    "pos_embed_rescale": 2.0, "key_bias": True, "apply_layernorm": True,
}  # fmt: skip
SIZES = {
    "deimv2-atto": _lite(ATTO, 64, 160, 100),
    "deimv2-femto": _lite(FEMTO, 96, 256, 150),
    "deimv2-pico": _lite(PICO, 112, 320, 200),
    "deimv2-n": {
        **COMMON,
        "backbone_config": {**B0, "out_indices": [3, 4]}, "encoder_in_channels": [512, 1024],
        "feat_strides": [16, 32], "encoder_hidden_dim": 128, "encode_proj_layers": [1], "encoder_ffn_dim": 512,
        "hidden_expansion": 0.34, "depth_mult": 0.5, "d_model": 128, "decoder_in_channels": [128, 128],
        "num_feature_levels": 2, "decoder_n_points": [6, 6], "decoder_layers": 3, "decoder_ffn_dim": 512,
    },
    "deimv2-s": _dinov3(_tiny(192, 3), 192, 16, 512, decoder_ffn_dim=512, depth_mult=0.67, hidden_expansion=0.34),
    "deimv2-m": _dinov3(_tiny(256, 4), 256, 16, 512, decoder_ffn_dim=512, depth_mult=1.0, hidden_expansion=0.67),
    "deimv2-l": _dinov3({**SMALL, "intermediate_size": 1536}, 224, 32, 896, decoder_ffn_dim=1792),
    "deimv2-x": _dinov3(
        {**SMALL, "intermediate_size": 1536, "use_gated_mlp": True}, 256, 64, 1024, decoder_ffn_dim=2048,
        decoder_layers=6, depth_mult=1.37, hidden_expansion=1.25,
    ),
}  # fmt: skip


class DeimCriterion(LeavesIgnoredOut, Deimv2Loss):
    """DEIMv2's loss, without what is ignored. Boxes are learnt by the pairs of all layers, counted apart."""

    union: Any = None
    share_of_union = 1.0

    def _get_dense_o2o_indices(self, indices: Any, indices_aux_list: Any) -> Any:
        self.union = super()._get_dense_o2o_indices(indices, indices_aux_list)  # type: ignore[no-untyped-call]
        self.share_of_union = share_of_all(sum(len(places) for places, _ in self.union), self.device)
        return self.union

    def share_for(self, indices: Any) -> float:
        return self.share_of_union if indices is self.union else self.share


def build(layout: Layout, classes: int) -> nn.Module:
    """A network with fresh weights."""
    network: Any = network_of_library(Deimv2ForObjectDetection, Deimv2Config, layout, classes)
    return rt_detr_v2.finish_detr(network, with_criterion(Deimv2ForObjectDetectionLoss, Deimv2Loss=DeimCriterion))


def _sees_normalised(network: Any) -> bool:
    """DINOv3 was trained on images normalised by ImageNet's mean; HGNetV2 here was not."""
    return bool(network.config.backbone_config.model_type == "dinov3_vit")


def _input(network: Any, images: Tensor) -> Tensor:
    return normalised(images) if _sees_normalised(network) else images


def loss(network: nn.Module, images: Tensor, labels: list[InputLabels]) -> dict[str, Tensor]:
    """Matching-aware class loss, distance and overlap; from N on the distributions of edges too."""
    parts = rt_detr_v2.loss(network, _input(network, images), labels)
    return {name: one for name, one in parts.items() if one.requires_grad}


def answers(network: nn.Module, images: Tensor) -> NetworkAnswers:
    """Boxes of the last decoder layer."""
    return rt_detr_v2.answers(network, _input(network, images))


def stages(network: Any) -> list[nn.Module]:
    """HGNetV2's stem and stages; of DINOv3 what makes patches, and the layers."""
    encoder = network.model.conv_encoder
    if _sees_normalised(network):
        vit = encoder.backbone
        return [vit.embeddings, *vit.model.layer]
    return [encoder.model.embedder, *encoder.model.encoder.stages]


DEIM_V2 = Family(
    name="deimv2",
    sizes=SIZES,
    build=build,
    loss=loss,
    answers=answers,
    stages=stages,
    ours_alone=r"points_scale$",
    least_side=rt_detr_v2.least_side,
    class_rows=rt_detr_v2.RT_DETR_V2.class_rows,
    names=Names(
        (
            (r"^(class_embed|bbox_embed)\.", r"model.decoder.\1."),
            (r"(?<!model\.)\blayer\.(\d+)\.", r"model.layer.\1."),
        )
    ),
)
