"""Files of RF-DETR's package, made up under their names, become networks of ours."""

from argparse import Namespace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from model.engines import ConvertRequest, EngineError
from model.engines.choosing import engine_name_for
from model.engines.measuring import count_parameters
from model.engines.transformers.checkpoints import Detector, blueprint
from model.engines.transformers.conversion import detector_of_file
from model.engines.transformers.foreign import unpacked
from model.engines.transformers.listing import family_of_architecture
from model.engines.transformers.names import matched_network
from tests.model.engines.transformers.conftest import detector_of
from tests.model.engines.transformers.rf_detr.theirs import package_tensors

MOST = 500_000_000  # parameters
# Keys and parameters of the package's networks, counted on them; with COCO's 91 rows of classes.
PACKAGE = {
    "rfdetr-n": (466, 30_467_298, "30.5"),
    "rfdetr-s": (488, 32_111_170, "32.1"),
    "rfdetr-m": (510, 33_687_458, "33.7"),
    "rfdetr-l": (510, 33_933_218, "33.9"),
}


def network_of(size: str, classes: int) -> nn.Module:
    return blueprint(family_of_architecture(size), size, classes)


@pytest.fixture(scope="module")
def detector() -> Detector:
    one = detector_of("rfdetr-t", ("red", "blue", "none"))
    for head in (one.module.class_embed, *one.module.model.enc_out_class_embed):
        head.bias.data[2] = -20.0  # no object was ever of it
    return one


@pytest.mark.parametrize("size", PACKAGE)
def test_the_network_is_the_packages(size: str) -> None:
    keys, parameters, published = PACKAGE[size]
    network = network_of(size, 91)
    assert count_parameters(network) == parameters
    assert f"{parameters / 1e6:.1f}" == published  # million
    assert len(package_tensors(network)) == keys


@pytest.mark.parametrize("size", [*PACKAGE, "rfdetr-b"])
def test_a_size_is_found_by_names_and_shapes_alone(size: str) -> None:
    _, match, classes = matched_network(unpacked(package_tensors(network_of(size, 91))))
    assert (match.architecture, classes, match.missing, match.unexpected) == (size, 91, (), ())


def test_the_packages_names() -> None:
    theirs = package_tensors(network_of("rfdetr-n", 91))
    some = {
        "transformer.decoder.layers.1.self_attn.in_proj_weight": (768, 256),
        "transformer.decoder.layers.1.norm2.bias": (256,),
        "transformer.decoder.layers.1.linear1.weight": (2048, 256),
        "transformer.decoder.norm.weight": (256,),
        "transformer.decoder.ref_point_head.layers.0.weight": (256, 512),
        "transformer.enc_output.12.weight": (256, 256),
        "transformer.enc_out_class_embed.12.weight": (91, 256),
        "transformer.enc_out_bbox_embed.0.layers.2.bias": (4,),
        "class_embed.bias": (91,),
        "bbox_embed.layers.0.weight": (256, 256),
        "refpoint_embed.weight": (3900, 4),
        "query_feat.weight": (3900, 256),
        "backbone.0.encoder.encoder.embeddings.position_embeddings": (1, 577, 384),
        "backbone.0.encoder.encoder.encoder.layer.11.attention.attention.key.weight": (384, 384),
        "backbone.0.encoder.encoder.encoder.layer.11.attention.output.dense.bias": (384,),
        "backbone.0.encoder.encoder.encoder.layer.0.mlp.fc1.weight": (1536, 384),
        "backbone.0.encoder.encoder.layernorm.weight": (384,),
        "backbone.0.projector.stages.0.0.cv1.conv.weight": (256, 1536, 1, 1),
        "backbone.0.projector.stages.0.0.m.2.cv2.bn.weight": (128,),
        "backbone.0.projector.stages.0.1.weight": (256,),
    }
    assert {name: tuple(theirs[name].shape) for name in some} == some


def file_of(folder: Path, tensors: dict[str, Tensor], **beside: object) -> Path:
    torch.save({"model": tensors, **beside}, folder / "theirs.pth")
    return folder / "theirs.pth"


@pytest.mark.parametrize("settings", [{"class_names": ["red", "blue"]}, Namespace(class_names=["red", "blue"])])
def test_a_trained_file_keeps_its_classes(detector: Detector, tmp_path: Path, settings: object) -> None:
    """Its last row stands for none, and is left out; it answers for the others as the network that it was."""
    path = file_of(tmp_path, package_tensors(detector.module), args=settings, rfdetr_version="1.11.2")
    assert engine_name_for(ConvertRequest(path, tmp_path / "out.pt")) == "transformers"
    read, header, note = detector_of_file(path, MOST)
    assert (header.architecture, header.class_names) == ("rfdetr-t", ("red", "blue"))
    assert note == f"rfdetr-t: {len(detector.module.state_dict())} keys matched, 0 missing, 0 unexpected."
    images = torch.rand(1, 3, 128, 128)
    with torch.no_grad():
        mine = read.family.answers(read.module, images)
        theirs = read.family.answers(detector.module.eval(), images)
    assert torch.allclose(mine.scores, theirs.scores[..., :2], atol=1e-5)
    assert torch.allclose(mine.boxes, theirs.boxes, atol=1e-2)


def test_a_published_file_has_cocos_numbers(tmp_path: Path) -> None:
    published = detector_of("rfdetr-t", tuple(map(str, range(91))))
    _, header, _ = detector_of_file(file_of(tmp_path, package_tensors(published.module)), MOST)
    assert (header.class_names[0], header.class_names[1], header.class_names[90]) == ("class 0", "person", "toothbrush")


def test_what_is_missing_is_told(detector: Detector, tmp_path: Path) -> None:
    tensors = package_tensors(detector.module)
    del tensors["refpoint_embed.weight"]
    told = r"nearest is rfdetr-t: .* 1 missing \(model.reference_point_embed.weight\)"
    with pytest.raises(EngineError, match=told):
        detector_of_file(file_of(tmp_path, tensors), MOST)


def test_a_file_that_names_a_function_is_refused_unrun(detector: Detector, tmp_path: Path) -> None:
    path = file_of(tmp_path, package_tensors(detector.module), then=print)
    with pytest.raises(EngineError, match=r"names builtins.print.*not run"):
        detector_of_file(path, MOST)
