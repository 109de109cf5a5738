"""A ledger's file that is damaged is refused with the place, before anything is trained."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from replay.__main__ import main
from replay.reading import CannotReplay, read_ledger

FIGURE = {"value": 0.1, "low": 0, "high": None}
RUN: dict[str, Any] = {
    "role": "run", "id": 5, "name": "corrected", "baseline": "road11t", "weights": "base", "parent": None,
    "control_of": None, "train": 0, "validation": 0, "train_hash": "a", "validation_hash": "b", "revision": 4,
    "settings": {"epochs": 1}, "figures": {"AP": FIGURE, "AP50": FIGURE}, "start": None,
}  # fmt: skip
LEDGER: dict[str, Any] = {
    "version": 1, "project": {}, "dataset": {"name": "Road"}, "run": {"name": "corrected"}, "made_at": "2026",
    "replay": {
        "classes": ["car"], "images": [["1.jpg", "0" * 64, "ab"]], "sets": [{"name": None, "images": [0]}],
        "states": [{"revision": 4, "edits": [[0, None, [0, 1, 2, 3.5, 4]]]}], "runs": [RUN], "comparisons": [],
    },
}  # fmt: skip


def written(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    content = copy.deepcopy(LEDGER)
    change(content)
    path.write_text(json.dumps(content))
    return path


def test_it_works(tmp_path: Path) -> None:
    assert read_ledger(written(tmp_path / "x.json", lambda whole: None)).name == "corrected"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda whole: whole.pop("dataset"), r"dataset is missing"),
        (lambda whole: whole.update(run={}), r"run\.name is missing"),
        (lambda whole: whole.update(replay=None), r"replay is not an object"),
        (lambda whole: whole["replay"].pop("images"), r"replay\.images is missing"),
        (lambda whole: whole["replay"].update(comparisons=None), r"replay\.comparisons is not a list"),
        (lambda whole: whole["replay"].update(runs=[]), r"replay\.runs has no run"),
        (lambda whole: whole["replay"]["runs"][0].pop("train"), r"replay\.runs\[0\]\.train is missing"),
        (lambda whole: whole["replay"]["runs"][0].update(train=7), r"replay\.runs\[0\] names 7"),
        (lambda whole: whole["replay"]["runs"][0].update(revision=9), r"replay\.runs\[0\]\.revision names 9"),
        (lambda whole: whole["replay"]["runs"][0].update(id=True), r"replay\.runs\[0\]\.id is not a whole number"),
        (lambda whole: whole["replay"]["sets"][0].update(images=[-1]), r"replay\.sets\[0\]\.images names -1"),
        (lambda whole: whole["replay"]["images"][0].pop(), r"replay\.images\[0\] has 2 entries, not 3"),
        (lambda whole: whole["replay"]["states"][0]["edits"][0].__setitem__(0, 3), r"states\[0\]\.edits names 3"),
    ],
)
def test_it_rejects_a_damaged_file(tmp_path: Path, change: Any, sentence: str) -> None:
    with pytest.raises(CannotReplay, match=f"x.json is damaged or was changed by hand: .*{sentence}"):
        read_ledger(written(tmp_path / "x.json", change))


def test_it_rejects_what_is_nested_without_end(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("[" * 200_000)
    with pytest.raises(CannotReplay, match="is not JSON"):
        read_ledger(path)


def test_it_says_before_anything_is_trained_that_the_report_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "x.json", lambda whole: None)
    for report in (tmp_path / "nowhere" / "r.json", tmp_path):
        assert main([str(path), "--report", str(report)]) == 1
        assert "The report cannot be written" in capsys.readouterr().err
