"""The guided loop: where a dataset is, the next best step, the machine's part of it; and learning curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from client.nouns import Improvement, Job, StepTaken
from client.transport import Transport


class Improve:
    """What would make a dataset's detector better next."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def get(self, dataset: int, *, minutes: float | None = None) -> Improvement:
        """Stage, job, batch, next step and others. `minutes` of people's time that one step may take; 30."""
        found: Improvement = self.transport.get(f"datasets/{dataset}/improve", minutes=minutes)
        return found

    def take(self, dataset: int, step: str, *, class_id: int | None = None, minutes: float | None = None) -> StepTaken:
        """Do the machine's part of a step: gives back a job, the address of a page, or both."""
        body = {"class_id": class_id, "minutes": minutes}
        done: StepTaken = self.transport.post(f"datasets/{dataset}/improve/{step}", body)
        return done

    def skip(self, dataset: int, step: str, *, class_id: int | None = None, undo: bool = False) -> Improvement:
        """Leave a step out until the next training, or take it up again."""
        body = {"class_id": class_id, "undo": undo}
        now: Improvement = self.transport.post(f"datasets/{dataset}/improve/{step}/skip", body)
        return now


class LearningCurves:
    """Trainings on nested parts of a run's images."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def start(
        self, dataset: int, *, run: int | None = None, fractions: Sequence[float] = (0.25, 0.5), seeds: int = 1
    ) -> Job:
        """Train on these parts of a run's images; of the newest one that the loop goes on from where none is named."""
        body = {"run": run, "fractions": list(fractions), "seeds": seeds}
        job: Job = self.transport.post(f"datasets/{dataset}/learning-curve", body)
        return job

    def get(self, dataset: int, *, run: int | None = None) -> dict[str, Any]:
        """The points, over all and by class, and the power laws fitted to them."""
        found: dict[str, Any] = self.transport.get(f"datasets/{dataset}/learning-curve", run=run)
        return found
