"""What is mine, and next: the home of a labeller and of a reviewer."""

from typing import Any

import pytest

from accounts.models import User
from label.models import Task
from tests.factories import call
from tests.label.scene import Scene
from tests.label.test_review import decide, handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def desk(person: User, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = call(person, "get", f"label-desk{query}").json()
    return found


def test_what_was_sent_back_comes_first(scene: Scene) -> None:
    batch = scene.batch(review=True)
    bob = scene.cast.bob
    assert desk(bob)["next"] == {"kind": "start", "task": None, "batch": batch.pk}
    call(bob, "post", f"batches/{batch.pk}/next")
    assert desk(bob)["next"]["kind"] == "assigned"
    scene.save(scene.task(batch, 0), boxes=[])
    assert desk(bob)["next"] == {"kind": "begun", "task": scene.task(batch, 0).pk, "batch": batch.pk}
    back = handed_in(scene, batch, 1)
    decide(back, scene.cast.alice, "sent_back", reason="A bus is missing.")
    found = desk(bob)
    assert found["next"] == {"kind": "sent_back", "task": back.pk, "batch": batch.pk}
    (row,) = found["sent_back"]
    assert (row["reason"], row["reviewer"]["name"], row["round"]) == ("A bus is missing.", "Alice", 1)
    assert found["counts"] == {"sent_back": 1, "begun": 1, "assigned": 0}
    assert [one["name"] for one in found["batches"]] == ["Corrections"]


def test_a_reviewer_sees_what_waits_and_is_not_their_own(scene: Scene) -> None:
    batch = scene.batch(review=True)
    handed_in(scene, batch, 0)
    handed_in(scene, batch, 1, by=scene.cast.alice)
    assert desk(scene.cast.bob)["to_review"] == []
    found = desk(scene.cast.alice)
    (row,) = found["to_review"]
    assert (row["batch"]["name"], row["waiting"], row["held"]) == ("Corrections", 1, 0)
    assert found["next"] == {"kind": "review", "task": None, "batch": batch.pk}


def test_it_is_asked_for_one_dataset(scene: Scene) -> None:
    batch = scene.batch()
    Task.objects.filter(batch=batch, position=0).update(assignee=scene.cast.bob)
    assert desk(scene.cast.bob, f"?dataset={scene.dataset.pk}")["counts"]["assigned"] == 1
    assert call(scene.cast.charlie, "get", f"label-desk?dataset={scene.dataset.pk}").status_code == 404


def test_charlie_sees_nothing_of_it(scene: Scene) -> None:
    handed_in(scene, scene.batch(review=True))
    found = desk(scene.cast.charlie)
    assert (found["batches"], found["to_review"], found["next"]) == ([], [], None)
