"""Prints what the sizes cost, for the catalogue and docs/yolov6.md: `python -m model.engines.yolov6.measure`."""

from __future__ import annotations

import torch
from torch import nn

from model.engines.measuring import count_parameters, gflops_of
from model.engines.yolov6.folding import folded
from model.engines.yolov6.network import YoloV6
from model.engines.yolov6.sizes import SIZES, Size

CLASSES = tuple(f"class {i}" for i in range(80))


def blueprint(size: Size, class_names: tuple[str, ...] = CLASSES) -> YoloV6:
    """A network without memory for its numbers."""
    with torch.device("meta"):
        return YoloV6(size, class_names)


def gflops_of_network(network: nn.Module, imgsz: int) -> float:
    """Of one square image, folded, multiply and add counted as two; convolutions alone, which are all but a trace."""
    network = folded(network.to("meta"))
    return gflops_of(lambda: network(torch.zeros(1, 3, imgsz, imgsz, device="meta")))


def main() -> None:
    """One line for each size."""
    for name, size in SIZES.items():
        network = blueprint(size)
        parts = [count_parameters(part) for part in (network.backbone, network.neck, network.head)]
        costs = [gflops_of_network(network, imgsz) for imgsz in (640, 1280)]
        print(
            f"{name}: {count_parameters(network):,} parameters (backbone, neck, head: {parts}),"
            f" {count_parameters(folded(network)):,} folded; {costs[0]:.1f} GFLOPs at 640, {costs[1]:.1f} at 1280",
            flush=True,
        )


if __name__ == "__main__":
    main()
