"""Causes of death, in a sentence for the person who asked for the work."""

import signal
from pathlib import Path

TAIL = 4096  # bytes of a log that are looked at
SHOWN = 300  # characters of its last line


class ChildFailed(RuntimeError):
    """A child ended without its answer, or wrote nonsense; the text is a sentence for the person who asked."""


def cause_of_death(who: str, status: int, log: Path) -> str:
    """Why a child ended without its answer: its signal (negative) or exit status, and the last line of its log."""
    said = last_line(log)
    return f"{who} {how_it_ended(status)}." + (f" Last line of the log: {said}" if said else "")


def how_it_ended(status: int) -> str:
    """Its exit status or, where that is negative, its signal: the second half of a sentence."""
    if status >= 0:
        return f"ended with status {status}"
    name = signal.Signals(-status).name
    hint = ", perhaps because the machine ran out of memory" if name == "SIGKILL" else ""
    return f"was ended by {name}{hint}"


def last_line(log: Path) -> str:
    """The last line of a log that says something; empty where there is none."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL))
        lines = [line.strip() for line in file.read().decode("utf-8", "replace").splitlines()]
    return next((line[:SHOWN] for line in reversed(lines) if line), "")


def one_sentence(error: Exception, *, advice: str = "") -> str:
    """An unforeseen error within a child in one line; `advice` says what helps where memory ran out."""
    if "out of memory" in str(error).lower():
        return f"The device ran out of memory. {advice}".strip()
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
