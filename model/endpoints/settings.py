"""What can be said of an endpoint, and what of it makes no sense."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accounts.problems import BadInput

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
MOST_KEPT = 1_000_000  # pictures


@dataclass(frozen=True)
class EndpointChanges:
    """What is to be another way; None leaves it as it is."""

    name: str | None = None
    description: str | None = None
    conf: float | None = None
    iou: float | None = None
    stopped: bool | None = None
    idle_minutes: int | None = None
    hours: dict[str, Any] | None = None
    sample_share: float | None = None
    sample_pictures: int | None = None
    sample_bytes: int | None = None

    def given(self) -> dict[str, Any]:
        """By field; raises BadInput for what makes no sense."""
        found = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) is not None}
        errors = {name: [sentence] for name, value in found.items() if (sentence := fault_of(name, value))}
        if errors:
            name, said = next(iter(errors.items()))
            raise BadInput(f"{name}: {said[0]}", errors=errors)
        return found


def fault_of(name: str, value: Any) -> str:
    """What is wrong with a setting; nothing where it is well."""
    if name == "name":
        return fault_of_name(value)
    if name in ("conf", "iou", "sample_share"):
        return "" if 0 <= value <= 1 else f"{value} is not between 0 and 1."
    if name == "hours":
        return fault_of_hours(value)
    return ""


def fault_of_name(name: str) -> str:
    """It stands in addresses, and is told from an id."""
    if name.isdecimal() or not NAME.fullmatch(name):
        return "A name has small letters a to z, digits and hyphens, at most 60, and is not a number alone."
    return ""


def fault_of_hours(hours: dict[str, Any]) -> str:
    if not hours:
        return ""
    if set(hours) - {"from", "to", "days", "zone"} or not {"from", "to", "zone"} <= set(hours):
        return 'Hours are {"from": "08:00", "to": "18:00", "zone": "Asia/Seoul", "days": [0, 1, 2, 3, 4]}, or {}.'
    try:
        begins, ends = (time_of_day(hours[name]) for name in ("from", "to"))
        ZoneInfo(hours["zone"])
    except (ValueError, TypeError, ZoneInfoNotFoundError, OSError):
        return "from and to are times such as 08:00, and zone is a time zone such as Asia/Seoul."
    days = hours.get("days", [0])
    if not isinstance(days, list) or not days or any(not isinstance(day, int) or not 0 <= day <= 6 for day in days):
        return "days are numbers from 0, Monday, to 6, Sunday."
    return "" if begins != ends else "from and to are the same time; leave hours empty for always."


def time_of_day(text: str) -> time:
    """`08:00`. Raises ValueError for what is none, and for one with a zone of its own: `zone` says it."""
    found = time.fromisoformat(text)
    if found.tzinfo is not None:
        raise ValueError(text)
    return found
