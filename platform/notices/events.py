"""What other programs can be told of, and telling them: a row for each webhook that wants it, in one transaction."""

import uuid
from typing import Any

import orjson
from django.utils import timezone

from accounts.models import Project
from accounts.values import mended
from notices.models import Delivery, Webhook

VERSION = 1  # of the body; it rises when a field changes its meaning or goes
EVENTS = [
    "batch.created", "batch.done", "batch.merged", "task.state", "run.started", "run.finished", "run.failed",
    "gate.passed", "gate.failed", "job.failed",
]  # fmt: skip
PING = "ping"


def announce(*, project_id: int, event: str, about: dict[str, Any]) -> int:
    """Put the event on its way to every webhook of the project that wants it; returns how many do.

    For other services, in their transaction. `about` is the thing, as JSON with "type" and "id".
    """
    hooks = [one for one in Webhook.objects.filter(project=project_id, active=True) if event in one.events]
    if not hooks:
        return 0
    project = Project.objects.get(pk=project_id)
    event_id = uuid.uuid4()
    body = body_of(event_id, event, project, about)
    Delivery.objects.bulk_create(new_delivery(hook, event_id, event, body) for hook in hooks)
    return len(hooks)


def new_delivery(hook: Webhook, event_id: uuid.UUID, event: str, body: str) -> Delivery:
    now = timezone.now()
    return Delivery(webhook=hook, event_id=event_id, event=event, body=body, next_at=now, begun_at=now)


def body_of(event_id: uuid.UUID, event: str, project: Project, about: dict[str, Any]) -> str:
    """The bytes that are sent and signed, as text."""
    said = {
        "id": str(event_id),
        "event": event,
        "time": timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "version": VERSION,
        "project": {"id": project.pk, "name": project.name},
        "object": mended(about),
    }
    return orjson.dumps(said).decode()
