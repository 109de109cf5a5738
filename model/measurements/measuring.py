"""How fast a baseline trains and predicts here, and the memory that takes: a short training on made pictures."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.utils import timezone

from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.engines import (
    EngineCancelled,
    EngineError,
    EpochReport,
    PredictReport,
    PredictRequest,
    PredictSettings,
    TrainRequest,
    run_in_process,
)
from model.measurements.device import device_name, memory_left
from model.measurements.pictures import CLASSES, draw
from model.models import Measurement
from model.services.engine import still_wanted
from model.services.settings import defaults_for, read_settings
from storage import blobs

KIND = "measure_baseline"
EPOCHS = 3  # the first of which is a warm-up
STEPS = 2  # of an epoch
SECONDS = 240.0  # for the training, and again for the prediction
LEAST_MEMORY = 0.06  # of the machine's, left free: below it the training is ended before the system ends it
DONE_TRAINING = 0.7  # of the job


@dataclass
class Watch:
    """Whether a measurement may go on, and why not."""

    report: Report
    began: float = field(default_factory=time.monotonic)
    ended_by: str = ""

    def unwanted(self) -> bool:
        """Asked four times a second."""
        if memory_left() < LEAST_MEMORY:
            self.ended_by = "memory"
        elif time.monotonic() - self.began > SECONDS:
            self.ended_by = "time"
        return bool(self.ended_by) or not still_wanted(self.report)


@dataclass
class MeasuredFigures:
    """What was seen."""

    trained_per_second: float | None = None
    predicted_per_second: float | None = None
    memory: int | None = None  # bytes
    problem: str = ""


def run(job: Job, report: Report) -> dict[str, Any]:
    """The job. Safe to run again: it writes one row, at its end."""
    asked = job.params
    folder = blobs.work_folder(_work_name(job))
    try:
        found = measure(folder, asked["baseline"], asked["imgsz"], asked["batch"], report)
    finally:
        blobs.clear_work(_work_name(job))
    report.check()
    row, _ = Measurement.objects.update_or_create(
        baseline=asked["baseline"], device=device_name(), imgsz=asked["imgsz"], batch=asked["batch"],
        defaults={**vars(found), "measured_at": timezone.now()},
    )  # fmt: skip
    return {"measurement": row.pk, "baseline": row.baseline, "problem": row.problem}


def measure(folder: Path, baseline: str, imgsz: int, batch: int, report: Report) -> MeasuredFigures:
    """Train, then predict with what was trained. Raises what `report` says of stopping."""
    report(0.0, Sentence.of("measuring_training", "Measuring a training of {baseline}", baseline=baseline))
    images = draw(folder / "images", STEPS * batch, imgsz)
    given = defaults_for(baseline) | {"epochs": EPOCHS, "imgsz": imgsz, "batch": batch, "close_mosaic": 0}
    request = TrainRequest(
        baseline,
        CLASSES,
        images,
        folder / "run",
        read_settings({**given, "devices": "1", "validate": False, "patience": 0}),
    )
    epochs: list[EpochReport] = []

    def on_epoch(done: object) -> None:
        if isinstance(done, EpochReport):
            epochs.append(done)
            report(DONE_TRAINING * done.epoch / EPOCHS)

    problem = _within(lambda watch: run_in_process(
        request, log=folder / "engine.log", report=on_epoch, cancelled=watch.unwanted
    ), report)  # fmt: skip
    if not epochs:
        return MeasuredFigures(problem=problem)
    seconds = median(one.seconds for one in epochs[1:] or epochs)
    figures = MeasuredFigures(len(images) / seconds, None, max(one.memory for one in epochs) or None)
    if not problem:
        figures.predicted_per_second = _predicted_per_second(folder, images_of(request), imgsz, batch, report)
    return figures


def images_of(request: TrainRequest) -> tuple[Path, ...]:
    """The files of a training's pictures."""
    return tuple(one.path for one in request.images)


def _predicted_per_second(
    folder: Path, images: tuple[Path, ...], imgsz: int, batch: int, report: Report
) -> float | None:
    """Images a second, decoding included, after the first batch."""
    report(DONE_TRAINING, Sentence.of("measuring_prediction", "Measuring predictions"))
    told: list[tuple[float, int]] = []

    def on_images(done: object) -> None:
        if isinstance(done, PredictReport):
            told.append((time.monotonic(), done.done))

    request = PredictRequest(folder / "run" / "last.pt", 3 * images, PredictSettings(imgsz=imgsz, batch=batch))
    _within(lambda watch: run_in_process(
        request, log=folder / "engine.log", report=on_images, cancelled=watch.unwanted
    ), report)  # fmt: skip
    if len(told) < 2 or told[-1][0] <= told[0][0]:
        return None
    return (told[-1][1] - told[0][1]) / (told[-1][0] - told[0][0])


def _within(work: Callable[[Watch], object], report: Report) -> str:
    """Do it within the limits; the answer is a sentence where it did not get to its end."""
    watch = Watch(report)
    try:
        work(watch)
    except EngineCancelled:
        if not watch.ended_by:
            report.check()
            raise JobFailed("The measurement was ended.") from None
        return TOLD[watch.ended_by]
    except EngineError as error:
        return str(error)[:300]
    return ""


TOLD = {
    "memory": "It takes more memory than this machine has free. Choose a smaller batch or image size.",
    "time": f"A few steps took longer than {SECONDS / 60:.0f} minutes: it is too slow for this device.",
}


def _work_name(job: Job) -> str:
    return f"measure-{job.pk}"
