"""Gold tasks: mixed in by a manager, marked at hand-in, never merged, and never shown to those whom they test."""

import json
from typing import Any

import numpy as np
import pytest

from accounts.models import Role
from label.models import Task
from label.quality.gold_start import ImageGround, planted
from label.quality.models import GoldResult, GoldTask
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_annotation, make_image, make_user
from tests.label.scene import Scene, new_box

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def mixed(scene: Scene, batch: Any, **wish: Any) -> Any:
    wish = {"slice": scene.slice.pk, "share": 0.3, **wish}
    answer = call(scene.cast.alice, "post", f"batches/{batch.pk}/gold", wish)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_it_works(scene: Scene) -> None:
    """A third of three tasks is one; errors are planted; a perfect hand-in has none, and nothing of it is merged."""
    batch = scene.batch()
    found = mixed(scene, batch)
    assert (found["inside"], found["added"], found["start"]) == (1, 0, "planted")
    gold = GoldTask.objects.select_related("task").get()
    shown = call(scene.cast.bob, "get", f"tasks/{gold.task_id}").json()
    assert shown["boxes"] != gold.truth
    assert scene.save(gold.task, boxes=gold.truth, state="done").status_code == 200
    result = GoldResult.objects.get()
    assert result.person == scene.cast.bob
    assert (result.right, result.wrong_class, result.missed, result.extra) == (2, 0, 0, 0)
    assert result.overlap == pytest.approx(1)
    assert_problem(call(scene.cast.alice, "post", f"batches/{batch.pk}/merge", {}), 409, mentions="No task")


def test_the_first_hand_in_counts_with_its_errors(scene: Scene) -> None:
    """The car under another class, the rider missed, one box too many: four answers would be three, all wrong."""
    batch = scene.batch()
    mixed(scene, batch)
    gold = GoldTask.objects.select_related("task").get()
    car, _ = gold.truth
    given = [car | {"class_id": scene.rider}, new_box(scene.car, (300, 300, 340, 340))]
    scene.save(gold.task, boxes=given, state="done")
    scene.save(gold.task, boxes=gold.truth, state="in_progress")
    scene.save(gold.task, state="done")
    figures = call(scene.cast.alice, "get", f"batches/{batch.pk}/figures").json()
    (bob,) = [one["gold"] for one in figures["people"] if one["person"]["id"] == scene.cast.bob.pk]
    assert (bob["tasks"], bob["answers"], bob["right"], bob["wrong_class"], bob["missed"], bob["extra"]) == (
        1,
        3,
        0,
        1,
        1,
        1,
    )
    assert bob["rate"] == 1
    assert bob["interval"]["low"] == pytest.approx(0.438, abs=1e-3)  # Wilson: 3 / (3 + 1.96^2)
    by_class = {one["class_id"]: (one["wrong_class"], one["missed"], one["extra"]) for one in figures["by_class"]}
    assert by_class == {scene.car: (1, 0, 1), scene.rider: (0, 1, 0)}


def test_nothing_tells_a_labeller_which_tasks_are_gold(scene: Scene) -> None:
    """Every answer that Bob gets is the same in form and value for a gold task as for another one."""
    batch = scene.batch()
    mixed(scene, batch)
    gold = GoldTask.objects.select_related("task").get().task
    other = batch.tasks.exclude(pk=gold.pk).first()
    one_of_own = {"id", "image", "position", "previous", "next", "boxes"}
    for path in ("tasks/{}",):
        shown = [call(scene.cast.bob, "get", path.format(task.pk)).json() for task in (gold, other)]
        assert shown[0].keys() == shown[1].keys()
        assert all(shown[0][name] == shown[1][name] for name in shown[0] if name not in one_of_own)
        assert all(
            {key: type(value) for key, value in box.items()}
            == {key: type(value) for key, value in shown[1]["boxes"][0].items()}
            for box in shown[0]["boxes"]
        )
        assert {box["id"][0] for each in shown for box in each["boxes"]} <= {"o"}
    rows = call(scene.cast.bob, "get", f"batches/{batch.pk}/tasks").json()["items"]
    assert len({json.dumps({k: v for k, v in row.items() if k not in {*one_of_own, "boxes"}}) for row in rows}) == 1
    answers = []
    for task in (gold, other):  # work on both alike
        shown = call(scene.cast.bob, "get", f"tasks/{task.pk}").json()["boxes"]
        answers.append(scene.save(task, boxes=[*shown, new_box(scene.car, (300, 300, 340, 340))], state="done").json())
    assert answers[0].keys() == answers[1].keys()
    rows = call(scene.cast.bob, "get", f"batches/{batch.pk}/tasks?state=done").json()["items"]
    assert [(row["changed"], row["state"], row["version"]) for row in rows] == [(True, "done", 1)] * 2
    for method, path in (("get", "gold"), ("get", "figures"), ("get", "report"), ("get", "report.csv")):
        assert_problem(call(scene.cast.bob, method, f"batches/{batch.pk}/{path}"), 403)


def test_correcting_a_gold_task_to_its_truth_is_a_change(scene: Scene) -> None:
    """What a labeller made equal to the hidden labels does not read as if nothing had been done."""
    batch = scene.batch()
    mixed(scene, batch)
    gold = GoldTask.objects.select_related("task").get()
    scene.save(gold.task, boxes=gold.truth, state="done")
    gold.task.refresh_from_db()
    assert gold.task.changed
    assert [box["id"] for box in gold.task.boxes] == [box["id"] for box in gold.truth]


