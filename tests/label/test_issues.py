"""Issues: pinned to a box or a place, with a thread; and what was remarked before there were issues."""

from typing import Any

import pytest

from label.models import Comment, Issue, Task
from tests.factories import assert_charlie_gets_404, assert_problem, call
from tests.label.scene import CAR_BOX, Scene, new_box

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def task(scene: Scene) -> Task:
    return scene.task(scene.batch(review=True))


def issues(scene: Scene, task: Task) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call(scene.cast.bob, "get", f"tasks/{task.pk}/issues").json()
    return found


def raised(scene: Scene, task: Task, **body: Any) -> dict[str, Any]:
    answer = call(scene.cast.alice, "post", f"tasks/{task.pk}/issues", {"text": "Too wide", **body})
    assert answer.status_code == 201, answer.content
    issue: dict[str, Any] = answer.json()
    return issue


def test_it_works(scene: Scene, task: Task) -> None:
    car = scene.boxes()[0]
    issue = raised(scene, task, kind="badly_drawn", box_id=car["id"])
    assert (issue["kind"], issue["state"], issue["box"]) == ("badly_drawn", "open", [*CAR_BOX])
    answered = call(scene.cast.bob, "post", f"issues/{issue['id']}/remarks", {"text": "Better now?"}).json()
    assert answered["state"] == "answered"
    call(scene.cast.alice, "post", f"issues/{issue['id']}/remarks", {"text": "Not yet."})
    assert [one["state"] for one in issues(scene, task)] == ["open"]
    done = call(scene.cast.bob, "patch", f"issues/{issue['id']}", {"resolved": True}).json()
    assert (done["state"], done["resolved_by"]["name"]) == ("resolved", "Bob")
    assert done["resolved_at"]
    assert [remark["text"] for remark in done["remarks"]] == ["Too wide", "Better now?", "Not yet."]
    again = call(scene.cast.alice, "patch", f"issues/{issue['id']}", {"resolved": False}).json()
    assert (again["state"], again["resolved_by"], again["resolved_at"]) == ("open", None, None)


def test_it_follows_its_box_and_outlives_it(scene: Scene, task: Task) -> None:
    car, rider = scene.boxes()
    raised(scene, task, box_id=car["id"])
    scene.save(task, boxes=[car | {"box": [20, 20, 60, 50]}, rider])
    assert issues(scene, task)[0]["box"] == [20, 20, 60, 50]
    scene.save(task, boxes=[rider])
    (issue,) = issues(scene, task)
    assert (issue["box"], issue["box_id"], issue["state"]) == ([20, 20, 60, 50], car["id"], "open")


def test_it_is_pinned_to_a_new_box_or_a_place(scene: Scene, task: Task) -> None:
    scene.save(task, boxes=[new_box(scene.car, (1, 2, 30, 40))])
    assert raised(scene, task, box_id="n1")["box"] == [1, 2, 30, 40]
    assert raised(scene, task, box=[5, 5, 9, 9], kind="missing")["box"] == [5, 5, 9, 9]
    assert raised(scene, task)["box"] is None
    assert raised(scene, task, box_id="n2", box=[3, 3, 4, 4])["box"] == [3, 3, 4, 4]  # not saved yet


def test_the_grid_counts_what_is_not_resolved_and_finds_it(scene: Scene, task: Task) -> None:
    issue = raised(scene, task)
    path = f"batches/{task.batch_id}/tasks"
    assert [row["open_issues"] for row in call(scene.cast.bob, "get", path).json()["items"]] == [1, 0, 0]

    def found(wanted: str) -> list[int]:
        return [row["position"] for row in call(scene.cast.bob, "get", f"{path}?issues={wanted}").json()["items"]]

    assert (found("open"), found("any"), found("none")) == ([0], [0], [1, 2])
    call(scene.cast.bob, "patch", f"issues/{issue['id']}", {"resolved": True})
    assert (found("open"), found("any")) == ([], [0])


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "x", "kind": "ugly"}, {"text": "x", "box": [1, 2]}, {"text": "x", "box_id": "n9"}],
)
def test_it_rejects_what_makes_no_sense(scene: Scene, task: Task, body: dict[str, Any]) -> None:
    assert_problem(call(scene.cast.bob, "post", f"tasks/{task.pk}/issues", body), 400)
    assert not Issue.objects.exists()


def test_a_comment_is_an_issue_of_no_particular_kind(scene: Scene, task: Task) -> None:
    path = f"tasks/{task.pk}/comments"
    assert call(scene.cast.bob, "post", path, {"text": "Is this a car?", "box": [1, 2, 3, 4]}).status_code == 201
    (issue,) = issues(scene, task)
    call(scene.cast.alice, "post", f"issues/{issue['id']}/remarks", {"text": "It is a bus."})
    said = call(scene.cast.bob, "get", path).json()
    assert [(one["text"], one["author"]["name"], one["issue"]) for one in said] == [
        ("Is this a car?", "Bob", issue["id"]),
        ("It is a bus.", "Alice", issue["id"]),
    ]


def test_remarks_from_before_become_issues_without_loss(scene: Scene, task: Task) -> None:
    """Those about a place one each; the others of a task are one thread. Finished tasks' are resolved."""
    import importlib

    from django.apps import apps

    done = scene.task(task.batch, 1)
    Task.objects.filter(pk=done.pk).update(state=Task.State.DONE)
    alice, bob = scene.cast.alice, scene.cast.bob
    for about, author, text, box in (
        (task, bob, "Is this a car?", None), (task, alice, "There", [1, 2, 3, 4]), (task, alice, "It is a bus.", None),
        (done, bob, "Nice picture", None),
    ):  # fmt: skip
        Comment.objects.create(task=about, author=author, text=text, box=box)
    importlib.import_module("label.migrations.0010_review").remarks_to_issues(apps, None)
    found = {
        (one["state"], str(one["box"]), tuple(remark["text"] for remark in one["remarks"]))
        for one in issues(scene, task)
    }
    assert found == {
        ("answered", "None", ("Is this a car?", "It is a bus.")),
        ("open", "[1.0, 2.0, 3.0, 4.0]", ("There",)),
    }
    assert [one["state"] for one in issues(scene, done)] == ["resolved"]
    task.refresh_from_db()
    assert task.open_issues == 2


@pytest.mark.parametrize(
    "method_and_path",
    ["get tasks/{task}/issues", "post tasks/{task}/issues", "patch issues/{issue}", "post issues/{issue}/remarks",
     "get tasks/{task}/comments", "post tasks/{task}/comments"],
)  # fmt: skip
def test_charlie_sees_no_issue(scene: Scene, task: Task, method_and_path: str) -> None:
    method, path = method_and_path.split()
    issue = raised(scene, task)["id"]
    assert_charlie_gets_404(scene.cast, method, path.format(task=task.pk, issue=issue), {"text": "Hello"})
    assert Comment.objects.count() == 1
