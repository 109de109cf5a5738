"""health: what a load balancer asks."""

from typing import Any

import pytest
from django.test import Client

from config import health

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
    assert response.json() == {"status": "degraded", "database": True, "broker": False, "workers": None}


def test_without_a_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: False)
    response = Client().get("/api/v1/health")
    assert (response.status_code, response.json()["database"]) == (503, False)
