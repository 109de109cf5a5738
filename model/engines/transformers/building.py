"""Networks of the library from values alone, with weights that can be trained from."""

from __future__ import annotations

import re
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel

from model.engines.transformers.families import Layout

PLAIN = (nn.Conv2d, nn.BatchNorm2d, nn.Linear, nn.LayerNorm)
FROZEN_NORM = re.compile(r"FrozenBatchNorm2d$")
OWN_WEIGHTS = (
    "DINOv3",
    "RfDetrDinov2",
)  # parts whose fresh weights are the library's, by the beginning of their class's name


def network_of_library(
    kind: type[PreTrainedModel], config: type[PreTrainedConfig], layout: Layout, classes: int
) -> PreTrainedModel:
    """A network with fresh weights, each decoder layer with heads of its own unless the layout ties them."""
    values: dict[str, Any] = {"tie_word_embeddings": False, **layout, "num_labels": classes}
    network = kind(config(**values))
    thaw_norms(network)
    if torch.get_default_device().type != "meta":
        fresh_weights(network)
    return network


def thaw_norms(module: nn.Module) -> None:
    """Normalisation that learns in place of one that is frozen, which suits none but published weights."""
    for name, child in module.named_children():
        if FROZEN_NORM.search(type(child).__name__):
            norm = nn.BatchNorm2d(len(child.weight))  # type: ignore[arg-type]
            setattr(module, name, norm)
        else:
            thaw_norms(child)


def fresh_weights(network: PreTrainedModel) -> None:
    """torch's own starting weights, then what each network says of its special parts.

    The library starts batch normalisation of RT-DETRv2's encoder at weights around zero (deviation .01), as if all
    came from a file: little of a signal is left after a few layers of that.
    """
    apart = {
        id(part) for one in network.modules() if type(one).__name__.startswith(OWN_WEIGHTS) for part in one.modules()
    }
    for module in network.modules():
        if isinstance(module, PLAIN) and id(module) not in apart:
            module.reset_parameters()
    for module in network.modules():
        if not isinstance(module, (*PLAIN, nn.Embedding)) and id(module) not in apart:
            network._init_weights(module)  # type: ignore[no-untyped-call]


def from_here_in_float32(parts: list[nn.Module]) -> None:
    """Have these parts, and all that follows up to the end of the autocast block around, compute in float32.

    A decoder's places are fractions that are refined layer by layer, of which bfloat16 knows too few.
    """
    for part in parts:
        part.register_forward_pre_hook(_in_float32)


def _in_float32(part: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...] | None:
    kind = next(one.device.type for one in inputs if isinstance(one, Tensor))
    if torch.is_autocast_enabled(kind):
        torch.set_autocast_enabled(kind, False)  # leaving the block puts back what was before it
    return tuple(one.float() if isinstance(one, Tensor) and one.is_floating_point() else one for one in inputs)
