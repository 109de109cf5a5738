"""The time that a save tells: whole, by step, and once however often it is sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from label.quality.models import Sitting
from tests.factories import assert_problem, call
from tests.label.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def sitting(seconds: float, *steps: tuple[str, int | None, float], key: str = "a1") -> dict[str, Any]:
    told = [{"kind": kind, "class_id": class_id, "seconds": took} for kind, class_id, took in steps]
    return {"key": key, "seconds": seconds, "steps": told}


def test_it_works(scene: Scene) -> None:
    """Half a second of work is half a second; the sitting goes on, and the task has what it came to."""
    task = scene.task(scene.batch())
    scene.save(task, boxes=[], sitting=sitting(0.5))
    task.refresh_from_db()
    assert task.active_seconds == 0.5
    scene.save(task, sitting=sitting(7.25, ("draw", scene.car, 4.0), ("relabel", scene.rider, 1.5)), state="done")
    task.refresh_from_db()
    assert task.active_seconds == 7.25
    kept = Sitting.objects.get()
    assert (kept.person, kept.seconds, kept.review) == (scene.cast.bob, 7.25, False)
    assert kept.steps == [["draw", scene.car, 4.0], ["relabel", scene.rider, 1.5]]
    assert kept.ended_at - kept.began_at >= timedelta(seconds=0.5)
    assert abs(datetime.now(UTC) - kept.ended_at) < timedelta(minutes=5)


def test_what_is_sent_twice_counts_once(scene: Scene) -> None:
    """An answer got lost: the same seconds come again, with the next version, and with a later state of the sitting."""
    task = scene.task(scene.batch())
    scene.save(task, boxes=[], sitting=sitting(10))
    assert_problem(scene.save(task, version=0, boxes=[], sitting=sitting(10)), 412)
    scene.save(task, sitting=sitting(10))
    scene.save(task, sitting=sitting(12))
    scene.save(task, sitting=sitting(11))  # an older one that was long on the way
    task.refresh_from_db()
    assert task.active_seconds == 12
    scene.save(task, sitting=sitting(3, key="b2"))  # opened again
    scene.save(task, active_seconds=2)  # a script
    task.refresh_from_db()
    assert task.active_seconds == 17
    assert Sitting.objects.count() == 3


def test_a_refused_save_counts_nothing(scene: Scene) -> None:
    task = scene.task(scene.batch(review=True))
    assert_problem(scene.save(task, boxes=[], state="done", sitting=sitting(10)), 403)
    assert not Sitting.objects.exists()


def test_a_reviewers_time_is_review(scene: Scene) -> None:
    task = scene.task(scene.batch(review=True))
    scene.save(task, boxes=[], state="in_review", sitting=sitting(5))
    scene.save(task, scene.cast.alice, state="done", sitting=sitting(3))
    assert list(Sitting.objects.order_by("pk").values_list("person", "review")) == [
        (scene.cast.bob.pk, False),
        (scene.cast.alice.pk, True),
    ]


@pytest.mark.parametrize(
    "told",
    [
        {"key": "a1"},
        {"key": "", "seconds": 1},
        {"key": "a b", "seconds": 1},
        {"key": "a1", "seconds": -1},
        {"key": "a1", "seconds": 1, "steps": [{"kind": "sleep", "seconds": 1}]},
        {"key": "a1", "seconds": 1, "steps": [{"kind": "draw", "seconds": 9}]},
        {"key": "a1", "seconds": 1e9},
        {"key": "a1", "seconds": 1, "steps": [{"kind": "draw", "seconds": 0}] * 1001},
    ],
)
def test_it_rejects_what_makes_no_sense(scene: Scene, told: dict) -> None:
    assert_problem(scene.save(scene.task(scene.batch()), sitting=told), 400)


def test_charlie_tells_nothing(scene: Scene) -> None:
    task = scene.task(scene.batch())
    body = {"sitting": sitting(5)}
    assert call(scene.cast.charlie, "put", f"tasks/{task.pk}", body, **{"If-Match": "0"}).status_code == 404
