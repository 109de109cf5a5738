"""Where a run is, as its pages show it."""

from dataclasses import dataclass
from datetime import datetime

from curate.models import Evaluation
from jobs.models import Job


@dataclass(frozen=True)
class RunProgress:
    """Where a run is."""

    job: Job | None
    state: str
    epoch: int  # finished epochs
    epochs: int
    eta_seconds: float | None
    evaluation: Evaluation | None
    finished_at: datetime | None
    seconds: float | None  # from its start to its end, or to now
