"""Due dates: reminders in the morning of each person's own day, once."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from label.models import Batch
from label.services.due import kind_at, remind
from notices.models import Notice
from notices.services import set_wish
from tests.factories import call
from tests.label.scene import Scene

pytestmark = pytest.mark.django_db
DUE, SEOUL = date(2026, 12, 4), ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("local", "kind"),
    [
        (datetime(2026, 12, 2, 23, tzinfo=SEOUL), ""),
        (datetime(2026, 12, 3, 7, 59, tzinfo=SEOUL), ""),
        (datetime(2026, 12, 3, 8, tzinfo=SEOUL), "due_tomorrow"),
        (datetime(2026, 12, 4, 23, 59, tzinfo=SEOUL), ""),
        (datetime(2026, 12, 5, 0, 1, tzinfo=SEOUL), ""),
        (datetime(2026, 12, 5, 8, tzinfo=SEOUL), "overdue"),
    ],
)
def test_a_day_is_over_when_it_is_over_where_the_person_is(local: datetime, kind: str) -> None:
    assert kind_at(local, DUE) == kind


def test_it_works() -> None:
    scene = Scene()
    batch = scene.batch()
    call(scene.cast.alice, "patch", f"batches/{batch.pk}", {"due": "2026-12-04"})
    batch.tasks.update(assignee=scene.cast.bob)
    set_wish(by=scene.cast.bob, time_zone="Asia/Seoul")
    remind(datetime(2026, 12, 2, 22, 59, tzinfo=UTC))  # 7:59 of the 3rd there
    assert not Notice.objects.exists()
    for _ in range(2):
        remind(datetime(2026, 12, 2, 23, 1, tzinfo=UTC))
    assert [(one.kind, one.names["count"]) for one in Notice.objects.all()] == [("due_tomorrow", 3)]
    batch.tasks.filter(position=0).update(due=date(2026, 12, 2))
    remind(datetime(2026, 12, 3, 1, tzinfo=UTC))
    assert [(one.kind, one.names["due"]) for one in Notice.objects.order_by("pk")][1:] == [("overdue", "2026-12-02")]


def test_a_batchs_day_is_set_and_taken_away() -> None:
    scene = Scene()
    batch = scene.batch()
    assert call(scene.cast.alice, "patch", f"batches/{batch.pk}", {"due": "2026-12-04"}).json()["due"] == "2026-12-04"
    assert call(scene.cast.alice, "patch", f"batches/{batch.pk}", {"name": "Other"}).json()["due"] == "2026-12-04"
    task = scene.task(batch)
    assert call(scene.cast.bob, "get", f"tasks/{task.pk}").json()["due"] == "2026-12-04"
    assert call(scene.cast.alice, "patch", f"batches/{batch.pk}", {"due": None}).json()["due"] is None
    assert Batch.objects.get(pk=batch.pk).due is None
