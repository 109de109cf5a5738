"""Gates and endpoints: judge a candidate, promote it, roll back, have pictures predicted."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from client.nouns import Job
from client.transport import Transport


class Gates:
    """Rules of a dataset by which checkpoints are promoted, and what came of them."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def list(self, dataset: int) -> list[dict[str, Any]]:
        """A dataset's saved rules."""
        return list(self.transport.items(f"datasets/{dataset}/gates"))

    def create(self, dataset: int, *, name: str, document: dict[str, Any]) -> dict[str, Any]:
        """Save rules and their scenarios under a name. Owners only."""
        made: dict[str, Any] = self.transport.post(f"datasets/{dataset}/gates", {"name": name, "document": document})
        return made

    def judge(self, **asked: Any) -> dict[str, Any]:
        """Ask for a result (see `start_gate` in the API's document); it may be under way still."""
        made: dict[str, Any] = self.transport.post("gate-results", asked)
        return made

    def result(self, result: int) -> dict[str, Any]:
        """How it stands: its verdict, and that of each rule."""
        found: dict[str, Any] = self.transport.get(f"gate-results/{result}")
        return found


class Endpoints:
    """Deployed checkpoints under a name."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def list(self, dataset: int) -> list[dict[str, Any]]:
        """A dataset's endpoints."""
        return list(self.transport.items(f"datasets/{dataset}/endpoints"))

    def get(self, endpoint: int | str) -> dict[str, Any]:
        """One of them, by id or name."""
        found: dict[str, Any] = self.transport.get(f"endpoints/{endpoint}")
        return found

    def create(self, **fields: Any) -> dict[str, Any]:
        """Deploy a checkpoint under a name: dataset, name, checkpoint, slice, and where wanted gate, conf …"""
        made: dict[str, Any] = self.transport.post("endpoints", fields)
        return made

    def promote(self, endpoint: int | str, *, checkpoint: int, reason: str | None = None) -> Job:
        """Put a checkpoint in the place of the deployed one; 409 with the broken rule where the gate holds it back."""
        made: Job = self.transport.post(f"endpoints/{endpoint}/promote", {"checkpoint": checkpoint, "reason": reason})
        return made

    def roll_back(self, endpoint: int | str, *, version: int | None = None) -> dict[str, Any]:
        """Back to the version before, or to the one named."""
        found: dict[str, Any] = self.transport.post(f"endpoints/{endpoint}/roll-back", {"version": version})
        return found

    def predict(self, endpoint: int | str, *pictures: Path | bytes, **settings: Any) -> dict[str, Any]:
        """Boxes of some pictures; `settings` are conf and iou."""
        data = [one if isinstance(one, bytes) else one.read_bytes() for one in pictures]
        body = {"images": [base64.b64encode(one).decode() for one in data], **settings}
        found: dict[str, Any] = self.transport.post(f"endpoints/{endpoint}/predict", body)
        return found

    def history(self, endpoint: int | str) -> Iterator[dict[str, Any]]:
        """Its versions, newest first."""
        return self.transport.items(f"endpoints/{endpoint}/deployments")
