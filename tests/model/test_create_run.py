"""POST runs: what is checked and frozen before anything is trained."""

import pytest

from accounts.models import AuditLine, Role
from dataset.models import Annotation, Manifest
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes
from jobs.models import Job
from label.services.batches import NewBatch, create_batch
from model.engines import TrainSettings
from model.models import Checkpoint, Run
from tests.factories import NOT_THERE, assert_charlie_gets_404, assert_problem, call, make_dataset
from tests.model.scene import QUICK, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def checkpoint_of(scene: Scene, run: Run) -> Checkpoint:
    """Weights as if the run had been trained."""
    return Checkpoint.objects.create(
        project=scene.cast.project, run=run, name="best", kind="best", architecture="road11t",
        classes=["car", "rider"], location="blobs/none", sha256="0" * 64, size=1,
    )  # fmt: skip


def test_it_works(scene: Scene) -> None:
    answer = scene.post(train_slices=[scene.train.pk, scene.more.pk])
    assert answer.status_code == 202, answer.content
    run = answer.json()
    assert (run["state"], run["job"]["kind"], run["job"]["queue"]) == ("queued", "train", "gpu")
    assert run["job"]["link"] == f"/runs/{run['id']}"
    assert [slice_["name"] for slice_ in run["train_slices"]] == ["train", "more"]
    assert (run["train_manifest"]["image_count"], run["validation_manifest"]["image_count"]) == (16, 4)
    assert run["train_manifest"]["revision"] == run["revision"] == 1
    assert (run["weights"], run["baseline"]) == ({"kind": "scratch", "checkpoint": None}, "road11t")
    assert run["classes"] == ["car", "rider"]
    assert (run["settings"]["epochs"], run["epochs"], run["epoch"]) == (1, 1, 0)
    assert run["settings"]["lr0"] == TrainSettings().lr0
    assert run["class_mapping"] == {"kept": [], "new": ["car", "rider"], "dropped": []}
    assert (run["checkpoints"], run["prediction_set"], run["evaluation"], run["seconds"]) == ([], None, None, None)
    assert AuditLine.objects.get(action="run.create").data["id"] == run["id"]


def test_the_labels_of_an_earlier_revision_can_be_asked_for(scene: Scene) -> None:
    removed = Annotation.objects.filter(image=scene.images[0]).first()
    apply_changes(
        dataset=scene.dataset, by=scene.cast.alice, kind="edit", message="",
        changes=[AnnotationChange("remove", removed.image_id, object_id=removed.object_id)],
    )  # fmt: skip
    newest, earlier = scene.post(name="newest").json(), scene.post(name="earlier", revision=1).json()
    assert (newest["revision"], earlier["revision"]) == (2, 1)
    counts = [Manifest.objects.get(pk=run["train_manifest"]["id"]).annotation_count for run in (newest, earlier)]
    assert counts[1] - counts[0] == 1


def test_it_rejects_images_of_its_own_validation_slice(scene: Scene) -> None:
    mixed = scene.slice("mixed", [*scene.images[:3], *scene.images[16:18]])
    problem = assert_problem(scene.post(train_slices=[mixed.pk]), 409, mentions="2 of the 4 images of validation")
    assert problem["images"] == 2
    assert not Run.objects.exists()


def test_it_rejects_images_with_the_same_bytes_as_a_validation_image(scene: Scene) -> None:
    scene.images[0].sha256 = scene.images[17].sha256
    scene.images[0].save(update_fields=["sha256"])
    assert_problem(scene.post(), 409, mentions="1 of the 4 images")


def test_it_rejects_weights_that_were_trained_on_validation_images(scene: Scene) -> None:
    earlier = scene.run(train_slices=[scene.validation.pk], validation_slice=scene.more.pk)
    later = scene.run(name="later", train_slices=[scene.train.pk], validation_slice=scene.more.pk,
                      weights={"kind": "checkpoint", "checkpoint": checkpoint_of(scene, earlier).pk})  # fmt: skip
    weights = {"kind": "checkpoint", "checkpoint": checkpoint_of(scene, later).pk}
    answer = scene.post(name="third", weights=weights)
    assert_problem(answer, 409, mentions="starting weights were trained on 4 of the 4 images")


def test_more_data_starts_from_the_parents_best_weights_and_settings(scene: Scene) -> None:
    parent = scene.run(settings={**QUICK, "lr0": 0.01})
    best = checkpoint_of(scene, parent)
    body = scene.body(
        name="more data", parent=parent.pk, train_slices=[scene.train.pk, scene.more.pk], settings={"epochs": 2}
    )
    del body["weights"], body["baseline"]
    run = call(scene.cast.alice, "post", "runs", body).json()
    assert run["weights"] == {"kind": "checkpoint", "checkpoint": best.pk}
    assert (run["settings"]["lr0"], run["settings"]["epochs"], run["settings"]["imgsz"]) == (0.01, 2, 160)
    assert run["parent"] == {"id": parent.pk, "name": "first"}
    assert [ancestor["name"] for ancestor in run["ancestors"]] == ["first"]
    assert run["class_mapping"]["kept"] == ["car", "rider"]
    assert scene.get(f"runs/{parent.pk}")["children"] == [{"id": run["id"], "name": "more data"}]


