"""From the head's numbers to boxes."""

import pytest
import torch

from model.engines.yolov6.folding import folded
from model.engines.yolov6.head import Raw, boxes_of, grid_of
from model.engines.yolov6.network import YoloV6
from model.engines.yolov6.sizes import SIZES

FAR = -1e4


def raw(distances: torch.Tensor) -> Raw:
    """One place at (20, 28) of stride 8."""
    return Raw(torch.zeros(1, 1, 1), distances[None, None], torch.tensor([[20.0, 28.0]]), torch.tensor([[8.0]]))


def test_a_distribution_by_hand() -> None:
    """Left: all at bin 2. Top: even between bins 1 and 2. Right: even over 0 … 4. Bottom: three to one for 4 and 0."""
    logits = torch.full((4, 5), FAR)
    logits[0, 2] = 0.0
    logits[1, 1:3] = 0.0
    logits[2] = 0.0
    logits[3, 4], logits[3, 0] = torch.log(torch.tensor(3.0)), 0.0
    left, top, right, bottom = 2.0, 1.5, 2.0, 3.0
    expected = [20 - 8 * left, 28 - 8 * top, 20 + 8 * right, 28 + 8 * bottom]
    assert boxes_of(raw(logits.flatten()), 4)[0, 0].tolist() == pytest.approx(expected)


def test_a_distance_that_is_one_number() -> None:
    assert boxes_of(raw(torch.tensor([1.0, 2.0, 0.5, 0.0])), 0)[0, 0].tolist() == [12, 12, 24, 28]


def test_the_grid() -> None:
    centres, strides = grid_of([(2, 3), (1, 2), (1, 1), (1, 1)], torch.device("cpu"))
    assert centres[:7].tolist() == [[4, 4], [12, 4], [20, 4], [4, 12], [12, 12], [20, 12], [8, 8]]
    assert strides.flatten().tolist() == [8] * 6 + [16] * 2 + [32, 64]


@pytest.mark.parametrize("name", ["yolov6t6", "yolov6n6"])
def test_folding_changes_nothing_but_the_number_of_layers(name: str) -> None:
    torch.manual_seed(0)
    network = YoloV6(SIZES[name], ("a", "b"))
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, std=0.1)
            torch.nn.init.normal_(module.running_mean, std=0.1)
    for layer in (*network.head.cls_preds, *network.head.reg_preds):
        torch.nn.init.normal_(layer.weight, std=0.05)
    picture = torch.rand(1, 3, 64, 128)
    with torch.no_grad():
        before, after = network.eval()(picture), folded(network)(picture)
    assert torch.allclose(before.scores, after.scores, atol=1e-4)
    assert torch.allclose(before.distances, after.distances, atol=1e-4)
    assert network.backbone.stem.training is False
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in folded(network).modules())


def test_in_bfloat16_layers_the_output_is_float32() -> None:
    torch.manual_seed(0)
    network = YoloV6(SIZES["yolov6t6"], ("a",)).eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        found = network(torch.rand(1, 3, 64, 64))
    assert {found.scores.dtype, found.distances.dtype, boxes_of(found, 16).dtype} == {torch.float32}
