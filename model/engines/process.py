"""Run an engine in an operating system process of its own.

A crash or a leak stays there, cancelling is a kill, and the memory is the machine's again afterwards.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, overload

from children import ChildFailed, ForkedChild, Line, Nursery
from model.engines import spec
from model.engines.environment import engine_environment
from model.engines.lending import borrowed
from model.engines.types import (
    CheckpointFacts,
    ConvertRequest,
    EngineCancelled,
    EngineError,
    ExportRequest,
    FormPredictRequest,
    PicturesRequest,
    Predictions,
    PredictRequest,
    Progress,
    Reporter,
    TrainRequest,
    TrainResult,
)

ANSWERED, FOREVER = 30.0, 3600.0  # seconds that a child may take to end after its answer, and after closing its pipe


def _ignore(report: Progress) -> None:
    """Nobody asked for progress."""


def _never() -> bool:
    return False


@overload
def run_in_process(
    request: TrainRequest, *, log: Path, report: Reporter = ..., cancelled: Callable[[], bool] = ...
) -> TrainResult: ...
@overload
def run_in_process(
    request: PredictRequest | FormPredictRequest,
    *,
    log: Path,
    report: Reporter = ...,
    cancelled: Callable[[], bool] = ...,
) -> Predictions: ...
@overload
def run_in_process(
    request: ConvertRequest, *, log: Path, report: Reporter = ..., cancelled: Callable[[], bool] = ...
) -> CheckpointFacts: ...
@overload
def run_in_process(
    request: ExportRequest | PicturesRequest, *, log: Path, report: Reporter = ..., cancelled: Callable[[], bool] = ...
) -> Path: ...
def run_in_process(
    request: spec.Request, *, log: Path, report: Reporter = _ignore, cancelled: Callable[[], bool] = _never
) -> spec.Result:
    """Do a request in a child process and give back its result.

    `report` is called in this process for each epoch or batch. `cancelled` is asked four times a second; once it says
    yes the child is ended and EngineCancelled raised. Whatever the child prints is appended to the file `log`. Raises
    EngineError with a sentence where the engine refused or the child died. The child dies with this process.
    """
    seconds = request.limits.seconds if isinstance(request, ConvertRequest) else float("inf")
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="halfday-engine-") as name, log.open("ab") as output:
        folder = Path(name)
        spec.write_request(folder, request)
        with _gpus(request, output, cancelled) as gpus:
            environment = {} if gpus is None else {"CUDA_VISIBLE_DEVICES": gpus}
            asked = {"folder": str(folder), "environment": environment}
            child = nursery(_threads(request)).start(asked, output.fileno())
            try:
                answer = _follow(child, report, cancelled, seconds)
                if answer is None:
                    raise child.dead(FOREVER, log)
                child.wait(ANSWERED)
            except ChildFailed as failed:
                raise EngineError(str(failed)) from None
            finally:
                child.end()
                child.close()
        if answer["event"] == "error":
            raise EngineError(answer["sentence"])
        return spec.read_result(folder, answer)


def _gpus(request: spec.Request, log: IO[bytes], cancelled: Callable[[], bool]) -> AbstractContextManager[str | None]:
    """Those that the request computes on, while it does; a conversion computes on none."""
    if isinstance(request, ConvertRequest):
        return nullcontext()
    several = isinstance(request, TrainRequest) and request.settings.device != "cpu"
    devices = request.settings.devices if isinstance(request, TrainRequest) and several else "1"

    def check() -> None:
        if cancelled():
            raise EngineCancelled

    def say(line: str) -> None:
        log.write(f"{line}\n".encode())
        log.flush()

    return borrowed(1 if devices == "auto" else int(devices), check, say)


def _threads(request: spec.Request) -> int:
    """A conversion computes next to nothing, and each thread would take of the addresses that it is held to."""
    return 1 if isinstance(request, ConvertRequest) else getattr(getattr(request, "settings", None), "threads", 0)


def _follow(child: ForkedChild, report: Reporter, cancelled: Callable[[], bool], seconds: float) -> Line | None:
    """Pass reports on until the answer, for so many seconds; None where the child ended without one."""

    end_at = time.monotonic() + seconds

    def check() -> None:
        if cancelled():
            raise EngineCancelled
        if time.monotonic() > end_at:
            raise EngineError(f"It took longer than {seconds:g} seconds, which is the limit, and was ended.")

    while (line := child.lines.next(check)) is not None and line["event"] not in ("result", "error"):
        report(spec.read_report(line))
    return line


_NURSERIES: dict[tuple[int, int], Nursery] = {}  # by our process id (a fork starts afresh) and number of threads


def nursery(threads: int) -> Nursery:
    """This process's nursery for a number of threads: torch and the engine's library loaded, children by fork."""
    new = Nursery("model.engines.worker", lambda: engine_environment(threads), who="The engine process")
    return _NURSERIES.setdefault((os.getpid(), threads), new)
