"""`./halfday check --changed`: what is looked at for which files."""

from pathlib import Path

import pytest

from commandline import changed as changes
from commandline import check
from commandline.changed import changed
from embedded.failures import Failure
from embedded.home import ROOT, Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HALFDAY_HOME", str(tmp_path / "home"))
    return Home.find()


def names(*paths: str) -> list[str]:
    """The checks that run for these files."""
    return [one.name for one in check.checks_of(changed([ROOT / path for path in paths]))]


RUFF = ["format (ruff)", "lint (ruff)"]
MYPY = "types (mypy)"
TSC = "front end: types (tsc)"
BIOME = "front end: format, lint (biome)"
DESCRIPTION = ["migrations", "OpenAPI document"]


@pytest.mark.parametrize(
    ("path", "run"),
    [
        ("README.md", []),
        ("halfday", RUFF),
        ("tests/conftest.py", RUFF),
        ("platform/science/geometry/boxes.py", [MYPY, *RUFF]),
        ("label/urls.py", [MYPY, *RUFF, *DESCRIPTION]),
        ("label/migrations/0001_initial.py", [*RUFF, *DESCRIPTION]),
        ("frontend/src/main.tsx", [TSC, BIOME]),
        ("frontend/src/ui/tokens.css", [BIOME]),
        ("frontend/openapi.json", ["front end: generated types", TSC, BIOME]),
        ("frontend/README.md", []),
        ("platform/science/deleted.py", []),
    ],
)
def test_files_are_checked_by_what_they_can_fail(path: str, run: list[str]) -> None:
    assert names(path) == run


def test_all_kinds_together_run_all_checks() -> None:
    every = names("label/urls.py", "frontend/src/main.tsx", "frontend/openapi.json")
    assert every == [one.name for one in check.CHECKS]


def test_a_badly_written_file_fails_by_name(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    bad = ROOT / "badly_written_for_a_test.py"  # in no room, which other tests walk through
    try:
        bad.write_text("import os\nx = {  'a':1 }\n")
        assert check.main(["--changed", str(bad)]) == 1
    finally:
        bad.unlink(missing_ok=True)
    said = capsys.readouterr().out
    assert "FAILED format (ruff)" in said
    assert "badly_written_for_a_test.py" in said
    assert "`os` imported but unused" in said
    assert "2 of 2 checks failed." in said


def test_a_well_written_file_passes(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--changed", __file__]) == 0
    assert "All 2 checks passed." in capsys.readouterr().out


def test_files_that_nothing_checks_pass(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--changed", str(ROOT / "README.md")]) == 0
    assert "None of these files is one that is checked." in capsys.readouterr().out


def test_without_files_git_says_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"diff": ["label/urls.py"], "ls-files": ["label/apps.py"]}
    monkeypatch.setattr(changes, "_git", lambda arguments: said[arguments[0]])
    assert changed([]).python == ["label/apps.py", "label/urls.py"]


def test_it_rejects_to_guess_where_git_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "ROOT", tmp_path)
    with pytest.raises(Failure, match="Git cannot say what has changed"):
        changed([])


def test_the_hook_runs_the_command() -> None:
    import yaml

    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    (hook,) = repository["hooks"]
    assert (repository["repo"], hook["entry"], hook["language"]) == ("local", "./halfday check --changed", "system")
