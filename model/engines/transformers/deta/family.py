"""DETA as a family of the engine's."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.ops import box_convert

from model.engines.batches import InputLabels
from model.engines.transformers.building import from_here_in_float32
from model.engines.transformers.deta.loss import FractionLabels, loss_of_batch
from model.engines.transformers.deta.names import DetaNames
from model.engines.transformers.deta.network import Deta
from model.engines.transformers.deta.sizes import SIZES, SWIN, DetaSize
from model.engines.transformers.families import CLASS_WEIGHTS, Family, Layout, NetworkAnswers


def build(layout: Layout, classes: int) -> nn.Module:
    """A network with fresh weights, whose encoder and decoder know fractions finer than bfloat16 does."""
    network = Deta(DetaSize(**layout), classes)
    from_here_in_float32([*network.input_proj])
    return network


def loss(network: nn.Module, images: Tensor, labels: list[InputLabels]) -> dict[str, Tensor]:
    """The parts of the loss, weighed."""
    sides = sides_of(images)
    weights = getattr(network, CLASS_WEIGHTS, None)
    return loss_of_batch(network(images), [_in_fractions(one, sides) for one in labels], weights)


def _in_fractions(labels: InputLabels, sides: Tensor) -> FractionLabels:
    boxes, ignored = ((one.float() / sides).clamp(0, 1) for one in (labels.boxes, labels.ignored))
    return FractionLabels(boxes, labels.classes, ignored, labels.ignored_classes)


def answers(network: nn.Module, images: Tensor) -> NetworkAnswers:
    """Boxes and scores of the last layer."""
    last = network(images).layers[-1]
    return NetworkAnswers(
        box_convert(last.boxes.float(), "cxcywh", "xyxy") * sides_of(images), last.logits.float().sigmoid()
    )


def sides_of(images: Tensor) -> Tensor:
    """(4,) width and height, twice."""
    height, width = images.shape[2:]
    return torch.tensor([width, height, width, height], device=images.device, dtype=torch.float32)


def stages(network: Any) -> list[nn.Module]:
    """Of Swin the first layer, four stages and the norms of its maps; of ResNet-50 the stem and four stages."""
    body = network.backbone.body
    if network.size.backbone == SWIN:
        return [body.swin.embeddings, *body.swin.encoder.layers, body.hidden_states_norms]
    return [nn.Sequential(body.conv1, body.bn1), body.layer1, body.layer2, body.layer3, body.layer4]


DETA = Family(
    name="deta",
    sizes={name: asdict(size) for name, size in SIZES.items()},
    build=build,
    loss=loss,
    answers=answers,
    stages=stages,
    class_rows=r"^class_embed\.",
    names=DetaNames(),
    stretched=False,
    nms=True,
)
