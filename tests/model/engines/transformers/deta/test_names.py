"""Public files of weights, made up under their names, become networks of ours."""

from argparse import Namespace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model.engines.transformers.conversion import detector_of_file
from model.engines.transformers.deta.network import Deta
from model.engines.transformers.deta.sizes import SIZES
from model.engines.transformers.foreign import is_of_library, unpacked
from model.engines.transformers.names import matched_network
from model.engines.types import EngineError
from tests.model.engines.transformers.deta.theirs import authors_tensors, library_tensors

PUBLISHED_KEYS = 848  # of Swin-L in transformers before 5, counted on its class
MOST = 500_000_000  # parameters
MAKERS = {"authors": authors_tensors, "transformers": library_tensors}


def blueprint(size: str) -> Deta:
    with torch.device("meta"):
        return Deta(SIZES[size], 91)


@pytest.fixture(scope="module")
def network() -> Deta:
    torch.manual_seed(3)
    return Deta(SIZES["deta-t"], 91).eval()


@pytest.mark.parametrize(
    ("size", "maker"), [("deta-swin-l", "authors"), ("deta-swin-l", "transformers"), ("deta-r50", "authors")]
)
def test_a_size_is_found_by_names_and_shapes_alone(size: str, maker: str) -> None:
    _, match, classes = matched_network(unpacked(MAKERS[maker](blueprint(size))))
    assert (match.architecture, classes, match.missing, match.unexpected) == (size, 91, (), ())


def test_swin_l_has_the_published_keys() -> None:
    theirs = library_tensors(blueprint("deta-swin-l"))
    assert len(theirs) == PUBLISHED_KEYS
    _, match, _ = matched_network(theirs)
    repeated, tables = 7 * 2 + 7 * 6, 24
    assert match.matched == PUBLISHED_KEYS - repeated - tables


def test_the_authors_names_are_as_published() -> None:
    theirs = authors_tensors(blueprint("deta-swin-l"))
    some = {
        "transformer.decoder.layers.5.self_attn.in_proj_weight": (768, 256),
        "transformer.decoder.layers.5.cross_attn.value_proj.bias": (256,),
        "transformer.encoder.layers.0.linear1.weight": (2048, 256),
        "transformer.pix_trans.weight": (256, 256),
        "class_embed.6.weight": (91, 256),
        "bbox_embed.6.layers.2.weight": (4, 256),
        "transformer.decoder.bbox_embed.0.layers.0.bias": (256,),
        "input_proj.4.0.weight": (256, 256, 3, 3),
        "backbone.0.body.layers.2.blocks.17.attn.qkv.weight": (2304, 768),
        "backbone.0.body.layers.0.blocks.0.attn.relative_position_bias_table": (529, 6),
        "backbone.0.body.norm3.weight": (1536,),
    }
    assert {name: tuple(theirs[name].shape) for name in some} == some


def file_of(folder: Path, tensors: dict[str, Tensor], **beside: object) -> Path:
    torch.save({"model": tensors, **beside}, folder / "theirs.pth")
    return folder / "theirs.pth"


@pytest.mark.parametrize("maker", MAKERS)
def test_a_file_answers_as_the_network_that_it_was_made_of(maker: str, network: Deta, tmp_path: Path) -> None:
    path = file_of(tmp_path, MAKERS[maker](network), epoch=11, args=Namespace(lr=2e-4, backbone="swin"))
    assert is_of_library(path)
    detector, header, note = detector_of_file(path, MOST)
    assert note == "deta-t: 245 keys matched, 0 missing, 0 unexpected."
    assert (header.architecture, header.class_names[1], header.class_names[90]) == ("deta-t", "person", "toothbrush")
    images = torch.rand(1, 3, 96, 128)
    mine, theirs = detector.module(images).layers[-1], network(images).layers[-1]
    assert torch.equal(mine.boxes, theirs.boxes)
    assert torch.equal(mine.logits, theirs.logits)


def test_what_is_missing_is_told(network: Deta, tmp_path: Path) -> None:
    tensors = authors_tensors(network)
    del tensors["transformer.pix_trans.weight"]
    with pytest.raises(EngineError, match=r"nearest is deta-t: 244 keys matched, 1 missing \(pix_trans.weight\)"):
        detector_of_file(file_of(tmp_path, tensors), MOST)


def test_what_is_unexpected_is_told(network: Deta, tmp_path: Path) -> None:
    tensors = authors_tensors(network) | {"transformer.more.weight": torch.zeros(2)}
    assert "1 unexpected (more.weight)" in detector_of_file(file_of(tmp_path, tensors), MOST)[2]


def test_a_file_that_names_a_function_is_refused_unrun(network: Deta, tmp_path: Path) -> None:
    path = file_of(tmp_path, authors_tensors(network), then=print)
    with pytest.raises(EngineError, match=r"names builtins.print.*not run"):
        detector_of_file(path, MOST)
