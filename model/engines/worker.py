"""The engine's side: `python -m model.engines.worker SOCKET PARENT IDLE` is the nursery, its forks do the work.

A child reads its request from a folder, writes one JSON object per line to a pipe (progress, then a result or an
error), and everything else to the run's log. How children come and go is the package `children`'s.
"""

from __future__ import annotations

import traceback
from dataclasses import replace
from pathlib import Path
from typing import IO

from children import Line, one_sentence, send_line
from children.forking import fork_for_each_request
from model.engines import spec
from model.engines.confinement import confined
from model.engines.memory import most_memory
from model.engines.types import (
    ConvertRequest,
    Engine,
    EngineError,
    EpochReport,
    FormPredictRequest,
    PredictRequest,
    Progress,
    Reporter,
    TrainRequest,
)

GPU = Path("/dev/nvidiactl")
SMALLER = "Choose a smaller batch or image size."


def main() -> None:
    """Be the nursery."""
    # With a GPU each child loads for itself: a loaded library may have touched the driver, which no fork survives.
    fork_for_each_request(load=_nothing if GPU.exists() else _load, work=_work)


def _work(given: Line, channel: IO[str]) -> None:
    """Do one request and give an answer, even if that is an error's sentence."""
    folder = Path(given["folder"])
    try:
        answer = spec.result_line(folder, _do(spec.read_request(folder), lambda r: _report(channel, r)))
    except EngineError as error:
        answer = {"event": "error", "sentence": str(error)}
    except Exception as error:
        traceback.print_exc()
        answer = {"event": "error", "sentence": one_sentence(error, advice=SMALLER)}
    send_line(channel, answer)


def _nothing() -> None:
    """Load nothing."""


def _load() -> None:
    """Import the libraries, here and in no other process."""
    from model.engines import choosing

    for name in choosing.BEFOREHAND:
        choosing.engine_named(name)


def _do(request: spec.Request, report: Reporter) -> spec.Result:
    """Hand the request to the engine."""
    if isinstance(request, ConvertRequest):
        _load()  # before the limits: libraries are no part of the file
        return confined(request.limits, lambda: _engine(request).convert(request, report))
    if isinstance(request, FormPredictRequest):
        from model.engines.forms import predict_by_form

        return predict_by_form(request, report)
    engine = _engine(request)
    if isinstance(request, TrainRequest):
        return engine.train(request, report)
    if isinstance(request, PredictRequest):
        return engine.predict(request, report)
    return engine.export(request)


def _engine(request: spec.EngineRequest) -> Engine:
    from model.engines import choosing

    return choosing.engine_for(request)


def _report(channel: IO[str], report: Progress) -> None:
    """Progress to the pipe, and a line to the log."""
    if isinstance(report, EpochReport):
        figures = "  ".join(f"{name} {value:.4g}" for name, value in report.metrics.items())
        print(f"epoch {report.epoch}/{report.epochs}  {figures}  {report.seconds:.1f} s", flush=True)
        report = replace(report, memory=most_memory())
    send_line(channel, spec.report_line(report))


if __name__ == "__main__":
    main()
