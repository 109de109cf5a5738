"""HALFDAY_HOME is its owner's alone: made so, and closed where an earlier release or a lax umask left it open."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.home import Home
from embedded.processes import let_others_reach


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """A lax one before, and whatever it was afterwards: the test's own process is the one that changes it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALFDAY_HOME", str(tmp_path / "new" / "home"))
    home = Home.find()
    assert {mode(part) for part in (home.folder, home.logs, home.run, home.stamps, home.cache)} == {0o700}
    (home.folder / "made-later").write_text("by whatever this process starts")
    assert mode(home.folder / "made-later") == 0o600


def test_what_was_left_open_is_closed_and_nothing_above_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "old"
    for part in (folder, folder / "logs", folder / "storage", folder / "import"):
        part.mkdir()
    tmp_path.chmod(0o750)
    monkeypatch.setenv("HALFDAY_HOME", str(folder))
    Home.find()
    assert [mode(folder / part) for part in ("", "logs", "storage")] == [0o711, 0o700, 0o700]
    assert mode(folder / "import") == 0o755  # whoever puts pictures there goes on doing so
    assert mode(tmp_path) == 0o750


def test_folders_above_the_databases_are_opened_for_passing_through_alone(tmp_path: Path) -> None:
    """Under root the database's account has to; what is open already, and what lies beside, stays as it is."""
    shut, open_already, beside = tmp_path / "shut", tmp_path / "shut" / "open", tmp_path / "shut" / "beside"
    for folder, bits in ((shut, 0o700), (open_already, 0o755), (beside, 0o700), (open_already / "postgres", 0o700)):
        folder.mkdir()
        folder.chmod(bits)
    let_others_reach(open_already / "postgres")
    assert [mode(one) for one in (shut, open_already, beside, open_already / "postgres")] == [
        0o701, 0o755, 0o700, 0o700,
    ]  # fmt: skip
