"""The sizes of the network. Plain data, no torch."""

from __future__ import annotations

from dataclasses import dataclass

SWIN, RESNET = "swin", "resnet50"


@dataclass(frozen=True, slots=True)
class DetaSize:
    """One member of the family. What stands for Swin alone is empty or 0 under ResNet-50."""

    backbone: str  # swin or resnet50
    width: int  # channels of Swin's first stage, doubled with each
    depths: tuple[int, ...]  # Swin's layers in each stage
    heads: tuple[int, ...]  # Swin's attention heads in each stage
    window: int  # Swin's, in places a side
    hidden: int  # channels of encoder, decoder and queries
    feed_forward: int  # channels inside the layers of both
    layers: int  # of the encoder, and as many of the decoder
    attention_heads: int  # of both
    queries: int


SIZES = {
    "deta-t": DetaSize(SWIN, 24, (1, 1, 2, 1), (1, 2, 4, 8), 4, 64, 128, 2, 4, 60),  # ours
    "deta-r50": DetaSize(RESNET, 0, (), (), 0, 256, 2048, 6, 8, 900),
    "deta-swin-l": DetaSize(SWIN, 192, (2, 2, 18, 2), (6, 12, 24, 48), 12, 256, 2048, 6, 8, 900),
}
