"""Prints what the sizes cost, for the catalogue and docs: `python -m model.engines.transformers.measure`."""

from __future__ import annotations

import torch

from model.engines.coco import COCO_CLASSES
from model.engines.measuring import COMPARED_AT, count_parameters, gflops_of
from model.engines.transformers.checkpoints import Detector, fresh_detector
from model.engines.transformers.listing import FAMILIES


def gflops_of_detector(detector: Detector, imgsz: int = COMPARED_AT) -> float:
    """Of one square image, computed in earnest: these networks choose among what they have computed.

    The network learns no more afterwards.
    """
    images, network = torch.zeros(1, 3, imgsz, imgsz), detector.module.eval().requires_grad_(False)
    return gflops_of(lambda: detector.family.answers(network, images))


def main() -> None:
    """One line for each size, as the catalogue has it."""
    for family in FAMILIES:
        for size in family.sizes:
            detector = fresh_detector(family, size, COCO_CLASSES)
            count = count_parameters(detector.module)
            print(f'    ("{size}", {count:_}, {gflops_of_detector(detector):.1f}),', flush=True)


if __name__ == "__main__":
    main()
