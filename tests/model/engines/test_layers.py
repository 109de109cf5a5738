"""A network is built of known layers whose arguments lie in bounds; whatever else a file describes is refused."""

import copy

import pytest

from model.engines import EngineError, architectures
from model.engines.ultralytics.layers import check_layout
from model.engines.ultralytics.networks import build, layout_of

ROAD = layout_of("road11t")


@pytest.mark.parametrize("name", [one.name for one in architectures() if one.engine == "ultralytics"])
def test_it_works(name):
    check_layout(layout_of(name), 80)


# Which row of the backbone becomes what, and what is said of it.
@pytest.mark.parametrize(
    ("place", "row", "said"),
    [
        (0, [-1, 1, "TorchVision", [512, "resnet18", "DEFAULT"]], "Layer 0 is 'TorchVision', which is not among those"),
        (0, [-1, 1, "nn.Linear", [64, 64]], "Layer 0 is 'nn.Linear', which is not among"),
        (0, [-1, 1, ["Conv"], [64]], r"Layer 0 is \['Conv'\], which is not among"),
        (1, [-1, 1, "Conv", [4097, 3, 2]], r"Layer 1 \(Conv\), argument 1: the number of channels is 4097"),
        (1, [-1, 1, "Conv", [64, 3, 2, "p"]], "argument 4: the padding is 'p'; allowed: 0 to 15 or None"),
        (1, [-1, 1, "Conv", ["ch", 3]], "argument 1: the number of channels is 'ch'; allowed: 1 to 4096"),
        (1, [-1, 1, "Conv", [True, 3]], "argument 1: the number of channels is True"),
        (1, [-1, 1, "Conv", [64.0, 3]], "argument 1: the number of channels is 64.0"),
        (2, [-1, 101, "C3k2", [64]], r"Layer 2 \(C3k2\): the number of repeats is 101; allowed: 1 to 100"),
        (2, [-1, 1, "C3k2", [64, False, float("nan")]], "argument 3: the expansion is nan"),
        (2, [-1, 1, "ResNetLayer", [3, 64, 1, True, 101]], "argument 5: the number of repeats is 101"),
        (3, [3, 1, "Conv", [64]], r"Layer 3 \(Conv\): the input is 3; allowed: -3 to 2"),
        (3, [-1, 1, "nn.Upsample", [None, 5, "nearest"]], "argument 2: the scale is 5; allowed: 1 to 4"),
        (3, [-1, 1, "ADown", [64, 1, 2]], r"Layer 3 \(ADown\) has 3 arguments; 1 are allowed"),
        (3, "Conv", "Layer 3 is not written as"),
    ],
)  # fmt: skip
def test_it_rejects_a_layer(place, row, said):
    layout = copy.deepcopy(ROAD)
    layout["backbone"][place] = row
    with pytest.raises(EngineError, match=said):
        check_layout(layout, 1)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"backbone": ROAD["backbone"] * 20}, "has 213 layers; 200 are allowed"),
        (
            {
                "backbone": [[-1, 1, "Conv", [64]]] * 17 + [[-1, 100, "C2f", [64]]] * 5,
                "head": [[-1, 100, "C2f", [64]]] * 2,
            },
            "repeats its layers 717 times in all; 600 are allowed",
        ),
        ({"scales": {"t": [100, 1, 64]}}, "A scale's multiple is 100; allowed: 0.01 to 4"),
        ({"depth_multiple": "deep"}, "depth_multiple is 'deep'; allowed: 0.01 to 4"),
        ({"scales": {"t": [1]}}, "is not three numbers"),
        ({"activation": "nn.Linear(9, 9)"}, r"activation 'nn.Linear\(9, 9\)' is not one"),
        ({"ch": 4096}, "The network's ch is 4096; allowed: 3 to 3"),
        ({"head": None}, "describes no layers"),
    ],
)
def test_it_rejects_a_network(part, said):
    with pytest.raises(EngineError, match=said):
        check_layout({**copy.deepcopy(ROAD), **part}, 1)


def test_it_rejects_too_many_classes_and_parameters():
    with pytest.raises(EngineError, match="10001 classes; 1 to 10000"):
        check_layout(ROAD, 10_001)
    with pytest.raises(EngineError, match="747,027 parameters; 747,026 are allowed"):
        build(ROAD, ("object",), 747_026)
