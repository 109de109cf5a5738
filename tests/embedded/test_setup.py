"""The set-up steps: what is done again, what is left alone, and what an interruption costs."""

import shutil
import sys
import venv
from pathlib import Path

import pytest

from embedded.failures import Failure
from embedded.home import Home
from embedded.progress import step
from embedded.setup import frontend, packages
from embedded.setup import python as python_setup
from embedded.stamps import Stamp, digest_of


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HALFDAY_HOME", str(tmp_path / "home"))
    return Home.find()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real virtual environment with pip, to copy from: making one takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HALFDAY_HOME", str(tmp_path_factory.mktemp("template")))
        home = Home.find()
    python_setup._make(home)
    return home.venv


@pytest.fixture
def pip_runs(home: Home, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A set-up whose requirements need no network; notes each run of pip."""

    def make(home: Home) -> None:
        shutil.rmtree(home.venv, ignore_errors=True)
        shutil.copytree(template, home.venv, symlinks=True)

    monkeypatch.setattr(python_setup, "_make", make)
    runs: list[Path] = []
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("pip\n")
    install = python_setup._install
    monkeypatch.setattr(python_setup, "REQUIREMENTS", requirements)
    monkeypatch.setattr(python_setup, "SPACE_NEEDED", 0)
    monkeypatch.setattr(python_setup, "_install", lambda home: (runs.append(requirements), install(home)))
    return runs


def test_packages_are_installed_once_per_change(home: Home, pip_runs: list[Path]) -> None:
    python_setup.ensure_python(home)
    python_setup.ensure_python(home)
    assert len(pip_runs) == 1
    pip_runs[0].write_text("pip  # changed\n")
    python_setup.ensure_python(home)
    assert len(pip_runs) == 2


def test_an_environment_made_by_hand_is_adopted(home: Home, template: Path, pip_runs: list[Path]) -> None:
    shutil.copytree(template, home.venv, symlinks=True)
    (home.venv / "mine").touch()
    python_setup.ensure_python(home)
    assert (home.venv / "mine").exists()
    assert len(pip_runs) == 1


@pytest.mark.thorough
def test_half_an_environment_is_made_again(home: Home, pip_runs: list[Path]) -> None:
    venv.create(home.venv, with_pip=False)
    python_setup.ensure_python(home)
    assert python_setup._usable(home)


def test_an_environment_whose_python_is_gone_is_made_again(home: Home, pip_runs: list[Path]) -> None:
    python_setup.ensure_python(home)
    for link in (home.venv / "bin").glob("python*"):
        link.unlink()
    home.python.symlink_to("/nonexistent/python3")
    python_setup.ensure_python(home)
    assert home.python.exists()


def test_a_half_installed_package_is_installed_again(home: Home) -> None:
    packages = home.venv / "lib" / "python3.11" / "site-packages"
    for name in ("whole-1.0.dist-info", "half-1.0.dist-info"):
        (packages / name).mkdir(parents=True)
        (packages / name / "METADATA").touch()
    (packages / "whole-1.0.dist-info" / "RECORD").touch()
    python_setup._forget_half_installed(home)
    assert [path.name for path in packages.iterdir()] == ["whole-1.0.dist-info"]


def test_a_failed_download_shows_the_log_and_what_to_do(home: Home, pip_runs: list[Path]) -> None:
    python_setup.REQUIREMENTS.write_text("./no-such-folder\n")
    with pytest.raises(Failure) as failure:
        python_setup.ensure_python(home)
    assert "no-such-folder" in str(failure.value)
    assert "run the same command again" in str(failure.value)
    assert str(home.logs / "setup-python.log") in str(failure.value)


def test_a_stamp_holds_only_for_what_it_was_set_for(tmp_path: Path) -> None:
    file, stamp = tmp_path / "file", Stamp(tmp_path, "stamp")
    file.write_text("one")
    assert not stamp.matches(digest_of([file]))
    stamp.set(digest_of([file]))
    assert stamp.matches(digest_of([file]))
    file.write_text("two")
    assert not stamp.matches(digest_of([file]))
    stamp.clear()
    assert not stamp.matches("")


def test_digests_know_names_contents_and_facts(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("a")
    digests = [digest_of([one]), digest_of([two]), digest_of([one, two]), digest_of([one], "x"), digest_of([one], "y")]
    assert len(set(digests)) == 5
    assert digest_of([one, two]) == digest_of([two, one])


def test_the_working_copy_follows_the_sources(tmp_path: Path) -> None:
    source, copy = tmp_path / "frontend", tmp_path / "home" / "frontend"
    (source / "src").mkdir(parents=True)
    (source / "package.json").write_text("{}")
    (source / "src" / "main.ts").write_text("1")
    (source / "src" / "gone.ts").write_text("2")
    (source / "node_modules").mkdir()
    (source / "node_modules" / "theirs.js").touch()
    copy.parent.mkdir()
    frontend.copy_sources(source, copy)
    (copy / "node_modules").mkdir()
    (copy / "node_modules" / "ours.js").touch()
    unchanged = (copy / "package.json").stat().st_mtime_ns
    (source / "src" / "gone.ts").unlink()
    (source / "src" / "main.ts").write_text("3")
    frontend.copy_sources(source, copy)
    assert (copy / "src" / "main.ts").read_text() == "3"
    assert not (copy / "src" / "gone.ts").exists()
    assert (copy / "package.json").stat().st_mtime_ns == unchanged
    assert [path.name for path in (copy / "node_modules").iterdir()] == ["ours.js"]


@pytest.mark.parametrize(
    ("said", "version"),
    [("v20.19.1", (20, 19)), ("v18.19.0\n", (18, 19)), ("v22.0.0-nightly", (22, 0)), ("", (0, 0)), ("oops", (0, 0))],
)
def test_node_versions_are_read(said: str, version: tuple[int, int]) -> None:
    assert frontend.node_version(said) == version


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_a_missing_program_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend.shutil, "which", lambda name: None if name == missing else f"/usr/bin/{name}")
    with pytest.raises(Failure, match=f"built with {missing}, which is not installed"):
        frontend.check_node()


def test_an_old_node_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v18.20.4\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure, match=r"needs Node 20.19 or newer; this is v18.20.4"):
        frontend.check_node()


def test_a_step_says_how_long_it_took(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with step("Counting") as current:
        current.run([sys.executable, "-c", "print('one')"], log=tmp_path / "log")
    said = capsys.readouterr().err
    assert said.startswith("  Counting … ")
    assert said.rstrip().endswith(" s")
    assert "one" in (tmp_path / "log").read_text()


def test_a_failed_step_shows_the_end_of_its_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = "print('\\n'.join(f'line {n}' for n in range(40))); raise SystemExit(3)"
    with pytest.raises(Failure) as failure, step("Counting") as current:
        current.run([sys.executable, "-c", program], log=tmp_path / "log", advice="Count again.")
    assert failure.value.log == [f"line {n}" for n in range(25, 40)]
    assert "Count again." in str(failure.value)
    assert "failed after" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("pip", "uv"),
    [
        ({}, ([], {})),
        ({"no-input": "1", "timeout": "60"}, ([], {"UV_HTTP_TIMEOUT": "60"})),
        ({"index-url": "https://mirror/simple"}, (["--default-index", "https://mirror/simple"], {})),
        (
            {"extra-index-url": "https://a\nhttps://b", "cert": "/ca.pem"},
            (
                ["--index", "https://a", "--index", "https://b", "--index-strategy", "unsafe-best-match"],
                {"SSL_CERT_FILE": "/ca.pem"},
            ),
        ),
        ({"index-url": "https://mirror/simple", "constraint": "ours.txt"}, None),  # nothing else is like it in uv
    ],
)
def test_uv_is_told_what_pip_was_told(pip: dict[str, str], uv: object) -> None:
    assert packages.as_uv_takes_it(pip) == uv


def test_pip_is_asked_for_its_settings(home: Home, template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(template, home.venv, symlinks=True)
    settings = home.folder / "pip.conf"
    settings.write_text("[global]\nindex-url = https://mirror/simple\nextra-index-url =\n  https://a\n  https://b\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setenv("PIP_INDEX_URL", "https://stronger/simple")
    found = packages.pip_settings(home)
    assert found["index-url"] == "https://stronger/simple"
    assert found["extra-index-url"].split() == ["https://a", "https://b"]


@pytest.mark.thorough
def test_an_environment_that_uv_left_half_is_made_again(home: Home, pip_runs: list[Path]) -> None:
    python_setup.ensure_python(home)
    (home.venv / "half").touch()
    pip_runs[0].write_text("pip  # changed\n")
    (home.stamps / "python-by-uv").touch()
    python_setup.ensure_python(home)
    assert not (home.venv / "half").exists()
    assert not packages.left_half(home)
