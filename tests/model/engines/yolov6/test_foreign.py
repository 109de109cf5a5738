"""Meituan's files: which of their names is which of ours, and that nothing of a file is run."""

import zipfile
from pathlib import Path

import pytest
import torch

from model.engines import ConversionLimits, ConvertRequest, EngineError, run_in_process
from model.engines.choosing import engine_name_for
from model.engines.yolov6.checkpoints import fresh_network, load_network
from model.engines.yolov6.conversion import convert
from model.engines.yolov6.foreign import is_meituans
from model.engines.yolov6.names import matched_to_size, our_name
from model.engines.yolov6.network import YoloV6
from model.engines.yolov6.sizes import SIZES
from tests.model.engines.yolov6.theirs import their_tensors, write_theirs


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return (exec, (f"open({str(self.target)!r}, 'w').write('caught')",))


@pytest.fixture(scope="module")
def network() -> YoloV6:
    torch.manual_seed(0)
    return fresh_network(SIZES["yolov6t6"], ("a", "b", "c"))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("backbone.stem.block.conv.weight", "backbone.stem.conv.weight"),
        ("backbone.stem.conv.weight", "backbone.stem.conv.weight"),  # of an earlier release
        ("backbone.ERBlock_2.0.block.bn.bias", "backbone.stages.0.down.bn.bias"),
        ("backbone.ERBlock_4.0.rbr_1x1.bn.weight", "backbone.stages.2.down.rbr_1x1.bn.weight"),
        ("backbone.ERBlock_3.1.m.conv1.conv2.block.conv.weight", "backbone.stages.1.block.m.conv1.conv2.conv.weight"),
        ("backbone.ERBlock_3.1.m.block.4.alpha", "backbone.stages.1.block.m.block.4.alpha"),
        ("backbone.ERBlock_5.1.block.2.rbr_identity.weight", "backbone.stages.3.block.block.2.rbr_identity.weight"),
        ("backbone.ERBlock_6.2.sppf.cv1.block.conv.weight", "backbone.pool.cv1.conv.weight"),
        ("backbone.ERBlock_6.2.cspsppf.cv7.block.bn.bias", "backbone.pool.cv7.bn.bias"),
        ("neck.reduce_layer0.block.conv.weight", "neck.reduce.0.conv.weight"),
        ("neck.Bifusion0.upsample.upsample_transpose.bias", "neck.fuse.0.upsample.bias"),
        ("neck.Bifusion2.cv3.block.bn.weight", "neck.fuse.2.cv3.bn.weight"),
        ("neck.Rep_p4.cv2.block.conv.weight", "neck.inward.1.cv2.conv.weight"),
        ("neck.downsample2.block.conv.weight", "neck.shrink.0.conv.weight"),
        ("neck.Rep_n6.cv3.block.conv.weight", "neck.outward.2.cv3.conv.weight"),
        ("detect.stems.0.block.bn.weight", "head.stems.0.bn.weight"),
        ("detect.cls_preds.3.bias", "head.cls_preds.3.bias"),
        ("detect.proj", "head.proj"),
    ],
)
def test_names(theirs: str, ours: str) -> None:
    assert our_name(theirs) == ours


@pytest.mark.parametrize("size", ["yolov6n6", "yolov6l6"])
def test_every_key_finds_its_place(size: str) -> None:
    with torch.device("meta"):
        tensors = their_tensors(YoloV6(SIZES[size], tuple(map(str, range(80)))))
    bins = torch.arange(SIZES[size].bins + 1)
    match = matched_to_size(tensors | {"detect.proj": bins, "detect.proj_conv.weight": bins.view(1, -1, 1, 1)})
    assert (match.architecture, match.missing, match.unexpected) == (size, (), ())
    assert match.matched == sum(not name.endswith("num_batches_tracked") for name in tensors) - 2


def test_it_works(network: YoloV6, tmp_path: Path) -> None:
    """In an engine process, from a file under the names of a package that is not there."""
    write_theirs(tmp_path / "yolov6t6.pt", their_tensors(network) | {"detect.reg_preds_dist.0.bias": torch.zeros(68)})
    facts = run_in_process(ConvertRequest(tmp_path / "yolov6t6.pt", tmp_path / "out.pt"), log=tmp_path / "log")
    assert (facts.architecture, facts.class_names) == ("yolov6t6", ("class 0", "class 1", "class 2"))
    assert "0 missing, 1 unexpected (head.reg_preds_dist.0.bias)" in facts.note
    assert facts.note in (tmp_path / "log").read_text()
    read, _ = load_network(tmp_path / "out.pt")
    for name, tensor in network.state_dict().items():
        assert torch.allclose(read.state_dict()[name].float(), tensor.float(), rtol=1e-3, atol=1e-4), name


def test_tensors_by_name_alone(network: YoloV6, tmp_path: Path) -> None:
    torch.save({"model": their_tensors(network)}, tmp_path / "state.pt")
    request = ConvertRequest(tmp_path / "state.pt", tmp_path / "out.pt")
    assert engine_name_for(request) == "yolov6"
    assert convert(request, lambda _: None).architecture == "yolov6t6"


@pytest.mark.parametrize("hidden", ["beside", "within"])
def test_it_rejects_a_file_that_would_run_code(network: YoloV6, tmp_path: Path, hidden: str) -> None:
    trap = Trap(tmp_path / "caught")
    if hidden == "beside":
        write_theirs(tmp_path / "evil.pt", their_tensors(network), epoch=trap)
    else:
        torch.save({"model": {**their_tensors(network), "detect.grid": trap}}, tmp_path / "evil.pt")
    assert is_meituans(tmp_path / "evil.pt")
    with pytest.raises(EngineError, match=r"names .*exec, which a YOLOv6 checkpoint has no need of. It was not run"):
        convert(ConvertRequest(tmp_path / "evil.pt", tmp_path / "out.pt"), lambda _: None)
    assert not (tmp_path / "caught").exists()


def test_a_broken_archive_is_not_theirs(tmp_path: Path) -> None:
    """Its bytes are spoilt within, where the list of contents still says that all is well."""
    path = tmp_path / "broken.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(range(256)) * 40)
    content = bytearray(path.read_bytes())
    content[50:90] = b"\xff" * 40
    path.write_bytes(content)
    assert not is_meituans(path)


def test_it_says_what_is_missing(network: YoloV6, tmp_path: Path) -> None:
    tensors = their_tensors(network)
    del tensors["neck.Rep_p4.cv1.block.conv.weight"]
    write_theirs(tmp_path / "part.pt", tensors)
    with pytest.raises(EngineError, match=r"nearest is yolov6t6.*1 missing \(neck\.inward\.1\.cv1\.conv\.weight\)"):
        convert(ConvertRequest(tmp_path / "part.pt", tmp_path / "out.pt"), lambda _: None)


def test_it_rejects_other_bins_half_a_file_and_too_many_parameters(network: YoloV6, tmp_path: Path) -> None:
    source = tmp_path / "a.pt"
    write_theirs(source, their_tensors(network) | {"detect.proj": torch.arange(17.0) * 2})
    with pytest.raises(EngineError, match="proj is not the row of bins"):
        convert(ConvertRequest(source, tmp_path / "out.pt"), lambda _: None)
    write_theirs(source, their_tensors(network))
    with pytest.raises(EngineError, match="parameters; 1,000 are allowed"):
        convert(ConvertRequest(source, tmp_path / "out.pt", ConversionLimits(parameters=1000)), lambda _: None)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    with pytest.raises(EngineError, match="cannot be read"):
        convert(ConvertRequest(source, tmp_path / "out.pt"), lambda _: None)
