"""The calls that several steps of the experiment share: wait, train, compare."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from client import Halfday
from client.nouns import Dataset, Evaluation, Job, Run, Slice
from demo.console import Console
from demo.presets import Preset
from demo.table import MapGain, change_of

AGAIN = 0.3  # seconds between looks at a run whose evaluation has not begun


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished run with its evaluation."""

    run: Run
    evaluation: Evaluation

    @property
    def checkpoint(self) -> int:
        """The id of its best weights."""
        found = {c["kind"]: c["id"] for c in self.run["checkpoints"]}
        return int(found.get("best") or found["last"])


@dataclass(frozen=True, slots=True)
class Training:
    """A run to be started."""

    name: str
    slices: Sequence[Slice]
    validation: Slice
    epochs: int
    weights: dict[str, Any]


@dataclass
class Desk:
    """Halfday, seen from one experiment. `dataset` is set once it exists."""

    halfday: Halfday
    console: Console
    preset: Preset
    seed: int
    dataset: int = 0

    def now(self) -> Dataset:
        """The dataset as it stands."""
        return self.halfday.datasets.get(self.dataset)

    def wait(self, job: Job | int) -> dict[str, Any]:
        """Wait for a job, saying how far it is; gives back its result."""
        return self.halfday.jobs.wait(job, progress=self.console.progress)["result"] or {}

    def link(self, *parts: Any) -> str:
        """The address of a page."""
        return "/".join([self.halfday.url, *(str(p) for p in parts)])

    def settings(self, epochs: int) -> dict[str, Any]:
        """A training's settings."""
        return {**self.preset.settings, "epochs": epochs, "imgsz": self.preset.imgsz, "seed": self.seed}

    def architecture(self) -> dict[str, str]:
        """What a training from the first weights says of its baseline."""
        return {"baseline": self.preset.baseline} if self.preset.baseline else {}

    def start(self, training: Training, **more: Any) -> Run:
        """Start a run; `more` as in the client's `runs.start`."""
        return self.halfday.runs.start(
            dataset=self.dataset,
            name=training.name,
            train_slices=[s["id"] for s in training.slices],
            validation_slice=training.validation["id"],
            settings=self.settings(training.epochs),
            weights=training.weights,
            **more,
        )

    def finish(self, run: Run) -> Trained:
        """Wait for the training and for the evaluation that follows it."""
        self.wait(job_of(dict(run)))
        while True:
            run = self.halfday.runs.get(run["id"])
            if run["evaluation"]:
                evaluation = self._evaluated(run["evaluation"]["id"])
                if evaluation["figures"]:
                    return Trained(run, evaluation)
            time.sleep(AGAIN)

    def _evaluated(self, number: int) -> Evaluation:
        evaluation = self.halfday.evaluations.get(number)
        if not evaluation["interval"] and evaluation.get("job"):  # figures are there before their intervals
            self.wait(job_of(dict(evaluation)))
            evaluation = self.halfday.evaluations.get(number)
        return evaluation

    def compare(self, a: Trained, b: Trained) -> MapGain:
        """The difference b - a with its interval, as the platform computes it."""
        found = self.halfday.comparisons.start(a.evaluation["id"], b.evaluation["id"])
        if not found.get("delta"):
            found = dict(self.halfday.comparisons.get(int(self.wait(job_of(found))["comparison"])))
        return change_of(found["delta"]["mAP"])


def job_of(answer: dict[str, Any]) -> int:
    """The job of an answer, which is a job itself or names one."""
    job = answer.get("job") or answer["id"]
    return int(job["id"] if isinstance(job, dict) else job)
