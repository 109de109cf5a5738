"""Which layers a network may be built of, and how large each may be.

A layer description comes with the file that somebody brings. Whatever it names is looked up here before anything is
built: a layer that is not in the table is refused, and so is an argument outside its bounds. The bounds hold all
detection networks that ultralytics describes, with room for a few times their size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from model.engines.types import EngineError

MOST_LAYERS = 200  # rows of a description
MOST_BLOCKS = 600  # all their repeats together
MOST_CLASSES = 10_000
MOST_INPUTS = 16  # layers that one layer reads
ACTIVATION = re.compile(
    r"(torch\.)?nn\.(SiLU|ReLU|ReLU6|LeakyReLU|Hardswish|Mish|GELU|ELU|Identity)\((inplace=True|True|0?\.\d{1,4})?\)"
)
WRITTEN = {"None": None, "True": True, "False": False}  # as descriptions spell them between quotes


@dataclass(frozen=True, slots=True)
class Bound:
    """What one argument may be: a number of a range, or one of `also`; a row of those where it is a list."""

    name: str
    low: float = 0
    high: float = -1  # below `low`: no number at all
    also: tuple[Any, ...] = ()
    whole: bool = True
    row: bool = False  # a list of up to MOST_INPUTS is allowed too

    def allows(self, value: object) -> bool:
        if self.row and isinstance(value, list | tuple):
            return 0 < len(value) <= MOST_INPUTS and all(self._allows_one(one) for one in value)
        return self._allows_one(value)

    def _allows_one(self, value: object) -> bool:
        if any(type(value) is type(one) and value == one for one in self.also):
            return True
        is_number = type(value) is int or (type(value) is float and not self.whole)
        return is_number and self.low <= value <= self.high  # type: ignore[operator]

    def __str__(self) -> str:
        """The allowed values in words."""
        numbers = [f"{self.low:g} to {self.high:g}"] if self.low <= self.high else []
        return " or ".join([*numbers, *map(str, self.also)])


CHANNELS = Bound("number of channels", 1, 4096)
SEVERAL = Bound("number of channels", 1, 4096, row=True)
KERNEL = Bound("kernel size", 1, 15, row=True)
WIDE = Bound("kernel size", 1, 31, row=True)  # of pooling, which has no weights
STRIDE = Bound("stride", 1, 4)
PADDING = Bound("padding", 0, 15, (None,))
GROUPS = Bound("number of groups", 1, 4096)
DILATION = Bound("dilation", 1, 8)
REPEATS = Bound("number of repeats", 1, 100)
SWITCH = Bound("switch", also=(True, False))
SHARE = Bound("expansion", 0.05, 4, whole=False)
AREA = Bound("area", 1, 64, (-1,))
HEADS = Bound("number of heads", 1, 64)
CLASSES = Bound("number of classes", 1, MOST_CLASSES, ("nc",))
CSP = (CHANNELS, SWITCH, GROUPS, SHARE)

# The arguments of a row, in their order; how many repeats of its own a layer makes is among them.
LAYERS: dict[str, tuple[Bound, ...]] = {
    "Conv": (CHANNELS, KERNEL, STRIDE, PADDING, GROUPS, DILATION, SWITCH),
    "Focus": (CHANNELS, KERNEL, STRIDE, PADDING, GROUPS, SWITCH),
    "DWConv": (CHANNELS, KERNEL, STRIDE, DILATION, SWITCH),
    "GhostConv": (CHANNELS, KERNEL, STRIDE, GROUPS, SWITCH),
    "ConvTranspose": (CHANNELS, KERNEL, STRIDE, PADDING, SWITCH, SWITCH),
    "SCDown": (CHANNELS, KERNEL, STRIDE),
    "ADown": (CHANNELS,),
    "AConv": (CHANNELS,),
    "Bottleneck": CSP[:3],
    "GhostBottleneck": (CHANNELS, KERNEL, STRIDE),
    "BottleneckCSP": CSP,
    "C1": (CHANNELS,),
    "C2": CSP,
    "C2f": CSP,
    "C3": CSP,
    "C3x": CSP,
    "C3TR": CSP,
    "C3Ghost": CSP,
    "C3k2": (CHANNELS, SWITCH, SHARE, SWITCH, GROUPS, SWITCH),
    "C2fCIB": (CHANNELS, SWITCH, SWITCH, GROUPS, SHARE),
    "C2PSA": (CHANNELS, SHARE),
    "C2fPSA": (CHANNELS, SHARE),
    "PSA": (CHANNELS, SHARE),
    "A2C2f": (CHANNELS, SWITCH, AREA, SWITCH, SHARE, SHARE, GROUPS, SWITCH),
    "RepC3": (CHANNELS, SHARE),
    "RepNCSPELAN4": (CHANNELS, CHANNELS, CHANNELS, REPEATS),
    "ELAN1": (CHANNELS, CHANNELS, CHANNELS),
    "SPP": (CHANNELS, WIDE),
    "SPPF": (CHANNELS, WIDE, REPEATS, SWITCH),
    "SPPELAN": (CHANNELS, CHANNELS, WIDE),
    "AIFI": (CHANNELS, HEADS),
    "HGStem": (CHANNELS, CHANNELS),
    "HGBlock": (CHANNELS, CHANNELS, KERNEL, SWITCH, SWITCH),
    "ResNetLayer": (CHANNELS, CHANNELS, STRIDE, SWITCH, REPEATS),
    "CBLinear": (SEVERAL, KERNEL, STRIDE),
    "CBFuse": (Bound("place of an input", 0, MOST_INPUTS, row=True),),
    "Concat": (Bound("dimension", 1, 1),),
    "nn.Upsample": (Bound("size", also=(None,)), Bound("scale", 1, 4), Bound("mode", also=("nearest", "bilinear"))),
    "nn.ConvTranspose2d": (CHANNELS, KERNEL, STRIDE, PADDING),
    "nn.MaxPool2d": (WIDE, STRIDE, PADDING),
    "nn.ZeroPad2d": (Bound("padding", 0, 15, row=True),),
    "nn.Identity": (),
    "Detect": (CLASSES,),
    "v10Detect": (CLASSES,),
    "RTDETRDecoder": (CLASSES,),
}

MULTIPLE = Bound("multiple", 0.01, 4, whole=False)
# What stands beside the rows.
WHOLE = {
    "depth_multiple": MULTIPLE,
    "width_multiple": MULTIPLE,
    "reg_max": Bound("number of bins", 1, 64),
    "end2end": Bound("switch", also=(True, False, None)),
    "ch": Bound("number of input channels", 3, 3),
    "channels": Bound("number of input channels", 3, 3),
}
SCALE = (MULTIPLE, MULTIPLE, Bound("most channels", 1, 4096))  # depth, width, most channels


def check_layout(layout: dict[str, Any], classes: int) -> None:
    """Raise EngineError with a sentence where the description says what may not be built."""
    if not 1 <= classes <= MOST_CLASSES:
        raise EngineError(f"The network has {classes} classes; 1 to {MOST_CLASSES} are allowed.")
    rows = _rows(layout)
    depths = _check_whole(layout)
    depth = max([float(layout.get("depth_multiple", 1.0)), *depths])
    blocks = sum(_check_row(place, row) * max(1.0, depth) for place, row in enumerate(rows))
    if blocks > MOST_BLOCKS:
        raise EngineError(f"The network repeats its layers {blocks:.0f} times in all; {MOST_BLOCKS} are allowed.")


def _rows(layout: dict[str, Any]) -> list[Any]:
    parts = [layout.get(part) for part in ("backbone", "head")] if isinstance(layout, dict) else [None]
    if not all(isinstance(part, list) and part for part in parts):
        raise EngineError("The file describes no layers: a backbone and a head are needed.")
    rows = [row for part in parts for row in part]  # type: ignore[union-attr]
    if len(rows) > MOST_LAYERS:
        raise EngineError(f"The network has {len(rows)} layers; {MOST_LAYERS} are allowed.")
    return rows


def _check_whole(layout: dict[str, Any]) -> list[float]:
    """Check what stands beside the rows; gives back the depths that its scales name."""
    for name, bound in WHOLE.items():
        if name in layout:
            _refuse_unless(bound, layout[name], f"The network's {name}")
    activation = layout.get("activation")
    if activation is not None and not (isinstance(activation, str) and ACTIVATION.fullmatch(activation)):
        raise EngineError(f"The network's activation {_shown(activation)} is not one that may be built.")
    scales = layout.get("scales") or {}
    for scale in _values(scales):
        _check_scale(scale)
    return [float(scale[0]) for scale in _values(scales)]


def _values(scales: object) -> Iterable[Any]:
    if not isinstance(scales, dict):
        raise EngineError("The network's scales are no table.")
    return scales.values()


def _check_scale(scale: object) -> None:
    if not isinstance(scale, list | tuple) or len(scale) != len(SCALE):
        raise EngineError(f"The scale {_shown(scale)} is not three numbers: depth, width, most channels.")
    for bound, value in zip(SCALE, scale, strict=True):
        _refuse_unless(bound, value, f"A scale's {bound.name}")


def _check_row(place: int, row: object) -> float:
    """Check one layer; gives back how many blocks it makes."""
    if not isinstance(row, list | tuple) or len(row) != 4 or not isinstance(row[3], list | tuple):
        raise EngineError(f"Layer {place} is not written as inputs, repeats, layer and arguments.")
    inputs, repeats, name, arguments = row
    bounds = LAYERS.get(name) if isinstance(name, str) else None
    if bounds is None:
        raise EngineError(
            f"Layer {place} is {_shown(name)}, which is not among those that may be built: {', '.join(LAYERS)}."
        )
    _refuse_unless(REPEATS, repeats, f"Layer {place} ({name}): the number of repeats")
    _refuse_unless(_inputs(place), inputs, f"Layer {place} ({name}): the input")
    if len(arguments) > len(bounds):
        raise EngineError(f"Layer {place} ({name}) has {len(arguments)} arguments; {len(bounds)} are allowed.")
    values: list[Any] = [_read(value) for value in arguments]
    for number, (bound, value) in enumerate(zip(bounds, values, strict=False), start=1):
        _refuse_unless(bound, value, f"Layer {place} ({name}), argument {number}: the {bound.name}")
    own = [value for bound, value in zip(bounds, values, strict=False) if bound is REPEATS]
    return float(repeats * max([1, *own]))


def _inputs(place: int) -> Bound:
    """A layer reads the one before it, or any earlier one; the first reads the image."""
    return Bound("layer", -max(place, 1), place - 1, row=True)


def _read(value: object) -> object:
    return WRITTEN.get(value, value) if isinstance(value, str) else value


def _refuse_unless(bound: Bound, value: object, what: str) -> None:
    if not bound.allows(value):
        raise EngineError(f"{what} is {_shown(value)}; allowed: {bound}.")


def _shown(value: object) -> str:
    return (
        repr(value)[:60] if isinstance(value, str | int | float | bool | list | tuple | None) else type(value).__name__
    )
