"""A save tells of assists: stored with it, counted once, and judged by what the boxes become."""

from io import BytesIO
from typing import Any

import pytest

from accounts.models import Role
from label.assists.models import Assist
from label.assists.saving_time import ENOUGH
from storage import blobs
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_user
from tests.label.scene import Scene, new_box

pytestmark = pytest.mark.django_db

PLACE = (200.0, 200.0, 240.0, 250.0)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def told(key: str, kind: str = "click", **fields: Any) -> dict[str, Any]:
    plain = {"key": key, "kind": kind, "outcome": "taken", "box_id": "n1", "offered": None, "checkpoint": None}
    return plain | {"seconds": 1.5} | fields


def offered(scene: Scene) -> dict[str, Any]:
    return {"class_id": scene.car, "box": list(PLACE)}


def counts(scene: Scene, batch: int) -> dict[str, Any]:
    answer: dict[str, Any] = call(scene.cast.bob, "get", f"batches/{batch}/assists").json()
    return answer


def row(answer: dict[str, Any], kind: str) -> tuple[int, int, int]:
    (found,) = [one for one in answer["rows"] if one["kind"] == kind]
    return found["unchanged"], found["changed"], found["refused"]


def test_an_offer_is_counted_and_follows_its_box(scene: Scene) -> None:
    task = scene.task(scene.batch())
    boxes = [*scene.boxes(), new_box(scene.car, PLACE)]
    assists = [told("a", offered=offered(scene)), told("b", outcome="refused", box_id="", offered=offered(scene))]
    assert scene.save(task, boxes=boxes, assists=assists).status_code == 200
    assert row(counts(scene, task.batch_id), "click") == (1, 0, 1)
    scene.save(task, boxes=[*scene.boxes(), new_box(scene.rider, PLACE)])
    assert row(counts(scene, task.batch_id), "click") == (0, 1, 1)
    scene.save(task, boxes=scene.boxes())
    assert row(counts(scene, task.batch_id), "click") == (0, 0, 2)
    scene.save(task, boxes=boxes)  # undone
    assert row(counts(scene, task.batch_id), "click") == (1, 0, 1)


def test_told_twice_it_counts_once_and_the_later_time_holds(scene: Scene) -> None:
    task = scene.task(scene.batch())
    boxes = [*scene.boxes(), new_box(scene.car, PLACE)]
    for seconds in (1.5, 4.0):
        scene.save(task, boxes=boxes, assists=[told("a", offered=offered(scene), seconds=seconds)])
    assert [one.seconds for one in Assist.objects.all()] == [4.0]


def test_a_save_that_fails_tells_nothing(scene: Scene) -> None:
    task = scene.task(scene.batch())
    assert scene.save(task, boxes=[new_box(999_999, PLACE)], assists=[told("a")]).status_code == 400
    assert scene.save(task, version=7, assists=[told("a")]).status_code == 412
    assert_problem(scene.save(task, assists=[told("a"), told("a")]), 400, mentions="a key of its own")
    assert not Assist.objects.exists()


@pytest.mark.parametrize(
    "odd", [{"kind": "magic"}, {"seconds": -1}, {"seconds": 1e6}, {"key": "a b"}, {"outcome": "lost"}, {"offered": {}}]
)
def test_it_rejects_what_is_odd(scene: Scene, odd: dict[str, Any]) -> None:
    task = scene.task(scene.batch())
    assert_problem(scene.save(task, assists=[told("a") | odd]), 400)


