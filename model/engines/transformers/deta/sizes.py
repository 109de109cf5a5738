"""The sizes of the network, as its checkpoints carry them. Plain data, no torch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from model.engines.types import EngineError

SWIN, RESNET = "swin", "resnet50"
MOST_NUMBERS = 8  # in a row of the layout
LARGEST = 4096  # number that a checkpoint may ask for


@dataclass(frozen=True, slots=True)
class Size:
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
    "deta-t": Size(SWIN, 24, (1, 1, 2, 1), (1, 2, 4, 8), 4, 64, 128, 2, 4, 60),  # ours
    "deta-r50": Size(RESNET, 0, (), (), 0, 256, 2048, 6, 8, 900),
    "deta-swin-l": Size(SWIN, 192, (2, 2, 18, 2), (6, 12, 24, 48), 12, 256, 2048, 6, 8, 900),
}


def layout_of_size(size: Size) -> dict[str, Any]:
    """The size as a checkpoint keeps it."""
    return {name: list(one) if isinstance(one, tuple) else one for name, one in asdict(size).items()}


def size_of_layout(layout: object) -> Size:
    """The size that a checkpoint names. Raises EngineError where it is none that may be built."""
    try:
        rows = {name: tuple(one) if isinstance(one, list) else one for name, one in layout.items()}  # type: ignore[attr-defined]
        size = Size(**rows)
    except (AttributeError, TypeError) as error:
        raise EngineError("The file does not describe a DETA network.") from error
    _check(size)
    return size


def _check(size: Size) -> None:
    least = 1 if size.backbone == SWIN else 0
    rows_fit = all(type(row) is tuple and len(row) <= MOST_NUMBERS for row in (size.depths, size.heads))
    if size.backbone not in (SWIN, RESNET) or not rows_fit or len(size.depths) != len(size.heads):
        raise EngineError("The file does not describe a DETA network.")
    for number in (size.width, size.window, *size.depths, *size.heads):
        _check_number(number, least)
    for number in (size.hidden, size.feed_forward, size.layers, size.attention_heads, size.queries):
        _check_number(number, 1)
    if size.backbone == SWIN and len(size.depths) != 4:
        raise EngineError(f"The network's backbone has {len(size.depths)} stages; four are needed.")


def _check_number(number: object, least: int) -> None:
    if type(number) is not int or not least <= number <= LARGEST:
        raise EngineError(f"The network's description holds {number!r}; allowed: {least} to {LARGEST}.")
