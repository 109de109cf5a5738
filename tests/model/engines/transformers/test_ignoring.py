"""What is ignored is neither object nor background in the loss of these networks."""

import pytest
import torch

from model.engines.batches import InputLabels
from model.engines.transformers.criterion import ignored_cells, targets_of_labels
from model.engines.transformers.listing import family_of_architecture
from model.engines.types import EVERY_CLASS

SIDE = 128
NONE, NO_CLASS = torch.zeros(0, 4), torch.zeros(0, dtype=torch.long)
EVERYWHERE = torch.tensor([[0.0, 0, SIDE, SIDE]])


def ignored(label: int, boxes: torch.Tensor = NONE, classes: torch.Tensor = NO_CLASS) -> InputLabels:
    return InputLabels(boxes, classes, EVERYWHERE, torch.tensor([label]))


@pytest.mark.parametrize(
    ("label", "learnt"), [(EVERY_CLASS, []), (0, [1]), (1, [0])], ids=["every class", "class 0", "class 1"]
)
def test_background_there_teaches_nothing(label: int, learnt: list[int]) -> None:
    torch.manual_seed(0)
    family = family_of_architecture("rtdetrv2-t")
    network = family.build(family.sizes["rtdetrv2-t"], 2)
    loss = family.loss(network, torch.rand(1, 3, SIDE, SIDE), [ignored(label)])["cls_loss"]
    loss.backward()  # type: ignore[no-untyped-call]
    gradient = network.model.decoder.class_embed[0].bias.grad  # type: ignore[union-attr, index]
    assert gradient.nonzero().flatten().tolist() == learnt  # type: ignore[union-attr, operator]
    assert bool(loss > 0) == bool(learnt)


def test_an_object_there_is_still_learnt() -> None:
    torch.manual_seed(0)
    family = family_of_architecture("rtdetrv2-t")
    network = family.build(family.sizes["rtdetrv2-t"], 2)
    box = torch.tensor([[20.0, 20, 80, 90]])
    parts = family.loss(network, torch.rand(1, 3, SIDE, SIDE), [ignored(EVERY_CLASS, box, torch.tensor([1]))])
    assert parts["cls_loss"] > 0
    assert parts["box_loss"] > 0


def test_which_predictions_lie_there() -> None:
    """By hand: a region over the left half; half of a box inside, or its centre, is enough, unless it is an object."""
    region = torch.tensor([[0.0, 0, SIDE / 2, SIDE]])
    labels = [InputLabels(NONE, NO_CLASS, region, torch.tensor([1]))]
    targets = targets_of_labels(labels, torch.zeros(1, 3, SIDE, SIDE))
    boxes = torch.tensor(  # centre and size as fractions
        [[0.2, 0.5, 0.1, 0.1], [0.5, 0.5, 0.2, 0.2], [0.6, 0.5, 0.4, 0.1], [0.9, 0.5, 0.1, 0.1], [0.2, 0.2, 0.1, 0.1]]
    )
    outputs = {"logits": torch.zeros(1, 5, 2), "pred_boxes": boxes[None]}
    silent = ignored_cells(outputs, targets, [(torch.tensor([4]), torch.tensor([0]))])
    assert silent[0].tolist() == [[False, True], [False, True], [False, False], [False, False], [False, False]]
