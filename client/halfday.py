"""The door: one object with the platform's nouns."""

from __future__ import annotations

import os
from typing import Any, Self

from client.curate import AutoCurate, Comparisons, Evaluations
from client.dataset import Datasets, Projects, Slices
from client.errors import HalfdayError
from client.guided import Improve, LearningCurves
from client.jobs import Jobs
from client.label import Batches, Tasks
from client.model import Baselines, Checkpoints, Experiments, Forms, Runs, Searches
from client.serving import Endpoints, Gates
from client.transport import Transport


class Halfday:
    """A platform at an address, seen with a token. Use it in a `with` block, or call `close`."""

    def __init__(self, url: str, token: str, *, timeout: float = 60.0) -> None:
        self.transport = Transport(url, token, timeout)
        self.projects = Projects(self.transport)
        self.datasets = Datasets(self.transport)
        self.slices = Slices(self.transport)
        self.jobs = Jobs(self.transport)
        self.auto_curate = AutoCurate(self.transport)
        self.evaluations = Evaluations(self.transport)
        self.comparisons = Comparisons(self.transport)
        self.batches = Batches(self.transport)
        self.tasks = Tasks(self.transport)
        self.baselines = Baselines(self.transport)
        self.checkpoints = Checkpoints(self.transport)
        self.forms = Forms(self.transport)
        self.runs = Runs(self.transport)
        self.experiments = Experiments(self.transport)
        self.searches = Searches(self.transport)
        self.gates = Gates(self.transport)
        self.endpoints = Endpoints(self.transport)
        self.improve = Improve(self.transport)
        self.learning_curves = LearningCurves(self.transport)

    @classmethod
    def from_environment(cls) -> Self:
        """The platform that HALFDAY_URL and HALFDAY_TOKEN name."""
        missing = [name for name in ("HALFDAY_URL", "HALFDAY_TOKEN") if not os.environ.get(name)]
        if missing:
            raise HalfdayError(
                f"Set {' and '.join(missing)}: the address of the platform and an API token (Settings, API tokens)."
            )
        return cls(os.environ["HALFDAY_URL"], os.environ["HALFDAY_TOKEN"])

    @property
    def url(self) -> str:
        """The address, for people to open."""
        return self.transport.url

    def me(self) -> dict[str, Any]:
        """Whose token this is."""
        found: dict[str, Any] = self.transport.get("auth/me")
        return found

    def close(self) -> None:
        """End the connection."""
        self.transport.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
