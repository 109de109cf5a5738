"""What is compiled is kept on disk, and what is kept must not stand in the way of a newer program."""

import importlib
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
