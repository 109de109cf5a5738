"""Tensors under the names of public files, made of a network of ours."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from model.engines.transformers.deta.network import Deta

SWIN = r"^backbone\.body\.swin\.encoder\.(layers\.\d+\.blocks\.\d+)\."
AUTHORS = (
    (r"^backbone\.body\.swin\.embeddings\.patch_embeddings\.projection\.", "backbone.0.body.patch_embed.proj."),
    (r"^backbone\.body\.swin\.embeddings\.norm\.", "backbone.0.body.patch_embed.norm."),
    (r"^backbone\.body\.hidden_states_norms\.stage2\.", "backbone.0.body.norm1."),
    (r"^backbone\.body\.hidden_states_norms\.stage3\.", "backbone.0.body.norm2."),
    (r"^backbone\.body\.hidden_states_norms\.stage4\.", "backbone.0.body.norm3."),
    (rf"{SWIN}layernorm_before\.", r"backbone.0.body.\1.norm1."),
    (rf"{SWIN}layernorm_after\.", r"backbone.0.body.\1.norm2."),
    (rf"{SWIN}mlp\.", r"backbone.0.body.\1.mlp."),
    (rf"{SWIN}attention\.o_proj\.", r"backbone.0.body.\1.attn.proj."),
    (rf"{SWIN}attention\.relative_position_bias\.", r"backbone.0.body.\1.attn."),
    (rf"{SWIN}attention\.", r"backbone.0.body.\1.attn."),
    (r"^backbone\.body\.swin\.encoder\.", "backbone.0.body."),
    (r"^backbone\.body\.", "backbone.0.body."),
    (r"^(encoder\.layers\.\d+)\.self_attn_layer_norm\.", r"\1.norm1."),
    (r"^(encoder\.layers\.\d+)\.final_layer_norm\.", r"\1.norm2."),
    (r"^(decoder\.layers\.\d+)\.encoder_attn_layer_norm\.", r"\1.norm1."),
    (r"^(decoder\.layers\.\d+)\.self_attn_layer_norm\.", r"\1.norm2."),
    (r"^(decoder\.layers\.\d+)\.final_layer_norm\.", r"\1.norm3."),
    (r"^(decoder\.layers\.\d+)\.encoder_attn\.", r"\1.cross_attn."),
    (r"^((?:en|de)coder\.layers\.\d+)\.mlp\.fc", r"\1.linear"),
    (r"^(decoder\.layers\.\d+\.self_attn)\.o_proj\.", r"\1.out_proj."),
    (r"^(encoder\.|decoder\.layers\.|level_embed|enc_output|pos_trans|pix_trans)", r"transformer.\1"),
)
LIBRARY = (
    (r"^backbone\.body\.swin\.", "model.backbone.model."),
    (r"^backbone\.body\.", "model.backbone.model."),
    (r"\.attention\.o_proj\.", ".attention.output.dense."),
    (r"\.attention\.q_proj\.", ".attention.self.query."),
    (r"\.attention\.k_proj\.", ".attention.self.key."),
    (r"\.attention\.v_proj\.", ".attention.self.value."),
    (r"\.attention\.relative_position_bias\.", ".attention.self."),
    (r"(blocks\.\d+)\.mlp\.fc1\.", r"\1.intermediate.dense."),
    (r"(blocks\.\d+)\.mlp\.fc2\.", r"\1.output.dense."),
    (r"^(encoder|decoder)(\.layers\.\d+)\.mlp\.", r"\1\2."),
    (r"^(decoder\.layers\.\d+\.self_attn)\.o_proj\.", r"\1.out_proj."),
    (r"^(encoder\.|decoder\.layers\.|input_proj|level_embed|enc_output|pos_trans|pix_trans)", r"model.\1"),
)


def authors_tensors(network: Deta) -> dict[str, Tensor]:
    """As its authors' training writes them: attentions packed, heads twice, tables of positions beside."""
    named = _named(network, AUTHORS, "transformer.decoder.")
    return _with_tables(_packed(named), ".attn.")


def library_tensors(network: Deta) -> dict[str, Tensor]:
    """As transformers before 5 wrote them."""
    return _with_tables(_named(network, LIBRARY, "model.decoder."), ".attention.self.")


def _named(network: Deta, rules: tuple[tuple[str, str], ...], repeated: str) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for ours, tensor in network.state_dict().items():
        name = re.sub(r"^first_class\.", f"class_embed.{network.size.layers}.", ours)
        name = re.sub(r"^first_box\.", f"bbox_embed.{network.size.layers}.", name)
        name = re.sub(r"^decoder\.bbox_embed\.", "bbox_embed.", name)
        for pattern, replacement in rules:
            name = re.sub(pattern, replacement, name)
        found[name] = tensor
        if name.startswith(("class_embed.", "bbox_embed.")):
            found[f"{repeated}{name}"] = tensor
    return found


def _packed(named: dict[str, Tensor]) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for name, tensor in named.items():
        before, middle, kind = re.split(r"([qkv])_proj\.", name) if re.search(r"[qkv]_proj\.", name) else (name, "", "")
        if middle == "q":
            parts = [named[f"{before}{one}_proj.{kind}"] for one in "qkv"]
            found[f"{before}{'qkv.' if '.attn.' in before else 'in_proj_'}{kind}"] = torch.cat(parts)
        elif not middle:
            found[name] = tensor
    return found


def _with_tables(named: dict[str, Tensor], attention: str) -> dict[str, Tensor]:
    tables = [name for name in named if name.endswith(f"{attention}relative_position_bias_table")]
    return named | {name.replace("bias_table", "index"): torch.zeros(4, 4, dtype=torch.long) for name in tables}
