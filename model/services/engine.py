"""Between an engine process and the job that waits for it: progress, the log's new lines, and whether to stop."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jobs.errors import JobCancelled, JobFailed, JobInterrupted
from jobs.reporting import Report
from model.engines import (
    CheckpointFacts,
    ConvertReport,
    ConvertRequest,
    EngineCancelled,
    EngineError,
    EpochReport,
    ExportRequest,
    FormPredictRequest,
    PicturesRequest,
    Predictions,
    PredictReport,
    PredictRequest,
    TrainRequest,
    TrainResult,
    run_in_process,
)
from model.engines.environment import engine_environment


def process_environment() -> dict[str, str]:
    """The environment of a process that computes for a job: quiet, offline, with its share of the processor."""
    return engine_environment(threads=0)


def nothing() -> None:
    """There is nothing else to do."""


class LogTail:
    """Passes what an engine process writes to its log on to the job's log, line by line."""

    def __init__(self, path: Path, report: Report) -> None:
        self.path = path
        self.report = report
        self._read = path.stat().st_size if path.exists() else 0

    def follow(self) -> None:
        """Pass on the whole lines written since the last call."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self._read)
            whole, newline, _ = file.read().rpartition(b"\n")
        self._read += len(whole) + len(newline)
        for line in whole.decode("utf-8", "replace").splitlines():
            if line.strip():
                self.report.log(line.replace("\x00", ""))


def train_network(
    request: TrainRequest,
    *,
    log: Path,
    report: Report,
    on_epoch: Callable[[EpochReport], None],
    meanwhile: Callable[[], None] = nothing,
) -> TrainResult:
    """Train in a process of its own. Raises JobFailed with the engine's sentence, or what `report` says of stopping.

    `meanwhile` is called four times a second.
    """
    return _run(request, log, report, on_epoch, meanwhile)


def predict_boxes(
    request: PredictRequest | FormPredictRequest,
    *,
    log: Path,
    report: Report,
    on_images: Callable[[PredictReport], None],
) -> Predictions:
    """Predict in a process of its own; stops and fails as train_network does."""
    return _run(request, log, report, on_images)


def convert_weights(
    request: ConvertRequest, *, log: Path, report: Report, on_step: Callable[[ConvertReport], None]
) -> CheckpointFacts:
    """Convert in a process of its own, within the request's limits; stops and fails as train_network does."""
    return _run(request, log, report, on_step)


def export_weights(request: ExportRequest, *, log: Path, report: Report) -> Path:
    """Write a form in a process of its own; stops and fails as train_network does."""
    written: Path = _run(request, log, report, lambda _: None)
    return written


def draw_pictures(request: PicturesRequest, *, log: Path, report: Report) -> Path:
    """Draw training pictures in a process of its own; gives back their folder; stops and fails as train_network."""
    folder: Path = _run(request, log, report, lambda _: None)
    return folder


def _run(
    request: Any,
    log: Path,
    report: Report,
    on_report: Callable[[Any], None],
    meanwhile: Callable[[], None] = nothing,
) -> Any:
    tail = LogTail(log, report)

    def unwanted() -> bool:
        """Asked four times a second, so it is also when the log is read."""
        tail.follow()
        meanwhile()
        return not still_wanted(report)

    try:
        return run_in_process(request, log=log, report=on_report, cancelled=unwanted)
    except EngineCancelled:
        report.check()
        raise JobInterrupted from None  # it was unwanted a moment ago
    except EngineError as error:
        raise JobFailed(str(error)) from error
    finally:
        tail.follow()


def still_wanted(report: Report) -> bool:
    """Whether the job should go on."""
    try:
        report.check()
    except (JobCancelled, JobInterrupted):
        return False
    return True
