"""Children to speak with, and what tests ask of them."""

import os
from pathlib import Path

from children import Conversation, Nursery
from tests.processes import until

ROOT = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    """Code on the path, and nothing of Django."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return inherited | {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def talker(log: Path) -> Conversation:
    return Conversation("tests.children.talker", environment(), log=log, who="The talker")


def nursery() -> Nursery:
    return Nursery("tests.children.forker", environment, who="The forked process")


def quietly() -> None:
    """Nobody wants it to stop."""


def alive(pid: int) -> bool:
    """It runs, rather than being gone or waiting for somebody to reap it."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until_gone(*pids: int) -> None:
    """Wait for the end of processes."""
    until(lambda: not any(map(alive, pids)), why=lambda: f"still there: {list(filter(alive, pids))}")
