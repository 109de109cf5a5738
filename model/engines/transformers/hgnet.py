"""HGNetV2 (PaddlePaddle's), the convolutional backbone of D-FINE and of the small DEIMv2, by its published variants."""

from __future__ import annotations

from typing import Any

STAGES = {"stage_downsample": [False, True, True, True], "stage_light_block": [False, False, True, True]}


def _variant(stem: list[int], mid: list[int], out: list[int], layers: int, **values: Any) -> dict[str, Any]:
    """Channels of the stem, within each stage and after it."""
    count = len(out)
    kernels = [3, 3, 5, 5][:count]
    return {
        "model_type": "hgnet_v2",
        "stem_channels": [3, *stem],
        "stage_in_channels": [stem[-1], *out[:-1]],
        "stage_mid_channels": mid,
        "stage_out_channels": out,
        "hidden_sizes": out,
        "stage_num_blocks": [1, 1, 1, 1][:count],
        "stage_numb_of_layers": [layers] * count,
        "stage_kernel_size": kernels,
        "depths": [layers] * count,
        **{name: one[:count] for name, one in STAGES.items()},
        **values,
    }


B0 = _variant(
    [16, 16], [16, 32, 64, 128], [64, 256, 512, 1024], 3, stage_num_blocks=[1, 1, 2, 1], use_learnable_affine_block=True
)
B2 = _variant(
    [24, 32],
    [32, 64, 128, 256],
    [96, 384, 768, 1536],
    4,
    stage_num_blocks=[1, 1, 3, 1],
    use_learnable_affine_block=True,
)
B4 = _variant([32, 48], [48, 96, 192, 384], [128, 512, 1024, 2048], 6, stage_num_blocks=[1, 1, 3, 1])
B5 = _variant([32, 64], [64, 128, 256, 512], [128, 512, 1024, 2048], 6, stage_num_blocks=[1, 2, 5, 2])
ATTO = _variant([16, 16], [16, 32, 64], [64, 256, 256], 3, stage_kernel_size=[3, 3, 3], use_learnable_affine_block=True)
FEMTO = _variant([16, 16], [16, 32, 64], [64, 256, 512], 3, use_learnable_affine_block=True)
PICO = _variant([16, 16], [16, 32, 64], [64, 256, 512], 3, stage_num_blocks=[1, 1, 2], use_learnable_affine_block=True)
