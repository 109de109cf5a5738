"""Experiments over HTTP: what is started, what it costs, what is refused; nothing is trained here."""

from typing import Any

import pytest

from accounts.models import AuditLine, Role
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes
from jobs.models import Job
from model.models import Checkpoint, Deployment, Endpoint, Experiment, Run, RunEpoch
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_dataset
from tests.model.scene import QUICK, Scene
from tests.model.test_create_run import checkpoint_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def trained(scene: Scene) -> Run:
    """A parent with weights, as if it had been trained."""
    parent = scene.run(name="parent")
    checkpoint_of(scene, parent)
    Job.objects.filter(pk=parent.job_id).update(state="succeeded")
    return parent


def body(scene: Scene, parent: Run | None, **fields: Any) -> dict[str, Any]:
    """What POST experiments takes: with more data than the parent, two seeds."""
    return {
        "dataset": scene.dataset.pk,
        "name": "more data",
        "parent": parent.pk if parent else None,
        "train_slices": [scene.train.pk, scene.more.pk],
        "validation_slice": scene.validation.pk,
        "settings": {"epochs": 3},
        "seeds": 2,
        **fields,
    }


def ask(scene: Scene, parent: Run | None, **fields: Any) -> Any:
    return call(scene.cast.alice, "post", "experiments", body(scene, parent, **fields))


def test_it_works(scene: Scene) -> None:
    parent = trained(scene)
    removed = scene.images[0].annotations.first()
    changes = [AnnotationChange("remove", removed.image_id, object_id=removed.object_id)]
    apply_changes(dataset=scene.dataset, by=scene.cast.alice, kind="edit", message="", changes=changes)
    answer = ask(scene, parent)
    assert answer.status_code == 202, answer.content
    made = answer.json()
    assert (made["state"], made["result"], made["finished_pairs"], made["stopped"]) == ("queued", None, 0, None)
    assert (made["seeds"], made["control"], made["match"], made["early_stop"]) == ([0, 1], True, "steps", True)
    assert (made["revision"], made["control_revision"]) == (2, 1)
    assert [one["name"] for one in made["train_slices"]] == ["train", "more"]
    assert [one["name"] for one in made["control_slices"]] == ["train"]
    rows = [(run["arm"], run["seed"], run["images"], run["revision"], run["epochs"]) for run in made["runs"]]
    # The control has 12 images where the treatment has 16: 4 epochs are as many steps as 3.
    assert rows == [("treatment", 0, 16, 2, 3), ("control", 0, 12, 1, 4), ("treatment", 1, 16, 2, 3),
                    ("control", 1, 12, 1, 4)]  # fmt: skip
    runs = Run.objects.filter(experiment=made["id"]).order_by("pk")
    assert len({run.start_checkpoint_id for run in runs}) == 1
    assert [run.control_of_id for run in runs] == [None, runs[0].pk, None, runs[2].pk]
    assert [(run.settings["imgsz"], run.settings["seed"]) for run in runs] == [(160, 0), (160, 0), (160, 1), (160, 1)]
    assert Job.objects.filter(kind="train", state="queued").count() == 4
    assert AuditLine.objects.get(action="experiment.create").data["id"] == made["id"]
    assert scene.get(f"experiments/{made['id']}") == made
    assert scene.get(f"datasets/{scene.dataset.pk}/experiments")["items"] == [made]


def test_arms_may_share_epochs_instead_of_steps_and_there_may_be_one_arm(scene: Scene) -> None:
    parent = trained(scene)
    runs = ask(scene, parent, match="epochs", seeds=1).json()["runs"]
    assert [(run["arm"], run["epochs"]) for run in runs] == [("treatment", 3), ("control", 3)]
    alone = ask(scene, parent, name="alone", control=False, seeds=3, settings={"epochs": 3, "seed": 7}).json()
    assert [(run["arm"], run["seed"]) for run in alone["runs"]] == [("treatment", seed) for seed in (7, 8, 9)]


def test_a_control_can_be_named_without_a_parent(scene: Scene) -> None:
    fields = {"baseline": "road11t", "weights": {"kind": "scratch"}, "settings": QUICK}
    made = ask(scene, None, control_slices=[scene.train.pk], control_revision=1, **fields).json()
    assert [one["name"] for one in made["control_slices"]] == ["train"]
    assert {run["revision"] for run in made["runs"]} == {1}


