"""`./halfday` itself: its commands, and what it says where something is missing. Nothing is installed here."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from commandline import COMMANDS, launcher
from embedded.failures import Failure
from embedded.home import ROOT, Home
from embedded.setup import python as python_setup

HALFDAY = ROOT / "halfday"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HALFDAY_HOME", str(tmp_path / "home"))
    return Home.find()


def test_it_works() -> None:
    said = subprocess.run([HALFDAY, "--help"], capture_output=True, text=True, check=True).stdout
    for name, command in COMMANDS.items():
        assert f"./halfday {name}" in said
        assert command.help in said


def test_without_a_command_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert launcher.main([]) == 0
    assert "The first use sets everything up" in capsys.readouterr().out


def test_it_rejects_an_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert launcher.main(["upp"]) == 2
    assert "There is no command 'upp'." in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_module(name: str) -> None:
    import importlib

    assert callable(importlib.import_module(COMMANDS[name].module).main)


def test_it_sets_up_and_hands_over(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr(launcher, "ensure_python", lambda home: None)
    monkeypatch.setattr(os, "execve", lambda program, arguments, environment: handed.append(arguments))
    launcher.main(["up", "--port", "9000"])
    assert handed == [[str(home.python), "-m", "commandline", "up", "--port", "9000"]]


def test_a_failure_is_told_in_plain_words(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(home: Home) -> None:
        raise Failure("Python packages: failed.", log=["No space left on device"], advice="Free some space.")

    monkeypatch.setattr(launcher, "ensure_python", fail)
    with pytest.raises(SystemExit) as end:
        launcher.main(["up"])
    assert end.value.code == 1
    assert capsys.readouterr().err == "\nPython packages: failed.\n  | No space left on device\nFree some space.\n"


def test_an_interruption_is_told_in_plain_words(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(home: Home) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(launcher, "ensure_python", interrupt)
    with pytest.raises(SystemExit) as end:
        launcher.main(["up"])
    assert end.value.code == 130
    assert "The same command goes on from here." in capsys.readouterr().err


def test_a_python_without_venv_is_told_what_to_install(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        python_setup.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object()
    )
    with pytest.raises(Failure) as failure:
        python_setup.ensure_python(home)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert "lacks the standard module ensurepip" in str(failure.value)
    assert f"apt install python3-venv (or python{version}-venv)" in str(failure.value)


def test_a_full_disk_is_told_before_the_download(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_setup, "_make", lambda home: None)
    monkeypatch.setattr(python_setup, "SPACE_NEEDED", 2**60)
    with pytest.raises(Failure, match="The Python packages need about"):
        python_setup.ensure_python(home)


def test_state_lives_in_one_folder_that_others_cannot_list(home: Home) -> None:
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    environment = home.environment()
    for name in ("PYTHONPYCACHEPREFIX", "NUMBA_CACHE_DIR", "MYPY_CACHE_DIR", "RUFF_CACHE_DIR", "MPLCONFIGDIR"):
        assert environment[name].startswith(str(home.folder))


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HALFDAY_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(Failure, match="cannot hold Halfday's state: Not a directory"):
        Home.find()


def test_a_relative_home_is_the_same_folder_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HALFDAY_HOME", "here")
    assert Home.find().folder == tmp_path / "here"
