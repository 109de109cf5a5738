"""GET and PUT of a task: what the editor reads, and how it saves."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditLine, Role
from dataset.models import Prediction, PredictionSet
from dataset.services.manifests import freeze
from label.models import Task
from tests.factories import assert_charlie_gets_404, assert_problem, call
from tests.label.scene import CAR_BOX, RIDER_BOX, Scene, at_once, new_box, several_connections

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_an_untouched_task_shows_the_labels_that_it_starts_from(scene: Scene) -> None:
    batch = scene.batch()
    scene.edit(scene.set(scene.boxes(1)[0], 1, class_id=scene.rider))  # later than the batch, so not seen
    task = call(scene.cast.bob, "get", f"tasks/{scene.task(batch, 1).pk}").json()
    assert [(box["class_id"], tuple(box["box"])) for box in task["boxes"]] == [
        (scene.car, CAR_BOX),
        (scene.rider, RIDER_BOX),
    ]
    assert {box["provenance"] for box in task["boxes"]} == {"imported"}
    assert all(box["id"] == f"o{box['object_id']}" for box in task["boxes"])
    assert (task["version"], task["state"], task["position"], task["total"]) == (0, "to_label", 1, 3)
    assert (task["previous"], task["next"]) == (scene.task(batch, 0).pk, scene.task(batch, 2).pk)
    assert [label_class["name"] for label_class in task["classes"]] == ["car", "rider"]
    assert task["image"]["file"].startswith(f"/api/v1/images/{scene.images[1].pk}/file")


def test_a_task_shows_suggestions_and_predictions_of_its_image(scene: Scene) -> None:
    run = scene.suggestions({0: [0.3, 0.9], 1: [0.5]})
    manifest = freeze(dataset=scene.dataset, revision=1, image_ids=[scene.images[0].pk])
    ghosts = PredictionSet.objects.create(dataset=scene.dataset, manifest=manifest, name="p", kind="run")
    for score in (0.2, 0.7):
        Prediction.objects.create(
            prediction_set=ghosts, image=scene.images[0], label_class_id=scene.car, score=score, x1=1, y1=2, x2=3, y2=4
        )
    batch = scene.batch(auto_curate_id=run.pk, prediction_set_id=ghosts.pk)
    task = call(scene.cast.bob, "get", f"tasks/{scene.task(batch, 0).pk}").json()
    assert [suggestion["score"] for suggestion in task["suggestions"]] == pytest.approx([0.9, 0.3])
    assert task["suggestions"][0]["image"]["id"] == scene.images[0].pk
    assert [ghost["score"] for ghost in task["predictions"]] == pytest.approx([0.7, 0.2])
    assert task["predictions"][0]["box"] == [1, 2, 3, 4]


def test_a_save_keeps_boxes_state_and_time(scene: Scene) -> None:
    task = scene.task(scene.batch())
    car, rider = scene.boxes()
    boxes = [car | {"class_id": scene.rider}, new_box(scene.car, (200, 200, 240, 250))]
    answer = scene.save(task, boxes=boxes, state="done", active_seconds=12.5)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["version"], answer.json()["state"], answer.json()["notes"]) == (1, "done", [])
    again = call(scene.cast.alice, "get", f"tasks/{task.pk}").json()
    assert [(box["id"], box["class_id"]) for box in again["boxes"]] == [(car["id"], scene.rider), ("n1", scene.car)]
    assert (again["active_seconds"], again["assignee"]["id"], again["saved_by"]["id"]) == (
        12.5,
        scene.cast.bob.pk,
        scene.cast.bob.pk,
    )
    assert rider["id"] not in [box["id"] for box in again["boxes"]]
    line = AuditLine.objects.get(action="task.state")
    assert line.data == {"id": task.pk, "batch": task.batch_id, "from": "to_label", "to": "done"}


def test_what_is_left_out_stays(scene: Scene) -> None:
    task = scene.task(scene.batch())
    scene.save(task, boxes=[], active_seconds=3)
    scene.save(task, active_seconds=4)
    task.refresh_from_db()
    assert (task.boxes, task.active_seconds, task.state, task.version) == ([], 7, "in_progress", 2)


def test_a_working_copy_that_says_what_the_labels_say_is_none(scene: Scene) -> None:
    task = scene.task(scene.batch())
    scene.save(task, boxes=[])
    scene.save(task, boxes=scene.boxes())
    task.refresh_from_db()
    assert (task.boxes, task.changed) == (None, False)


def test_a_stale_save_is_told_how_the_task_stands(scene: Scene) -> None:
    task = scene.task(scene.batch())
    scene.save(task, scene.cast.alice, boxes=[])
    problem = assert_problem(scene.save(task, version=0, boxes=scene.boxes(), state="done"), 412, mentions="by Alice")
    assert (problem["current"]["version"], problem["current"]["boxes"]) == (1, [])
    task.refresh_from_db()
    assert (task.boxes, task.state) == ([], "in_progress")


def statements(queries: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, without the frames of transactions."""
    texts = [query["sql"].strip() for query in queries.captured_queries]
    return [text for text in texts if text.split()[0] in {"SELECT", "UPDATE", "INSERT", "DELETE"}]


