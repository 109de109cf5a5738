"""The values of each size, after the published configurations."""

from __future__ import annotations

from math import ceil, isqrt
from typing import Any

from model.engines.transformers.families import Layout

PUBLISHED_QUERIES = 300
DINOV2_SMALL = {"hidden_size": 384, "num_attention_heads": 6, "num_hidden_layers": 12}


def layout(
    side: int, patch: int, windows: int, outputs: list[int], vit: dict[str, Any] = DINOV2_SMALL, **values: Any
) -> Layout:
    """A size whose table of places is of images of so many pixels.

    Each side of the grid of patches is cut into `windows`; attention stays within them but in the layers after which
    features go out.
    """
    backbone = {
        "model_type": "rf_detr_dinov2", "image_size": side, "patch_size": patch, "num_windows": windows,
        "out_indices": outputs, **vit,
    }  # fmt: skip
    decoder = {"decoder_n_points": 2, "num_queries": PUBLISHED_QUERIES, "dropout": 0.0, "auxiliary_loss": True}
    return {"backbone_config": backbone, **decoder, **values}


THIRDS = [3, 6, 9, 12]
WINDOWED_16: dict[str, Layout] = {
    "rfdetr-t": layout(  # ours, for trying out
        128, 16, 2, [1, 2, 3, 4], {"hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 4},
        d_model=64, decoder_layers=2, decoder_ffn_dim=128, decoder_self_attention_heads=4,
        decoder_cross_attention_heads=4, num_queries=60, group_detr=4, c2f_num_blocks=1,
    ),
    "rfdetr-n": layout(384, 16, 2, THIRDS, decoder_layers=2),
    "rfdetr-s": layout(512, 16, 2, THIRDS, decoder_layers=3),
    "rfdetr-m": layout(576, 16, 2, THIRDS, decoder_layers=4),
    "rfdetr-l": layout(704, 16, 2, THIRDS, decoder_layers=4),
}  # fmt: skip
# The first that was published; its table of places is DINOv2's own, of 518 px.
WINDOWED_14: dict[str, Layout] = {"rfdetr-b": layout(518, 14, 4, [2, 5, 8, 11], decoder_layers=3)}


def stride_of(one: Layout) -> int:
    """Pixels: each window holds whole patches."""
    backbone = one["backbone_config"]
    return int(backbone["patch_size"] * backbone["num_windows"])


def least_side(one: Layout) -> int:
    """The queries are the best of the patches: there must be as many."""
    patch, stride = int(one["backbone_config"]["patch_size"]), max(32, stride_of(one))
    across = isqrt(one["num_queries"] - 1) + 1
    return ceil(across * patch / stride) * stride
