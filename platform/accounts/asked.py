"""What a call asked of its caller before it was done, to ask it again before its answer is given once more."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Question = tuple[str, int, str]  # which check, of which project (0: none), for which role ("": none)

_noted: ContextVar[set[Question] | None] = ContextVar("asked", default=None)


@contextmanager
def noting() -> Iterator[set[Question]]:
    """The checks that the caller passes within this block."""
    found: set[Question] = set()
    before = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(before)


def note(check: str, project_id: int = 0, role: str = "") -> None:
    """A check was passed."""
    found = _noted.get()
    if found is not None:
        found.add((check, project_id, role))
