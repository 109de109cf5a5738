"""What is compiled is kept on disk, and what is kept must not stand in the way of a newer program."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

PAIR = "from typing import NamedTuple\n\n\nclass Pair(NamedTuple):\n    a: float\n    b: float\n"
TOTAL = """
from science.geometry.compiled import compiled


@compiled
def total(pair):
    return pair.a + pair.b
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pairs_before.py").write_text(PAIR)
    (tmp_path / "pairs_after.py").write_text(PAIR)
    (tmp_path / "totals.py").write_text(TOTAL)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def total_of(pairs: str) -> float:
    """What a program that has just started makes of a pair of that module."""
    for name in ("totals", pairs):
        sys.modules.pop(name, None)
    pair = importlib.import_module(pairs).Pair(1.0, 2.0)
    found: float = importlib.import_module("totals").total(pair)
    return found


def test_it_works_from_disk(folder: Path) -> None:
    assert total_of("pairs_before") == 3
    kept = sorted(folder.rglob("*.nbc"))
    assert kept
    assert total_of("pairs_before") == 3
    assert sorted(folder.rglob("*.nbc")) == kept


def test_a_class_that_has_moved_is_compiled_for_again(folder: Path) -> None:
    assert total_of("pairs_before") == 3
    (folder / "pairs_before.py").unlink()
    sys.modules.pop("pairs_before")
    importlib.invalidate_caches()
    assert total_of("pairs_after") == 3


def test_it_works_uncompiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with NUMBA_DISABLE_JIT=1, by which one can step through it."""
    monkeypatch.setattr("numba.config.DISABLE_JIT", True)
    assert total_of("pairs_before") == 3
    assert sorted(folder.rglob("*.nbc")) == []


STARTED_TOGETHER = """
import sys
from numba.core import event
from pairs_before import Pair
from totals import total

print("ready", flush=True)
sys.stdin.readline()
with event.install_recorder("numba:compile") as compiled:
    assert total(Pair(1.0, 2.0)) == 3
print(len(compiled.buffer))
"""


@pytest.mark.thorough
def test_of_processes_that_start_together_one_compiles(folder: Path) -> None:
    path = os.pathsep.join([str(folder), *sys.path])
    environment = os.environ | {"PYTHONPATH": path, "NUMBA_CACHE_DIR": str(folder / "together")}
    command = [sys.executable, "-c", STARTED_TOGETHER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, env=environment, **pipes) for _ in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    counts = [int(process.communicate(timeout=120)[0]) for process in processes]
    assert sorted(bool(count) for count in counts) == [False, False, True]
