"""Workers of one GPU each, and a training that borrows those of its neighbours: who waits for whom."""

import threading
from pathlib import Path

import pytest

from model.engines.lending import MACHINE, MINE, borrowed
from model.engines.types import EngineError


class GivenUp(Exception):
    """What ends a wait in these tests."""


def never() -> None:
    """Wait on."""


def at_once() -> None:
    raise GivenUp


def silent(line: str) -> None:
    """Nobody reads what is waited for."""


@pytest.fixture(autouse=True)
def two_gpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HALFDAY_HOME", str(tmp_path))
    monkeypatch.setenv(MACHINE, "0,3")
    monkeypatch.setenv(MINE, "3")


def test_it_works() -> None:
    with borrowed(1, at_once, silent) as mine:
        assert mine == "3"
    with borrowed(2, at_once, silent) as both:
        assert both == "0,3"


def test_a_worker_that_sees_its_gpus_alone_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MACHINE)
    with borrowed(8, at_once, silent) as found:
        assert found is None


def test_it_rejects_more_than_there_are() -> None:
    with pytest.raises(EngineError, match="3 GPUs were asked for; this machine has 2"), borrowed(3, never, silent):
        pass


def test_several_wait_for_what_runs_and_can_be_cancelled() -> None:
    said: list[str] = []
    with borrowed(1, at_once, silent), pytest.raises(GivenUp), borrowed(2, at_once, said.append):
        pass
    assert said == ["Waiting for 1 of 2 GPUs, on which something else still runs."]
    with borrowed(2, at_once, silent):  # what it had got hold of is free again
        pass


def test_nobody_begins_while_somebody_waits_for_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """GPU 3 is busy, somebody waits for both: the worker of GPU 0 begins after it, though its GPU is free."""
    order: list[str] = []
    waits, over = threading.Event(), threading.Event()

    def both() -> None:
        with borrowed(2, never, lambda _: waits.set()):
            order.append("both")
        over.set()

    with borrowed(1, at_once, silent):
        thread = threading.Thread(target=both)
        thread.start()
        assert waits.wait(10)
        monkeypatch.setenv(MINE, "0")
        with pytest.raises(GivenUp), borrowed(1, at_once, silent):
            order.append("too early")
    assert over.wait(10)
    thread.join()
    with borrowed(1, never, silent) as mine:
        order.append(str(mine))
    assert order == ["both", "0"]
