"""Two hosts on the loopback interface: one whose worker has the run, and one that helps."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from model.engines import EpochReport, LabelledImage, TrainRequest, run_in_process
from model.engines.environment import engine_environment
from tests.model.engines.test_ranks import DESCENT, coloured
from tests.model.engines.yolov6.conftest import NAMES, PLAIN

__all__ = ["coloured"]
OWN_NURSERY = 3  # threads, that no other test asks for: a nursery keeps the environment that it started with


@pytest.mark.slow
@pytest.mark.thorough
def test_a_helper_trains_along(
    coloured: tuple[LabelledImage, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        meeting = f"127.0.0.1:{free.getsockname()[1]}"
    for name, value in {
        "HALFDAY_HOSTS": "2",
        "HALFDAY_HOSTS_MEETING": meeting,
        "HALFDAY_HOSTS_ADDRESS": "127.0.0.1",
        "GLOO_SOCKET_IFNAME": "lo",
    }.items():
        monkeypatch.setenv(name, value)
    settings = replace(PLAIN, **{**DESCENT, "threads": OWN_NURSERY, "epochs": 1})  # type: ignore[arg-type]
    asked = TrainRequest("yolov6t6", NAMES, coloured, tmp_path / "output", settings)
    reports: list[EpochReport] = []
    command = [sys.executable, "-m", "model.engines.ranks.helper"]
    with (tmp_path / "helper.log").open("wb") as log:
        helper = subprocess.Popen(command, env=engine_environment(1), stdout=log, stderr=log, start_new_session=True)
    try:
        result = run_in_process(asked, log=tmp_path / "log", report=reports.append)  # type: ignore[arg-type]
    finally:
        os.killpg(helper.pid, signal.SIGTERM)
        helper.wait(30)
    assert [one.devices for one in reports] == [2]
    assert result.best.exists()
    assert "Waiting for 1 other hosts" in (tmp_path / "log").read_text()
