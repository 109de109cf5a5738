"""The parts of the loss by hand, and what is ignored."""

import math

import pytest
import torch

from model.engines.types import EVERY_CLASS
from model.engines.yolov6.assigning import GridPlaces
from model.engines.yolov6.head import Raw, grid_of
from model.engines.yolov6.loss import Gains, InputLabels, Targets, distribution_loss, ignored_places, loss_of_batch
from model.engines.yolov6.loss import varifocal as varifocal_loss
from model.engines.yolov6.overlap import giou_loss, iou_matrix, siou_loss
from model.engines.yolov6.sizes import SIZES

BOX = torch.tensor([0.0, 0.0, 10.0, 10.0])
LEVELS = [(8, 8), (4, 4), (2, 2), (1, 1)]
NONE = InputLabels(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long), torch.zeros(0, 4), torch.zeros(0).long())


@pytest.mark.parametrize(
    ("other", "iou", "giou", "siou"),
    [
        ([0, 0, 10, 10], 1.0, 0.0, 0.0),
        # beside: hull 30 x 10, union 200. Distance: angle 0, so 1 - exp(-2 * (20 / 30)^2); same shape
        ([20, 0, 30, 10], 0.0, 1 + 100 / 300, 1 + (1 - math.exp(-2 * 4 / 9)) / 2),
        # half as wide, centres 2.5 apart in a hull of 10: shape (1 - exp(-1/2))^4
        ([0, 0, 5, 10], 0.5, 0.5, 0.5 + (1 - math.exp(-2 / 16) + (1 - math.exp(-0.5)) ** 4) / 2),
        # diagonal: angle 1, so exp(-1 * (10 / 20)^2) twice
        ([10, 10, 20, 20], 0.0, 1 + 200 / 400, 1 + (2 - 2 * math.exp(-0.25)) / 2),
    ],
)
def test_box_losses_by_hand(other: list[float], iou: float, giou: float, siou: float) -> None:
    found = torch.tensor(other, dtype=torch.float32)
    assert iou_matrix(BOX[None], found[None]).item() == pytest.approx(iou, abs=1e-5)
    assert giou_loss(found, BOX).item() == pytest.approx(giou, abs=1e-5)
    assert siou_loss(found, BOX).item() == pytest.approx(siou, abs=1e-4)


def test_varifocal_by_hand() -> None:
    """Score .5: background costs .75 * .5^2 * ln 2, an object of quality .8 costs .8 * its cross entropy, ln 2."""
    loss = varifocal_loss(torch.zeros(2), torch.tensor([0.0, 0.8]))
    assert loss.tolist() == pytest.approx([0.75 * 0.25 * math.log(2), 0.8 * math.log(2)])


def test_distribution_by_hand() -> None:
    """True distances 1.25, 0, 4 (cut to 3.99) and 2 strides, even logits over five bins: ln 5 each."""
    raw = Raw(torch.zeros(1, 1, 1), torch.zeros(1, 1, 20), torch.tensor([[20.0, 20.0]]), torch.tensor([[8.0]]))
    box = torch.tensor([[[10.0, 20.0, 52.0, 36.0]]])
    targets = Targets(torch.ones(1, 1, 1), box, torch.zeros(1, 1, 1, dtype=torch.bool))
    found = torch.ones(1, 1, dtype=torch.bool)
    assert distribution_loss(raw, targets, found, 4).item() == pytest.approx(math.log(5))
    sure = torch.full((4, 5), -30.0)
    sure[0, 1], sure[0, 2] = math.log(0.75), math.log(0.25)  # as the truth divides it: what is left is its entropy
    sure[1, 0] = sure[2, 4] = sure[3, 2] = 0.0
    exact = distribution_loss(raw._replace(distances=sure.reshape(1, 1, 20)), targets, found, 4).item()
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert exact == pytest.approx((entropy + 0.01 * 30) / 4, abs=0.02)


def random_raw(classes: int) -> Raw:
    torch.manual_seed(0)
    centres, strides = grid_of(LEVELS, torch.device("cpu"))
    return Raw(torch.randn(1, 85, classes).requires_grad_(), torch.randn(1, 85, 68), centres, strides)


@pytest.mark.parametrize("epoch", [0, 9])
@pytest.mark.parametrize(("region_class", "silent"), [(0, [0]), (1, [1]), (EVERY_CLASS, [0, 1])])
def test_an_ignored_region_gives_no_gradient_for_what_it_concerns(
    epoch: int, region_class: int, silent: list[int]
) -> None:
    raw = random_raw(2)
    labels = InputLabels(
        torch.tensor([[40.0, 40, 60, 60]]), torch.tensor([0]),
        torch.tensor([[0.0, 0, 30, 30]]), torch.tensor([region_class]),
    )  # fmt: skip
    loss = torch.stack([*loss_of_batch(raw, [labels], SIZES["yolov6l6"], Gains(2.5, 1.0), epoch).values()]).sum()
    loss.backward()
    assert raw.scores.grad is not None
    gradient = raw.scores.grad[0, 0].abs()  # the place at (4, 4)
    assert [int(one) for one in torch.nonzero(gradient == 0).flatten()] == silent


def test_half_of_a_prediction_in_a_region_is_enough() -> None:
    centres, strides = grid_of(LEVELS, torch.device("cpu"))
    boxes = torch.zeros(85, 4)
    boxes[63] = torch.tensor([0.0, 0, 20, 10])  # predicted from the far corner
    boxes[62] = torch.tensor([0.0, 0, 21, 10])
    labels = NONE._replace(ignored=torch.tensor([[0.0, 0, 10, 10]]), ignored_classes=torch.tensor([EVERY_CLASS]))
    silent = ignored_places(labels, GridPlaces(centres, strides, boxes, torch.zeros(85, 1)))[:, 0]
    assert (bool(silent[63]), bool(silent[62]), bool(silent[0])) == (True, False, True)


def test_an_image_with_nothing_on_it_teaches_background() -> None:
    raw = random_raw(2)
    parts = loss_of_batch(raw, [NONE], SIZES["yolov6l6"], Gains(2.5, 1.0), 9)
    loss = torch.stack([*parts.values()]).sum()
    assert parts["box_loss"].item() == parts["dfl_loss"].item() == 0
    assert loss.item() > 0
    assert torch.isfinite(loss)
