"""A batch's suggestions as a grid: pages, counts, many decisions at once, finished tasks."""

from typing import Any

import pytest

from curate.models import AutoCurate, Suggestion
from dataset.models import Annotation, Attribute
from label.models import Batch, Task
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_dataset, make_image
from tests.label.scene import CAR_BOX, RIDER_BOX, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def run(scene: Scene) -> AutoCurate:
    """Of image 0 the car should be a rider and the rider go; of image 1 something is missing."""
    run = AutoCurate.objects.create(dataset=scene.dataset, kind=AutoCurate.Kind.MISLABELS)
    car, rider = scene.boxes(0)
    told(run, scene, 0, "wrong_class", 0.9, car, proposed={"class_id": scene.rider, "box": [*CAR_BOX]})
    told(run, scene, 0, "spurious", 0.5, rider)
    told(run, scene, 1, "missing", 0.7, proposed={"class_id": scene.car, "box": [200, 200, 240, 240]})
    return run


def told(run: AutoCurate, scene: Scene, place: int, kind: str, score: float, of: Any = None, **fields: Any) -> None:
    given = of and {"class_id": of["class_id"], "box": of["box"]}
    Suggestion.objects.create(
        auto_curate=run, image=scene.images[place], kind=kind, score=score, object_id=of and of["object_id"],
        given=given, reason="It looks so.", reason_code=kind, **fields,
    )  # fmt: skip


@pytest.fixture
def batch(scene: Scene, run: AutoCurate) -> Batch:
    return scene.batch(auto_curate_id=run.pk)


def decide(scene: Scene, batch: Batch, **answers: str) -> Any:
    """Answers by kind, as Bob."""
    pk = dict(batch.auto_curate.suggestions.values_list("kind", "pk"))  # type: ignore[union-attr]
    body = {"decisions": [{"id": pk[kind], "verdict": verdict} for kind, verdict in answers.items()]}
    return call(scene.cast.bob, "post", f"batches/{batch.pk}/decisions", body)


def seen(scene: Scene, batch: Batch, place: int) -> list[tuple[int, tuple[float, ...]]]:
    boxes = call(scene.cast.bob, "get", f"tasks/{scene.task(batch, place).pk}").json()["boxes"]
    return [(box["class_id"], tuple(box["box"])) for box in boxes]


def test_it_works(scene: Scene, batch: Batch) -> None:
    answer = decide(scene, batch, wrong_class="accepted", spurious="rejected", missing="accepted")
    assert answer.status_code == 200, answer.content
    assert (len(answer.json()["decided"]), answer.json()["left"]) == (3, [])
    assert seen(scene, batch, 0) == [(scene.rider, CAR_BOX), (scene.rider, RIDER_BOX)]
    assert seen(scene, batch, 1)[-1] == (scene.car, (200, 200, 240, 240))
    assert scene.labels(0)[0] == (scene.car, CAR_BOX)  # the labels wait for the merge
    assert scene.task(batch, 0).state == Task.State.IN_PROGRESS


def test_all_of_it_is_taken_back(scene: Scene, batch: Batch) -> None:
    before = [seen(scene, batch, place) for place in (0, 1)]
    decide(scene, batch, wrong_class="accepted", spurious="accepted", missing="accepted")
    assert [seen(scene, batch, place) for place in (0, 1)] != before
    decide(scene, batch, wrong_class="pending", spurious="rejected", missing="pending")
    assert [sorted(seen(scene, batch, place)) for place in (0, 1)] == before
    verdicts = dict(batch.auto_curate.suggestions.values_list("kind", "verdict"))  # type: ignore[union-attr]
    assert verdicts == {"wrong_class": "pending", "spurious": "rejected", "missing": "pending"}
    assert scene.task(batch, 0).boxes is None


def test_it_is_this_class(scene: Scene, batch: Batch) -> None:
    pk = batch.auto_curate.suggestions.get(kind="missing").pk  # type: ignore[union-attr]
    body = {"decisions": [{"id": pk, "verdict": "corrected", "class_id": scene.rider}]}
    assert call(scene.cast.bob, "post", f"batches/{batch.pk}/decisions", body).status_code == 200
    assert seen(scene, batch, 1)[-1] == (scene.rider, (200, 200, 240, 240))
    wrong = {"decisions": [{"id": pk, "verdict": "accepted", "class_id": scene.rider}]}
    assert_problem(call(scene.cast.bob, "post", f"batches/{batch.pk}/decisions", wrong), 400)


