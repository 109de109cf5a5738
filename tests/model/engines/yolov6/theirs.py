"""A file as Meituan's training writes it: a pickled network under their package's names, which is not installed."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from model.engines.yolov6.network import YoloV6

BACK = (
    (r"backbone\.stages\.(\d)\.down\.", lambda m: f"backbone.ERBlock_{int(m[1]) + 2}.0."),
    (r"backbone\.stages\.(\d)\.block\.", lambda m: f"backbone.ERBlock_{int(m[1]) + 2}.1."),
    (r"backbone\.pool\.", lambda m: "backbone.ERBlock_6.2.sppf."),
    (r"neck\.reduce\.(\d)\.", lambda m: f"neck.reduce_layer{m[1]}."),
    (r"neck\.fuse\.(\d)\.upsample\.", lambda m: f"neck.Bifusion{m[1]}.upsample.upsample_transpose."),
    (r"neck\.fuse\.(\d)\.", lambda m: f"neck.Bifusion{m[1]}."),
    (r"neck\.inward\.(\d)\.", lambda m: f"neck.Rep_p{5 - int(m[1])}."),
    (r"neck\.shrink\.(\d)\.", lambda m: f"neck.downsample{2 - int(m[1])}."),
    (r"neck\.outward\.(\d)\.", lambda m: f"neck.Rep_n{4 + int(m[1])}."),
    (r"head\.", lambda m: "detect."),
)


def their_name(ours: str) -> str:
    for pattern, replacement in BACK:
        ours, count = re.subn(f"^{pattern}", replacement, ours)
        if count:
            break
    return re.sub(r"(?<!rbr_dense)(?<!rbr_1x1)\.(conv|bn)\.", r".block.\1.", ours)


def their_tensors(network: YoloV6) -> dict[str, Tensor]:
    """The network's tensors by their names, with the constants that they keep."""
    found = {their_name(name): tensor for name, tensor in network.state_dict().items()}
    bins = torch.arange(network.size.bins + 1, dtype=torch.float)
    return found | {"detect.proj": bins, "detect.proj_conv.weight": bins.view(1, -1, 1, 1)}


@contextmanager
def their_package() -> Iterator[type[nn.Module]]:
    """Their package for as long as a file is written; gives back the class of all its layers."""
    modules = {name: ModuleType(name) for name in ("yolov6", "yolov6.models", "yolov6.models.yolo")}
    layer = type("Model", (nn.Module,), {"__module__": "yolov6.models.yolo"})
    modules["yolov6.models.yolo"].Model = layer  # type: ignore[attr-defined]
    sys.modules.update(modules)
    try:
        yield layer
    finally:
        for name in modules:
            del sys.modules[name]


def write_theirs(path: Path, tensors: dict[str, Tensor], **beside: Any) -> None:
    with their_package() as layer:
        model = layer()
        for name, tensor in tensors.items():
            *parents, last = name.split(".")
            place = model
            for part in parents:
                if part not in place._modules:
                    place.add_module(part, layer())
                place = place._modules[part]  # type: ignore[assignment]
            if tensor.is_floating_point() and "running" not in last:
                place.register_parameter(last, nn.Parameter(tensor.half(), requires_grad=False))
            else:
                place.register_buffer(last, tensor)
        torch.save({"model": model, "ema": None, "updates": None, "optimizer": None, "epoch": -1, **beside}, path)
