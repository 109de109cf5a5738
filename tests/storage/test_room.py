"""A full disk: writes are refused with a sentence, reading and removing go on, and all of it passes."""

from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from psycopg import errors
from redis.exceptions import ConnectionError as BrokerAway

from accounts.problems import outage_of
from dataset.models import Dataset
from embedded import reserve
from storage import blobs, room
from storage.shrinking import shrink
from tests.dataset.folders import write_image
from tests.factories import assert_problem, call, make_cast, make_dataset, signed_in
from tests.storage.disks import usage

pytestmark = pytest.mark.django_db
GIB = 1 << 30


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets how many bytes are free."""
    return lambda free: monkeypatch.setattr(room.shutil, "disk_usage", lambda _: usage(20 * GIB, free))


def test_it_works(disk: Any) -> None:
    cast = make_cast()
    dataset = make_dataset(cast.project)
    disk(0)
    refused = call(cast.alice, "POST", "datasets", {"name": "more", "project": cast.project.pk})
    problem = assert_problem(refused, 507, mentions="disk is full")
    assert problem["reason"] == "disk_full"
    assert_problem(call(cast.alice, "PATCH", f"datasets/{dataset.pk}", {"name": "other"}), 507)
    assert call(cast.alice, "GET", f"datasets/{dataset.pk}").json()["name"] == dataset.name
    assert call(cast.alice, "DELETE", f"datasets/{dataset.pk}").status_code == 204
    assert not Dataset.objects.filter(pk=dataset.pk).exists()
    disk(GIB)
    assert call(cast.alice, "POST", "datasets", {"name": "more", "project": cast.project.pk}).status_code == 201


def test_one_can_sign_in_to_see_what_is_wrong(disk: Any) -> None:
    cast = make_cast()
    disk(0)
    sent = signed_in(cast.alice).post("/api/v1/auth/logout")
    assert sent.status_code != 507


def test_the_last_bytes_are_the_databases(disk: Any) -> None:
    disk(room.FLOOR + 1000)
    blobs.put_bytes(b"1" * 999)
    with pytest.raises(room.NoRoom):
        blobs.put_bytes(b"2" * 1000)
    assert blobs.put_bytes(b"1" * 999).size == 999  # it is there already


def test_thumbnails_are_still_made_for_those_who_read(disk: Any, tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    small = shrink((tmp_path / "a.jpg").read_bytes(), 160)
    disk(room.FLOOR)
    blobs.put_at("thumbnails/160/aa/aa.jpg", small, durable=False)
    assert blobs.exists("thumbnails/160/aa/aa.jpg")


def test_the_launcher_and_the_web_process_mean_the_same_reserve() -> None:
    assert (reserve.RESERVE, reserve.FLOOR) == (room.RESERVE, room.FLOOR)


def test_what_the_reserve_gave_up_counts_as_used(settings: Any, tmp_path: Path, disk: Any) -> None:
    settings.HOME = settings.STORAGE_ROOT = tmp_path
    disk(room.FLOOR + room.RESERVE)
    assert room.left().free > 0
    (tmp_path / room.RESERVE_FILE).touch()
    assert room.left().state == "full"


def caused(error: Exception, cause: Exception | None = None) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (caused(OperationalError("server closed the connection")), 503),
        (caused(OperationalError("terminating"), errors.AdminShutdown()), 503),
        (caused(OperationalError("starting up"), errors.CannotConnectNow()), 503),
        (caused(InterfaceError("connection already closed")), 503),
        (caused(OperationalError("could not extend file"), errors.DiskFull()), 507),
        (OSError(28, "No space left on device"), 507),
        (BrokerAway("refused"), 503),
        (caused(OperationalError("canceling statement"), errors.QueryCanceled()), None),
        (caused(OperationalError("deadlock"), errors.DeadlockDetected()), None),
        (OSError(2, "No such file"), None),
        (KeyError("a fault of ours"), None),
    ],
)
def test_what_is_away_or_full_is_told_from_faults(error: Exception, status: int | None) -> None:
    found = outage_of(error)
    assert (found.status if found else None) == status


@pytest.mark.parametrize("path", ["projects", "datasets/1"])
def test_without_a_database_everything_answers_503(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    client = signed_in(cast.alice)
    client.raise_request_exception = False

    def away(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", away)
    response = client.get(f"/api/v1/{path}")
    problem = assert_problem(response, 503, mentions="database does not answer")
    assert (problem["reason"], response["Retry-After"]) == ("database_away", "2")
