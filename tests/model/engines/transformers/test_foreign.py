"""Public files: which of their names is which of ours, which network they are, and that nothing of a file is run."""

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from model.engines import ConversionLimits, ConvertRequest, EngineError
from model.engines.choosing import engine_name_for
from model.engines.transformers.checkpoints import Detector, load_detector
from model.engines.transformers.conversion import convert
from model.engines.transformers.foreign import is_of_library
from model.engines.transformers.listing import family_of_architecture
from tests.model.engines.yolov6.test_foreign import Trap

# What a name of ours was when the public files were written, for RT-DETRv2.
FORMER = ((r"\.mlp\.(fc[12])", r".\1"), (r"\bo_proj\b", "out_proj"), (r"encoder\.aifi", "encoder.encoder"))


def their_tensors(detector: Detector) -> dict[str, Tensor]:
    """Under the names of published files, whose heads stand under their other name and which count no batches."""
    found = {}
    for name, one in detector.module.state_dict().items():
        for pattern, former in FORMER:
            name = re.sub(pattern, former, name)
        if "num_batches_tracked" not in name:
            found[name.replace("model.decoder.class_embed", "class_embed")] = one.clone()
    return found


@pytest.mark.parametrize(
    ("size", "theirs", "ours"),
    [
        ("rtdetrv2-r18", "bbox_embed.1.layers.0.bias", "model.decoder.bbox_embed.1.layers.0.bias"),
        ("rtdetrv2-r18", "model.encoder.encoder.0.layers.0.fc1.bias", "model.encoder.aifi.0.layers.0.mlp.fc1.bias"),
        (
            "rtdetrv2-r18",
            "model.decoder.layers.2.self_attn.out_proj.bias",
            "model.decoder.layers.2.self_attn.o_proj.bias",
        ),
        ("rtdetrv2-r18", "model.decoder.layers.2.fc2.weight", "model.decoder.layers.2.mlp.fc2.weight"),
        ("dfine-n", "model.decoder.layers.0.fc1.weight", "model.decoder.layers.0.mlp.layers.0.weight"),
        ("dfine-n", "class_embed.2.weight", "model.decoder.class_embed.2.weight"),
        (
            "deformable-detr-r50",
            "model.backbone.conv_encoder.model.layer3.0.downsample.1.running_mean",
            "model.backbone.model.encoder.stages.2.layers.0.shortcut.normalization.running_mean",
        ),
        (
            "deformable-detr-r50",
            "model.backbone.conv_encoder.model.layer1.2.conv3.weight",
            "model.backbone.model.encoder.stages.0.layers.2.layer.2.convolution.weight",
        ),
        (
            "deformable-detr-r50",
            "model.backbone.conv_encoder.model.bn1.bias",
            "model.backbone.model.embedder.embedder.normalization.bias",
        ),
        ("deformable-detr-r50", "model.encoder.layers.5.fc1.bias", "model.encoder.layers.5.mlp.fc1.bias"),
    ],
)
def test_names(size: str, theirs: str, ours: str) -> None:
    from model.engines.transformers.checkpoints import blueprint

    family = family_of_architecture(size)
    assert family.names.ours(theirs) == ours
    assert family.names.ours(ours) == ours
    assert ours in blueprint(family, size).state_dict()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["safetensors", "torch", "training"])
def test_it_works(narrow: Detector, tmp_path: Path, kind: str) -> None:
    source, tensors = tmp_path / ("model.safetensors" if kind == "safetensors" else "a.pth"), their_tensors(narrow)
    extra = {"model.decoder.extra.weight": torch.zeros(3)}
    if kind == "safetensors":
        save_file({name: one.contiguous() for name, one in (tensors | extra).items()}, source)
    else:
        torch.save(tensors | extra if kind == "torch" else {"ema": {"module": tensors | extra}}, source)
    asked = ConvertRequest(source, tmp_path / "out.pt")
    assert engine_name_for(asked) == "transformers"
    facts = convert(asked, lambda _: None)
    assert (facts.architecture, facts.class_names) == ("rtdetrv2-t", ("class 0", "class 1", "class 2"))
    assert f"{len(tensors)} keys matched, 0 missing, 1 unexpected (model.decoder.extra.weight)" in facts.note
    read, _ = load_detector(tmp_path / "out.pt")
    for name, tensor in narrow.module.state_dict().items():
        assert torch.allclose(read.module.state_dict()[name].float(), tensor.float(), rtol=1e-3, atol=1e-4), name


def test_it_says_what_is_missing(narrow: Detector, tmp_path: Path) -> None:
    tensors = their_tensors(narrow)
    del tensors["model.enc_output.0.weight"]
    save_file(tensors, tmp_path / "model.safetensors")
    with pytest.raises(EngineError, match=r"nearest is rtdetrv2-t: .* 1 missing \(model\.enc_output\.0\.weight\)"):
        convert(ConvertRequest(tmp_path / "model.safetensors", tmp_path / "out.pt"), lambda _: None)


def test_it_rejects_code_half_a_file_and_too_many_parameters(narrow: Detector, tmp_path: Path) -> None:
    source, trap = tmp_path / "a.bin", Trap(tmp_path / "caught")

    def refused(match: str, limits: ConversionLimits = ConversionLimits()) -> None:  # noqa: B008
        with pytest.raises(EngineError, match=match):
            convert(ConvertRequest(source, tmp_path / "out.pt", limits), lambda _: None)

    torch.save({**their_tensors(narrow), "trap": trap}, source)
    assert is_of_library(source)
    refused(r"names .*exec, which a transformers checkpoint has no need of. It was not run")
    assert not (tmp_path / "caught").exists()
    save_file(their_tensors(narrow), source)
    refused("parameters; 1,000 are allowed", ConversionLimits(parameters=1000))
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    assert is_of_library(source)
    refused("cut off or damaged")
    source.write_bytes(b"not a file of weights")
    assert not is_of_library(source)


def test_a_checkpoint_names_a_size_and_no_more(narrow: Detector, tmp_path: Path) -> None:
    """So that nobody's file decides what is built."""
    from model.engines.transformers.checkpoints import save_detector

    header = narrow.header()
    header.layout = {"family": "rt_detr_v2", "size": "../x"}
    save_detector(tmp_path / "a.pt", narrow, header)
    with pytest.raises(EngineError, match="does not describe a network that this engine knows"):
        load_detector(tmp_path / "a.pt")
