"""Long work: look at it, wait for it, cancel it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from client.errors import JobFailed
from client.nouns import Job
from client.transport import Transport

ENDED = ("succeeded", "failed", "cancelled")
Lines = list[str]
FIRST, LONGEST = 0.15, 1.0  # seconds between two looks, where no news can be had


class Jobs:
    """Jobs of the platform."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def get(self, job: int) -> Job:
        """Its present state."""
        found: Job = self.transport.get(f"jobs/{job}")
        return found

    def list(self, **filters: Any) -> Iterator[Job]:
        """Jobs, newest first; filter by project, dataset, state, kind."""
        return self.transport.items("jobs", **filters)

    def cancel(self, job: int) -> Job:
        """Ask it to stop."""
        found: Job = self.transport.post(f"jobs/{job}/cancel")
        return found

    def log(self, job: int) -> Lines:
        """The lines of its log so far."""
        return [line["text"] for line in self.transport.get(f"jobs/{job}/log")["lines"]]

    def wait(self, job: Job | int, progress: Callable[[Job], None] | None = None) -> Job:
        """Wait until it ends. `progress` is called whenever its progress or message changes. Raises JobFailed."""
        number = job if isinstance(job, int) else job["id"]
        seen: tuple[float, str] | None = None
        for now in self._follow(number):
            if progress and (now["progress"], now["message"]) != seen:
                seen = now["progress"], now["message"]
                progress(now)
            if now["state"] in ENDED:
                break
        if now["state"] != "succeeded":
            reason = now.get("error") or f"It was {now['state']}."
            raise JobFailed(f"{now['title']}: {reason}", dict(now))
        return now

    def _follow(self, number: int) -> Iterator[Job]:
        """Its states as they come: by the platform's news of it, and by asking while these cannot be had."""
        pause = FIRST
        while True:
            yield self.get(number)
            for news in self.transport.news(job=number):
                told = news.get("job")
                yield _running(told) if told and told["state"] not in ENDED else self.get(number)
            time.sleep(pause)
            pause = min(LONGEST, pause * 1.3)


def _running(told: dict[str, Any]) -> Job:
    """News of a job as the job itself; what it gives back is read when it has ended."""
    job: Any = {**told, "result": None}
    found: Job = job
    return found
