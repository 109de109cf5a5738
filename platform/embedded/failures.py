"""A start or a set-up step that failed, with what a user needs to go on."""

from pathlib import Path

LOG_LINES = 15


class Failure(Exception):
    """A sentence for the user, the last lines of the log, and what to do."""

    def __init__(self, sentence: str, *, log: list[str] | None = None, advice: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.log = log or []
        self.advice = advice

    def __str__(self) -> str:
        return "\n".join(
            [self.sentence, *(f"  | {line}" for line in self.log), *([self.advice] if self.advice else [])]
        )


class ServerFailed(Failure):
    """A database or broker that did not start."""


def tail(log: Path, lines: int = LOG_LINES) -> list[str]:
    """Return the last lines of a log file; a missing file gives none."""
    try:
        return log.read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        return []