def test_what_a_person_drew_meanwhile_stays(scene: Scene, batch: Batch) -> None:
    """The verdict is not stored either: it would say that the label became what it did not."""
    task = scene.task(batch)
    rider = scene.boxes()[1]
    scene.save(task, boxes=[rider])
    answer = decide(scene, batch, wrong_class="accepted", spurious="accepted").json()
    gone = batch.auto_curate.suggestions.get(kind="wrong_class")  # type: ignore[union-attr]
    assert answer["left"] == [{"id": gone.pk, "left_because": "gone"}]
    assert gone.verdict == "pending"
    assert seen(scene, batch, 0) == []


def test_an_open_editor_is_told_that_the_boxes_changed(scene: Scene, batch: Batch) -> None:
    task = scene.task(batch)
    decide(scene, batch, wrong_class="accepted")
    assert_problem(scene.save(task, version=0, boxes=scene.boxes()), 412)


def test_a_passed_task_is_a_reviewers(scene: Scene, run: AutoCurate) -> None:
    batch = scene.batch(auto_curate_id=run.pk, review=True)
    scene.save(scene.task(batch), state="in_review")
    assert scene.save(scene.task(batch), scene.cast.alice, state="done").status_code == 200
    answer = decide(scene, batch, wrong_class="accepted", missing="accepted").json()
    assert [one["left_because"] for one in answer["left"]] == ["finished"]
    assert len(answer["decided"]) == 1


def test_counts_say_what_each_filter_would_show(scene: Scene, batch: Batch) -> None:
    decide(scene, batch, wrong_class="accepted")
    path = f"batches/{batch.pk}/suggestion-counts"
    counts = call(scene.cast.bob, "get", f"{path}?verdict=pending&kind=missing&smallest_score=0.6").json()
    assert (counts["shown"], counts["pending"], counts["total"], counts["to_finish"]) == (1, 2, 3, 0)
    assert counts["kinds"] == [{"kind": "missing", "count": 1}]  # the spurious one scores less
    assert counts["classes"] == [{"class_id": scene.car, "count": 1}]
    assert counts["scores"][14] == 1
    right = {one["kind"]: (one["decided"], one["precision"]) for one in counts["right"]}
    assert right == {"wrong_class": (1, 1.0), "missing": (0, None), "spurious": (0, None)}


def test_a_page_has_the_task_of_each(scene: Scene, batch: Batch) -> None:
    page = call(scene.cast.bob, "get", f"batches/{batch.pk}/suggestions?limit=2").json()
    assert [one["kind"] for one in page["items"]] == ["wrong_class", "missing"]
    assert [one["task"] for one in page["items"]] == [scene.task(batch, 0).pk, scene.task(batch, 1).pk]
    of_rider = call(scene.cast.bob, "get", f"batches/{batch.pk}/suggestions?class_id={scene.rider}").json()
    assert [one["kind"] for one in of_rider["items"]] == ["wrong_class", "spurious"]
    last = call(scene.cast.bob, "get", f"batches/{batch.pk}/suggestions?limit=2&after={page['next']}").json()
    assert ([one["kind"] for one in last["items"]], last["next"]) == (["spurious"], None)


def test_decided_images_are_handed_in(scene: Scene, batch: Batch) -> None:
    decide(scene, batch, wrong_class="accepted", missing="rejected")
    answer = call(scene.cast.bob, "post", f"batches/{batch.pk}/finish-decided")
    assert answer.json() == {"finished": 1, "still": 0, "lacking": 0, "unanswered": 0}
    states = [scene.task(batch, place).state for place in range(3)]
    assert states == ["in_progress", "done", "to_label"]  # image 2 has no suggestion: nobody looked


def test_an_issue_without_an_answer_keeps_its_image_from_review(scene: Scene, run: AutoCurate) -> None:
    """Alice asked something about a decided image; Bob hands in, and that one is left and counted."""
    batch = scene.batch(auto_curate_id=run.pk, review=True)
    decide(scene, batch, wrong_class="accepted", missing="accepted")
    call(scene.cast.alice, "post", f"tasks/{scene.task(batch, 1).pk}/issues", {"text": "A car?"})
    answer = call(scene.cast.bob, "post", f"batches/{batch.pk}/finish-decided")
    assert (answer.json()["unanswered"], scene.task(batch, 1).state) == (1, "in_progress")


