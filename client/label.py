"""Batches and tasks: what a labeller does, by script."""
# ruff: noqa: A002 - slice, format and list are the words of the API

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from client.nouns import Batch, Task, TaskRow
from client.transport import Transport


class Batches:
    """Slices that were sent to Label."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def create(self, *, slice: int, name: str, auto_curate: int | None = None) -> Batch:
        """Send a slice to Label; with an auto-curate run, its suggestions come along."""
        made: Batch = self.transport.post("batches", {"slice": slice, "name": name, "auto_curate": auto_curate})
        return made

    def get(self, batch: int) -> Batch:
        """How far it is."""
        found: Batch = self.transport.get(f"batches/{batch}")
        return found

    def tasks(self, batch: int, state: str | None = None) -> Iterator[TaskRow]:
        """Its tasks, one per image."""
        return self.transport.items(f"batches/{batch}/tasks", state=state)

    def preview(self, batch: int) -> dict[str, Any]:
        """What sending it to Curate would change, and the conflicts."""
        found: dict[str, Any] = self.transport.get(f"batches/{batch}/merge")
        return found

    def merge(self, batch: int, *, message: str = "", resolutions: dict[str, str] | None = None) -> dict[str, Any]:
        """Send it to Curate: a new revision. Raises Conflict while conflicts are unresolved."""
        found: dict[str, Any] = self.transport.post(
            f"batches/{batch}/merge", {"message": message, "resolutions": resolutions or {}}
        )
        return found


class Tasks:
    """One image of a batch."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def get(self, task: int) -> Task:
        """Its image, boxes and suggestions."""
        found: Task = self.transport.get(f"tasks/{task}")
        return found

    def save(
        self,
        task: Task,
        *,
        boxes: Sequence[dict[str, Any]],
        state: str | None = None,
        verdicts: Sequence[dict[str, Any]] = (),
        active_seconds: float = 0.0,
    ) -> dict[str, Any]:
        """Store its boxes and verdicts. Raises Stale where somebody saved it since it was read."""
        body: dict[str, Any] = {"boxes": list(boxes), "verdicts": list(verdicts)}
        if state:
            body["state"] = state
        if active_seconds:
            body["active_seconds"] = active_seconds
        saved: dict[str, Any] = self.transport.put(f"tasks/{task['id']}", body, version=task["version"])
        return saved
