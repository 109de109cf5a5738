"""What a project's managers do to its webhooks."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import access, audit
from accounts.models import Project, Role, User
from accounts.problems import BadInput, Conflict
from notices.events import EVENTS, PING, body_of, new_delivery
from notices.models import Delivery, Webhook
from notices.webhooks.guard import target_of
from notices.webhooks.signing import new_secret

BOTH_VALID = timedelta(days=1)  # that the earlier secret still signs beside the new one
MOST = 20  # webhooks of a project


@dataclass(frozen=True)
class NewSecret:
    """A webhook and its secret, which is shown this once."""

    row: Webhook
    secret: str


@transaction.atomic
def create_webhook(*, project: Project, url: str, events: Sequence[str], by: User) -> NewSecret:
    """Have the project's events sent to an address. Managers and above. Raises AddressRefused."""
    access.check(by, project.pk, Role.MANAGER)
    if Webhook.objects.filter(project=project).count() >= MOST:
        raise Conflict(f"A project has at most {MOST} webhooks. Delete one that is not needed.")
    target_of(url)
    row = Webhook.objects.create(
        project=project, url=url, events=known_events(events), secret=new_secret(), created_by=by
    )
    _record(row, by, "webhook.create", {"events": row.events})
    return NewSecret(row, row.secret)


@transaction.atomic
def change_webhook(
    *, row: Webhook, by: User, url: str | None = None, events: Sequence[str] | None = None, active: bool | None = None
) -> Webhook:
    """Set the address, the events, or whether anything is sent. Managers and above."""
    access.check(by, row.project_id, Role.MANAGER)
    if url is not None:
        target_of(url)
    given = {"url": url, "events": None if events is None else known_events(events), "active": active}
    changes = {name: value for name, value in given.items() if value is not None}
    Webhook.objects.filter(pk=row.pk).update(**changes) if changes else None
    _record(row, by, "webhook.change", changes)
    row.refresh_from_db()
    return row


@transaction.atomic
def rotate_secret(*, row: Webhook, by: User) -> NewSecret:
    """Give it a new secret; for a day requests bear the signatures of both. Managers and above."""
    access.check(by, row.project_id, Role.MANAGER)
    row = Webhook.objects.select_for_update().get(pk=row.pk)
    row.earlier_secret, row.earlier_until = row.secret, timezone.now() + BOTH_VALID
    row.secret = new_secret()
    row.save(update_fields=["secret", "earlier_secret", "earlier_until"])
    _record(row, by, "webhook.rotate_secret", {})
    return NewSecret(row, row.secret)


@transaction.atomic
def delete_webhook(*, row: Webhook, by: User) -> None:
    """Delete it with its log; what is still on its way to it is not sent. Managers and above."""
    access.check(by, row.project_id, Role.MANAGER)
    _record(row, by, "webhook.delete", {})
    row.delete()


@transaction.atomic
def send_ping(*, row: Webhook, by: User) -> Delivery:
    """Send an event that says nothing, to see whether it arrives. Managers and above."""
    access.check(by, row.project_id, Role.MANAGER)
    event_id = uuid.uuid4()
    body = body_of(event_id, PING, row.project, {"type": "webhook", "id": row.pk})
    delivery = new_delivery(row, event_id, PING, body)
    delivery.save()
    _record(row, by, "webhook.ping", {"delivery": delivery.pk})
    return delivery


@transaction.atomic
def resend(*, delivery: Delivery, by: User) -> Delivery:
    """Send it once more, now, and again for a day. Managers and above. Raises Conflict while it is on its way."""
    access.check(by, delivery.webhook.project_id, Role.MANAGER)
    now = timezone.now()
    ended = Delivery.objects.filter(pk=delivery.pk).exclude(state=Delivery.State.WAITING, next_at__lte=now)
    if not ended.update(state=Delivery.State.WAITING, attempts=0, next_at=now, begun_at=now):
        raise Conflict("This delivery is about to be sent.")
    _record(delivery.webhook, by, "webhook.resend", {"delivery": delivery.pk})
    delivery.refresh_from_db()
    return delivery


def known_events(names: Sequence[str]) -> list[str]:
    """In their order, each once. Raises BadInput for one that there is not."""
    unknown = [name for name in names if name not in EVENTS]
    if unknown or not names:
        detail = f"There is no event {unknown[0]}." if unknown else "Choose at least one event."
        raise BadInput(detail, errors={"events": [f"{detail} There are: {', '.join(EVENTS)}."]})
    return [name for name in EVENTS if name in names]


def _record(row: Webhook, by: User, action: str, data: dict[str, Any]) -> None:
    audit.record(by=by, action=action, target=row.url, project=row.project_id, data={"id": row.pk} | data)
