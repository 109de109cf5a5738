"""It learns through the engine's process, goes on after a kill, and keeps what it knew when classes change."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.engines import EngineError, LabelledImage, PredictRequest, PredictSettings, TrainRequest, run_in_process
from model.engines.batches import InputLabels
from model.engines.transformers.checkpoints import load_detector
from model.engines.transformers.deta.family import DETA
from model.engines.transformers.training import train
from model.engines.types import EVERY_CLASS
from model.engines.watching import fast_figures
from tests.model.engines.test_training import engines
from tests.model.engines.yolov6.conftest import NAMES, PLAIN

Images = tuple[LabelledImage, ...]
LEARNING = replace(PLAIN, lr0=0.003, weight_decay=1e-4, ema_tau=20.0, rect=True)


def request(images: Images, output: Path, **settings: object) -> TrainRequest:
    return TrainRequest("deta-t", NAMES, images, output, replace(LEARNING, **settings))  # type: ignore[arg-type]


def state_of(path: Path) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = torch.load(path, weights_only=True)["state"]
    return state


@pytest.mark.slow
@pytest.mark.thorough
def test_a_narrow_network_learns_eight_images(coloured: Images, tmp_path: Path) -> None:
    """Whether network, assignments and losses fit together; some 15 s of one thread."""
    result = run_in_process(request(coloured, tmp_path, epochs=45), log=tmp_path / "log")
    options = PredictSettings(imgsz=128, threads=1)
    asked = PredictRequest(result.best, tuple(one.path for one in coloured), options)
    found = run_in_process(asked, log=tmp_path / "log")
    columns = (found.image_index, found.class_index, found.boxes, found.scores)
    assert fast_figures(columns, coloured)["mAP50"] > 0.9


@pytest.mark.slow
@pytest.mark.thorough
def test_after_a_kill_it_goes_on_as_if_nothing_had_been(coloured: Images, tmp_path: Path) -> None:
    drawn = {"epochs": 3, "scale": 0.3, "fliplr": 0.5, "hsv_v": 0.4}
    whole = train(request(coloured, tmp_path / "whole", **drawn), lambda _: None)
    broken = request(coloured, tmp_path / "broken", **drawn)

    def kill(report: object) -> None:
        for pid in engines():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(EngineError, match="SIGKILL"):
        run_in_process(broken, log=tmp_path / "log", report=kill)
    result = run_in_process(broken, log=tmp_path / "log")
    assert 1 <= result.resumed_at < 3
    assert all(torch.equal(one, state_of(result.best)[name]) for name, one in state_of(whole.best).items())


@pytest.mark.slow
def test_other_classes_keep_the_rows_of_their_names_and_what_finds_any_object(coloured: Images, tmp_path: Path) -> None:
    first = train(request(coloured, tmp_path / "first", epochs=1), lambda _: None)
    asked = request(coloured, tmp_path / "next", epochs=1, lr0=1e-7, freeze=9, ema_tau=1.0)
    later = train(replace(asked, class_names=("new", "Red", "blue"), weights=first.best), lambda _: None)
    before, after = state_of(first.best), state_of(later.best)
    rows = "class_embed.1.weight"
    assert torch.allclose(after[rows][1:].float(), before[rows].float(), atol=1e-3)
    assert not torch.allclose(after[rows][0].float(), before[rows][0].float(), atol=1e-3)
    assert torch.allclose(after["first_class.weight"][0].float(), before["first_class.weight"][0].float(), atol=1e-3)
    assert all(torch.equal(after[name], before[name]) for name in before if name.startswith("backbone."))


@pytest.mark.parametrize("half", [False, True])
def test_ignored_regions_and_images_without_boxes(half: bool) -> None:
    """Pixels of the input; in bfloat16 boxes are answered in float32 all the same."""
    torch.manual_seed(0)
    network = DETA.build(DETA.sizes["deta-t"], 2)
    nothing, no_class = torch.zeros(0, 4), torch.zeros(0, dtype=torch.long)
    everywhere = torch.tensor([[0.0, 0.0, 128.0, 96.0]])
    images = torch.rand(1, 3, 96, 128)

    def class_loss(labels: InputLabels) -> float:
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            parts = DETA.loss(network.eval(), images, [labels])
        total = torch.stack(list(parts.values())).sum()
        total.backward()  # type: ignore[no-untyped-call]
        assert all(torch.isfinite(one.grad).all() for one in network.parameters() if one.grad is not None)
        return float(parts["cls_loss"].detach())

    ignored = InputLabels(nothing, no_class, everywhere, torch.tensor([EVERY_CLASS]))
    assert class_loss(InputLabels(nothing, no_class, nothing, no_class)) > 0
    assert class_loss(ignored) == 0
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        assert DETA.answers(network, images).boxes.dtype == torch.float32


def test_one_image_a_step(coloured: Images, tmp_path: Path) -> None:
    """As published; a fresh network is changed by it."""
    result = train(request(coloured[:2], tmp_path, epochs=1, batch=1), lambda _: None)
    detector, header = load_detector(result.best)
    assert (header.architecture, header.engine, detector.class_names) == ("deta-t", "transformers", NAMES)
    assert result.metrics["box_loss"] > 0
    assert detector.module.first_box.layers[-1].weight.any()
