"""The library's RF-DETR, with what it lacks to be trained from nothing and to be exported."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import RfDetrConfig, RfDetrForObjectDetection
from transformers.models.rf_detr.modeling_rf_detr import RfDetrDinov2Embeddings

from model.engines.transformers.building import from_here_in_float32, network_of_library
from model.engines.transformers.families import Layout
from model.engines.transformers.rf_detr.loss import rf_detr_loss


class PatchesAtPlaces(RfDetrDinov2Embeddings):
    """Patches with where they lie. The table of places can be fixed for one size of image.

    Scaling the table is a step that ONNX has no operator for.
    """

    fixed: Tensor | None = None  # (1, 1 + places, width)

    def interpolate_pos_encoding(self, embeddings: Tensor, height: int, width: int) -> Tensor:
        if self.fixed is not None:
            return self.fixed
        places: Tensor = super().interpolate_pos_encoding(embeddings, height, width)
        return places

    def fix(self, side: int) -> None:
        """From now on all images are squares of this side, in pixels."""
        patch: Any = self.patch_size
        patches = torch.empty(1, (side // patch) ** 2 + 1, self.position_embeddings.shape[-1])
        self.fixed = self.interpolate_pos_encoding(patches, side, side).detach()


def build(layout: Layout, classes: int) -> nn.Module:
    """A network with fresh weights."""
    network: Any = network_of_library(RfDetrForObjectDetection, RfDetrConfig, layout, classes)
    backbone = network.model.backbone.backbone
    patches = PatchesAtPlaces(backbone.config)
    patches.load_state_dict(backbone.embeddings.state_dict())
    backbone.embeddings = patches
    if torch.get_default_device().type != "meta":
        _begin(network)
    network.loss_function = rf_detr_loss
    from_here_in_float32([network.model.backbone.projector.layer_norm])
    return network  # type: ignore[no-any-return]


def _begin(network: Any) -> None:
    """As published: queries begin at the very places that were chosen, and each group's heads as the decoder's."""
    nn.init.zeros_(network.model.reference_point_embed.weight)
    for part in (network.model.decoder, network.model.enc_output):
        for name, one in part.named_parameters():
            if one.dim() > 1 and "sampling_offsets" not in name and "attention_weights" not in name:
                nn.init.xavier_uniform_(one)
    for heads, last in ((network.model.enc_out_class_embed, network.class_embed),
                        (network.model.enc_out_bbox_embed, network.bbox_embed)):  # fmt: skip
        for head in heads:
            head.load_state_dict(last.state_dict())


def fix_side(network: Any, side: int) -> None:
    """Before a trace: what hangs on the side of the input alone becomes a constant."""
    network.model.backbone.backbone.embeddings.fix(side)


def stages(network: Any) -> list[nn.Module]:
    """What makes patches, twelve layers, and the norm of what goes out."""
    backbone = network.model.backbone.backbone
    return [backbone.embeddings, *backbone.encoder.layer, backbone.layernorm]
