"""Run an engine in an operating system process of its own.

A crash or a leak stays there, cancelling is a kill, and the memory is the machine's again afterwards.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, overload

from model.engines import spec
from model.engines.nursery import Child, nursery
from model.engines.types import (
    CheckpointFacts,
    ConvertRequest,
    EngineCancelled,
    EngineError,
    EpochReport,
    ExportRequest,
    Predictions,
    PredictReport,
    PredictRequest,
    Reporter,
    TrainRequest,
    TrainResult,
)

POLL = 0.25  # seconds between looks at `cancelled`
ANSWERED, FOREVER = 30.0, 3600.0  # seconds that a child may take to end after its answer, and after closing its pipe


def _ignore(report: EpochReport | PredictReport) -> None:
    """Nobody asked for progress."""


def _never() -> bool:
    return False


@overload
def run_in_process(
    request: TrainRequest, *, log: Path, report: Reporter = ..., cancelled: Callable[[], bool] = ...
) -> TrainResult: ...
@overload
def run_in_process(
    request: PredictRequest, *, log: Path, report: Reporter = ..., cancelled: Callable[[], bool] = ...
) -> Predictions: ...
@overload
def run_in_process(
    request: ConvertRequest, *, log: Path, report: Reporter = ..., cancelled: Callable[[], bool] = ...
) -> CheckpointFacts: ...
@overload
def run_in_process(
    request: ExportRequest, *, log: Path, report: Reporter = ..., cancelled: Callable[[], bool] = ...
) -> Path: ...
def run_in_process(
    request: spec.Request, *, log: Path, report: Reporter = _ignore, cancelled: Callable[[], bool] = _never
) -> spec.Result:
    """Do a request in a child process and give back its result.

    `report` is called in this process for each epoch or batch. `cancelled` is asked four times a second; once it says
    yes the child is ended and EngineCancelled raised. Whatever the child prints is appended to the file `log`. Raises
    EngineError with a sentence where the engine refused or the child died. The child dies with this process.
    """
    threads = getattr(getattr(request, "settings", None), "threads", 0)
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="halfday-engine-") as name, log.open("ab") as output:
        folder = Path(name)
        spec.write_request(folder, request)
        child = nursery(threads).start(folder, output.fileno())
        try:
            answer = _follow(child, report, cancelled)
            status = child.wait(ANSWERED if answer else FOREVER)
        finally:
            child.end()
            child.close()
        if answer is None:
            raise EngineError(_cause_of_death(status or 0, log))
        if answer["event"] == "error":
            raise EngineError(answer["sentence"])
        return spec.read_result(folder, answer)


def _follow(child: Child, report: Reporter, cancelled: Callable[[], bool]) -> dict[str, Any] | None:
    """Pass reports on until the answer; None where the child ended without one."""
    for line in _lines(child.reader):
        if line is None:
            if cancelled():
                raise EngineCancelled
        elif line["event"] in ("result", "error"):
            return line
        else:
            report(spec.read_report(line))
    return None


def _lines(channel: int) -> Iterator[dict[str, Any] | None]:
    """JSON objects from the pipe, and None whenever a moment has passed; ends when the child closes the pipe."""
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(channel, selectors.EVENT_READ)
        while True:
            yield None
            if not selector.select(POLL):
                continue
            chunk = os.read(channel, 1 << 16)
            if not chunk:
                return
            *complete, pending = (pending + chunk).split(b"\n")
            for line in complete:
                yield json.loads(line)


def _cause_of_death(status: int, log: Path) -> str:
    """A sentence on why the child ended without an answer: its signal or status, and the last line it wrote."""
    if status < 0:
        name = signal.Signals(-status).name
        hint = ", perhaps because the machine ran out of memory" if name == "SIGKILL" else ""
        cause = f"The engine process was ended by {name}{hint}."
    else:
        cause = f"The engine process ended with status {status}."
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        lines = [text.strip() for text in file.read().decode("utf-8", "replace").splitlines() if text.strip()]
    return f"{cause} Last line of the log: {lines[-1][:300]}" if lines else cause
