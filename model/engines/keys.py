"""How the tensors of a file fit a network, by names and shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

COUNTER = "num_batches_tracked"  # of steps, which nothing reads
SHOWN = 3  # names in a sentence


@dataclass(frozen=True)
class KeyMatch:
    """How a file's tensors fit a network."""

    architecture: str
    state: dict[str, Tensor]  # by our names, complete
    matched: int
    missing: tuple[str, ...]  # ours
    unexpected: tuple[str, ...]  # theirs, by our names where there is one

    def __str__(self) -> str:
        """For people."""
        parts = [f"{self.matched} keys matched", _some("missing", self.missing), _some("unexpected", self.unexpected)]
        return ", ".join(parts) + "."


def _some(what: str, names: tuple[str, ...]) -> str:
    """How many names, and the first of them."""
    shown = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
    return f"{len(names)} {what}" + (f" ({shown})" if names else "")


def match_keys(
    architecture: str, wanted: dict[str, Any], named: dict[str, Tensor], known: Iterable[str] = ()
) -> KeyMatch:
    """Compare a network's state with the tensors of a file, by our names; `known` ones are not called unexpected."""
    state = {name: named[name] for name, one in wanted.items() if name in named and named[name].shape == one.shape}
    missing = tuple(name for name in wanted if name not in state and not name.endswith(COUNTER))
    counters = {name: torch.zeros((), dtype=torch.long) for name in wanted if name.endswith(COUNTER)}
    expected = {*state, *known}
    unexpected = tuple(name for name in named if name not in expected)
    matched = sum(not name.endswith(COUNTER) for name in state)
    return KeyMatch(architecture, {**counters, **state}, matched, missing, unexpected)