def test_a_control_is_shown_with_what_it_measures(scene: Scene) -> None:
    earlier = scene.run()
    weights = {"kind": "checkpoint", "checkpoint": checkpoint_of(scene, earlier).pk}
    treated = scene.run(name="treated", weights=weights, settings={**QUICK, "seed": 7})
    left_out = ("settings", "weights", "baseline")
    body = scene.body(name="control", control_of=treated.pk)
    body = {name: value for name, value in body.items() if name not in left_out}
    control = call(scene.cast.alice, "post", "runs", body).json()
    assert (control["control_of"]["name"], control["seed"]) == ("treated", 7)
    assert control["weights"] == weights
    assert scene.get(f"runs/{treated.pk}")["controls"] == [{"id": control["id"], "name": "control"}]


BAD = {
    "an unknown setting": ({"settings": {"learning_rate": 1}}, 400, "settings.learning_rate"),
    "a setting beyond its bounds": ({"settings": {"imgsz": 100}}, 400, "settings.imgsz"),
    "a baseline that does not exist": ({"baseline": "alexnet"}, 400, "baseline"),
    "weights of no known kind": ({"weights": {"kind": "magic"}}, 400, "weights.kind"),
    "a checkpoint that is not there": ({"weights": {"kind": "checkpoint", "checkpoint": NOT_THERE}}, 400, "weights"),
    "a checkpoint without its number": ({"weights": {"kind": "checkpoint"}}, 400, "weights"),
    "a revision that is not there": ({"revision": 9}, 400, "revision"),
    "revision 0": ({"revision": 0}, 400, "revision"),
    "no training slice": ({"train_slices": []}, 400, "train_slices"),
    "a slice that is not there": ({"train_slices": [NOT_THERE]}, 400, "train_slices"),
    "a validation slice that is not there": ({"validation_slice": NOT_THERE}, 400, "validation_slice"),
    "a parent that is not there": ({"parent": NOT_THERE}, 400, "parent"),
    "a name of nothing": ({"name": ""}, 400, "name"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_rejects(scene: Scene, name: str) -> None:
    fields, status, field = BAD[name]
    assert field in assert_problem(scene.post(**fields), status)["errors"]
    assert not Run.objects.exists()
    assert not Job.objects.exists()


def test_it_rejects_a_name_that_is_taken(scene: Scene) -> None:
    scene.post()
    assert_problem(scene.post(), 409, mentions="already")
    assert Job.objects.count() == 1


def test_it_rejects_slices_without_labels_and_without_images(scene: Scene) -> None:
    Annotation.objects.filter(image__in=scene.images[12:16]).delete()
    assert_problem(scene.post(train_slices=[scene.more.pk]), 400, mentions="no labels")
    empty = scene.slice("empty", [])
    assert_problem(scene.post(train_slices=[empty.pk]), 400, mentions="empty")


def test_it_rejects_a_baseline_that_is_not_the_weights(scene: Scene) -> None:
    weights = {"kind": "checkpoint", "checkpoint": checkpoint_of(scene, scene.run()).pk}
    answer = scene.post(name="other", baseline="yolo11n", weights=weights)
    assert_problem(answer, 400, mentions="architecture road11t")


def test_it_rejects_a_checkpoint_of_another_project(scene: Scene) -> None:
    strange = checkpoint_of(scene, scene.run())
    Checkpoint.objects.filter(pk=strange.pk).update(project=make_dataset(Scene().cast.project).project)
    assert_problem(scene.post(name="b", weights={"kind": "checkpoint", "checkpoint": strange.pk}), 400)


def test_only_managers_train(scene: Scene) -> None:
    assert_problem(call(scene.cast.bob, "post", "runs", scene.body()), 403, mentions="manager")
    managed = Scene(bob=Role.MANAGER)
    assert call(managed.cast.bob, "post", "runs", managed.body()).status_code == 202


def test_a_dataset_is_deleted_with_its_runs_and_batches(scene: Scene) -> None:
    run = scene.run()
    checkpoint_of(scene, run)
    new = NewBatch(name="b", slice_id=scene.train.pk)
    create_batch(dataset=scene.dataset, new=new, by=scene.cast.alice)
    assert call(scene.cast.alice, "delete", f"datasets/{scene.dataset.pk}").status_code == 204
    assert not Run.objects.exists()


PATHS = [
    "get runs/{}",
    "delete runs/{}",
    "get runs/{}/metrics",
    "get runs/{}/log",
    "post runs/{}/cancel",
    "post runs/{}/resume",
]


@pytest.mark.parametrize("method_and_path", PATHS)
def test_charlie_sees_no_run(scene: Scene, method_and_path: str) -> None:
    method, path = method_and_path.split()
    assert_charlie_gets_404(scene.cast, method, path.format(scene.run().pk))
    assert Run.objects.count() == 1


def test_charlie_cannot_train_or_list(scene: Scene) -> None:
    assert_charlie_gets_404(scene.cast, "post", "runs", scene.body())
    assert_charlie_gets_404(scene.cast, "get", f"datasets/{scene.dataset.pk}/runs")
