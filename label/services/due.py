"""Reminding people of days on which tasks are due, in the morning of their own day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone

from label.models import Batch, Task
from label.selectors.people import UNFINISHED, due_of
from label.services.telling import batch_link
from notices.models import NoticeWish
from notices.services import DIGEST_HOUR, NewNotice, tell


def remind(now: datetime | None = None) -> None:
    """Tell everybody, once, what of theirs is due tomorrow and what was due; the clock calls this twice an hour."""
    now = now or timezone.now()
    rows = list(_unfinished(latest=now.date() + timedelta(days=2)))
    people = {row["assignee"] for row in rows}
    zones = dict(NoticeWish.objects.filter(user__in=people).values_list("user_id", "time_zone"))
    batches = Batch.objects.select_related("dataset").in_bulk({row["batch"] for row in rows})
    for row in rows:
        local = now.astimezone(ZoneInfo(zones.get(row["assignee"], "UTC")))
        kind = kind_at(local, row["day"])
        if kind:
            _remind(batches[row["batch"]], row, kind)


def _unfinished(latest: date) -> Iterator[dict[str, Any]]:
    """Batch, person, day and how many tasks."""
    rows = Task.objects.filter(state__in=UNFINISHED, assignee__isnull=False, batch__state=Batch.State.OPEN)
    days = rows.annotate(day=due_of()).filter(day__lte=latest).values("batch", "assignee", "day")
    yield from map(dict, days.annotate(count=Count("pk")).order_by("batch", "assignee", "day"))


def kind_at(local: datetime, day: date) -> str:
    """What is to be said of a day at a person's time: nothing before eight in the morning."""
    if local.hour < DIGEST_HOUR:
        return ""
    if day < local.date():
        return "overdue"
    return "due_tomorrow" if day == local.date() + timedelta(days=1) else ""


def _remind(batch: Batch, row: dict[str, Any], kind: str) -> None:
    names = {"batch": batch.name, "count": row["count"], "due": row["day"].isoformat()}
    once = f"{kind} {batch.pk} {row['day'].isoformat()}"
    tell(NewNotice(batch.dataset.project_id, kind, names, batch_link(batch), once), [row["assignee"]])
