"""It learns, goes on after a kill as if nothing had been, and predicts in pixels of the image."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.engines import (
    EngineError,
    EpochReport,
    LabelledImage,
    PredictRequest,
    PredictSettings,
    TrainRequest,
    run_in_process,
)
from model.engines.watching import fast_figures
from model.engines.yolov6.checkpoints import load_network
from model.engines.yolov6.prediction import found_in_images, predict
from model.engines.yolov6.training import train
from tests.model.engines.test_training import engines
from tests.model.engines.yolov6.conftest import NAMES, PLAIN

Images = tuple[LabelledImage, ...]
CPU = torch.device("cpu")


def request(images: Images, output: Path, **settings: object) -> TrainRequest:
    return TrainRequest("yolov6t6", NAMES, images, output, replace(PLAIN, **settings))  # type: ignore[arg-type]


def state_of(path: Path) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = torch.load(path, weights_only=True)["state"]
    return state


def same_weights(one: Path, other: Path) -> bool:
    return all(torch.equal(tensor, state_of(other)[name]) for name, tensor in state_of(one).items())


@pytest.mark.slow
def test_the_loss_falls_and_boxes_come(coloured: Images, tmp_path: Path) -> None:
    reports: list[EpochReport] = []
    result = train(request(coloured, tmp_path, epochs=8), reports.append)  # type: ignore[arg-type]
    losses = [report.metrics["box_loss"] for report in reports]
    assert losses[-1] < 0.7 * losses[0]
    assert set(reports[0].metrics) == {"cls_loss", "box_loss", "dfl_loss", "lr"}
    settings = PredictSettings(imgsz=128, threads=1, conf=0.01)
    found = predict(PredictRequest(result.best, tuple(one.path for one in coloured), settings), lambda _: None)
    assert found.class_names == NAMES
    assert found.boxes.shape == (len(found.scores), 4)
    assert (found.boxes[:, 2:] <= (160, 120)).all()
    assert (found.boxes >= 0).all()
    same = np.diff(found.image_index) == 0
    assert (np.diff(found.scores)[same] <= 0).all()


@pytest.mark.slow
@pytest.mark.thorough
def test_a_narrow_network_learns_eight_images(coloured: Images, tmp_path: Path) -> None:
    """Whether blocks, loss, assignments and decoding fit together; some 10 s of one thread."""
    asked = request(coloured, tmp_path, epochs=40, imgsz=160)
    result = train(asked, lambda _: None)
    options = PredictSettings(imgsz=160, threads=1)
    found = found_in_images(load_network(result.best)[0], [one.path for one in coloured], options, CPU)
    assert fast_figures(found, coloured)["mAP50"] > 0.9


@pytest.mark.slow
@pytest.mark.thorough
def test_after_a_kill_it_goes_on_as_if_nothing_had_been(coloured: Images, tmp_path: Path) -> None:
    """With mosaic and all that is drawn at random: the very weights of a training that nobody disturbed."""
    drawn = {"epochs": 3, "mosaic": 1.0, "mixup": 0.5, "scale": 0.3, "translate": 0.1, "fliplr": 0.5, "hsv_v": 0.4}
    whole = train(request(coloured, tmp_path / "whole", **drawn), lambda _: None)
    broken = request(coloured, tmp_path / "broken", **drawn)

    def kill(report: object) -> None:
        for pid in engines():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(EngineError, match="SIGKILL"):
        run_in_process(broken, log=tmp_path / "log", report=kill)
    result = run_in_process(broken, log=tmp_path / "log")
    assert 1 <= result.resumed_at < 3
    assert same_weights(result.best, whole.best)
    again = run_in_process(broken, log=tmp_path / "log")
    assert (again.resumed_at, again.sha256) == (3, result.sha256)


@pytest.mark.slow
def test_classes_are_matched_by_name_when_it_goes_on(coloured: Images, tmp_path: Path) -> None:
    first = train(request(coloured, tmp_path / "first", epochs=1, cache=False), lambda _: None)
    asked = request(coloured, tmp_path / "next", epochs=1, lr0=1e-7, freeze=20, ema_tau=1.0)
    later = train(replace(asked, class_names=("new", "Red"), weights=first.best), lambda _: None)
    before, after = state_of(first.best), state_of(later.best)
    rows = "head.cls_preds.1.weight"
    assert torch.allclose(after[rows][1].float(), before[rows][0].float(), atol=1e-3)
    assert not torch.allclose(after[rows][0].float(), before[rows][0].float(), atol=1e-3)
    kept = [name for name in before if name.startswith("backbone.")]
    assert all(torch.equal(after[name], before[name]) for name in kept)  # batch statistics too


@pytest.mark.slow
def test_own_shapes_and_validation(coloured: Images, tmp_path: Path) -> None:
    asked = request(coloured[:5], tmp_path, epochs=1, rect=True, validate=True, workers=1)
    result = train(replace(asked, validation=coloured[:2]), lambda _: None)
    assert 0 <= result.metrics["mAP"] <= result.metrics["mAP50"] <= 1


def test_it_rejects(coloured: Images, base: Path, tmp_path: Path) -> None:
    empty = tuple(replace(one, boxes=one.boxes[:0], classes=one.classes[:0]) for one in coloured)
    with pytest.raises(EngineError, match="no boxes"):
        train(request(empty, tmp_path), lambda _: None)
    with pytest.raises(EngineError, match="weights are of road11t, not of yolov6t6"):
        train(replace(request(coloured, tmp_path), weights=base), lambda _: None)
    with pytest.raises(EngineError, match=r"road11t\.pt is a checkpoint of road11t, which is no YOLOv6"):
        predict(PredictRequest(base, ()), lambda _: None)
    with pytest.raises(EngineError, match="device"):
        train(request(coloured, tmp_path, device="7"), lambda _: None)
