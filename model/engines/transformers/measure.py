"""Prints what the sizes cost, for the catalogue and docs: `python -m model.engines.transformers.measure`."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from model.engines.coco import COCO_CLASSES
from model.engines.measuring import COMPARED_AT, count_parameters, gflops_of
from model.engines.transformers.checkpoints import Detector, fresh_detector
from model.engines.transformers.listing import FAMILIES
from model.engines.transformers.prediction import input_side


def gflops_of_detector(detector: Detector, imgsz: int = COMPARED_AT) -> float:
    """Of one square image, computed in earnest: these networks choose among what they have computed.

    The network learns no more afterwards.
    """
    side = input_side(detector, imgsz)
    images, network = torch.zeros(1, 3, side, side), detector.module.eval().requires_grad_(False)
    return gflops_of(lambda: detector.family.answers(network, images))


def folded_parameters(network: nn.Module) -> int:
    """With the two branches of each RepVGG block as one, which is how they are published."""
    named: list[Any] = [one for one in network.modules() if type(one).__name__.endswith("RepVggBlock")]
    blocks = [one for one in named if one.conv2.conv.kernel_size == (1, 1)]  # RF-DETR's are two in a row
    # One branch and the factors of both norms go, a bias comes.
    saved: int = sum(one.conv2.conv.weight.numel() + 3 * one.conv1.conv.out_channels for one in blocks)
    return count_parameters(network) - saved


def main() -> None:
    """One line for each size, as the list of baselines has it, and its parameters once folded."""
    for family in FAMILIES:
        for size in family.sizes:
            detector = fresh_detector(family, size, COCO_CLASSES)
            count, gflops = count_parameters(detector.module), gflops_of_detector(detector)
            print(f'    ("{size}", {count:_}, {gflops:.1f}),  # {folded_parameters(detector.module):,}', flush=True)


if __name__ == "__main__":
    main()
