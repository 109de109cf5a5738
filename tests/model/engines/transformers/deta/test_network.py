"""The network: its size as published, what a fresh one answers, and inputs of any shape."""

import pytest
import torch

from model.engines.transformers.deta.network import Deta
from model.engines.transformers.deta.sizes import SIZES


def blueprint(size: str, classes: int) -> Deta:
    with torch.device("meta"):
        return Deta(SIZES[size], classes)


def test_swin_l_has_the_published_parameters() -> None:
    assert sum(one.numel() for one in blueprint("deta-swin-l", 91).parameters()) == 218_775_373


@pytest.fixture(scope="module")
def network() -> Deta:
    torch.manual_seed(0)
    return Deta(SIZES["deta-t"], 3).eval()


def test_a_fresh_network_answers_its_anchors_with_low_scores(network: Deta) -> None:
    answer = network(torch.rand(2, 3, 128, 160))
    assert torch.allclose(answer.first.boxes, answer.anchors, atol=1e-5)
    assert torch.allclose(answer.layers[-1].boxes, answer.proposals, atol=1e-5)
    assert answer.layers[-1].logits.sigmoid().mean().item() == pytest.approx(0.01, abs=0.01)


@pytest.mark.parametrize(("height", "width", "queries"), [(256, 320, 60), (36, 100, 60), (32, 32, 16 + 4 + 1 + 1 + 1)])
def test_every_layer_answers_for_every_query(network: Deta, height: int, width: int, queries: int) -> None:
    answer = network(torch.rand(1, 3, height, width))
    assert [one.boxes.shape for one in answer.layers] == [(1, queries, 4)] * 2
    assert [one.logits.shape for one in answer.layers] == [(1, queries, 3)] * 2
    assert all(torch.isfinite(one.boxes).all() and torch.isfinite(one.logits).all() for one in answer.layers)


def test_proposals_lie_where_the_image_is(network: Deta) -> None:
    valid = torch.ones(1, 128, 128, dtype=torch.bool)
    valid[:, :, 64:] = False
    answer = network(torch.rand(1, 3, 128, 128), valid)
    assert not answer.used.all()
    assert torch.isfinite(answer.layers[-1].boxes).all()


def test_resnet_50_answers_too() -> None:
    answer = blueprint("deta-r50", 80)
    assert sum(one.numel() for one in answer.backbone.parameters()) == pytest.approx(23.5e6, rel=0.01)
