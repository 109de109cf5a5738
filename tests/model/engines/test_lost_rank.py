"""Under torchrun's elastic agent: a lost process ends the training with its cause, and it goes on from there."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from children.death import last_line
from model.engines import EngineCancelled, EngineError, EpochReport, LabelledImage, TrainRequest, run_in_process
from tests.model.engines.test_ranks import DESCENT, coloured, same_weights
from tests.model.engines.yolov6.conftest import NAMES, PLAIN

__all__ = ["coloured"]

pytestmark = [pytest.mark.slow, pytest.mark.thorough]
Images = tuple[LabelledImage, ...]


def request(images: Images, output: Path, **settings: object) -> TrainRequest:
    given = replace(PLAIN, **{**DESCENT, "devices": "2", **settings})  # type: ignore[arg-type]
    return TrainRequest("yolov6t6", NAMES, images, output, given)


def members(output: Path) -> list[int]:
    """Process ids of those that train into this folder, by rank."""
    found: dict[str, int] = {}
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
            environment = (entry / "environ").read_bytes() if b"engines.ranks.member" in command else b""
        except OSError:
            continue
        if (
            environment
            and output.name.encode() in (Path(command.split(b"\0")[-2].decode()) / "request.json").read_bytes()
        ):
            variables = dict(one.split(b"=", 1) for one in environment.split(b"\0") if b"=" in one)
            found[variables[b"RANK"].decode()] = int(entry.name)
    return [found[rank] for rank in sorted(found)]


def test_it_goes_on_after_a_process_was_killed_with_another_number_and_batch(coloured: Images, tmp_path: Path) -> None:
    settings = {"epochs": 3, "validate": True}
    whole, broken = (
        replace(request(coloured, tmp_path / name, **settings), validation=coloured[:2]) for name in ("whole", "broken")
    )
    run_in_process(whole, log=tmp_path / "log")

    def kill(report: object) -> None:
        os.kill(members(tmp_path / "broken")[1], signal.SIGKILL)

    with pytest.raises(
        EngineError, match=r"^Process 2 of the training was ended by SIGKILL, perhaps because .* out of memory"
    ):
        run_in_process(broken, log=tmp_path / "log", report=kill)
    assert members(tmp_path / "broken") == []
    reports: list[EpochReport] = []
    alone = replace(broken, settings=replace(broken.settings, devices="1"))
    result = run_in_process(alone, log=tmp_path / "log", report=reports.append)  # type: ignore[arg-type]
    assert 1 <= result.resumed_at < 3
    assert {report.devices for report in reports} == {1}
    assert "mAP" in reports[-1].metrics
    assert same_weights(whole.output / "best.pt", result.best)


def test_a_process_that_refuses_says_why(coloured: Images, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="Lower the learning rate"):
        run_in_process(request(coloured, tmp_path / "steep", lr0=1e9, optimizer="SGD"), log=tmp_path / "log")
    few = request(coloured[:1], tmp_path / "few")
    with pytest.raises(EngineError, match="2 devices cannot share 1 images of a step"):
        run_in_process(few, log=tmp_path / "log")
    assert last_line(tmp_path / "log")


def test_cancelling_ends_all_processes(coloured: Images, tmp_path: Path) -> None:
    seen: list[object] = []
    with pytest.raises(EngineCancelled):
        run_in_process(
            request(coloured, tmp_path / "long", epochs=200),
            log=tmp_path / "log",
            report=seen.append,
            cancelled=lambda: bool(seen),
        )
    for pid in members(tmp_path / "long"):
        os.waitid(os.P_PID, pid, os.WEXITED)
    assert seen
