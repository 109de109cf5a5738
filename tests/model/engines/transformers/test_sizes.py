"""The networks are those that were published, by their parameters; only blueprints are made, and nothing is fetched."""

import pytest

from model.engines import architecture, architectures
from model.engines.measuring import count_parameters
from model.engines.transformers.checkpoints import blueprint
from model.engines.transformers.listing import FAMILIES, family_of_architecture
from model.engines.transformers.measure import folded_parameters, gflops_of_detector
from tests.model.engines.transformers.conftest import detector_of

SIZES = [size for family in FAMILIES for size in family.sizes]
PUBLISHED = {  # million parameters
    "rtdetrv2-r18": "20", "rtdetrv2-r34": "31", "rtdetrv2-r50": "42", "dfine-n": "4", "dfine-s": "10",
    "dfine-m": "19", "dfine-l": "31", "dfine-x": "62", "deimv2-atto": "0.5", "deimv2-femto": "1.0",
    "deimv2-pico": "1.5", "deimv2-n": "3.6", "deformable-detr-r50": "40",
}  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_the_list_of_baselines_says_the_same(size: str) -> None:
    listed = architecture(size)
    assert listed is not None
    family = family_of_architecture(size)
    network = blueprint(family, size)
    assert (listed.engine, listed.parameters, listed.nms) == ("transformers", count_parameters(network), family.nms)
    if size in PUBLISHED:
        digits = len(PUBLISHED[size].partition(".")[2])
        assert f"{folded_parameters(network) / 1e6:.{digits}f}" == PUBLISHED[size]


def test_every_size_is_listed() -> None:
    assert [one.name for one in architectures() if one.engine == "transformers"] == SIZES


@pytest.mark.parametrize("size", ["rtdetrv2-t", "dfine-n", "deta-t", "rfdetr-t"])
def test_gflops(size: str) -> None:
    listed = architecture(size)
    assert listed is not None
    names = tuple(map(str, range(80)))
    assert gflops_of_detector(detector_of(size, names)) == pytest.approx(listed.gflops, abs=0.05)