BAD: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "a control of nothing": ({"parent": None, "weights": {"kind": "scratch"}}, 400, "control_slices", "control off"),
    "no seed": ({"seeds": 0}, 400, "seeds", "greater than or equal to 1"),
    "eleven seeds": ({"seeds": 11}, 400, "seeds", "less than or equal to 10"),
    "a seed of no number": ({"settings": {"seed": "x"}}, 400, "settings.seed", "whole number"),
    "a setting that is none": ({"settings": {"epoch": 3}}, 400, "settings.epoch", "no such setting"),
    "a slice of nobody": ({"train_slices": [0]}, 400, "train_slices", "No slice 0"),
    "a control slice of nobody": ({"control_slices": [0]}, 400, "control_slices", "No slice 0"),
    "a parent of nobody": ({"parent": 0}, 400, "parent", "no run 0"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_rejects_what_cannot_be_trained_and_starts_nothing(scene: Scene, name: str) -> None:
    fields, status, field, sentence = BAD[name]
    parent = trained(scene)
    problem = assert_problem(call(scene.cast.alice, "post", "experiments", body(scene, parent) | fields), status)
    assert sentence in " ".join(problem["errors"][field]), problem
    assert not Experiment.objects.exists()
    assert Run.objects.count() == 1


def test_it_rejects_a_control_that_was_trained_on_validation_images(scene: Scene) -> None:
    parent = trained(scene)
    answer = ask(scene, parent, control_slices=[scene.validation.pk])
    assert_problem(answer, 409, mentions="4 of the 4 images of validation")
    assert not Experiment.objects.exists()
    assert Run.objects.count() == 1


def test_a_name_is_taken_once(scene: Scene) -> None:
    parent = trained(scene)
    assert ask(scene, parent).status_code == 202
    assert_problem(ask(scene, parent), 409, mentions="an experiment named more data already")


def test_more_seeds_are_of_the_same_arms(scene: Scene) -> None:
    made = ask(scene, trained(scene)).json()
    more = call(scene.cast.alice, "post", f"experiments/{made['id']}/more-seeds", {"count": 2})
    assert more.status_code == 202, more.content
    assert more.json()["seeds"] == [0, 1, 2, 3]
    first, last = more.json()["runs"][:2], more.json()["runs"][-2:]
    for one, other in zip(first, last, strict=True):
        assert [one[name] for name in ("arm", "images", "epochs")] == [
            other[name] for name in ("arm", "images", "epochs")
        ]
    too_many = call(scene.cast.alice, "post", f"experiments/{made['id']}/more-seeds", {"count": 7})
    assert_problem(too_many, 400, mentions="at most 10 seeds; this one has 4")


def deployed_somewhere(scene: Scene, checkpoint: Checkpoint) -> Endpoint:
    project, dataset = scene.dataset.project, scene.dataset
    endpoint = Endpoint.objects.create(project=project, dataset=dataset, name="street", validation_slice=scene.more)
    Deployment.objects.create(endpoint=endpoint, version=1, kind="first", checkpoint=checkpoint)
    return endpoint


def test_cancelled_and_deleted(scene: Scene) -> None:
    made = ask(scene, trained(scene)).json()
    path = f"experiments/{made['id']}"
    assert_problem(call(scene.cast.alice, "delete", path), 409, mentions="Cancel it first")
    cancelled = call(scene.cast.alice, "post", f"{path}/cancel").json()
    assert cancelled["state"] == "cancelled"
    assert {run["state"] for run in cancelled["runs"]} == {"cancelled"}
    assert_problem(call(scene.cast.alice, "post", f"{path}/cancel"), 409, mentions="No run")
    heir = scene.run(name="heir")
    best = checkpoint_of(scene, Run.objects.filter(experiment=made["id"]).first())
    Run.objects.filter(pk=heir.pk).update(start_checkpoint=best)
    assert_problem(call(scene.cast.alice, "delete", path), 409, mentions="heir")
    assert Run.objects.filter(experiment=made["id"]).count() == 4
    Run.objects.filter(pk=heir.pk).update(start_checkpoint=None)
    endpoint = deployed_somewhere(scene, best)
    assert_problem(call(scene.cast.alice, "delete", path), 409, mentions="the history of street")
    assert Run.objects.filter(experiment=made["id"]).count() == 4
    endpoint.delete()
    assert call(scene.cast.alice, "delete", path).status_code == 204
    assert set(Run.objects.values_list("name", flat=True)) == {"parent", "heir"}
    assert not Checkpoint.objects.filter(pk=best.pk).exists()


def test_the_cost_is_said_before_the_start(scene: Scene) -> None:
    parent = trained(scene)
    asked = {**body(scene, parent), "name": ""}
    found = call(scene.cast.alice, "post", "experiments/estimate", asked).json()
    # 3 passes over 16 images in batches of 5, 4 over 12: 12 steps each, twice.
    assert found["treatment"] == {"images": 16, "epochs": 3, "steps": 12}
    assert found["control"] == {"images": 12, "epochs": 4, "steps": 12}
    assert (found["runs"], found["steps"]) == (4, 48)
    assert (found["seconds"], found["images_per_second"], found["measured_on"]) == (None, None, None)
    for epoch, seconds in enumerate((6.0, 4.0, 3.0), 1):
        RunEpoch.objects.create(run=parent, epoch=epoch, metrics={}, seconds=seconds)
    found = call(scene.cast.alice, "post", "experiments/estimate", asked).json()
    assert (found["images_per_second"], found["measured_on"]["name"]) == (3.0, "parent")
    assert found["seconds"] == 2 * (3 * 16 + 4 * 12) / 3.0
    assert found["disk_bytes"] == 4 * 2  # the one checkpoint that there is has one byte
    other_size = call(scene.cast.alice, "post", "experiments/estimate", {**asked, "settings": {"imgsz": 320}}).json()
    assert other_size["seconds"] is None
    assert Experiment.objects.count() == 0


def test_who_may(scene: Scene) -> None:
    parent = trained(scene)
    made = ask(scene, parent).json()["id"]
    cast = scene.cast
    calls = [
        ("post", "experiments", body(scene, parent)),
        ("post", "experiments/estimate", body(scene, parent)),
        ("post", f"experiments/{made}/cancel", None),
        ("post", f"experiments/{made}/more-seeds", {"count": 1}),
        ("post", f"experiments/{made}/judge", None),
        ("delete", f"experiments/{made}", None),
    ]
    for method, path, sent in calls:
        assert_charlie_gets_404(cast, method, path, sent)
        assert_problem(call(cast.bob, method, path, sent), 403, mentions=Role.MANAGER)
    for path in (f"experiments/{made}", f"datasets/{scene.dataset.pk}/experiments"):
        assert_charlie_gets_404(cast, "get", path)
        assert call(cast.bob, "get", path).status_code == 200


def test_slices_of_another_dataset_are_not_there(scene: Scene) -> None:
    elsewhere = make_dataset(scene.cast.project, name="Elsewhere")
    answer = call(scene.cast.alice, "post", "experiments", {**body(scene, trained(scene)), "dataset": elsewhere.pk})
    assert_problem(answer, 400)


def test_how_the_classes_of_weights_fit_is_said_before_the_start(scene: Scene) -> None:
    checkpoint = checkpoint_of(scene, scene.run())
    path = f"checkpoints/{checkpoint.pk}/classes"
    same = {"kept": ["car", "rider"], "renamed": [], "new": [], "dropped": [], "reordered": False}
    assert scene.get(f"{path}?dataset={scene.dataset.pk}") == same
    rider = scene.dataset.classes.get(name="rider")
    call(scene.cast.alice, "patch", f"classes/{rider.pk}", {"name": "cyclist"})
    changed = scene.get(f"{path}?dataset={scene.dataset.pk}")
    assert changed["renamed"] == [{"name": "cyclist", "known_as": ["rider"]}]
    assert_problem(call(scene.cast.alice, "get", path), 400, mentions="Name a dataset")
    assert_charlie_gets_404(scene.cast, "get", f"{path}?dataset={scene.dataset.pk}")


def test_a_resumed_run_may_have_other_epochs(scene: Scene) -> None:
    run = scene.run(settings={**QUICK, "epochs": 5})
    Job.objects.filter(pk=run.job_id).update(state="cancelled")
    RunEpoch.objects.create(run=run, epoch=3, metrics={}, seconds=1.0)
    path = f"runs/{run.pk}/resume"
    for epochs in (2, 1001):
        assert_problem(call(scene.cast.alice, "post", path, {"epochs": epochs}), 400, mentions="3 are trained already")
    answer = call(scene.cast.alice, "post", path, {"epochs": 40})
    assert (answer.status_code, answer.json()["epochs"], answer.json()["state"]) == (202, 40, "queued")


def test_an_epoch_that_replays_a_part_is_shorter_and_its_control_sees_all(scene: Scene) -> None:
    """Four new images and a quarter of twelve: 7 in each of 12 epochs, so 7 epochs of the control's 12 are as many."""
    made = ask(scene, trained(scene), settings={"epochs": 12, "replay_share": 0.25}, seeds=1).json()
    treatment, control = (Run.objects.get(pk=run["id"]) for run in made["runs"])
    assert scene.get(f"runs/{treatment.pk}")["images_per_epoch"] == 7
    assert (control.settings["replay_share"], control.settings["epochs"]) == (1.0, 7)


def test_patience_needs_a_figure_to_wait_for(scene: Scene) -> None:
    problem = assert_problem(ask(scene, trained(scene), settings={"patience": 3}), 400)
    assert "Switch validate on" in problem["errors"]["settings.patience"][0]
