"""Tensors under the names of RF-DETR's own files, made of a network of ours."""

from __future__ import annotations

import re

import torch
from torch import Tensor, nn

ENCODER, PROJECTOR = "backbone.0.encoder.encoder.", "backbone.0.projector.stages.0."
RULES = (
    (r"^model\.backbone\.backbone\.", ENCODER),
    (r"(layer\.\d+\.attention)\.q_proj\.", r"\1.attention.query."),
    (r"(layer\.\d+\.attention)\.k_proj\.", r"\1.attention.key."),
    (r"(layer\.\d+\.attention)\.v_proj\.", r"\1.attention.value."),
    (r"(layer\.\d+\.attention)\.o_proj\.", r"\1.output.dense."),
    (r"^model\.backbone\.projector\.layer_norm\.", f"{PROJECTOR}1."),
    (r"(projector_layer.*)\bconv([12])\.conv\.", r"\1cv\2.conv."),
    (r"(projector_layer.*)\bconv([12])\.norm\.", r"\1cv\2.bn."),
    (r"^model\.backbone\.projector\.projector_layer\.bottlenecks\.", f"{PROJECTOR}0.m."),
    (r"^model\.backbone\.projector\.projector_layer\.", f"{PROJECTOR}0."),
    (r"^model\.reference_point_embed\.", "refpoint_embed."),
    (r"^model\.query_feat\.", "query_feat."),
    (r"self_attn_layer_norm\.", "norm1."),
    (r"cross_attn_layer_norm\.", "norm2."),
    (r"(decoder\.layers\.\d+)\.layer_norm\.", r"\1.norm3."),
    (r"\.mlp\.fc([12])\.", r".linear\1."),
    (r"self_attn\.o_proj\.", "self_attn.out_proj."),
    (r"decoder\.layernorm\.", "decoder.norm."),
    (r"^model\.", "transformer."),
)


def package_tensors(network: nn.Module) -> dict[str, Tensor]:
    """As the package writes them: attentions of the decoder packed, and a table that only keypoints need."""
    found: dict[str, Tensor] = {"_kp_active_mask": torch.zeros(0, 0, dtype=torch.bool)}
    for name, tensor in network.state_dict().items():
        ours = name
        for pattern, replacement in RULES:
            if not (ours.startswith(ENCODER) and ".mlp." in ours):
                ours = re.sub(pattern, replacement, ours)
        found[ours] = tensor
    return _packed(found)


def _packed(named: dict[str, Tensor]) -> dict[str, Tensor]:
    found = {name: one for name, one in named.items() if not re.search(r"self_attn\.[qkv]_proj\.", name)}
    for name in named:
        if first := re.match(r"(.*self_attn\.)q_proj\.(weight|bias)$", name):
            parts = [named[f"{first[1]}{one}_proj.{first[2]}"] for one in "qkv"]
            found[f"{first[1]}in_proj_{first[2]}"] = torch.cat(parts)
    return found
