"""health: what a load balancer asks."""

from typing import Any

import pytest
from django.test import Client

from config import health
from storage import room
from tests.storage.disks import usage

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    response = Client().get("/api/v1/health")
    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body["database"], body["broker"]) == ("ok", True, True)
    assert set(body["workers"]) == {"cpu", "gpu"}


def test_without_a_broker_it_says_so(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = Client().get("/api/v1/health")
    assert response.status_code == 503
    body = response.json()
    assert (body["status"], body["database"], body["broker"], body["workers"]) == ("degraded", True, False, None)


def test_without_a_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: False)
    response = Client().get("/api/v1/health")
    assert (response.status_code, response.json()["database"]) == (503, False)


@pytest.mark.parametrize(
    ("total", "free", "state"),
    [(100 << 30, 50 << 30, "ok"), (100 << 30, 9 << 30, "low"), (100 << 30, 1 << 30, "very_low"), (1 << 30, 9, "full")],
)
def test_it_warns_of_a_disk_that_gets_full(monkeypatch: pytest.MonkeyPatch, total: int, free: int, state: str) -> None:
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: usage(total, free))
    response = Client().get("/api/v1/health")
    assert (response.status_code, response.json()["disk"]["state"]) == (200, state)
