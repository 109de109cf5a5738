"""Hours in which an endpoint is up, by hand; 30 November 2026 is a Monday."""

from datetime import UTC, datetime
from typing import Any

import pytest

from model.endpoints.schedule import is_up, next_opening

OFFICE = {"from": "08:00", "to": "18:00", "zone": "Asia/Seoul", "days": [0, 1, 2, 3, 4]}
NIGHT = {"from": "22:00", "to": "06:00", "zone": "UTC", "days": [0]}


@pytest.mark.parametrize(
    ("hours", "at", "up"),
    [
        ({}, "2026-11-30 03:00", True),
        (OFFICE, "2026-11-29 23:30", True),  # 08:30 on Monday in Seoul
        (OFFICE, "2026-11-29 22:30", False),
        (OFFICE, "2026-11-30 09:00", False),  # 18:00
        (OFFICE, "2026-12-05 01:00", False),  # Saturday
        (NIGHT, "2026-11-30 23:00", True),
        (NIGHT, "2026-12-01 05:00", True),  # still Monday's night
        (NIGHT, "2026-12-01 23:00", False),
    ],
)
def test_it_is_up(hours: dict[str, Any], at: str, up: bool) -> None:
    assert is_up(hours, datetime.fromisoformat(at).replace(tzinfo=UTC)) is up


def test_when_it_opens() -> None:
    friday_evening = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)
    assert next_opening(OFFICE, friday_evening) == "2026-12-07 08:00 Asia/Seoul"
