"""The loss on numbers that can be worked out by hand, and what teaches nothing."""

import math

import pytest
import torch
from torch import Tensor

from model.engines.transformers.deta.loss import FractionLabels, ignored_places, loss_of_batch
from model.engines.transformers.deta.network import DetaAnswer, StageAnswer
from model.engines.types import EVERY_CLASS

# Focal loss of a score of one half: where an object is .25 x .5² x ln 2, elsewhere .75 x .5² x ln 2.
OBJECT, BACKGROUND = 0.0625 * math.log(2), 0.1875 * math.log(2)
PLACES = torch.tensor([[0.25, 0.25, 0.5, 0.5], [0.75, 0.75, 0.5, 0.5], [0.25, 0.75, 0.5, 0.5], [0.75, 0.25, 0.5, 0.5]])
HIT = torch.tensor([[0.0, 0.0, 0.5, 0.5]])  # the first place itself
CLASSES = 2


def labels(boxes: Tensor = HIT, ignored: Tensor | None = None, ignored_class: int = EVERY_CLASS) -> FractionLabels:
    ignored = torch.zeros(0, 4) if ignored is None else ignored
    classes = torch.full((len(boxes),), 1)
    return FractionLabels(boxes, classes, ignored, torch.full((len(ignored),), ignored_class))


def answer(boxes: Tensor = PLACES, images: int = 1) -> DetaAnswer:
    """Two layers and the first stage, all of which say one half for every class."""
    boxes = boxes[None].repeat(images, 1, 1)
    logits = torch.zeros(images, len(PLACES), CLASSES, requires_grad=True)
    found, places = StageAnswer(logits, boxes.requires_grad_()), PLACES[None].repeat(images, 1, 1)
    return DetaAnswer([found, found], found, places, torch.ones(images, len(PLACES), dtype=torch.bool), places)


def parts(found: DetaAnswer, *each: FractionLabels) -> dict[str, float]:
    return {name: float(one.detach()) for name, one in loss_of_batch(found, list(each)).items()}


def test_class_loss_by_hand() -> None:
    """Of each stage's eight scores one is the object's: three stages."""
    assert parts(answer(), labels())["cls_loss"] == pytest.approx(3 * (OBJECT + 7 * BACKGROUND))


def test_boxes_that_fit_cost_nothing() -> None:
    found = parts(answer(), labels())
    assert (found["box_loss"], found["giou_loss"]) == pytest.approx((0, 0), abs=1e-5)


def test_box_losses_by_hand() -> None:
    """Half as wide: its centre is off by .125 and its width by .25, times five; half of the overlap is gone, times two.

    The smallest box around both is the object, so GIoU is IoU.
    """
    narrow = PLACES.clone()
    narrow[0] = torch.tensor([0.125, 0.25, 0.25, 0.5])
    found = parts(answer(narrow), labels())
    assert found["box_loss"] == pytest.approx(3 * 5 * 0.375, rel=1e-4)
    assert found["giou_loss"] == pytest.approx(3 * 2 * 0.5, rel=1e-4)


def test_the_loss_is_of_an_object() -> None:
    one, two = parts(answer(), labels()), parts(answer(images=2), labels(), labels())
    assert two == pytest.approx(one)


def test_images_without_boxes_are_background() -> None:
    found = loss_of_batch(answer(images=2), [labels(torch.zeros(0, 4)), labels(torch.zeros(0, 4))])
    assert float(found["cls_loss"].detach()) == pytest.approx(2 * 3 * 8 * BACKGROUND)
    assert float(found["box_loss"].detach()) == float(found["giou_loss"].detach()) == 0
    torch.stack(list(found.values())).sum().backward()


def test_a_box_without_area_is_finite() -> None:
    flat = answer()
    found = loss_of_batch(flat, [labels(torch.tensor([[0.2, 0.2, 0.2, 0.2]]))])
    total = torch.stack(list(found.values())).sum()
    total.backward()
    assert torch.isfinite(total)
    assert torch.isfinite(flat.first.logits.grad).all()


def test_nothing_is_learnt_of_the_class_where_anything_may_be() -> None:
    """The second place lies in the ignored box: two scores of each stage cost nothing."""
    region = torch.tensor([[0.5, 0.5, 1.0, 1.0]])
    assert parts(answer(), labels(ignored=region))["cls_loss"] == pytest.approx(3 * (OBJECT + 5 * BACKGROUND))


def test_of_an_ignored_class_other_classes_are_learnt() -> None:
    """In the first stage, which knows no classes, neither score is learnt there."""
    region = torch.tensor([[0.5, 0.5, 1.0, 1.0]])
    found = parts(answer(), labels(ignored=region, ignored_class=0))
    assert found["cls_loss"] == pytest.approx(3 * OBJECT + (5 + 6 + 6) * BACKGROUND)


def test_an_object_in_an_ignored_region_is_learnt() -> None:
    everywhere = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
    assert parts(answer(), labels(ignored=everywhere))["cls_loss"] == pytest.approx(3 * (OBJECT + BACKGROUND))


def test_half_of_a_prediction_or_its_centre_in_a_region_counts() -> None:
    boxes = torch.tensor([[0.0, 0.0, 0.4, 0.4], [0.0, 0.0, 0.9, 0.9], [0.6, 0.6, 0.9, 0.9]])
    region = labels(ignored=torch.tensor([[0.1, 0.0, 0.5, 0.5]]))
    assert ignored_places(boxes, region, torch.Size((3, 1)))[:, 0].tolist() == [True, True, False]
