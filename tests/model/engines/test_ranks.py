"""Several processes train one network as one process would; a lost one ends the training, which goes on again."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from children import ForkedChild
from model.engines import EpochReport, LabelledImage, TrainRequest, run_in_process, spec
from model.engines.batches import EpochBatches
from model.engines.process import nursery
from model.engines.ranks.launching import LOOPBACK
from model.engines.ranks.team import STORE, Team
from tests.model.engines.yolov6.conftest import NAMES, PLAIN, coloured

__all__ = ["coloured"]

Images = tuple[LabelledImage, ...]
DESCENT = {"optimizer": "SGD", "lr0": 0.01, "half": False, "mosaic": 1.0, "scale": 0.3, "fliplr": 0.5, "imgsz": 64}


def request(images: Images, output: Path, **settings: object) -> TrainRequest:
    given = replace(PLAIN, **{**DESCENT, **settings})  # type: ignore[arg-type]
    return TrainRequest("yolov6t6", NAMES, images, output, given)


def curve_of(asked: TrainRequest, folder: Path) -> list[EpochReport]:
    reports: list[EpochReport] = []
    run_in_process(asked, log=folder / "log", report=reports.append)  # type: ignore[arg-type]
    return reports


def curve_of_team(asked: TrainRequest, folder: Path) -> list[EpochReport]:
    """Of two processes that start as torchrun's agent would have them, but forked: they need not load the libraries."""
    folder.mkdir()
    spec.write_request(folder, asked)
    world = {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", STORE: str(folder / "store"), **LOOPBACK}
    members = []
    with (folder / "log").open("ab") as log:
        for rank in ("0", "1"):
            given = {"folder": str(folder), "environment": {"RANK": rank, "LOCAL_RANK": rank, **world}}
            members.append(nursery(1).start(given, log.fileno()))
    lines = [lines_of(one) for one in members]
    assert lines[0][-1]["event"] == "result", lines
    return [spec.read_report(line) for line in lines[0][:-1]]  # type: ignore[misc]


def lines_of(member: ForkedChild) -> list[dict[str, object]]:
    found = []
    while (line := member.lines.next(lambda: None)) is not None:
        found.append(line)
    member.end()
    member.close()
    return found


@pytest.mark.slow
def test_two_processes_have_the_loss_of_one(coloured: Images, tmp_path: Path) -> None:
    """Seven images in batches of four: four, then three, of which one process has two and the other one."""
    asked = request(coloured[:7], tmp_path / "alone")
    alone = curve_of(asked, tmp_path)
    team = curve_of_team(replace(asked, output=tmp_path / "output"), tmp_path / "team")
    assert [(one.epoch, one.devices) for one in team] == [(1, 2), (2, 2)]
    for one, other in zip(alone, team, strict=True):
        assert other.metrics == pytest.approx(one.metrics, rel=1e-4)
    assert same_weights(tmp_path / "alone" / "best.pt", tmp_path / "output" / "best.pt")


def same_weights(one: Path, other: Path) -> bool:
    states = [torch.load(path, weights_only=True)["state"] for path in (one, other)]
    return all(torch.allclose(states[0][name].float(), tensor.float(), atol=2e-3) for name, tensor in states[1].items())


def test_every_process_has_its_part_of_each_batch(coloured: Images) -> None:
    """Together the very batches of one process; a last batch with fewer images than processes is left out."""
    settings = replace(PLAIN, batch=3)
    alone = list(EpochBatches(coloured[:7], settings, 32))
    parts = [EpochBatches(coloured[:7], settings, 32) for _ in range(2)]
    for rank, part in enumerate(parts):
        part.team = Team(rank, 2)
    found = [list(part) for part in parts]
    assert [len(part) for part in parts] == [2, 2] == [len(one) for one in found]
    assert [sorted(one + other) for one, other in zip(*found, strict=True)] == [sorted(one) for one in alone]
