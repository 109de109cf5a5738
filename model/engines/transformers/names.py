"""Which network a public file's tensors are of."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from torch import Tensor

from model.engines.keys import KeyMatch, match_keys
from model.engines.transformers.checkpoints import blueprint
from model.engines.transformers.families import Family
from model.engines.transformers.listing import FAMILIES, family_of_architecture
from model.engines.types import EngineError


def matched_network(tensors: dict[str, Tensor]) -> tuple[Family, KeyMatch, int]:
    """Family, size and number of classes. Raises EngineError where none of the sizes fits whole."""
    tries = [one for family in FAMILIES for one in _tries(family, tensors)]
    family, best, classes = max(tries, key=lambda one: (-len(one[1].missing), one[1].matched))
    if best.missing:
        known = ", ".join(size for family in FAMILIES for size in family.sizes)
        raise EngineError(f"The file is none of {known}; nearest is {best.architecture}: {best}")
    return family, best, classes


def _tries(family: Family, tensors: dict[str, Tensor]) -> list[tuple[Family, KeyMatch, int]]:
    named = family.names.tensors(tensors)
    classes = classes_of(family, named)
    return [(family, _match(family, size, named, classes), classes) for size in family.sizes]


def classes_of(family: Family, named: dict[str, Tensor]) -> int:
    """The rows of class layers; one of them may have a row more, for none."""
    rows = re.compile(family.class_rows)
    return min((len(one) for name, one in named.items() if rows.search(name) and one.ndim), default=1)


def _match(family: Family, size: str, named: dict[str, Tensor], classes: int) -> KeyMatch:
    match = match_keys(size, _wanted(size, classes), named)
    alone = re.compile(family.ours_alone)
    return replace(match, missing=tuple(name for name in match.missing if not alone.search(name)))


@cache
def _wanted(size: str, classes: int) -> dict[str, Tensor]:
    """Names and shapes of a size's tensors, without their numbers."""
    return blueprint(family_of_architecture(size), size, classes).state_dict()
