"""Each family gives a loss that can be descended, with and without boxes, and answers in pixels."""

import pytest
import torch
from torch import Tensor

from model.engines.batches import InputLabels
from model.engines.transformers.listing import family_of_architecture

NONE, NO_CLASS = torch.zeros(0, 4), torch.zeros(0, dtype=torch.long)
EMPTY = InputLabels(NONE, NO_CLASS, NONE, NO_CLASS)
ONE = InputLabels(torch.tensor([[10.0, 10, 50, 60]]), torch.tensor([1]), NONE, NO_CLASS)
SMALLEST = {
    "rtdetrv2-t": 96,
    "dfine-n": 256,
    "deimv2-atto": 160,
    "deimv2-s": 128,
    "deformable-detr-r50": 64,
    "rfdetr-t": 128,
}


@pytest.mark.slow
@pytest.mark.parametrize("size", SMALLEST)
def test_it_works(size: str) -> None:
    torch.manual_seed(0)
    family = family_of_architecture(size)
    network = family.build(family.sizes[size], 2)
    images = torch.rand(2, 3, SMALLEST[size], SMALLEST[size])
    assert family.least_side(family.sizes[size]) in (1, SMALLEST[size])
    for labels in ([ONE, EMPTY], [EMPTY, EMPTY]):  # one image without boxes beside another, and none with any
        parts = family.loss(network, images, labels)
        total: Tensor = torch.stack(list(parts.values())).sum()
        network.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        gradients = [one.grad for one in network.parameters() if one.grad is not None]
        assert torch.isfinite(total)
        assert all(torch.isfinite(one).all() for one in gradients)
        assert any(one.abs().sum() > 0 for one in gradients)
    assert set(parts) >= {"cls_loss", "box_loss"}
    with torch.no_grad():
        boxes, scores = family.answers(network.eval(), images)
    assert boxes.shape == (2, scores.shape[1], 4)
    assert scores.shape[2] == 2
    assert (boxes[..., 2:] >= boxes[..., :2]).all()
    assert 1 < boxes.max() < 2 * SMALLEST[size]  # pixels, not fractions
    assert len(family.stages(network)) >= 4


def test_each_decoder_layer_has_heads_of_its_own() -> None:
    """Shared ones would make each layer's answer the last one's."""
    family = family_of_architecture("rtdetrv2-t")
    heads = family.build(family.sizes["rtdetrv2-t"], 2).model.decoder.class_embed  # type: ignore[union-attr]
    assert heads[0].weight is not heads[1].weight  # type: ignore[index]
