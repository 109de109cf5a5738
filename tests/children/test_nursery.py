"""A nursery: libraries loaded once, a child for each request, and nobody who outlives whoever asked."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from children import ChildFailed, ForkedChild, Nursery
from tests.children.scene import ROOT, environment, nursery, quietly, wait_until_gone
from tests.processes import PATIENCE, started


@pytest.fixture(scope="module")
def keeper() -> Iterator[Nursery]:
    keeper = nursery()
    yield keeper
    keeper._forget()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[IO[bytes]]:
    with (tmp_path / "log").open("ab") as log:
        yield log


def finished(child: ForkedChild) -> tuple[list[dict[str, Any]], int]:
    """All lines of a child, and how it ended."""
    lines = list(iter(lambda: child.lines.next(quietly), None))
    status = child.wait(PATIENCE)
    child.close()
    assert status is not None
    return lines, status


def test_it_works(keeper: Nursery, log: IO[bytes]) -> None:
    children = [keeper.start({"do": "count", "count": 3}, log.fileno()) for _ in range(2)]
    said = [finished(child) for child in children]
    assert [[line["number"] for line in lines] for lines, _ in said] == [[0, 1, 2]] * 2
    assert [status for _, status in said] == [0, 0]
    assert [lines[0]["pid"] for lines, _ in said] == [child.pid for child in children]
    assert keeper.process is not None
    assert all(lines[0]["loaded"] == [keeper.process.pid] for lines, _ in said)  # once, and not by the children


@pytest.mark.parametrize(
    ("do", "sentence"),
    [
        (
            "die",
            "The forked process was ended by SIGKILL, perhaps because the machine ran out of memory. "
            "Last line of the log: epoch 7",
        ),
        ("exit", "The forked process ended with status 3. Last line of the log: no such file: weights.pt"),
        ("raise", "The forked process ended with status 1. Last line of the log: ValueError: seven is no colour"),
    ],
)
def test_it_tells_why_a_child_died(keeper: Nursery, log: IO[bytes], do: str, sentence: str) -> None:
    child = keeper.start({"do": do, "count": 1}, log.fileno())
    assert child.lines.next(quietly) is not None
    assert child.lines.next(quietly) is None
    assert str(child.dead(PATIENCE, Path(log.name))) == sentence
    child.close()


def test_a_broken_line_is_told(keeper: Nursery, log: IO[bytes]) -> None:
    child = keeper.start({"do": "babble"}, log.fileno())
    with pytest.raises(ChildFailed, match=r"The forked process wrote a line that is no JSON object: \{ nonsense"):
        child.lines.next(quietly)
    child.end()
    child.close()


def test_a_child_is_asked_to_end_and_goes(keeper: Nursery, log: IO[bytes]) -> None:
    child = keeper.start({"do": "sleep", "count": 1}, log.fileno())
    child.lines.next(quietly)
    assert child.end() == -signal.SIGTERM
    wait_until_gone(child.pid)
    child.close()


def test_a_child_that_does_not_listen_is_killed(
    keeper: Nursery, log: IO[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("children.nursery.GRACE", 0.2)
    child = keeper.start({"do": "defy"}, log.fileno())
    assert child.lines.next(quietly) == {"deaf": True}
    assert child.end() == -signal.SIGKILL
    child.close()


def test_a_nursery_that_was_killed_takes_its_children_along_and_is_started_again(
    keeper: Nursery, log: IO[bytes]
) -> None:
    child = keeper.start({"do": "sleep"}, log.fileno())
    assert keeper.process is not None
    os.kill(keeper.process.pid, signal.SIGKILL)
    assert child.lines.next(quietly) is None
    assert "was ended by SIGKILL" in str(child.dead(PATIENCE, Path(log.name)))
    wait_until_gone(child.pid)
    child.close()
    assert finished(keeper.start({"do": "count", "count": 1}, log.fileno()))[1] == 0


def test_nobody_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.children.family", tmp_path / "log"]
    with started(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE) as parent, parent.stdout:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 3, (tmp_path / "log").read_text()
        parent.kill()
    wait_until_gone(*pids)


def test_it_needs_no_django() -> None:
    code = "import sys, children, children.answering, children.forking; print('django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
