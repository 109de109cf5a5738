"""What a network costs."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn
from torch.utils.flop_counter import FlopCounterMode

COMPARED_AT = 640  # pixels, of all baselines' GFLOPs


def count_parameters(network: nn.Module) -> int:
    """Numbers that are learnt."""
    return sum(one.numel() for one in network.parameters())


def gflops_of(call: Callable[[], object]) -> float:
    """Of what is computed in a call, multiply and add counted as two: convolutions and products of matrices."""
    counter = FlopCounterMode(display=False)
    with counter:
        call()
    return counter.get_total_flops() / 1e9