def test_what_lacks_a_required_attribute_is_left_and_the_others_are_handed_in(scene: Scene, batch: Batch) -> None:
    """Image 0 has a car that lacks it; of image 1 what is missing is rejected, and its own boxes have it."""
    Attribute.objects.create(dataset=scene.dataset, name="side", kind="text", required=True, label_class_id=scene.rider)
    rider = Annotation.objects.filter(label_class_id=scene.rider)
    rider.exclude(image=scene.images[0]).update(attributes={"side": "left"})
    decide(scene, batch, wrong_class="accepted", spurious="rejected", missing="rejected")
    answer = call(scene.cast.bob, "post", f"batches/{batch.pk}/finish-decided")
    assert answer.json() == {"finished": 1, "still": 0, "lacking": 1, "unanswered": 0}
    assert [scene.task(batch, place).state for place in range(2)] == ["in_progress", "done"]


def test_what_several_label_is_each_persons_own(scene: Scene, batch: Batch) -> None:
    """In bulk nothing is decided, carried out or handed in: the task itself stays as it was."""
    call(scene.cast.alice, "post", f"batches/{batch.pk}/several", {"people": 2})
    answer = decide(scene, batch, wrong_class="accepted", missing="rejected").json()
    assert answer["decided"] == []
    assert {one["left_because"] for one in answer["left"]} == {"several"}
    Suggestion.objects.update(verdict="accepted")
    assert call(scene.cast.bob, "post", f"batches/{batch.pk}/carry-out-accepted").json() == {"decided": [], "left": []}
    finished = call(scene.cast.bob, "post", f"batches/{batch.pk}/finish-decided").json()
    assert finished == {"finished": 0, "still": 0, "lacking": 0, "unanswered": 0}
    assert {task.state for task in Task.objects.filter(batch=batch)} == {"to_label"}


def test_it_rejects_a_stranger_and_a_closed_batch(scene: Scene, batch: Batch) -> None:
    other = AutoCurate.objects.create(dataset=make_dataset(scene.cast.project), kind="mislabels")
    strange = Suggestion.objects.create(auto_curate=other, image=make_image(other.dataset), kind="spurious", score=1)
    body = {"decisions": [{"id": strange.pk, "verdict": "accepted"}]}
    problem = assert_problem(call(scene.cast.bob, "post", f"batches/{batch.pk}/decisions", body), 400)
    assert f"decisions.{strange.pk}" in problem["errors"]
    Batch.objects.filter(pk=batch.pk).update(state="closed")
    assert_problem(decide(scene, batch, missing="accepted"), 409)
    assert_problem(call(scene.cast.bob, "post", f"batches/{batch.pk}/finish-decided"), 409)


def test_charlie_sees_nothing(scene: Scene, batch: Batch) -> None:
    pk = batch.auto_curate.suggestions.first().pk  # type: ignore[union-attr]
    assert_charlie_gets_404(scene.cast, "get", f"batches/{batch.pk}/suggestions")
    assert_charlie_gets_404(scene.cast, "get", f"batches/{batch.pk}/suggestion-counts")
    body = {"decisions": [{"id": pk, "verdict": "accepted"}]}
    assert_charlie_gets_404(scene.cast, "post", f"batches/{batch.pk}/decisions", body)
    assert_charlie_gets_404(scene.cast, "post", f"batches/{batch.pk}/finish-decided")


def test_a_crop_shows_both_boxes_with_what_is_around(scene: Scene, batch: Batch) -> None:
    first = call(scene.cast.bob, "get", f"batches/{batch.pk}/suggestions?limit=1").json()["items"][0]
    assert first["view"] == [0, 0, 60, 60]  # the car's 40 × 30 pixels, a quarter of 40 more on each side
    assert first["crop"].startswith(f"/api/v1/suggestions/{first['id']}/crop?v=")
    assert_charlie_gets_404(scene.cast, "get", f"suggestions/{first['id']}/crop")


def test_what_was_accepted_before_the_batch_is_carried_out(scene: Scene, run: AutoCurate) -> None:
    run.suggestions.exclude(kind="missing").update(verdict="accepted")
    batch = scene.batch(auto_curate_id=run.pk)
    counts = call(scene.cast.bob, "get", f"batches/{batch.pk}/suggestion-counts").json()
    assert counts["not_carried_out"] == 2
    answer = call(scene.cast.bob, "post", f"batches/{batch.pk}/carry-out-accepted").json()
    assert (len(answer["decided"]), answer["left"]) == (2, [])
    assert seen(scene, batch, 0) == [(scene.rider, CAR_BOX)]
    counts = call(scene.cast.bob, "get", f"batches/{batch.pk}/suggestion-counts").json()
    assert counts["not_carried_out"] == 0
    assert_charlie_gets_404(scene.cast, "post", f"batches/{batch.pk}/carry-out-accepted")