def test_a_save_asks_the_database_for_little(scene: Scene) -> None:
    task = scene.task(scene.batch())
    assert scene.save(task, boxes=[new_box(scene.car, (1, 1, 9, 9))]).status_code == 200
    boxes = [*scene.boxes(), *(new_box(scene.car, (n, n, n + 9, n + 9), f"n{n}") for n in range(30))]
    seen = {"If-Match": '"1"'}
    with CaptureQueriesContext(connection) as queries:
        assert call(scene.cast.bob, "put", f"tasks/{task.pk}", {"boxes": boxes}, **seen).status_code == 200
    asked = statements(queries)
    assert len(asked) <= 9, asked  # person, task, twice the role, schema, classes, labels; task and batch


def test_a_page_of_tasks_asks_the_database_for_little(scene: Scene) -> None:
    batch = scene.batch(auto_curate_id=scene.suggestions({0: [0.5]}).pk)
    scene.save(scene.task(batch, 1), boxes=[new_box(scene.car, (1, 1, 9, 9))])
    call(scene.cast.bob, "get", f"batches/{batch.pk}/tasks")
    with CaptureQueriesContext(connection) as queries:
        rows = call(scene.cast.bob, "get", f"batches/{batch.pk}/tasks").json()["items"]
    assert len(asked := statements(queries)) <= 6, asked  # person, batch, role, tasks; boxes, suggestions
    assert [row["boxes"] for row in rows] == [2, 1, 2]
    assert [row["suggestions"]["total"] for row in rows] == [1, 0, 0]
    assert rows[1]["assignee"] == {"id": scene.cast.bob.pk, "email": scene.cast.bob.email, "name": str(scene.cast.bob)}


