"""Which function does which kind of job. Every app's tasks.py registers its own when a worker imports it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Role
from jobs.models import Job
from jobs.reporting import Report

Run = Callable[[Job, Report], dict[str, Any]]


@dataclass(frozen=True)
class Handler:
    """A kind of job: what runs it, on which queue, and how often it may be started when its worker dies.

    `at_least` is the role that asking for one needs; who asked must still have it when the job starts.
    """

    kind: str
    run: Run
    at_least: Role
    queue: str
    attempts: int


HANDLERS: dict[str, Handler] = {}


def handler(kind: str, *, at_least: Role, queue: str = "cpu", attempts: int = 2) -> Callable[[Run], Run]:
    """Register the function below as what runs jobs of this kind. It must be safe to run twice."""

    def register(run: Run) -> Run:
        HANDLERS[kind] = Handler(kind, run, at_least, queue, attempts)
        return run

    return register


TIDYING: list[Callable[[], None]] = []


def tidy(function: Callable[[], None]) -> Callable[[], None]:
    """Have the clock call the function now and then. Every app's `ready` registers what it has to put away."""
    TIDYING.append(function)
    return function


TICKING: list[Callable[[], None]] = []


def tick(function: Callable[[], None]) -> Callable[[], None]:
    """Have the clock call the function every two seconds: one quick look, the work itself is a worker's."""
    TICKING.append(function)
    return function
