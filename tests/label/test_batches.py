"""Reading batches and their tasks, changing a batch, taking the next task."""

import pytest

from accounts.models import Member, Role
from curate.models import Suggestion
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_user
from tests.label.scene import Scene, at_once, new_box, several_connections

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_batches_are_listed_newest_first_with_their_progress(scene: Scene) -> None:
    first, second = scene.batch(name="first"), scene.batch(name="second")
    scene.save(scene.task(first), state="done")
    page = call(scene.cast.bob, "get", f"datasets/{scene.dataset.pk}/batches?limit=1").json()
    assert [batch["name"] for batch in page["items"]] == ["second"]
    rest = call(scene.cast.bob, "get", f"datasets/{scene.dataset.pk}/batches?after={page['next']}").json()
    assert [batch["id"] for batch in rest["items"]] == [first.pk]
    assert rest["items"][0]["tasks"] == {"to_label": 2, "in_progress": 0, "in_review": 0, "done": 1, "skipped": 0}
    assert rest["next"] is None
    assert call(scene.cast.bob, "get", f"batches/{second.pk}").json()["tasks"]["to_label"] == 3


def test_tasks_are_listed_with_their_boxes_and_suggestions(scene: Scene) -> None:
    run = scene.suggestions({0: [0.9, 0.8], 1: [0.7]})
    batch = scene.batch(auto_curate_id=run.pk)
    Suggestion.objects.filter(image=scene.images[0], score__lt=0.85).update(verdict="rejected")
    scene.save(scene.task(batch, 0), boxes=[*scene.boxes(0), new_box(scene.car, (200, 200, 240, 240))])
    rows = call(scene.cast.bob, "get", f"batches/{batch.pk}/tasks").json()["items"]
    assert [row["boxes"] for row in rows] == [3, 2, 2]
    assert [row["changed"] for row in rows] == [True, False, False]
    assert [row["state"] for row in rows] == ["in_progress", "to_label", "to_label"]
    assert [row["suggestions"] for row in rows] == [
        {"pending": 1, "total": 2},
        {"pending": 1, "total": 1},
        {"pending": 0, "total": 0},
    ]
    assert rows[0]["image"]["thumb"].startswith(f"/api/v1/images/{scene.images[0].pk}/thumbnail")


def test_tasks_come_in_pages_and_by_state(scene: Scene) -> None:
    batch = scene.batch()
    scene.save(scene.task(batch, 1), state="done")
    page = call(scene.cast.bob, "get", f"batches/{batch.pk}/tasks?limit=2").json()
    rest = call(scene.cast.bob, "get", f"batches/{batch.pk}/tasks?limit=2&after={page['next']}").json()
    assert [row["image"]["id"] for row in page["items"] + rest["items"]] == [image.pk for image in scene.images]
    assert rest["next"] is None
    done = call(scene.cast.bob, "get", f"batches/{batch.pk}/tasks?state=done").json()["items"]
    assert [row["image"]["id"] for row in done] == [scene.images[1].pk]
    assert_problem(call(scene.cast.bob, "get", f"batches/{batch.pk}/tasks?state=lost"), 400)


def test_tasks_are_found_by_person_and_come_with_boxes_for_their_thumbnails(scene: Scene) -> None:
    batch = scene.batch()
    car = scene.boxes(1)[0]
    scene.save(scene.task(batch, 1), boxes=[car | {"ignore": "region"}, new_box(scene.rider, (200, 200, 300, 300))])
    path = f"batches/{batch.pk}/tasks"

    def found(query: str) -> list[dict]:
        rows: list[dict] = call(scene.cast.bob, "get", f"{path}?{query}").json()["items"]
        return rows

    assert [row["position"] for row in found(f"person={scene.cast.bob.pk}")] == [1]
    assert [row["position"] for row in found("person=0")] == [0, 2]
    assert "shapes" not in found("person=0")[0]
    shapes = [row["shapes"] for row in found("shapes=true")]
    assert [len(one) for one in shapes] == [2, 2, 2]
    assert shapes[1] == [
        {"class_id": scene.rider, "box": [200, 200, 300, 300], "ignored": False},
        {"class_id": scene.car, "box": car["box"], "ignored": True},
    ]
    assert_problem(call(scene.cast.bob, "get", f"{path}?issues=lost"), 400)


def test_a_batch_is_renamed_closed_and_opened_again(scene: Scene) -> None:
    batch, task = scene.batch(), None
    answer = call(scene.cast.alice, "patch", f"batches/{batch.pk}", {"name": "Renamed", "state": "closed"})
    assert (answer.json()["name"], answer.json()["state"]) == ("Renamed", "closed")
    task = scene.task(batch)
    assert_problem(scene.save(task, boxes=[]), 409, mentions="closed")
    assert_problem(call(scene.cast.alice, "post", f"batches/{batch.pk}/merge", {}), 409, mentions="closed")
    assert call(scene.cast.alice, "patch", f"batches/{batch.pk}", {"state": "open"}).json()["state"] == "open"
    assert scene.save(task, boxes=[]).status_code == 200


def test_a_labeller_cannot_change_a_batch(scene: Scene) -> None:
    assert_problem(call(scene.cast.bob, "patch", f"batches/{scene.batch().pk}", {"state": "closed"}), 403)


def test_a_batch_is_not_merged_by_saying_so(scene: Scene) -> None:
    assert_problem(call(scene.cast.alice, "patch", f"batches/{scene.batch().pk}", {"state": "merged"}), 400)


def test_the_next_task_is_given_out_once(scene: Scene) -> None:
    batch = scene.batch()
    first = call(scene.cast.bob, "post", f"batches/{batch.pk}/next").json()["task"]
    assert first == scene.task(batch, 0).pk
    assert call(scene.cast.bob, "post", f"batches/{batch.pk}/next").json()["task"] == first  # his, until he begins it
    assert call(scene.cast.alice, "post", f"batches/{batch.pk}/next").json()["task"] == scene.task(batch, 1).pk
    for place in range(3):
        scene.save(scene.task(batch, place), state="done")
    assert call(scene.cast.bob, "post", f"batches/{batch.pk}/next").json() == {"task": None}


@several_connections
def test_two_people_at_once_get_two_tasks() -> None:
    scene = Scene()
    batch = scene.batch()
    eve = make_user("Eve")
    Member.objects.create(project=scene.cast.project, user=eve, role=Role.LABELLER)
    path = f"batches/{batch.pk}/next"
    answers = at_once(*[lambda user=user: call(user, "post", path) for user in (scene.cast.bob, eve, scene.cast.alice)])
    assert sorted(answer.json()["task"] for answer in answers) == sorted(batch.tasks.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "method_and_path", ["get batches/{batch}", "patch batches/{batch}", "get batches/{batch}/tasks"]
)
def test_charlie_sees_no_batch(scene: Scene, method_and_path: str) -> None:
    method, path = method_and_path.split()
    assert_charlie_gets_404(scene.cast, method, path.format(batch=scene.batch().pk), {})


def test_charlie_sees_no_list_and_takes_no_task(scene: Scene) -> None:
    assert_charlie_gets_404(scene.cast, "get", f"datasets/{scene.dataset.pk}/batches")
    assert_charlie_gets_404(scene.cast, "post", f"batches/{scene.batch().pk}/next")
