"""A sequence's frames with their tracks, and several of them saved together."""

from typing import Any
from urllib.parse import quote

import pytest

from dataset.models import Annotation, Image
from label.models import Batch
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_image
from tests.label.scene import CAR_BOX, Scene, new_box

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """Three frames of one drive, whose names must be read as people do; the cars are track 7."""
    scene = Scene()
    for place, name in enumerate(("drive/f2.jpg", "drive/f10.jpg", "drive/f1.jpg")):
        Image.objects.filter(pk=scene.images[place].pk).update(sequence="drive", key=name)
    Annotation.objects.filter(label_class_id=scene.car).update(attributes={"track": 7})
    return scene


@pytest.fixture
def batch(scene: Scene) -> Batch:
    return scene.batch()


def save(scene: Scene, batch: Batch, *frames: dict[str, Any]) -> Any:
    return call(scene.cast.bob, "post", f"batches/{batch.pk}/frames", {"frames": list(frames)})


def on_track(scene: Scene, name: str) -> dict[str, Any]:
    return new_box(scene.car, (20, 20, 60, 50), name) | {"attributes": {"track": 8, "keyframe": False}}


def test_it_works(scene: Scene, batch: Batch) -> None:
    found = call(scene.cast.bob, "get", f"tasks/{scene.task(batch, 0).pk}/sequence").json()
    assert (found["sequence"], found["first"], found["total"]) == ("drive", 0, 3)
    assert [frame["image"]["key"] for frame in found["frames"]] == ["drive/f1.jpg", "drive/f2.jpg", "drive/f10.jpg"]
    first = found["frames"][0]
    assert (first["task"], first["version"], first["state"]) == (scene.task(batch, 2).pk, 0, "to_label")
    assert [(box["attributes"], tuple(box["box"])) for box in first["boxes"]] == [({"track": 7}, CAR_BOX)]

    frames = [{"task": frame["task"], "version": 0, "put": [on_track(scene, f"n{at}")]} for at, frame in enumerate(found["frames"])]  # fmt: skip # noqa: E501
    answer = save(scene, batch, *frames)
    assert answer.status_code == 200, answer.content
    assert [(one["version"], one["state"]) for one in answer.json()["frames"]] == [(1, "in_progress")] * 3
    again = call(scene.cast.bob, "get", f"tasks/{scene.task(batch, 0).pk}/sequence").json()
    assert [[box["attributes"]["track"] for box in frame["boxes"]] for frame in again["frames"]] == [[7, 8]] * 3
    assert len(call(scene.cast.bob, "get", f"tasks/{first['task']}").json()["boxes"]) == 3  # the rider stays


def test_a_box_is_replaced_and_one_is_taken_out(scene: Scene, batch: Batch) -> None:
    task, (car, rider) = scene.task(batch), scene.boxes()
    change = {"task": task.pk, "version": 0, "put": [car | {"attributes": {"track": 9}}], "remove": [rider["id"]]}
    assert save(scene, batch, change).status_code == 200
    boxes = call(scene.cast.bob, "get", f"tasks/{task.pk}").json()["boxes"]
    assert [(box["id"], box["attributes"]) for box in boxes] == [(car["id"], {"track": 9})]


def test_nothing_is_saved_where_somebody_saved_one_meanwhile(scene: Scene, batch: Batch) -> None:
    first, second = scene.task(batch, 0), scene.task(batch, 1)
    scene.save(second, boxes=[])
    frames = [{"task": task.pk, "version": 0, "put": [on_track(scene, "n1")]} for task in (first, second)]
    problem = assert_problem(save(scene, batch, *frames), 412)
    assert (problem["current"]["id"], problem["changed"]) == (second.pk, [second.pk])
    first.refresh_from_db()
    assert (first.version, first.boxes) == (0, None)


def test_it_names_the_frame_and_the_box_that_cannot_be_saved(scene: Scene, batch: Batch) -> None:
    first, second = scene.task(batch, 0), scene.task(batch, 1)
    bad = on_track(scene, "n1") | {"box": [5, 5, 5, 9]}
    frames = [{"task": first.pk, "version": 0, "put": [on_track(scene, "n1")]}, {"task": second.pk, "version": 0, "put": [bad]}]  # fmt: skip # noqa: E501
    problem = assert_problem(save(scene, batch, *frames), 400, mentions="drive/f10.jpg")
    assert list(problem["errors"]) == [f"frames.{second.pk}.boxes.n1"]
    first.refresh_from_db()
    assert first.version == 0


def test_it_rejects_another_batchs_task_and_one_named_twice(scene: Scene, batch: Batch) -> None:
    other = scene.task(scene.batch(name="Other"))
    assert_problem(save(scene, batch, {"task": other.pk, "version": 0}), 400, mentions="no task")
    one = {"task": scene.task(batch).pk, "version": 0}
    assert_problem(save(scene, batch, one, one), 400, mentions="twice")


def test_an_image_of_no_sequence_has_no_frames(scene: Scene) -> None:
    lone = make_image(scene.dataset)
    body = {"name": "Lone", "images": [lone.pk]}
    batch = call(scene.cast.alice, "post", "batches", body).json()
    task = call(scene.cast.alice, "get", f"batches/{batch['id']}/tasks").json()["items"][0]["id"]
    found = call(scene.cast.bob, "get", f"tasks/{task}/sequence").json()
    assert found == {"sequence": "", "first": 0, "total": 0, "frames": []}


def test_a_track_is_kept_by_the_merge(scene: Scene, batch: Batch) -> None:
    task = scene.task(batch)
    save(scene, batch, {"task": task.pk, "version": 0, "put": [on_track(scene, "n1")]})
    scene.save(task, state="done")
    assert call(scene.cast.alice, "post", f"batches/{batch.pk}/merge", {}).status_code == 201
    kept = Annotation.objects.get(image=scene.images[0], attributes__track=8, died=None)
    assert kept.attributes == {"track": 8, "keyframe": False}
    for line in ("any(car, track = 8)", "any(*, keyframe = false)"):
        path = f"datasets/{scene.dataset.pk}/images?q={quote(line)}"
        found = call(scene.cast.alice, "get", path).json()
        assert [one["id"] for one in found["items"]] == [scene.images[0].pk], line


def test_charlie_sees_nothing(scene: Scene, batch: Batch) -> None:
    assert_charlie_gets_404(scene.cast, "get", f"tasks/{scene.task(batch).pk}/sequence")
    body = {"frames": [{"task": scene.task(batch).pk, "version": 0}]}
    assert_charlie_gets_404(scene.cast, "post", f"batches/{batch.pk}/frames", body)


def test_a_frame_that_several_label_is_not_changed_from_another(scene: Scene, batch: Batch) -> None:
    """Each has a copy of their own; all frames of the call stay as they were."""
    call(scene.cast.alice, "post", f"batches/{batch.pk}/several", {"people": 2})
    task = scene.task(batch, 1)
    answer = save(scene, batch, {"task": task.pk, "version": 0, "put": [on_track(scene, "n1")]})
    assert_problem(answer, 409, mentions="drive/f10.jpg: 2 people label this image, each a copy of their own.")
    task.refresh_from_db()
    assert (task.version, task.boxes) == (0, None)