def test_time_saved_is_known_once_enough_was_drawn_by_hand(scene: Scene) -> None:
    batch = scene.batch()
    task = scene.task(batch)
    boxes = [*scene.boxes(), new_box(scene.car, PLACE)]
    scene.save(task, boxes=boxes, assists=[told("a", offered=offered(scene), seconds=1.0)])
    answer = counts(scene, batch.pk)
    (bob,) = answer["people"]
    assert (bob["median_seconds"], bob["saved_seconds"], bob["taken"]) == (None, None, 1)
    assert (answer["saved_seconds"], answer["enough"]) == (None, ENOUGH)
    drawn = [new_box(scene.car, (k * 10.0, 0.0, k * 10.0 + 9, 9.0), f"d{k}") | {"id": f"nd{k}"} for k in range(ENOUGH)]
    assists = [told(f"d{k}", "drawn", box_id=f"nd{k}", seconds=5.0) for k in range(ENOUGH)]
    scene.save(task, boxes=[*boxes, *drawn], assists=assists)
    answer = counts(scene, batch.pk)
    (bob,) = answer["people"]
    assert (bob["drawn"], bob["median_seconds"], bob["saved_seconds"]) == (ENOUGH, 5.0, 4.0)  # 1 × 5 s − 1 s
    assert answer["saved_seconds"] == 4.0


def test_suggestions_are_counted_by_their_verdicts(scene: Scene) -> None:
    run = scene.suggestions({0: [0.9, 0.8]})
    batch = scene.batch(auto_curate_id=run.pk)
    first, second = run.suggestions.order_by("pk")
    verdicts = [{"id": first.pk, "verdict": "accepted"}, {"id": second.pk, "verdict": "rejected"}]
    scene.save(scene.task(batch), verdicts=verdicts)
    assert row(counts(scene, batch.pk), "suggestion") == (1, 0, 1)


def test_charlie_sees_nothing(scene: Scene) -> None:
    batch = scene.batch()
    assert_charlie_gets_404(scene.cast, "get", f"batches/{batch.pk}/assists")
    assert_charlie_gets_404(scene.cast, "get", f"batches/{batch.pk}/assist")
    assert_charlie_gets_404(scene.cast, "post", f"images/{scene.images[0].pk}/tighten", {"box": [1, 1, 20, 20]})


def test_a_loose_box_is_tightened_by_the_picture(scene: Scene) -> None:
    import numpy as np
    from PIL import Image as Picture

    pixels = np.full((480, 640, 3), 40, np.uint8)
    pixels[100:200, 300:420] = (220, 210, 60)
    out = BytesIO()
    Picture.fromarray(pixels).save(out, "PNG")
    image = scene.images[0]
    image.location = blobs.put_bytes(out.getvalue(), suffix=".png").key
    image.save()
    path = f"images/{image.pk}/tighten"
    answer = call(scene.cast.bob, "post", path, {"box": [290, 88, 435, 210]})
    assert answer.json()["box"] == pytest.approx([300, 100, 420, 200], abs=3)
    assert call(scene.cast.bob, "post", path, {"box": [2, 2, 8, 8]}).json()["box"] is None
    assert_problem(call(scene.cast.bob, "post", path, {"box": [700, 10, 900, 40]}), 400, mentions="inside the image")


def test_a_copy_judges_its_own_offers_alone(scene: Scene) -> None:
    """Bob takes an offer in his copy; Dora's copy, without that box, does not make it a refusal."""
    dora = make_user("Dora")
    scene.cast.project.members.create(user=dora, role=Role.LABELLER)
    task = scene.task(scene.batch())
    call(scene.cast.alice, "post", f"batches/{task.batch_id}/several", {"people": 2})
    bobs = [*scene.boxes(), new_box(scene.car, PLACE)]
    for person, boxes, assists in (
        (scene.cast.bob, bobs, [told("a", offered=offered(scene))]),
        (dora, scene.boxes(), [told("b", outcome="refused", box_id="", offered=offered(scene))]),
    ):
        body = {"boxes": boxes, "assists": assists}
        version = call(person, "get", f"tasks/{task.pk}").json()["version"]
        assert call(person, "put", f"tasks/{task.pk}", body, **{"If-Match": str(version)}).status_code == 200
    assert row(counts(scene, task.batch_id), "click") == (1, 0, 1)
