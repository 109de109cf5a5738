"""Which forms are up: a crew of processes for each, started when it is asked and ended when nobody has for a while."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from children import ChildFailed, Crew, Line, TookTooLong

ROOT = Path(__file__).resolve().parents[2]
FOREVER = 1e9  # seconds
SLOWEST = 30.0  # seconds for one request's pictures
ONE_AT_ONCE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


class Busy(Exception):
    """More requests wait than are taken: 503."""


class ProcessAway(Exception):
    """The process died or took too long: 503, and the next request starts another."""


@dataclass(frozen=True)
class ServingLimits:
    """What a machine gives to endpoints."""

    processes: int  # of one form, at once; each of one thread while there are as many as cores
    threads: int  # of each
    waiting: int = 16  # requests of one form beyond those that are answered

    @classmethod
    def of_machine(cls) -> ServingLimits:
        """A process for each core, at most four; HALFDAY_SERVE_PROCESSES says otherwise."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        processes = int(os.environ.get("HALFDAY_SERVE_PROCESSES") or min(4, cores))
        return cls(processes, max(1, cores // processes))


class FormCrew:
    """The processes of one form, and how many requests are with them."""

    def __init__(self, form: Path, idle: float, limits: ServingLimits) -> None:
        self.limits = limits
        self.over = False  # nobody comes any more: who ends a request here ends the process, too
        self.crew = Crew(
            "model.serving.child",
            environment,
            size=limits.processes,
            who="The process of the endpoint",
            hello={"form": str(form), "threads": limits.threads},
            idle=idle or FOREVER,
        )
        self.under_way = 0
        self.lock = threading.Lock()

    def wait_at_least(self, idle: float) -> None:
        """Keep processes without work for so many seconds; 0: for ever."""
        self.crew.seconds_idle = max(self.crew.seconds_idle, idle or FOREVER)

    def ask(self, request: Line, pictures: Sequence[bytes]) -> Line:
        with self._place():
            try:
                answer, _ = self.crew.ask(request, pictures, seconds=SLOWEST)
            except TookTooLong as slow:
                raise ProcessAway(f"{slow} It was ended, and another one starts.") from slow
            except (ChildFailed, OSError) as died:
                raise ProcessAway(str(died)) from died
        if self.over:
            self.crew.close()
        if "error" in answer:
            raise ProcessAway(answer["error"])
        return answer

    @contextmanager
    def _place(self) -> Iterator[None]:
        with self.lock:
            if self.under_way >= self.limits.processes + self.limits.waiting:
                raise Busy(f"{self.under_way} requests wait for this endpoint already.")
            self.under_way += 1
        try:
            yield
        finally:
            with self.lock:
                self.under_way -= 1


class Crews:
    """All forms that are up, by the name under which they are asked for."""

    def __init__(self, limits: ServingLimits) -> None:
        self.limits = limits
        self.lock = threading.Lock()
        self.by_form: dict[str, FormCrew] = {}

    def crew(self, form: Path, idle: float) -> FormCrew:
        """The form's, known by its path. Of endpoints that share a form the most patient one counts."""
        with self.lock:
            found = self.by_form.get(str(form))
            if found is None:
                found = self.by_form[str(form)] = FormCrew(form, idle, self.limits)
            found.wait_at_least(idle)
            return found

    def stop(self, form: Path) -> None:
        """End its processes: those that have nothing to do now, the others with their request."""
        with self.lock:
            if found := self.by_form.pop(str(form), None):
                found.over = True
                found.crew.close()

    def processes(self) -> dict[str, int]:
        """How many processes wait for work, by form."""
        with self.lock:
            return {form: len(one.crew.idle) for form, one in self.by_form.items()}


def environment() -> Mapping[str, str]:
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    return {**os.environ, "PYTHONPATH": path, **ONE_AT_ONCE}