def test_further_images_are_added_at_any_place(scene: Scene) -> None:
    """The batch's images are not known, so a quarter of four tasks is one that is added."""
    known = [make_image(scene.dataset).pk for _ in range(3)]
    for image in scene.dataset.images.filter(pk__in=known):
        make_annotation(image, scene.dataset.classes.first())
    batch = scene.batch()
    found = mixed(scene, batch, slice=None, images=known, share=0.25, start="empty")
    assert (found["inside"], found["added"], found["share"]) == (0, 1, 0.25)
    assert sorted(batch.tasks.values_list("position", flat=True)) == [0, 1, 2, 3]
    gold = GoldTask.objects.select_related("task").get()
    assert (gold.task.boxes, gold.task.base, len(gold.truth)) == ([], batch.base, 1)


def test_what_is_let_go_is_merged(scene: Scene) -> None:
    batch = scene.batch()
    mixed(scene, batch)
    gold = GoldTask.objects.select_related("task").get()
    scene.save(gold.task, boxes=gold.truth[:1], state="done")
    answer = call(scene.cast.alice, "post", f"batches/{batch.pk}/gold/release", {"tasks": [gold.task_id]})
    assert answer.json() == {"released": 1}
    merged = call(scene.cast.alice, "post", f"batches/{batch.pk}/merge", {})
    assert merged.status_code == 201, merged.content
    assert merged.json()["counts"]["removed"] == 1
    (row,) = call(scene.cast.alice, "get", f"batches/{batch.pk}/gold").json()["items"]
    assert (row["withheld"], [mark["missed"] for mark in row["results"]]) == (False, [1])


def test_one_that_nobody_touched_shows_its_labels_again(scene: Scene) -> None:
    batch = scene.batch()
    mixed(scene, batch)
    task = GoldTask.objects.get().task
    call(scene.cast.alice, "post", f"batches/{batch.pk}/gold/release", {})
    assert not GoldTask.objects.exists()
    task = Task.objects.get(pk=task.pk)
    assert (task.boxes, task.withheld) == (None, False)


def test_ones_own_results_are_shown_after_the_batch_if_the_manager_says_so(scene: Scene) -> None:
    batch = scene.batch()
    mixed(scene, batch)
    gold = GoldTask.objects.select_related("task").get()
    scene.save(gold.task, boxes=gold.truth, state="done")
    path = f"batches/{batch.pk}/own-results"
    assert call(scene.cast.bob, "get", path).json() == {"results": None}
    call(scene.cast.alice, "patch", f"batches/{batch.pk}/quality-plan", {"results_shown": True})
    assert call(scene.cast.bob, "get", path).json() == {"results": None}  # it is still open
    call(scene.cast.alice, "patch", f"batches/{batch.pk}", {"state": "closed"})
    assert call(scene.cast.bob, "get", path).json()["results"]["right"] == 2
    assert call(scene.cast.alice, "get", path).json() == {"results": None}  # Alice handed nothing in


def test_a_labeller_and_a_reviewer_cannot_mix_any_in(scene: Scene) -> None:
    batch = scene.batch()
    reviewer = make_user("Rita")
    scene.cast.project.members.create(user=reviewer, role=Role.REVIEWER)
    for person in (scene.cast.bob, reviewer):
        assert_problem(call(person, "post", f"batches/{batch.pk}/gold", {"slice": scene.slice.pk}), 403)
        assert_problem(call(person, "get", f"batches/{batch.pk}/gold"), 403)


@pytest.mark.parametrize(
    ("wish", "status"), [({}, 400), ({"slice": 1, "images": [1]}, 400), ({"images": [0]}, 400), ({"share": 0.9}, 400)]
)
def test_it_rejects_what_makes_no_sense(scene: Scene, wish: dict, status: int) -> None:
    assert_problem(call(scene.cast.alice, "post", f"batches/{scene.batch().pk}/gold", wish), status)


def test_there_must_be_a_task_that_nobody_began(scene: Scene) -> None:
    batch = scene.batch()
    for place in range(3):
        scene.save(scene.task(batch, place), boxes=[])
    wish = {"slice": scene.slice.pk}
    assert_problem(call(scene.cast.alice, "post", f"batches/{batch.pk}/gold", wish), 409, mentions="begun")


@pytest.mark.parametrize("path", ["get gold", "post gold", "post gold/release", "get figures", "get rest", "get report",
                                  "get report.csv", "get own-results", "patch quality-plan"])  # fmt: skip
def test_charlie_sees_nothing(scene: Scene, path: str) -> None:
    method, name = path.split()
    body = None if method == "get" else {}
    assert_charlie_gets_404(scene.cast, method, f"batches/{scene.batch().pk}/{name}", body)


def test_planted_errors_are_of_three_kinds_and_keep_ids() -> None:
    boxes = [
        {"id": f"o{at}", "class_id": 1, "box": [at * 50.0, 10.0, at * 50.0 + 40, 60.0], "attributes": {}}
        for at in range(12)
    ]
    seen: set[str] = set()
    for seed in range(10):
        shown = planted(boxes, ImageGround(640, 480, [1, 2, 3]), np.random.default_rng(seed))
        before = {box["id"]: box for box in boxes}
        assert {box["id"] for box in shown} <= before.keys()
        assert shown != boxes
        seen |= {"missing"} if len(shown) < len(boxes) else set()
        seen |= {"class" for box in shown if box["class_id"] != 1}
        seen |= {"place" for box in shown if box["box"] != before[box["id"]]["box"]}
    assert seen == {"missing", "class", "place"}
