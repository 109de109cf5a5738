"""The mean of what processes lose on their images is what one loses on all of them.

Computed in one process, without what is drawn at random: dropout, and the noise of denoising.
"""

from typing import Any

import pytest
import torch
from torch import Tensor

from model.engines.batches import InputLabels
from model.engines.transformers import criterion
from model.engines.transformers.deta import loss as deta_loss
from tests.model.engines.transformers.conftest import detector_of

NOTHING = (torch.zeros(0, 4), torch.zeros(0, dtype=torch.long))
PARTS = (slice(0, 2), slice(2, 3))  # of three images for two processes


class TwoProcesses:
    """What `per_process` answers in each, once it has been asked by both."""

    def __init__(self) -> None:
        self.counts: list[list[float]] = []

    def begin(self) -> None:
        self.counts.append([])

    def note(self, count: Tensor) -> Tensor:
        self.counts[-1].append(float(count))
        return count.clamp(min=1)

    def answer(self, count: Tensor) -> Tensor:
        self.counts[-1].append(float(count))
        place = len(self.counts[-1]) - 1
        return torch.tensor(max(1.0, sum(one[place] for one in self.counts[:2])) / 2)


def labels_of(boxes: list[list[float]]) -> InputLabels:
    return InputLabels(torch.tensor(boxes).reshape(-1, 4), torch.arange(len(boxes)) % 3, *NOTHING)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "parts"),
    [
        ("rtdetrv2-t", ("cls_loss", "box_loss")),
        pytest.param("dfine-n", ("cls_loss", "box_loss"), marks=pytest.mark.thorough),
        pytest.param("deimv2-n", ("cls_loss", "box_loss"), marks=pytest.mark.thorough),
        pytest.param("deformable-detr-r50", ("cls_loss", "box_loss"), marks=pytest.mark.thorough),
        pytest.param("deta-r50", ("cls_loss", "box_loss", "giou_loss"), marks=pytest.mark.thorough),
    ],
)
def test_it_works(size: str, parts: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    detector = detector_of(size)
    network = detector.module.eval()
    images = torch.rand(3, 3, 320, 320)
    labels = [
        labels_of([[10, 10, 60, 90]]),
        labels_of([]),
        labels_of([[5, 5, 40, 40], [80, 20, 150, 90], [0, 0, 9, 9]]),
    ]

    def losses(part: slice) -> dict[str, Any]:
        return detector.family.loss(network, images[part], labels[part])

    whole, two = losses(slice(0, 3)), TwoProcesses()
    for ask in (two.note, two.answer):
        for module in (criterion, deta_loss):
            monkeypatch.setattr(module, "per_process", ask)
        found = []
        for part in PARTS:
            two.begin()
            found.append(losses(part))
    for name in parts:
        mean = (float(found[0][name].detach()) + float(found[1][name].detach())) / 2
        assert mean == pytest.approx(float(whole[name].detach()), rel=1e-4), name
