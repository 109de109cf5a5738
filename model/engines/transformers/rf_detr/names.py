"""From the names in RF-DETR's own files, and in those on Hugging Face, to ours."""

from __future__ import annotations

from torch import Tensor

from model.engines.transformers.families import Names

OF_OTHER_TASKS = "_kp_active_mask"  # empty in a detector
BACKBONE, PROJECTOR = "model.backbone.backbone.", "model.backbone.projector."
RULES: tuple[tuple[str, str], ...] = (
    (r"^backbone\.0\.encoder\.encoder\.", BACKBONE),
    (r"\.attention\.attention\.(q|k|v)(?:uery|ey|alue)\.", r".attention.\1_proj."),
    (r"\.attention\.output\.dense\.", ".attention.o_proj."),
    (r"^backbone\.0\.projector\.stages\.0\.0\.m\.(\d+)\.", rf"{PROJECTOR}projector_layer.bottlenecks.\1."),
    (r"^backbone\.0\.projector\.stages\.0\.0\.", f"{PROJECTOR}projector_layer."),
    (r"^backbone\.0\.projector\.stages\.0\.1\.", f"{PROJECTOR}layer_norm."),
    (r"(projector_layer\..*)\bcv([12])\.conv\.", r"\1conv\2.conv."),
    (r"(projector_layer\..*)\bcv([12])\.bn\.", r"\1conv\2.norm."),
    (r"^transformer\.", "model."),
    (r"^(refpoint_embed)\.", "model.reference_point_embed."),
    (r"^(query_feat)\.", r"model.\1."),
    (r"^(model\.decoder\.layers\.\d+)\.norm1\.", r"\1.self_attn_layer_norm."),
    (r"^(model\.decoder\.layers\.\d+)\.norm2\.", r"\1.cross_attn_layer_norm."),
    (r"^(model\.decoder\.layers\.\d+)\.norm3\.", r"\1.layer_norm."),
    (r"^(model\.decoder\.layers\.\d+)\.linear([12])\.", r"\1.mlp.fc\2."),
    (r"^(model\.decoder\.layers\.\d+\.self_attn)\.out_proj\.", r"\1.o_proj."),
    (r"^model\.decoder\.norm\.", "model.decoder.layernorm."),
)


class RfDetrNames(Names):
    """Names of a detector; a table that only keypoints need is not read."""

    def __init__(self) -> None:
        super().__init__(RULES)

    def tensors(self, theirs: dict[str, Tensor]) -> dict[str, Tensor]:
        """A file's tensors by our names."""
        return super().tensors({name: one for name, one in theirs.items() if name != OF_OTHER_TASKS})
