"""Uploaded weights become checkpoints of ours without a line of their code being run."""

import pickle
from pathlib import Path

import pytest
import torch

from model.engines import ConvertRequest, EngineError, PredictRequest, PredictSettings, architecture, run_in_process

pytestmark = pytest.mark.slow
YOLOV8N = Path(__file__).parents[4] / "shared" / "data" / "weights" / "yolov8n_coco" / "yolov8n_coco.pt"


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return (exec, (f"open({str(self.target)!r}, 'w').write('caught')",))


def test_it_works(base, tmp_path):
    source = tmp_path / "yolov5n.pt"  # a name for which the library would look for a download
    source.write_bytes(base.read_bytes())
    facts = run_in_process(ConvertRequest(source, tmp_path / "out.pt"), log=tmp_path / "log")
    assert (facts.architecture, facts.class_names, facts.imgsz) == ("road11t", ("object",), 256)
    assert facts.size == (tmp_path / "out.pt").stat().st_size
    assert facts.parameters < architecture("road11t").parameters
    assert set(torch.load(tmp_path / "out.pt", weights_only=True)) >= {"state", "layout", "class_names"}


@pytest.mark.skipif(not YOLOV8N.exists(), reason="the shared folder with a YOLOv8n file is not beside this checkout")
def test_a_file_in_ultralytics_format(images, tmp_path):
    facts = run_in_process(ConvertRequest(YOLOV8N, tmp_path / "out.pt"), log=tmp_path / "log")
    assert facts.architecture == "yolov8n"
    assert facts.class_names[2] == "car"
    assert abs(facts.gflops - architecture("yolov8n").gflops) < 0.2
    request = PredictRequest(tmp_path / "out.pt", (images[0].path,), PredictSettings(imgsz=320, threads=1))
    assert len(run_in_process(request, log=tmp_path / "log").scores) > 0


@pytest.mark.parametrize("wrap", ["torch", "pickle"])
def test_it_rejects_a_file_that_would_run_code(wrap, tmp_path):
    source, target = tmp_path / "evil.pt", tmp_path / "caught"
    if wrap == "torch":
        torch.save({"model": Trap(target)}, source)
    else:
        source.write_bytes(pickle.dumps({"model": Trap(target)}))
    with pytest.raises(EngineError, match="The file cannot be read"):
        run_in_process(ConvertRequest(source, tmp_path / "out.pt"), log=tmp_path / "log")
    assert not target.exists()


def test_it_rejects_a_checkpoint_whose_layout_would_run_code(base, tmp_path):
    target = tmp_path / "caught"
    content = torch.load(base, weights_only=True)
    content["layout"]["activation"] = f"open({str(target)!r}, 'w').write('caught')"
    torch.save(content, tmp_path / "evil.pt")
    with pytest.raises(EngineError):
        run_in_process(ConvertRequest(tmp_path / "evil.pt", tmp_path / "out.pt"), log=tmp_path / "log")
    assert not target.exists()


def test_it_rejects_what_is_no_checkpoint_and_says_so_plainly(tmp_path):
    """Without the library's marks, and without what torch tells it at length."""
    (tmp_path / "half.pt").write_bytes(b"PK\x03\x04" + b"half of an archive" * 50)
    with pytest.raises(EngineError, match="The file cannot be read") as refused:
        run_in_process(ConvertRequest(tmp_path / "half.pt", tmp_path / "out.pt"), log=tmp_path / "log")
    said = str(refused.value)
    assert ": the file is not a loadable checkpoint" in said
    assert said.endswith("corrupted.")
