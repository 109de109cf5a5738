"""GET and POST batches/{id}/merge: the diff, and sending the work back to Curate."""

import pytest

from accounts.models import AuditLine
from dataset.importing.columns import Ignore
from dataset.models import Annotation, Provenance, Revision
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import revert
from dataset.services.slices import create_slice
from label.models import Batch, Task
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_image
from tests.label.scene import CAR_BOX, RIDER_BOX, Scene, at_once, new_box, several_connections

pytestmark = pytest.mark.django_db
NEW_PLACE = (200.0, 200.0, 240.0, 250.0)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def merge(scene: Scene, batch: Batch, **body: object):
    return call(scene.cast.alice, "post", f"batches/{batch.pk}/merge", body)


def preview(scene: Scene, batch: Batch) -> dict:
    return call(scene.cast.alice, "get", f"batches/{batch.pk}/merge").json()


def test_it_works(scene: Scene) -> None:
    batch = scene.batch()
    car, rider = scene.boxes(0)
    scene.save(
        scene.task(batch, 0),
        boxes=[car | {"class_id": scene.rider}, new_box(scene.car, NEW_PLACE)],  # one relabelled, one removed, one new
        state="done",
    )
    scene.save(scene.task(batch, 1), state="done")

    seen = preview(scene, batch)
    assert seen["counts"] == {
        "added": 1, "changed": 1, "removed": 1, "relabelled": 1, "moved": 0, "unchanged": 2, "conflicts": 0,
    }  # fmt: skip
    assert {(item["change"], item["object_id"], item["conflict"]) for item in seen["items"]} == {
        ("relabelled", car["object_id"], False),
        ("removed", rider["object_id"], False),
        ("added", None, False),
    }
    assert (seen["base"], seen["head"], seen["tasks"]["done"]) == (batch.base, batch.base, 2)

    answer = merge(scene, batch, message="Corrected by Bob")
    assert answer.status_code == 201, answer.content
    assert answer.json()["revision"] == batch.base + 1
    assert answer.json()["batch"]["state"] == "merged"
    assert answer.json()["batch"]["merged_revision"] == batch.base + 1
    assert sorted(scene.labels(0)) == sorted([(scene.rider, CAR_BOX), (scene.car, NEW_PLACE)])
    assert scene.labels(1) == [(scene.car, CAR_BOX), (scene.rider, RIDER_BOX)]
    revision = Revision.objects.get(number=batch.base + 1)
    assert (revision.kind, revision.message, revision.author) == ("merge", "Corrected by Bob", scene.cast.alice)
    assert revision.counts == {"added": 1, "changed": 1, "removed": 1}
    assert revision.origin == {"batch": batch.pk, "base": batch.base}
    born = Annotation.objects.filter(born=revision.number)
    assert set(born.values_list("provenance", flat=True)) == {Provenance.HUMAN}
    assert AuditLine.objects.filter(action="batch.merge").exists()


def test_only_finished_tasks_are_merged(scene: Scene) -> None:
    batch = scene.batch()
    scene.save(scene.task(batch, 0), boxes=[], state="in_progress")
    scene.save(scene.task(batch, 1), boxes=[], state="skipped")
    scene.save(scene.task(batch, 2), boxes=[], state="done")
    assert merge(scene, batch).status_code == 201
    assert [len(scene.labels(place)) for place in range(3)] == [2, 2, 0]


def test_without_review_work_handed_in_counts_as_finished(scene: Scene) -> None:
    plain, reviewed = scene.batch(name="plain"), scene.batch(name="reviewed", review=True)
    for batch in (plain, reviewed):
        scene.save(scene.task(batch, 0), boxes=[], state="in_review")
    assert_problem(merge(scene, reviewed), 409, mentions="No task")
    assert merge(scene, plain).status_code == 201


def test_other_peoples_work_meanwhile_is_kept(scene: Scene) -> None:
    batch = scene.batch()
    car, rider = scene.boxes(0)
    scene.save(scene.task(batch, 0), boxes=[car | {"class_id": scene.rider}, rider], state="done")
    scene.edit(
        scene.set(car, box=(12, 12, 52, 42), attributes={"occluded": True}),
        scene.set(rider, class_id=scene.car),
        AnnotationChange("add", scene.images[0].pk, class_id=scene.car, box=(300, 300, 340, 340)),
    )
    assert merge(scene, batch).status_code == 201
    assert sorted(scene.labels(0)) == sorted(
        [(scene.rider, (12, 12, 52, 42)), (scene.car, RIDER_BOX), (scene.car, (300, 300, 340, 340))]
    )
    assert scene.boxes(0)[0]["attributes"] == {"occluded": True}


def conflicted(scene: Scene) -> tuple[Batch, dict]:
    """Bob says the car is a rider's; meanwhile Alice moved it, and he moved it elsewhere."""
    batch = scene.batch()
    car, rider = scene.boxes(0)
    scene.save(scene.task(batch, 0), boxes=[car | {"box": [20, 20, 60, 50]}, rider], state="done")
    scene.edit(scene.set(car, box=(5, 5, 40, 40)))
    return batch, car


