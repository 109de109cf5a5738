"""A training in its own process: progress, result, cancel, crash, resume."""

import hashlib
import multiprocessing
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from demo.objects import CLASSES
from model.engines import EngineCancelled, EngineError, TrainRequest, run_in_process
from tests.children.scene import wait_until_gone
from tests.model.engines.conftest import QUICK
from tests.processes import PATIENCE

pytestmark = pytest.mark.slow


def children(pid: int | str) -> list[int]:
    """Process ids of a process's children."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def engines() -> list[int]:
    """The engines at work: the children of the nursery, which is a child of this process."""
    nurseries = [pid for pid in children("self") if b"engines.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return [pid for nursery in nurseries for pid in children(nursery)]


def test_it_works(trained):
    result, reports, log = trained
    assert [(r.epoch, r.epochs) for r in reports] == [(1, 1)]
    assert reports[0].metrics["box_loss"] > 0
    assert reports[0].seconds > 0
    assert result.best.exists()
    assert result.last.exists()
    assert hashlib.sha256(result.best.read_bytes()).hexdigest() == result.sha256
    assert "epoch 1/1" in log.read_text()
    assert result.best.stat().st_size < 2_500_000  # a checkpoint at rest carries no optimiser


def test_the_same_seed_gives_the_same_weights(trained, images, base, tmp_path):
    request = TrainRequest("road11t", CLASSES, images, tmp_path / "output", QUICK, weights=base)
    again = run_in_process(request, log=tmp_path / "log")
    other = run_in_process(
        replace(request, output=tmp_path / "other", settings=replace(QUICK, seed=1)), log=tmp_path / "log"
    )
    assert _weights(again.best) == _weights(trained[0].best)
    assert _weights(other.best) != _weights(trained[0].best)


def test_cancelling_ends_the_process(images, base, tmp_path):
    seen = []
    request = TrainRequest("road11t", CLASSES, images, tmp_path / "output", replace(QUICK, epochs=500), weights=base)
    with pytest.raises(EngineCancelled):
        run_in_process(request, log=tmp_path / "log", report=seen.append, cancelled=lambda: len(seen) >= 2)
    assert engines() == []
    assert len(seen) < 20


def test_an_engine_dies_with_its_parent(images, base, tmp_path):
    """A worker that is killed leaves nobody behind who trains on unseen."""
    request = TrainRequest("road11t", CLASSES, images, tmp_path / "output", replace(QUICK, epochs=500), weights=base)
    ready = multiprocessing.get_context("fork").Event()

    def worker() -> None:
        run_in_process(request, log=tmp_path / "log", report=lambda _: ready.set())

    parent = multiprocessing.get_context("fork").Process(target=worker)
    parent.start()
    try:
        assert ready.wait(PATIENCE)
        (nursery,) = children(parent.pid)
        (engine,) = children(nursery)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.join()
    wait_until_gone(nursery, engine)


def test_a_crash_gives_its_reason_and_a_second_try_goes_on(images, base, tmp_path):
    settings = replace(QUICK, epochs=3)
    request = TrainRequest("road11t", CLASSES, images, tmp_path / "output", settings, weights=base)

    def kill_after_the_first_epoch(report):
        for pid in engines():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(EngineError, match=r"ended by SIGKILL.*epoch 1/3"):
        run_in_process(request, log=tmp_path / "log", report=kill_after_the_first_epoch)
    reports = []
    result = run_in_process(request, log=tmp_path / "log", report=reports.append)
    assert result.resumed_at >= 1
    assert [r.epoch for r in reports] == list(range(result.resumed_at + 1, 4))
    again = run_in_process(request, log=tmp_path / "log", report=reports.append)
    assert (again.resumed_at, again.sha256) == (3, result.sha256)


def test_a_crash_within_gives_its_last_line(images, base, tmp_path):
    lost = replace(images[3], path=tmp_path / "lost.jpg")
    request = TrainRequest("road11t", CLASSES, (*images[:3], lost), tmp_path / "output", QUICK, weights=base)
    with pytest.raises(EngineError, match=r"lost\.jpg"):
        run_in_process(request, log=tmp_path / "log")


def test_scratch_square_and_validation(images, tmp_path):
    settings = replace(QUICK, mosaic=0.0, rect=True, validate=True, epochs=2)
    request = TrainRequest("road11t", CLASSES, images, tmp_path / "output", settings, validation=images[:5])
    reports = []
    run_in_process(request, log=tmp_path / "log", report=reports.append)
    assert all(0 <= r.metrics["mAP"] <= r.metrics["mAP50"] <= 1 for r in reports)


def test_it_rejects_weights_of_another_architecture(images, base, tmp_path):
    request = TrainRequest("yolo11n", CLASSES, images, tmp_path / "output", QUICK, weights=base)
    with pytest.raises(EngineError, match="road11t, not of yolo11n"):
        run_in_process(request, log=tmp_path / "log")


def test_it_rejects_images_without_a_single_box(images, base, tmp_path):
    empty = tuple(replace(i, boxes=i.boxes[:0], classes=i.classes[:0]) for i in images)
    request = TrainRequest("road11t", CLASSES, empty, tmp_path / "output", QUICK, weights=base)
    with pytest.raises(EngineError, match="no boxes"):
        run_in_process(request, log=tmp_path / "log")


def test_it_rejects_a_device_that_is_not_there(images, base, tmp_path):
    settings = replace(QUICK, device="7")
    request = TrainRequest("road11t", CLASSES, images, tmp_path / "output", settings, weights=base)
    with pytest.raises(EngineError, match="device"):
        run_in_process(request, log=tmp_path / "log")


def _weights(path):
    import torch

    state = torch.load(path, weights_only=True)["state"]
    return {name: tensor.double().sum().item() for name, tensor in state.items()}


def test_it_ends_when_the_figure_gets_no_better(images, base, tmp_path):
    """Nothing is there to be found, so mAP is 0 after every epoch: the second is no better than the first."""
    empty = tuple(replace(i, boxes=i.boxes[:0], classes=i.classes[:0]) for i in images[:2])
    settings = replace(QUICK, epochs=9, validate=True, patience=1)
    request = TrainRequest("road11t", CLASSES, images, tmp_path / "output", settings, weights=base, validation=empty)
    seen = []
    result = run_in_process(request, log=tmp_path / "log", report=seen.append)
    assert (result.epochs, [one.epoch for one in seen]) == (2, [1, 2])
