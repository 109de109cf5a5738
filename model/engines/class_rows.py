"""Weights from one network to another of the same size, whatever their classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from model.class_names import same_name

State = dict[str, Tensor]


@torch.no_grad()
def take_over(
    into: State, source: State, names: tuple[Sequence[str], Sequence[str]], of_classes: Callable[[str], bool]
) -> None:
    """Copy all; where a tensor's rows are classes, those of equal name. `names` are the new classes and the old.

    Rows beyond the classes, such as one that stands for none, are copied from the end. Of another tensor of another
    length the first rows are copied.
    """
    known = {same_name(name): place for place, name in enumerate(names[1])}
    rows = [(here, known[same_name(name)]) for here, name in enumerate(names[0]) if same_name(name) in known]
    for name, tensor in into.items():
        if not of_classes(name):
            _copy_first(tensor, source[name])
            continue
        beyond = [(-back, -back) for back in range(1, len(tensor) - len(names[0]) + 1)]
        for here, there in rows + beyond:
            tensor[here] = source[name][there]


def _copy_first(into: Tensor, source: Tensor) -> None:
    """All, or so many rows as both have."""
    if into.shape != source.shape:
        both = min(len(into), len(source))
        into, source = into[:both], source[:both]
    into.copy_(source)
