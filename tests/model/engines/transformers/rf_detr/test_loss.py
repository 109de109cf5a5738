"""The class loss, by hand, and where the library's own is infinite."""

import math

import pytest
import torch

from model.engines.transformers.rf_detr.loss import RfDetrCriterion

ALPHA = 0.25
OBJECT = torch.tensor([[0.5, 0.5, 0.2, 0.2]])  # centre and sides


def class_loss(logits: list[list[float]], box: list[float]) -> torch.Tensor:
    """Of one image with one object of class 1, which the first of the queries is matched to."""
    criterion = RfDetrCriterion(None, 2, ALPHA, ["labels"], 1)  # type: ignore[no-untyped-call]
    boxes = torch.tensor([box] * len(logits))
    outputs = {"logits": torch.tensor([logits], requires_grad=True), "pred_boxes": boxes[None]}
    targets = [{"class_labels": torch.tensor([1]), "boxes": OBJECT}]
    indices = [(torch.tensor([0]), torch.tensor([0]))]
    found: torch.Tensor = criterion.loss_labels(outputs, targets, indices, 1.0)["loss_ce"]
    found.backward()  # type: ignore[no-untyped-call]
    assert torch.isfinite(outputs["logits"].grad).all()  # type: ignore[arg-type]
    return found.detach()


def test_by_hand() -> None:
    """Half the object's width is found, so IoU is .5; all scores are .5; background counts by its square."""
    asked = 0.5**ALPHA * 0.5 ** (1 - ALPHA)
    expected = math.log(2) * (asked + (1 - asked) + 3 * 0.25)
    assert float(class_loss([[0.0, 0.0], [0.0, 0.0]], [0.45, 0.5, 0.1, 0.2])) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("logit", [20.0, 200.0, -200.0])
def test_a_score_of_one_or_of_zero_is_finite(logit: float) -> None:
    assert torch.isfinite(class_loss([[logit, logit], [logit, logit]], [0.5, 0.5, 0.2, 0.2]))


def test_sure_and_right_costs_nothing() -> None:
    assert float(class_loss([[-40.0, 40.0], [-40.0, -40.0]], [0.5, 0.5, 0.2, 0.2])) == pytest.approx(0, abs=1e-6)
