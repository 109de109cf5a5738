"""The sizes of the network, as its checkpoints carry them. Plain data, no torch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from model.engines.types import EngineError

LARGEST = 2.0  # multiple of the published channels and repeats that a checkpoint may ask for
MOST_BINS = 64
IOU_LOSSES = ("giou", "siou")


@dataclass(frozen=True, slots=True)
class Size:
    """One member of the family: how deep and wide, and of which blocks."""

    depth: float  # of the published repeats
    width: float  # of the published channels
    csp: float  # share of the channels inside a BepC3 block; 0: RepVGG blocks in a row instead
    silu: bool  # plain convolutions with SiLU in backbone and BepC3, rather than RepVGG blocks with ReLU
    bins: int  # largest distance of the head's distribution, in strides; 0: a distance is one number
    iou: str  # the box loss: giou or siou


SIZES = {
    "yolov6t6": Size(0.17, 0.125, 1 / 2, True, 16, "giou"),  # ours: L6's blocks at an eighth of its width
    "yolov6n6": Size(0.33, 0.25, 0.0, False, 0, "siou"),
    "yolov6s6": Size(0.33, 0.50, 0.0, False, 0, "giou"),
    "yolov6m6": Size(0.60, 0.75, 2 / 3, False, 16, "giou"),
    "yolov6l6": Size(1.0, 1.0, 1 / 2, True, 16, "giou"),
}


def layout_of_size(size: Size) -> dict[str, Any]:
    """The size as a checkpoint keeps it."""
    return asdict(size)


def size_of_layout(layout: object) -> Size:
    """The size that a checkpoint names. Raises EngineError where it is none that may be built."""
    try:
        size = Size(**layout)  # type: ignore[arg-type]
    except TypeError as error:
        raise EngineError("The file does not describe a YOLOv6 network.") from error
    for name in ("depth", "width", "csp"):
        value = getattr(size, name)
        if type(value) not in (int, float) or not 0 <= value <= LARGEST or (value == 0 and name != "csp"):
            raise EngineError(f"The network's {name} is {value!r}; allowed: above 0, to {LARGEST:g}.")
    if type(size.bins) is not int or not 0 <= size.bins <= MOST_BINS:
        raise EngineError(f"The network's number of bins is {size.bins!r}; allowed: 0 to {MOST_BINS}.")
    if size.iou not in IOU_LOSSES or type(size.silu) is not bool:
        raise EngineError("The file does not describe a YOLOv6 network.")
    return size
