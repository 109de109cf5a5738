"""What a first use would wait for is made while set-up waits, once for each state of the sources."""

from importlib import import_module
from pathlib import Path

import pytest

from commandline import first_judgement, first_use
from embedded.home import Home
from science.geometry.compiled import _Compiled

JUDGING = [f"science.evaluation.{name}" for name in (
    "average_precision", "confidence", "explaining", "judging", "slice_recalls", "tallies", "verdicts",
)] + ["science.autocurate.evidence"]  # fmt: skip

# Notes, in the folder that it is started for, that it was started, and which sources it was told.
STAND_IN = """
import os, pathlib, sys
home = pathlib.Path(os.environ["HALFDAY_HOME"])
with (home / "started").open("a") as file:
    file.write("once\\n")
(home / "cache" / "first-use").write_text(sys.argv[1])
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HALFDAY_HOME", str(tmp_path / "home"))
    return Home.find()


def test_it_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All commands understand the made-up boxes: of 48, four are crowds and each other one is found."""
    first_use.call_loops(tmp_path)
    said = capsys.readouterr().out
    assert "12 images, 48 annotations, 48 detections" in said
    assert "Traceback" not in said


def test_what_a_first_evaluation_and_search_run_through_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever evaluates first waits for the compiler: `benchmarks/first_report.py` says how long."""
    loops = [one for module in JUDGING for one in vars(import_module(module)).values() if isinstance(one, _Compiled)]
    for one in loops:
        monkeypatch.setattr(one, "was_called", False)
    first_judgement.call_loops()
    called = {one.__name__ for one in loops if one.was_called}
    assert called >= {
        "_accumulate", "_count_from_each", "_count_rows", "_tally", "box_totals", "evidence_of",
        "explain_images", "judge_images", "recall_differences",
    }  # fmt: skip


def test_it_is_done_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_use, "PROGRAM", ["-c", STAND_IN])
    for _ in range(2):
        with first_use.prepared_beside(home, wait=True):
            pass
    assert (home.folder / "started").read_text() == "once\n"


def test_it_stands_in_nobodys_way(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it fails the log says why, and it is tried again."""
    monkeypatch.setattr(first_use, "PROGRAM", ["-c", "raise SystemExit('no room')"])
    with first_use.prepared_beside(home, wait=True):
        pass
    assert "no room" in (home.logs / "setup-first-use.log").read_text()
    monkeypatch.setattr(first_use, "PROGRAM", ["-c", STAND_IN])
    with first_use.prepared_beside(home, wait=True):
        pass
    assert (home.folder / "started").exists()