@several_connections
def test_of_two_saves_at_once_one_is_told() -> None:
    scene = Scene()
    task = scene.task(scene.batch())
    path, seen = f"tasks/{task.pk}", {"If-Match": "0"}
    answers = at_once(
        *[
            lambda box=box: call(scene.cast.bob, "put", path, {"boxes": [new_box(scene.car, box)]}, **seen)
            for box in ((1, 1, 9, 9), (2, 2, 8, 8), (3, 3, 7, 7))
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    (winner,) = [place for place, answer in enumerate(answers) if answer.status_code == 200]
    task.refresh_from_db()
    assert task.version == 1
    assert task.boxes[0]["box"][0] == winner + 1


@pytest.mark.parametrize("header", [None, "", "x", '"-1"', "1.5", "9" * 30])
def test_it_rejects_a_save_that_names_no_version(scene: Scene, header: str | None) -> None:
    headers = {} if header is None else {"If-Match": header}
    answer = call(scene.cast.bob, "put", f"tasks/{scene.task(scene.batch()).pk}", {"boxes": []}, **headers)
    assert "If-Match" in assert_problem(answer, 400)["errors"]


def test_every_bad_box_is_named_and_nothing_is_saved(scene: Scene) -> None:
    task = scene.task(scene.batch())
    boxes = [
        new_box(scene.car, (0, 0, 10, 10), "n1"),
        new_box(99, (0, 0, 10, 10), "n2"),
        new_box(scene.car, (5, 5, 5, 9), "n3"),
        new_box(scene.car, (0, 0, 10, 10), "o999999"),
    ]
    problem = assert_problem(scene.save(task, boxes=boxes), 400, mentions="3 boxes cannot be saved")
    assert set(problem["errors"]) == {"boxes.n2", "boxes.n3", "boxes.o999999"}
    task.refresh_from_db()
    assert (task.version, task.boxes) == (0, None)


def test_a_box_beyond_the_edge_is_cut_and_noted(scene: Scene) -> None:
    task = scene.task(scene.batch())
    answer = scene.save(task, boxes=[new_box(scene.car, (600, 400, 700, 500))])
    assert answer.json()["notes"] == [{"id": "n1", "note": "clipped to the image", "box": [600, 400, 640, 480]}]


@pytest.mark.parametrize(
    "body",
    [
        {"boxes": "all"},
        {"boxes": [{"id": "n1"}]},
        {"boxes": [{"id": "n1", "class_id": "car", "box": [1, 2, 3, 4]}]},
        {"boxes": [{"id": "n1", "class_id": 1, "box": [1, 2, 3]}]},
        {"boxes": [{"id": "n1", "class_id": 1, "box": [1, 2, 3, "x"]}]},
        {"boxes": [{"id": "n1", "class_id": 1, "box": [1, 2, 3, 4], "attributes": [1]}]},
        {"state": "finished"},
        {"active_seconds": -1},
        {"active_seconds": 1e9},
        {"verdicts": [{"id": 1, "verdict": "maybe"}]},
    ],
)
def test_it_rejects_what_makes_no_sense(scene: Scene, body: dict) -> None:
    assert_problem(scene.save(scene.task(scene.batch()), **body), 400)


def test_verdicts_are_stored_with_the_boxes(scene: Scene) -> None:
    run = scene.suggestions({0: [0.9, 0.8]})
    task = scene.task(scene.batch(auto_curate_id=run.pk))
    first, second = run.suggestions.order_by("-score")
    verdicts = [{"id": first.pk, "verdict": "accepted"}, {"id": second.pk, "verdict": "rejected"}]
    assert scene.save(task, boxes=[], verdicts=verdicts, state="done").status_code == 200
    first.refresh_from_db()
    assert (first.verdict, first.decided_by) == ("accepted", scene.cast.bob)
    shown = call(scene.cast.bob, "get", f"tasks/{task.pk}").json()["suggestions"]
    assert [suggestion["verdict"] for suggestion in shown] == ["accepted", "rejected"]


def test_it_rejects_a_verdict_on_another_images_suggestion(scene: Scene) -> None:
    run = scene.suggestions({1: [0.9]})
    task = scene.task(scene.batch(auto_curate_id=run.pk), 0)
    verdicts = [{"id": run.suggestions.get().pk, "verdict": "accepted"}]
    assert_problem(scene.save(task, boxes=[], verdicts=verdicts), 400, mentions="not this task's")
    task.refresh_from_db()
    assert (task.version, run.suggestions.get().verdict) == (0, "pending")


def test_a_stale_save_stores_no_verdict(scene: Scene) -> None:
    run = scene.suggestions({0: [0.9]})
    task = scene.task(scene.batch(auto_curate_id=run.pk))
    scene.save(task, boxes=[])
    verdicts = [{"id": run.suggestions.get().pk, "verdict": "accepted"}]
    assert_problem(scene.save(task, version=0, verdicts=verdicts), 412)
    assert run.suggestions.get().verdict == "pending"


def test_review_is_passed_by_a_reviewer(scene: Scene) -> None:
    task = scene.task(scene.batch(review=True))
    assert_problem(scene.save(task, boxes=[], state="done"), 403, mentions="review")
    assert scene.save(task, boxes=[], state="in_review").status_code == 200
    assert scene.save(task, scene.cast.alice, state="done").status_code == 200
    task.refresh_from_db()
    assert (task.state, task.reviewer, task.assignee) == ("done", scene.cast.alice, scene.cast.bob)


def test_a_viewer_cannot_save() -> None:
    scene = Scene(bob=Role.VIEWER)
    task = scene.task(scene.batch())
    assert call(scene.cast.bob, "get", f"tasks/{task.pk}").status_code == 200
    assert_problem(scene.save(task, boxes=[]), 403, mentions="labeller")


def test_tasks_are_assigned_to_those_who_may_label(scene: Scene) -> None:
    task = scene.task(scene.batch())
    path = f"tasks/{task.pk}"
    assert (
        call(scene.cast.bob, "patch", path, {"assignee": scene.cast.bob.pk}).json()["assignee"]["id"]
        == scene.cast.bob.pk
    )
    assert_problem(call(scene.cast.bob, "patch", path, {"assignee": scene.cast.alice.pk}), 403)
    assert call(scene.cast.alice, "patch", path, {"assignee": None}).json()["assignee"] is None
    assert_problem(call(scene.cast.alice, "patch", path, {"assignee": scene.cast.charlie.pk}), 400)


@pytest.mark.parametrize(
    "method_and_path",
    ["get tasks/{}", "put tasks/{}", "patch tasks/{}"],
)
def test_charlie_sees_no_task(scene: Scene, method_and_path: str) -> None:
    method, path = method_and_path.split()
    assert_charlie_gets_404(scene.cast, method, path.format(scene.task(scene.batch()).pk), {"boxes": []})
    assert Task.objects.exclude(version=0).count() == 0