def test_a_conflict_is_shown_and_must_be_decided(scene: Scene) -> None:
    batch, car = conflicted(scene)
    (conflict,) = preview(scene, batch)["conflicts"]
    assert (conflict["object_id"], conflict["clash"]) == (car["object_id"], "both_changed")
    assert [conflict[side]["box"] for side in ("base", "ours", "theirs")] == [
        list(CAR_BOX),
        [20, 20, 60, 50],
        [5, 5, 40, 40],
    ]
    assert preview(scene, batch)["items"][0]["conflict"] is True
    problem = assert_problem(merge(scene, batch), 409, mentions="1 conflict must be decided")
    assert problem["unresolved"] == [car["object_id"]]
    assert Batch.objects.get(pk=batch.pk).state == "open"


@pytest.mark.parametrize(("side", "box"), [("ours", (20, 20, 60, 50)), ("theirs", (5, 5, 40, 40))])
def test_a_decided_conflict_merges(scene: Scene, side: str, box: tuple) -> None:
    batch, car = conflicted(scene)
    answer = merge(scene, batch, resolutions={str(car["object_id"]): side})
    assert answer.status_code == (201 if side == "ours" else 200), answer.content
    assert scene.labels(0)[0] == (scene.car, box)
    assert Batch.objects.get(pk=batch.pk).state == "merged"


def test_both_new_boxes_at_one_spot_can_be_kept(scene: Scene) -> None:
    batch = scene.batch()
    scene.save(scene.task(batch, 0), boxes=[*scene.boxes(0), new_box(scene.rider, NEW_PLACE)], state="done")
    scene.edit(AnnotationChange("add", scene.images[0].pk, class_id=scene.car, box=NEW_PLACE))
    (conflict,) = preview(scene, batch)["conflicts"]
    assert conflict["clash"] == "both_added"
    assert merge(scene, batch, resolutions={str(conflict["object_id"]): "both"}).status_code == 201
    assert sorted(scene.labels(0))[-2:] == [(scene.rider, RIDER_BOX), (scene.rider, NEW_PLACE)]
    assert (scene.car, NEW_PLACE) in scene.labels(0)


def test_what_the_other_side_deleted_comes_back_if_ours_is_taken(scene: Scene) -> None:
    batch = scene.batch()
    car, rider = scene.boxes(0)
    scene.save(scene.task(batch, 0), boxes=[car | {"class_id": scene.rider}, rider], state="done")
    scene.edit(AnnotationChange("remove", scene.images[0].pk, object_id=car["object_id"]))
    assert merge(scene, batch, resolutions={str(car["object_id"]): "ours"}).status_code == 201
    assert (scene.rider, CAR_BOX) in scene.labels(0)


@pytest.mark.parametrize("decision", ["both", "mine"])
def test_it_rejects_decisions_that_make_no_sense(scene: Scene, decision: str) -> None:
    batch, car = conflicted(scene)
    assert_problem(merge(scene, batch, resolutions={str(car["object_id"]): decision}), 400)


def test_it_rejects_decisions_on_labels_that_have_moved_on(scene: Scene) -> None:
    batch, car = conflicted(scene)
    head = preview(scene, batch)["head"]
    scene.edit(scene.set(car, box=(6, 6, 40, 40)))
    answer = merge(scene, batch, resolutions={str(car["object_id"]): "ours"}, head=head)
    assert assert_problem(answer, 409, mentions="moved on")["head"] == head + 1


def test_a_second_merge_with_no_new_work_says_so(scene: Scene) -> None:
    batch = scene.batch()
    scene.save(scene.task(batch, 0), boxes=[], state="done")
    first = merge(scene, batch).json()
    again = merge(scene, batch)
    assert (again.status_code, again.json()["revision"]) == (200, None)
    assert again.json()["note"] == "There was nothing new to merge."
    assert again.json()["batch"]["merged_revision"] == first["revision"]
    assert Revision.objects.filter(kind="merge").count() == 1


def test_work_after_a_merge_opens_the_batch_and_merges_alone(scene: Scene) -> None:
    batch = scene.batch()
    task = scene.task(batch, 0)
    car, _ = scene.boxes(0)
    scene.save(task, boxes=[car, new_box(scene.car, NEW_PLACE)], state="done")
    merge(scene, batch)
    shown = call(scene.cast.bob, "get", f"tasks/{task.pk}").json()
    assert [box["object_id"] is not None for box in shown["boxes"]] == [True, True]
    scene.save(task, boxes=[shown["boxes"][0]], state="done")
    assert Batch.objects.get(pk=batch.pk).state == "open"
    assert merge(scene, batch).json()["counts"]["removed"] == 1
    assert scene.labels(0) == [(scene.car, CAR_BOX)]
    assert Task.objects.get(pk=task.pk).changed


