"""A conversation with a child: answers in order, and a sentence where it dies or babbles."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from children import ChildFailed, Conversation
from tests.children.scene import environment, quietly, talker, wait_until_gone


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def child(log: Path) -> Iterator[Conversation]:
    child = talker(log)
    yield child
    child.end()


def test_it_works(child: Conversation) -> None:
    for a in (1, 2, 3):
        child.ask({"do": "add", "a": a, "b": 10})
    answers = [child.answer(quietly) for _ in range(3)]
    assert [answer["sum"] for answer in answers] == [11, 12, 13]
    assert {answer["pid"] for answer in answers} == {child.process.pid}


def test_what_libraries_print_goes_to_the_log(child: Conversation, log: Path) -> None:
    child.ask({"do": "print"})
    assert child.answer(quietly) == {"printed": True}
    assert log.read_text() == "a library's banner\n"


def test_an_error_is_an_answer_and_the_child_goes_on(child: Conversation, log: Path) -> None:
    child.ask({"do": "fail"})
    assert child.answer(quietly) == {"error": "ValueError: seven is no colour"}
    assert "Traceback" in log.read_text()
    child.ask({"do": "add", "a": 1, "b": 1})
    assert child.answer(quietly)["sum"] == 2


@pytest.mark.parametrize(
    ("do", "sentence"),
    [
        (
            "die",
            "The talker was ended by SIGKILL, perhaps because the machine ran out of memory. "
            "Last line of the log: the last words",
        ),
        ("exit", "The talker ended with status 3. Last line of the log: no such file: weights.pt"),
    ],
)
def test_it_tells_why_a_child_died(child: Conversation, do: str, sentence: str) -> None:
    child.ask({"do": do})
    with pytest.raises(ChildFailed) as failed:
        child.answer(quietly)
    assert str(failed.value) == sentence


def test_asking_a_dead_child_tells_why_too(child: Conversation) -> None:
    child.process.kill()
    child.process.wait()
    with pytest.raises(ChildFailed, match="was ended by SIGKILL"):
        child.ask({"do": "add", "a": 1, "b": 1})


def test_a_module_that_is_not_there_is_told(log: Path) -> None:
    child = Conversation("tests.children.nobody", environment(), log=log, who="The child")
    try:
        with pytest.raises(ChildFailed, match=r"ended with status 1\..*No module named tests.children.nobody"):
            child.answer(quietly)
    finally:
        child.end()


def test_a_broken_line_is_told(log: Path) -> None:
    child = Conversation("tests.children.babbler", environment(), log=log, who="The babbler")
    try:
        child.ask({"do": "anything"})
        with pytest.raises(ChildFailed, match=r"The babbler wrote a line that is no JSON object: \[1, 2"):
            child.answer(quietly)
    finally:
        child.end()


def test_whoever_waits_can_stop_waiting_and_the_child_ends_at_once(child: Conversation) -> None:
    asked: list[float] = []

    def check() -> None:
        asked.append(time.monotonic())
        if len(asked) == 3:
            raise InterruptedError("cancelled")

    child.ask({"do": "sleep"})
    with pytest.raises(InterruptedError):
        child.answer(check)
    assert asked[2] - asked[0] >= 0.4  # looked at from time to time, not in a rush
    child.end()
    wait_until_gone(child.process.pid)
