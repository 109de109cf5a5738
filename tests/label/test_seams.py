"""Where parts of Label meet: review, copies of several, gold tasks, suggestions, shapes, notices, the desk."""

from typing import Any

import pytest

from curate.models import Suggestion
from label.models import Batch, Issue
from label.quality.models import GoldTask
from notices.models import Notice
from science.shapes.packed import pack
from science.shapes.shape_json import from_json
from tests.factories import assert_problem, call
from tests.label.quality.test_several import NEW, Several
from tests.label.scene import CAR_BOX, Scene, at_once, new_box, several_connections
from tests.label.test_finer_shapes import TRIANGLE
from tests.label.test_merge_batch import merge
from tests.label.test_review import handed_in

pytestmark = pytest.mark.django_db
ELSEWHERE = (110, 110, 150, 140)


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def several() -> Several:
    return Several()


@several_connections
def test_issues_raised_at_once_are_all_counted() -> None:
    scene = Scene()
    task = handed_in(scene, scene.batch(review=True))
    raise_one = [lambda: call(scene.cast.alice, "post", f"tasks/{task.pk}/issues", {"text": "Here"})] * 4
    for _ in range(3):
        at_once(*raise_one)
    task.refresh_from_db()
    assert task.open_issues == Issue.objects.filter(task=task).count() == 12


def test_taking_back_what_was_drawn_for_review_does_not_draw_anew(scene: Scene) -> None:
    """With a share of none but for who errs, a task that waits for review stays one that is reviewed."""
    batch = scene.batch(review=True)
    task = handed_in(scene, batch)
    Batch.objects.filter(pk=batch.pk).update(review_share=0.0)
    for _ in range(3):
        assert scene.save(task, state="in_progress").json()["state"] == "in_progress"
        assert scene.save(task, state="in_review").json()["state"] == "in_review"


def test_a_verdict_taken_back_shows_nothing_that_a_gold_task_hides(scene: Scene) -> None:
    run = scene.suggestions({0: [0.9], 1: [0.9], 2: [0.9]})
    for place, one in enumerate(Suggestion.objects.order_by("pk")):
        one.object_id = scene.boxes(place)[0]["object_id"]
        one.save(update_fields=["object_id"])
    batch = scene.batch(auto_curate_id=run.pk)
    call(scene.cast.alice, "post", f"batches/{batch.pk}/gold", {"slice": scene.slice.pk, "start": "empty"})
    gold = GoldTask.objects.select_related("task").get()
    told = Suggestion.objects.get(image=gold.task.image_id).pk
    for verdict in ("accepted", "pending"):
        answer = {"decisions": [{"id": told, "verdict": verdict}]}
        assert call(scene.cast.bob, "post", f"batches/{batch.pk}/decisions", answer).status_code == 200
    assert call(scene.cast.bob, "get", f"tasks/{gold.task_id}").json()["boxes"] == []


@pytest.mark.parametrize("shaped_by_task", [True, False])
def test_a_new_outline_and_a_moved_box_are_a_conflict(scene: Scene, shaped_by_task: bool) -> None:
    """Neither side has the one's outline in the other's box."""
    batch = scene.batch()
    car, rider = scene.boxes()
    mine: dict[str, Any] = {"shape": TRIANGLE} if shaped_by_task else {"box": list(ELSEWHERE)}
    scene.save(scene.task(batch), boxes=[car | mine, rider], state="done")
    shaped = {"box": CAR_BOX, "shape": pack(from_json(TRIANGLE))}
    scene.edit(scene.set(car, **({"box": ELSEWHERE} if shaped_by_task else shaped)))
    assert merge(scene, batch).json()["unresolved"] == [car["object_id"]]


def test_what_copies_come_to_by_themselves_is_told_and_opens_the_batch(several: Several) -> None:
    for place in range(2):
        labels = several.boxes(place)
        several.both(place, labels, labels)
    call(several.cast.alice, "post", f"batches/{several.sent.pk}/merge", {})
    assert not Notice.objects.exists()
    drawn = [*several.boxes(2), new_box(several.car, NEW)]
    assert several.both(2, drawn, drawn).state == "done"
    assert list(Notice.objects.values_list("kind", "user")) == [("batch_done", several.cast.alice.pk)]
    several.sent.refresh_from_db()
    assert several.sent.state == Batch.State.OPEN


def test_copies_stand_on_the_desk(several: Several) -> None:
    """Bob's own as begun; and Dora, whose place on each is free though Bob began all of them, may start."""
    bob, dora = several.cast.bob, several.dora
    for place in range(3):
        several.copy(several.task(several.sent, place), bob, boxes=[])
    desk = call(bob, "get", "label-desk").json()
    assert [(one["id"], one["state"]) for one in desk["begun"]] == [
        (several.task(several.sent, place).pk, "in_progress") for place in range(3)
    ]
    assert (desk["counts"]["begun"], desk["next"]["task"]) == (3, desk["begun"][0]["id"])
    assert call(dora, "get", "label-desk").json()["next"] == {"kind": "start", "task": None, "batch": several.sent.pk}
    for place in range(3):
        several.both(place, [], [])
    for person in (bob, dora):
        desk = call(person, "get", "label-desk").json()
        assert (desk["begun"], desk["next"]) == ([], None)


def test_what_one_asks_about_a_copy_the_others_do_not_read(several: Several) -> None:
    """Bob pins an issue on a box of his own copy; Dora, who labels the task too, sees and hears nothing of it."""
    bob, dora, alice = several.cast.bob, several.dora, several.cast.alice
    task = several.task(several.sent)
    call(dora, "post", f"tasks/{task.pk}/issues", {"text": "Is the rider one?"})
    several.copy(task, bob, boxes=[*several.boxes(), new_box(several.car, NEW, "nbob")])
    raised = call(bob, "post", f"tasks/{task.pk}/issues", {"text": "Is this a car?", "box_id": "nbob"})
    assert (raised.status_code, raised.json()["box"]) == (201, [*NEW])
    seen = {}
    for person in (alice, bob, dora):
        issues = call(person, "get", f"tasks/{task.pk}/issues").json()
        assert call(person, "get", f"tasks/{task.pk}/review").json()["issues"] == issues
        remarks = call(person, "get", f"tasks/{task.pk}/comments").json()
        assert len(remarks) == len(issues)
        seen[person.name] = [one["author"]["name"] for one in issues]
    assert seen == {"Alice": ["Dora", "Bob"], "Bob": ["Bob"], "Dora": ["Dora"]}
    assert call(dora, "post", f"issues/{raised.json()['id']}/remarks", {"text": "No"}).status_code == 404
    assert not Notice.objects.filter(user=dora).exists()


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ({"kind": "mask", "size": [2, 3], "counts": "121O0"}, "pixels of 3 × 2, and its image has 640 × 480"),
        ({"kind": "polygon", "parts": [[[[5000, 9], [5100, 9], [5000, 99]]]]}, "no part inside the image, which is"),
    ],
)
def test_a_shape_of_another_picture_is_refused(scene: Scene, shape: dict[str, Any], says: str) -> None:
    car, rider = scene.boxes()
    answer = scene.save(scene.task(scene.batch()), boxes=[car | {"shape": shape}, rider])
    assert_problem(answer, 400, mentions=f"The shape has {says}")
    edit = {"op": "set", "image": scene.images[0].pk, "object_id": car["object_id"], "box": [*CAR_BOX], "shape": shape}
    body = {"on": scene.dataset.head_revision, "edits": [edit]}
    answer = call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/edits", body)
    assert_problem(answer, 400, mentions=f"the shape has {says}")