def test_an_editor_left_open_over_a_merge_is_told(scene: Scene) -> None:
    batch = scene.batch()
    task = scene.task(batch, 0)
    scene.save(task, boxes=[], state="done")
    merge(scene, batch)
    assert_problem(scene.save(task, version=1, boxes=scene.boxes(1)), 412)


def test_a_merge_can_be_reverted(scene: Scene) -> None:
    batch = scene.batch()
    scene.save(scene.task(batch, 0), boxes=[], state="done")
    merge(scene, batch)
    revert(dataset=scene.dataset, to=batch.base, by=scene.cast.alice)
    assert scene.labels(0) == [(scene.car, CAR_BOX), (scene.rider, RIDER_BOX)]


@several_connections
def test_two_merges_at_once_make_one_revision() -> None:
    scene = Scene()
    batch = scene.batch()
    scene.save(scene.task(batch, 0), boxes=[new_box(scene.car, NEW_PLACE)], state="done")
    answers = at_once(*[lambda: merge(scene, batch)] * 3)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 201]
    assert scene.labels(0) == [(scene.car, NEW_PLACE)]


@several_connections
def test_two_batches_and_an_edit_at_once_all_arrive() -> None:
    scene = Scene()
    first, second = scene.batch(name="first"), scene.batch(name="second")
    scene.save(scene.task(first, 0), boxes=[], state="done")
    scene.save(scene.task(second, 1), boxes=[], state="done")
    change = scene.set(scene.boxes(2)[0], 2, class_id=scene.rider)
    answers = at_once(lambda: merge(scene, first), lambda: merge(scene, second), lambda: scene.edit(change))
    assert [answer.status_code for answer in answers[:2]] == [201, 201]
    assert [len(scene.labels(place)) for place in range(3)] == [0, 0, 2]
    assert scene.labels(2)[0][0] == scene.rider


def test_a_labeller_neither_merges_nor_sees_what_a_merge_leaves_out(scene: Scene) -> None:
    """A finished task that is not in the merge is a gold one."""
    batch = scene.batch()
    scene.save(scene.task(batch, 0), boxes=[], state="done")
    assert_problem(call(scene.cast.bob, "get", f"batches/{batch.pk}/merge"), 403, mentions="reviewer")
    assert_problem(call(scene.cast.bob, "post", f"batches/{batch.pk}/merge", {}), 403, mentions="reviewer")


def test_charlie_sees_nothing(scene: Scene) -> None:
    batch = scene.batch()
    assert_charlie_gets_404(scene.cast, "get", f"batches/{batch.pk}/merge")
    assert_charlie_gets_404(scene.cast, "post", f"batches/{batch.pk}/merge", {})


def test_what_is_ignored_in_label_is_ignored_in_curate(scene: Scene) -> None:
    batch = scene.batch()
    car, rider = scene.boxes(0)
    assert (car["ignore"], rider["ignore"]) == ("no", "no")
    scene.save(scene.task(batch), boxes=[car | {"ignore": "crowd"}, rider], state="done")
    scene.edit(scene.set(rider, class_id=scene.car))  # somebody else, meanwhile
    (item,) = preview(scene, batch)["items"]
    assert (item["change"], item["before"]["ignore"], item["after"]["ignore"]) == ("ignored", "no", "crowd")
    number = merge(scene, batch).json()["revision"]
    assert [box["ignore"] for box in scene.boxes(0)] == ["crowd", "no"]
    revision = Revision.objects.get(dataset=scene.dataset, number=number)
    (change,) = call(scene.cast.alice, "get", f"revisions/{revision.pk}/diff").json()["items"]
    assert (change["change"], change["after"]["ignore"]) == ("ignored", "crowd")


def test_a_client_that_knows_nothing_of_it_leaves_what_is_ignored(scene: Scene) -> None:
    car, _ = scene.boxes(0)
    scene.edit(scene.set(car, ignore=Ignore.REGION))
    batch = scene.batch()
    boxes = [{name: value for name, value in box.items() if name != "ignore"} for box in scene.boxes(0)]
    scene.save(scene.task(batch), boxes=boxes, state="done")
    assert preview(scene, batch)["counts"]["changed"] == 0


def test_a_task_that_is_done_makes_its_image_labelled(scene: Scene) -> None:
    """Also one on which nothing was found, and for which the merge writes no revision."""
    bare = make_image(scene.dataset)
    scene.slice = create_slice(
        dataset=scene.dataset, name="bare", image_ids=[bare.pk], origin={"kind": "hand"}, by=scene.cast.alice
    )
    batch = scene.batch(name="Look")
    state = f"images/{bare.pk}"
    assert call(scene.cast.alice, "get", state).json()["label_state"] == "not_labelled"
    scene.save(batch.tasks.get(), state="done")
    assert merge(scene, batch).status_code in (200, 201)
    assert call(scene.cast.alice, "get", state).json()["label_state"] == "negative"
