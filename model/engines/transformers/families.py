"""What the engine asks of a family of networks. Each family gives one `Family` and is listed in `listing`.

Everything else is the engine's: images and labels, training loop, checkpoints, class rows, prediction, conversion,
export.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor, nn

from model.engines.batches import InputLabels

CLASS_WEIGHTS = "class_weights"  # attribute of a network: (C,) of the classes in its loss, where that heeds them
Layout = dict[str, Any]  # the values of a size, of which `build` makes a network


class NetworkAnswers(NamedTuple):
    """What a network sees in a batch of B images, Q boxes in each, by any order."""

    boxes: Tensor  # (B, Q, 4) float32 xyxy pixels of the input
    scores: Tensor  # (B, Q, C) float32 0..1, each class by itself


@dataclass(frozen=True)
class Names:
    """From the names of parameters in public files to ours: (pattern, replacement), applied one after the other."""

    rules: tuple[tuple[str, str], ...] = ()

    def ours(self, theirs: str) -> str:
        """A parameter's name in our network; their own where no rule speaks of it."""
        for pattern, replacement in self.rules:
            theirs = re.sub(pattern, replacement, theirs)
        return theirs

    def tensors(self, theirs: dict[str, Tensor]) -> dict[str, Tensor]:
        """A file's tensors by our names."""
        return {self.ours(name): one for name, one in theirs.items()}


def nothing_to_fix(network: nn.Module, side: int) -> None:
    """What hangs on the side of the input can be traced as it is."""


def no_least_side(layout: Layout) -> int:
    """Any side will do."""
    return 1


@dataclass(frozen=True)
class Family:
    """A kind of network in its sizes.

    `build` gives a network with fresh weights for a layout and a number of classes; under `torch.device("meta")` it
    takes no memory. It may be trained from scratch, so its normalisation is not frozen.
    `loss` takes images (B, 3, H, W) RGB 0..1 float32 and their labels in pixels of the input, and gives the parts of
    the loss, weighed, whose sum is descended. Half precision is asked for by the autocast around it. What is ignored
    gives no class loss; no boxes in an image, or in all of them, give finite values.
    `answers` takes images alone, without gradient, with the network in evaluation mode; torch.onnx can trace it.
    `stages` are the parts that a freeze keeps, in the order of the data; all of them together are the backbone, which
    learns at a rate of its own.
    """

    name: str  # rt_detr_v2, as a checkpoint names it; a checkpoint names its size too, and holds no values to build by
    sizes: Mapping[str, Layout]  # by the name of the architecture; that of a public file is found by keys and shapes
    build: Callable[[Layout, int], nn.Module]
    loss: Callable[[nn.Module, Tensor, list[InputLabels]], dict[str, Tensor]]
    answers: Callable[[nn.Module, Tensor], NetworkAnswers]
    stages: Callable[[nn.Module], list[nn.Module]]
    class_rows: str  # pattern of the names of parameters whose rows are classes; rows beyond the classes are kept
    names: Names = Names()
    ours_alone: str = r"$^"  # pattern of our names that a public file may lack
    stretched: bool = True  # images are stretched to a square, rather than bordered
    stride: int = 32  # pixels; sides of the input are multiples of it
    least_side: Callable[[Layout], int] = no_least_side  # pixels of the input
    fix_side: Callable[[nn.Module, int], None] = nothing_to_fix  # before a trace, for square images of this side
    nms: bool = False  # overlaps among the answers are to be suppressed
    max_gradient: float = 0.1  # norm to which gradients are clipped, as published
