"""Watching as a page or a script does: an open stream of events, read one after the other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from accounts import services
from accounts.models import Project, Role, User
from jobs.models import Job
from jobs.reporting import Report
from tests.factories import browser_of
from tests.processes import PATIENCE


class Stream:
    """An open stream; its first event has come."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()
        self.first = self.next()

    def next(self) -> dict[str, Any] | None:
        """The next event but those that only say that the stream lives; None: it has ended."""
        for line in self._lines:
            if line.startswith("data: "):
                news: dict[str, Any] = json.loads(line.removeprefix("data: "))
                if "disk" not in news or not hasattr(self, "first"):
                    return news
        return None


@contextmanager
def watching(url: str, headers: dict[str, str], **only: int) -> Iterator[Stream]:
    headers = headers | {"Accept": "text/event-stream"}
    with httpx.stream("GET", f"{url}/api/v1/events", params=only, headers=headers, timeout=PATIENCE) as response:
        assert response.status_code == 200, response.read()
        yield Stream(response)


def by_token(person: User, project: Project) -> dict[str, str]:
    token = services.create_token(name="watch", project=project, role=Role.VIEWER, by=person).token
    return {"Authorization": f"Bearer {token}"}


def by_session(person: User) -> dict[str, str]:
    return {"Cookie": f"sessionid={browser_of(person).cookies['sessionid'].value}"}


def started(job: Job) -> Report:
    assert job.claim("here")
    return Report(job, "here")
