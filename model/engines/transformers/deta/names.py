"""From the names in public files of DETA to ours.

There are two kinds: those of its authors, whose backbone keeps query, key and value in one packed tensor, and those of
transformers before 5. Both repeat the heads under the decoder. Tables that are computed are not read.
"""

from __future__ import annotations

import re

from torch import Tensor

from model.engines.transformers.families import Names

SWIN = "backbone.body.swin."
REPEATED = re.compile(r"(?:transformer|model)\.decoder\.(?:class|bbox)_embed\.")
COMPUTED = re.compile(r"\.relative_position_index$|\.num_batches_tracked$")
PACKED = re.compile(r"(.*\.)qkv\.(weight|bias)$")

# Each rule is tried in turn on what the rules before it left.
AUTHORS: tuple[tuple[str, str], ...] = (
    (r"^transformer\.", ""),
    (r"^backbone\.0\.body\.patch_embed\.proj\.", f"{SWIN}embeddings.patch_embeddings.projection."),
    (r"^backbone\.0\.body\.patch_embed\.norm\.", f"{SWIN}embeddings.norm."),
    *((rf"^backbone\.0\.body\.norm{n}\.", f"backbone.body.hidden_states_norms.stage{n + 1}.") for n in (1, 2, 3)),
    (r"^backbone\.0\.body\.layers\.", f"{SWIN}encoder.layers."),
    (r"^backbone\.0\.body\.", "backbone.body."),  # a ResNet's
    (r"(blocks\.\d+)\.norm1\.", r"\1.layernorm_before."),
    (r"(blocks\.\d+)\.norm2\.", r"\1.layernorm_after."),
    (r"(blocks\.\d+)\.attn\.(relative_position_bias)_table$", r"\1.attention.\2.\2_table"),
    (r"(blocks\.\d+)\.attn\.proj\.", r"\1.attention.o_proj."),
    (r"(blocks\.\d+)\.attn\.", r"\1.attention."),
    (r"^(encoder\.layers\.\d+)\.norm1\.", r"\1.self_attn_layer_norm."),
    (r"^(encoder\.layers\.\d+)\.norm2\.", r"\1.final_layer_norm."),
    (r"^(decoder\.layers\.\d+)\.norm1\.", r"\1.encoder_attn_layer_norm."),
    (r"^(decoder\.layers\.\d+)\.norm2\.", r"\1.self_attn_layer_norm."),
    (r"^(decoder\.layers\.\d+)\.norm3\.", r"\1.final_layer_norm."),
    (r"^(decoder\.layers\.\d+)\.cross_attn\.", r"\1.encoder_attn."),
    (r"^((?:en|de)coder\.layers\.\d+)\.linear([12])\.", r"\1.mlp.fc\2."),
    (r"^(decoder\.layers\.\d+\.self_attn)\.out_proj\.", r"\1.o_proj."),
)  # fmt: skip
TRANSFORMERS: tuple[tuple[str, str], ...] = (
    (r"^model\.backbone\.model\.hidden_states_norms\.", "backbone.body.hidden_states_norms."),
    (r"^model\.backbone\.model\.", SWIN),
    (r"^model\.", ""),
    (r"(blocks\.\d+)\.attention\.self\.(q|k|v)(?:uery|ey|alue)\.", r"\1.attention.\2_proj."),
    (r"(blocks\.\d+)\.attention\.self\.", r"\1.attention.relative_position_bias."),
    (r"(blocks\.\d+)\.attention\.output\.dense\.", r"\1.attention.o_proj."),
    (r"(blocks\.\d+)\.intermediate\.dense\.", r"\1.mlp.fc1."),
    (r"(blocks\.\d+)\.output\.dense\.", r"\1.mlp.fc2."),
    (r"^((?:en|de)coder\.layers\.\d+)\.fc([12])\.", r"\1.mlp.fc\2."),
    (r"^(decoder\.layers\.\d+\.self_attn)\.out_proj\.", r"\1.o_proj."),
)  # fmt: skip


class DetaNames(Names):
    """Names that hang on which file it is."""

    def tensors(self, theirs: dict[str, Tensor]) -> dict[str, Tensor]:
        """A public file's tensors by our names; by their own where no rule speaks of them."""
        rules = TRANSFORMERS if any(name.startswith("model.") for name in theirs) else AUTHORS
        last = max((int(name.split(".")[1]) for name in theirs if re.match(r"class_embed\.\d+\.", name)), default=-1)
        found: dict[str, Tensor] = {}
        for name, tensor in theirs.items():
            if not (REPEATED.match(name) or COMPUTED.search(name)):
                found |= _unpacked(_renamed(name, (*rules, *_heads(last))), tensor)
        return found


def _heads(last: int) -> tuple[tuple[str, str], ...]:
    """The last of the heads is that of the first stage."""
    return (
        (rf"^class_embed\.{last}\.", "first_class."),
        (rf"^bbox_embed\.{last}\.", "first_box."),
        (r"^bbox_embed\.", "decoder.bbox_embed."),
    )


def _renamed(name: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in rules:
        name = re.sub(pattern, replacement, name)
    return name


def _unpacked(name: str, tensor: Tensor) -> dict[str, Tensor]:
    """Query, key and value each by itself."""
    packed = PACKED.match(name)
    if not packed or len(tensor) % 3:
        return {name: tensor}
    return {f"{packed[1]}{one}_proj.{packed[2]}": part for one, part in zip("qkv", tensor.chunk(3), strict=True)}
