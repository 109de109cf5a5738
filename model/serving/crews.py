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
        self.idle, self.limits = idle, limits
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

    def ask(self, request: Line, pictures: Sequence[bytes]) -> Line:
        with self._place():
            try:
                answer, _ = self.crew.ask(request, pictures, seconds=SLOWEST)
            except TookTooLong as slow:
                raise ProcessAway(f"{slow} It was ended, and another one starts.") from slow
            except (ChildFailed, OSError) as died:
                raise ProcessAway(str(died)) from died
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
        self.by_key: dict[tuple[str, float], FormCrew] = {}

    def crew(self, form: Path, idle: float) -> FormCrew:
        """The form's, known by its path; one whose patience was changed begins anew."""
        with self.lock:
            key = (str(form), idle)
            if key not in self.by_key:
                self.forget_others(str(form))
                self.by_key[key] = FormCrew(form, idle, self.limits)
            return self.by_key[key]

    def forget_others(self, form: str) -> None:
        for key in [key for key in self.by_key if key[0] == form]:
            self.by_key.pop(key).crew.close()

    def stop(self, form: Path) -> None:
        """End its processes as far as they have nothing to do."""
        with self.lock:
            self.forget_others(str(form))

    def processes(self) -> dict[str, int]:
        """How many processes wait for work, by form."""
        with self.lock:
            return {key[0]: len(one.crew.idle) for key, one in self.by_key.items()}


def environment() -> Mapping[str, str]:
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    return {**os.environ, "PYTHONPATH": path, **ONE_AT_ONCE}
