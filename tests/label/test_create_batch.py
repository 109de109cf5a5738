"""POST batches: sending images to Label."""

import pytest

from accounts.models import Role
from curate.models import AutoCurate
from dataset.models import PredictionSet
from dataset.services.manifests import freeze
from label.models import Batch, Task
from tests.factories import (
    NOT_THERE,
    assert_charlie_gets_404,
    assert_problem,
    call,
    make_annotation,
    make_dataset,
    make_image,
)
from tests.label.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_it_works(scene: Scene) -> None:
    answer = call(scene.cast.alice, "post", "batches", {"slice": scene.slice.pk, "name": "Corrections"})
    assert answer.status_code == 201, answer.content
    batch = answer.json()
    assert batch["revision"] == scene.dataset.head_revision
    assert batch["slice"] == {"id": scene.slice.pk, "name": "to correct", "image_count": 3}
    assert batch["tasks"] == {"to_label": 3, "in_progress": 0, "in_review": 0, "done": 0, "skipped": 0}
    assert (batch["state"], batch["merged_revision"]) == ("open", None)
    tasks = Task.objects.filter(batch=batch["id"]).order_by("position")
    assert list(tasks.values_list("image_id", flat=True)) == [image.pk for image in scene.images]
    assert set(tasks.values_list("base", "version", "boxes")) == {(scene.dataset.head_revision, 0, None)}


def test_single_images_can_be_sent(scene: Scene) -> None:
    chosen = [scene.images[2].pk, scene.images[0].pk, scene.images[2].pk]
    answer = call(scene.cast.alice, "post", "batches", {"images": chosen, "name": "Two"})
    assert answer.json()["slice"] is None
    assert answer.json()["tasks"]["to_label"] == 2


def order_of(scene: Scene, run: AutoCurate) -> list[int]:
    """Places of the images in the order of the batch's tasks."""
    body = {"slice": scene.slice.pk, "name": f"Suggested by {run.pk}", "auto_curate": run.pk}
    batch = call(scene.cast.alice, "post", "batches", body).json()
    tasks = Task.objects.filter(batch=batch["id"]).order_by("position")
    assert [task.position for task in tasks] == [0, 1, 2]
    places = {image.pk: place for place, image in enumerate(scene.images)}
    return [places[task.image_id] for task in tasks]


def test_tasks_stand_by_what_a_second_of_work_on_them_brings(scene: Scene) -> None:
    """By hand, at 1 s to open and 2 s a decision: .9 in 3 s is .3 a second; .5 + .4 in 5 s .18; nothing comes last."""
    assert order_of(scene, scene.suggestions({1: [0.5, 0.4], 2: [0.9]})) == [2, 1, 0]
    assert order_of(scene, scene.suggestions({0: [0.5], 1: [0.6, 0.6], 2: [0.1]})) == [1, 0, 2]  # .24, .17, .03


def test_an_error_of_a_rare_class_comes_before_a_likelier_one_of_a_common_class(scene: Scene) -> None:
    """Of 3 cars and 30 riders, one is worth ten times the other."""
    for _ in range(27):
        make_annotation(scene.images[0], scene.dataset.classes.get(pk=scene.rider), (0, 0, 9, 9))
    run = scene.suggestions({1: [0.9], 2: [0.3]})
    rider = {"class_id": scene.rider, "box": [0, 0, 9, 9]}
    run.suggestions.filter(image=scene.images[1]).update(given=rider)
    assert order_of(scene, run) == [2, 1, 0]


def test_what_is_decided_already_counts_no_more(scene: Scene) -> None:
    run = scene.suggestions({1: [0.5], 2: [0.9]})
    run.suggestions.filter(image=scene.images[2]).update(verdict="accepted")
    assert order_of(scene, run) == [1, 0, 2]


def test_it_rejects_neither_and_both(scene: Scene) -> None:
    both = {"slice": scene.slice.pk, "images": [scene.images[0].pk], "name": "Both"}
    assert_problem(call(scene.cast.alice, "post", "batches", both), 400, mentions="either a slice or images")
    assert call(scene.cast.alice, "post", "batches", {"name": "Neither"}).status_code == 404


def test_it_rejects_a_name_that_is_taken(scene: Scene) -> None:
    scene.batch()
    answer = call(scene.cast.alice, "post", "batches", {"slice": scene.slice.pk, "name": "Corrections"})
    assert "name" in assert_problem(answer, 409, mentions="already")["errors"]
    assert Batch.objects.count() == 1


def test_it_rejects_what_is_of_another_dataset(scene: Scene) -> None:
    other = make_dataset(scene.cast.project)
    stranger = make_image(other)
    manifest = freeze(dataset=other, revision=0, image_ids=[stranger.pk])
    predictions = PredictionSet.objects.create(dataset=other, manifest=manifest, name="p", kind="imported")
    for field, value in (("auto_curate", NOT_THERE), ("prediction_set", predictions.pk), ("evaluation", NOT_THERE)):
        body = {"slice": scene.slice.pk, "name": "Mixed", field: value}
        assert list(assert_problem(call(scene.cast.alice, "post", "batches", body), 400)["errors"]) == [field]
    body = {"images": [scene.images[0].pk, stranger.pk], "name": "Mixed"}
    assert_problem(call(scene.cast.alice, "post", "batches", body), 400, mentions=f"no image {stranger.pk}")
    assert not Batch.objects.exists()


def test_it_rejects_an_empty_slice(scene: Scene) -> None:
    scene.slice.slice_images.all().delete()
    answer = call(scene.cast.alice, "post", "batches", {"slice": scene.slice.pk, "name": "Nothing"})
    assert_problem(answer, 400, mentions="no images")


def test_it_rejects_a_labeller(scene: Scene) -> None:
    assert_problem(
        call(scene.cast.bob, "post", "batches", {"slice": scene.slice.pk, "name": "B"}), 403, mentions="reviewer"
    )
    reviewed = Scene(bob=Role.REVIEWER)
    answer = call(reviewed.cast.bob, "post", "batches", {"slice": reviewed.slice.pk, "name": "B"})
    assert answer.status_code == 201


def test_charlie_sees_nothing(scene: Scene) -> None:
    assert_charlie_gets_404(scene.cast, "post", "batches", {"slice": scene.slice.pk, "name": "C"})
    assert_charlie_gets_404(scene.cast, "post", "batches", {"images": [scene.images[0].pk], "name": "C"})
