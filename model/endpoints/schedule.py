"""The hours in which an endpoint is up: {"from": "08:00", "to": "18:30", "days": [0 … 6], "zone": "Europe/Berlin"}."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

Hours = dict[str, Any]  # empty: always
ALL_DAYS = [0, 1, 2, 3, 4, 5, 6]  # Monday is 0


def is_up(hours: Hours, now: datetime | None = None) -> bool:
    """Whether it is up. Hours that end before they begin go over midnight and belong to the day they begin on."""
    if not hours:
        return True
    here = (now or timezone.now()).astimezone(ZoneInfo(hours["zone"]))
    begins, ends = time.fromisoformat(hours["from"]), time.fromisoformat(hours["to"])
    days = hours.get("days", ALL_DAYS)
    clock = here.time()
    if begins < ends:
        return here.weekday() in days and begins <= clock < ends
    yesterday = (here.weekday() - 1) % 7
    return (here.weekday() in days and clock >= begins) or (yesterday in days and clock < ends)


def next_opening(hours: Hours, now: datetime | None = None) -> str:
    """When it is up next, in its own zone: `2026-12-01 08:00 Europe/Berlin`."""
    here = (now or timezone.now()).astimezone(ZoneInfo(hours["zone"]))
    begins = time.fromisoformat(hours["from"])
    for later in range(8):
        day = (here + timedelta(days=later)).date()
        opens = datetime.combine(day, begins, here.tzinfo)
        if opens > here and day.weekday() in hours.get("days", ALL_DAYS):
            return f"{opens:%Y-%m-%d %H:%M} {hours['zone']}"
    return "no time"
