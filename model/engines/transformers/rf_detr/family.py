"""RF-DETR as two families of the engine's: sides of the input are multiples of 32 px, or of 56 in the first one."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor, nn

from model.engines.batches import InputLabels
from model.engines.transformers.criterion import parts_of_loss, targets_of_labels
from model.engines.transformers.families import Family, NetworkAnswers
from model.engines.transformers.normalising import normalised
from model.engines.transformers.rf_detr.loss import WEIGHTS
from model.engines.transformers.rf_detr.names import RfDetrNames
from model.engines.transformers.rf_detr.network import build, fix_side, stages
from model.engines.transformers.rf_detr.sizes import WINDOWED_14, WINDOWED_16, least_side, stride_of
from model.engines.transformers.rt_detr_v2 import answers_of


def loss(network: nn.Module, images: Tensor, labels: list[InputLabels]) -> dict[str, Tensor]:
    """Class, distance and overlap, of the places chosen and of each decoder layer."""
    found = network(normalised(images), labels=targets_of_labels(labels, images))
    return parts_of_loss(found.loss_dict, WEIGHTS)


def answers(network: nn.Module, images: Tensor) -> NetworkAnswers:
    """Boxes of the last decoder layer, of the first group of queries."""
    found = network(normalised(images))
    return answers_of(found.logits, found.pred_boxes, images)


RF_DETR = Family(
    name="rf_detr",
    sizes=WINDOWED_16,
    build=build,
    loss=loss,
    answers=answers,
    stages=stages,
    class_rows=r"^class_embed\.|enc_out_class_embed\.",
    names=RfDetrNames(),
    least_side=least_side,
    fix_side=fix_side,
)
RF_DETR_14 = replace(RF_DETR, name="rf_detr_14", sizes=WINDOWED_14, stride=stride_of(WINDOWED_14["rfdetr-b"]))
