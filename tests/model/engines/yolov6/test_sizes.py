"""The networks are those that were published, number for number; only their blueprints are made."""

from functools import cache
from typing import NamedTuple

import pytest

from model.engines import EngineError, architecture
from model.engines.yolov6.folding import folded
from model.engines.yolov6.measure import blueprint, count_parameters, gflops_of_network
from model.engines.yolov6.sizes import SIZES, layout_of_size, size_of_layout

CONSTANTS = 34  # that the reference counts among its parameters: two rows of 17 bins


class Measured(NamedTuple):
    """Learnt numbers of backbone, neck and head, of the whole once folded, and GFLOPs at 1280 px."""

    parts: list[int]
    folded: int
    gflops: float


@cache
def measured(name: str) -> Measured:
    network = blueprint(SIZES[name])
    parts = [count_parameters(part) for part in (network.backbone, network.neck, network.head)]
    return Measured(parts, count_parameters(folded(network)), gflops_of_network(network, 1280))


def test_l6_is_the_reference() -> None:
    found = measured("yolov6l6")
    assert found.parts == [53_522_264, 60_134_820, 26_756_466 - CONSTANTS]
    assert sum(found.parts) == 140_413_516 == 140_413_550 - CONSTANTS
    assert found.folded == 140_359_342 - CONSTANTS
    assert found.gflops == pytest.approx(665.8, abs=0.05)


@pytest.mark.parametrize(
    ("name", "millions", "gflops"),
    [("yolov6n6", 10.4, 49.8), ("yolov6s6", 41.4, 198.0), ("yolov6m6", 79.6, 379.5), ("yolov6l6", 140.4, 673.4)],
)
def test_published_figures(name: str, millions: float, gflops: float) -> None:
    """Parameters to the last digit; published GFLOPs are one per cent above those of the convolutions alone."""
    assert round(measured(name).folded / 1e6, 1) == millions
    assert measured(name).gflops == pytest.approx(gflops * 0.989, rel=0.002)


@pytest.mark.parametrize("name", SIZES)
def test_the_list_of_baselines_says_the_same(name: str) -> None:
    listed = architecture(name)
    assert listed is not None
    assert (listed.engine, listed.parameters) == ("yolov6", sum(measured(name).parts))
    assert listed.gflops == pytest.approx(measured(name).gflops / 4, abs=0.05)


def test_a_size_survives_a_checkpoint() -> None:
    assert {name: size_of_layout(layout_of_size(size)) for name, size in SIZES.items()} == SIZES


@pytest.mark.parametrize(
    "change", [{"width": 1000}, {"depth": 0}, {"csp": "x"}, {"bins": 10**9}, {"iou": "exec"}, {"silu": 1}, {"more": 1}]
)
def test_it_rejects_a_size(change: dict[str, object]) -> None:
    with pytest.raises(EngineError):
        size_of_layout(layout_of_size(SIZES["yolov6n6"]) | change)
