"""The families that there are."""

from __future__ import annotations

from model.engines.transformers.d_fine import D_FINE
from model.engines.transformers.deformable_detr import DEFORMABLE_DETR
from model.engines.transformers.deimv2 import DEIM_V2
from model.engines.transformers.deta.family import DETA
from model.engines.transformers.families import Family
from model.engines.transformers.rf_detr.family import RF_DETR, RF_DETR_14
from model.engines.transformers.rt_detr_v2 import RT_DETR_V2

FAMILIES: tuple[Family, ...] = (RT_DETR_V2, D_FINE, DEIM_V2, DEFORMABLE_DETR, DETA, RF_DETR, RF_DETR_14)


def family_of_architecture(architecture: str) -> Family:
    """The family that has a size of this name."""
    return next(family for family in FAMILIES if architecture in family.sizes)


def family_named(name: object) -> Family | None:
    """A family by the name in a checkpoint's layout."""
    return next((family for family in FAMILIES if family.name == name), None)
