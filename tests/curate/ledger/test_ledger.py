"""The ledger of a run: what lies between it and the run before, read from what is there."""

import pytest

from accounts.models import Role
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes, revert
from model.models import Run
from tests.curate.history.scene import checkpoint_of, make_run
from tests.curate.ledger.scene import SECONDS, IterationScene
from tests.factories import assert_charlie_gets_404

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> IterationScene:
    return IterationScene()


def test_it_works(scene: IterationScene) -> None:
    baseline, corrected, control, batch = scene.iteration()
    comparison = scene.compare(control, corrected)
    ledger = scene.get(f"runs/{corrected.pk}/ledger")
    assert (ledger["version"], ledger["run"]["name"], ledger["before"]["name"]) == (1, "corrected", "baseline")

    weakness = ledger["weakness"]
    assert weakness["evaluation"]["id"] == baseline.evaluation_id
    assert [one["name"] for one in weakness["weakest"]] == ["car"]
    assert weakness["costs"][0]["error"] == "missed"
    assert weakness["costs"][0]["count"] == 3

    (search,) = ledger["searches"]
    assert (search["kind"], search["suggestions"], search["source"]) == ("mislabels", 2, "train")
    assert search["verdicts"] == {"pending": 0, "accepted": 2, "corrected": 0, "rejected": 0}
    assert search["precision"]["value"] == 1

    (work,) = ledger["batches"]
    (bob,) = work["people"]
    assert (work["id"], work["images"], work["done"]) == (batch, 2, 2)
    assert (bob["person"]["id"], bob["tasks"], bob["changed"], bob["seconds"]) == (scene.cast.bob.pk, 2, 2, 2 * SECONDS)

    (revision,) = ledger["revisions"]
    assert (revision["message"], revision["author"]["id"]) == ("Mislabels corrected", scene.cast.bob.pk)
    assert revision["counts"] == {"relabelled": 2, "moved": 0, "added": 0, "removed": 0}
    assert ledger["labels"]["training"]["relabelled"] == 2
    assert ledger["labels"]["validation"]["labels"] == 0

    roles = {one["name"]: one["role"] for one in ledger["slices"]}
    assert roles == {"train": "kept", "more": "added", "val": "validation"}
    assert [(one["role"], one["name"]) for one in ledger["runs"]] == [
        ("before", "baseline"), ("run", "corrected"), ("control", "control"),
    ]  # fmt: skip

    gain, shown = ledger["gains"]["control"], scene.get(f"comparisons/{comparison}")
    assert (gain["comparison"], gain["over"]["id"]) == (comparison, control.pk)
    assert gain["mAP"] == shown["delta"]["mAP"]
    assert ledger["next"] == {"step": "go_on", "link": f"/evaluations/{corrected.evaluation_id}"}
    for path in ("ledger", "ledger/file", "ledger/report"):
        assert_charlie_gets_404(scene.cast, "GET", f"runs/{corrected.pk}/{path}")


def test_time_by_step(scene: IterationScene) -> None:
    """By hand: trained from 9:00 to 9:10, and from 10:00 to 10:20 in two runs; Bob took 2 × 90 s."""
    _, corrected, _, _ = scene.iteration()
    stages = {one["stage"]: one for one in scene.get(f"runs/{corrected.pk}/ledger")["time"]["stages"]}
    assert stages["baseline"]["machine_seconds"] == 600
    assert (stages["training"]["machine_seconds"], stages["training"]["wall_seconds"]) == (1200, 1200)
    assert stages["correction"]["human_seconds"] == 180
    assert stages["training"]["human_seconds"] == 0


def test_a_viewer_may_read_it(scene: IterationScene) -> None:
    _, corrected, _, _ = scene.iteration()
    scene.cast.bob.memberships.update(role=Role.VIEWER)
    assert scene.get(f"runs/{corrected.pk}/ledger")["run"]["id"] == corrected.pk


def test_what_was_changed_back_does_not_count(scene: IterationScene) -> None:
    baseline = scene.run("baseline", 1, minutes=(0, 10))
    before = scene.dataset.head_revision
    new = AnnotationChange("add", scene.images[0].pk, class_id=scene.car, box=(400.0, 100.0, 500.0, 200.0))
    first = scene.images[1].annotations.get()
    other = AnnotationChange("set", first.image_id, first.object_id, class_id=scene.bike)
    apply_changes(dataset=scene.dataset, by=scene.cast.alice, kind="edit", changes=[new, other])
    revert(dataset=scene.dataset, to=before, by=scene.cast.alice)
    after = scene.run("after", 1, minutes=(20, 30), start=checkpoint_of(baseline))
    ledger = scene.get(f"runs/{after.pk}/ledger")
    assert [one["kind"] for one in ledger["revisions"]] == ["edit", "revert"]
    assert ledger["labels"]["training"]["labels"] == 0


def test_labels_of_validation_images_stand_apart(scene: IterationScene) -> None:
    baseline = scene.run("baseline", 1, minutes=(0, 10))
    first = scene.images[8].annotations.get()
    moved = AnnotationChange("set", first.image_id, first.object_id, box=(100.0, 100.0, 310.0, 300.0))
    apply_changes(dataset=scene.dataset, by=scene.cast.alice, kind="edit", changes=[moved])
    after = scene.run("after", 1, minutes=(20, 30), start=checkpoint_of(baseline))
    labels = scene.get(f"runs/{after.pk}/ledger")["labels"]
    assert (labels["training"]["labels"], labels["validation"]["moved"]) == (0, 1)


def test_the_next_step(scene: IterationScene) -> None:
    baseline = scene.run("baseline", 1, minutes=(0, 10))
    start = checkpoint_of(baseline)
    run = scene.run("more", 3, minutes=(20, 30), start=start, train=[scene.train, scene.more])
    assert scene.get(f"runs/{run.pk}/ledger")["next"] == {
        "step": "train_control", "link": f"/model/{scene.dataset.pk}/new?control_of={run.pk}",
    }  # fmt: skip
    control = scene.run("control", 2, minutes=(30, 40), start=start, control_of=run)
    ledger = scene.get(f"runs/{run.pk}/ledger")
    assert ledger["next"]["step"] == "compare"
    assert ledger["gains"]["control"]["pair"] == {"a": control.evaluation_id, "b": run.evaluation_id}
    scene.api("POST", "comparisons", ledger["gains"]["control"]["pair"])
    assert scene.get(f"runs/{run.pk}/ledger")["next"]["step"] == "wait"


def test_a_neighbours_control_serves_too(scene: IterationScene) -> None:
    baseline, corrected, control, _ = scene.iteration()
    other = scene.run("another", 4, minutes=(90, 99), start=checkpoint_of(baseline))
    ledger = scene.get(f"runs/{other.pk}/ledger")
    assert ledger["shared_control"] is True
    assert ledger["gains"]["control"]["over"]["id"] == control.pk
    assert scene.get(f"runs/{corrected.pk}/ledger")["shared_control"] is False
    assert scene.get(f"runs/{control.pk}/ledger")["control_of"]["id"] == corrected.pk


def test_seeds_are_paired_with_their_own_controls(scene: IterationScene) -> None:
    """By hand: of four cars the runs find 3 and 4, their controls 2 and 2; the mean lies halfway between."""
    baseline = scene.run("baseline", 1, minutes=(0, 10))
    start = checkpoint_of(baseline)
    more = [scene.train, scene.more]
    run = scene.run("more", 3, minutes=(20, 30), start=start, train=more)
    again = scene.run("more, seed 1", 4, minutes=(30, 40), start=start, train=more, seed=1)
    scene.run("control", 2, minutes=(40, 50), start=start, control_of=run)
    scene.run("control, seed 1", 2, minutes=(50, 60), start=start, control_of=again, seed=1)
    ledger = scene.get(f"runs/{run.pk}/ledger")
    score = {one["name"]: one["figures"]["AP"]["value"] for one in ledger["runs"]}
    wanted = ((score["more"] - score["control"]) + (score["more, seed 1"] - score["control, seed 1"])) / 2
    assert ledger["seeds"]["seeds"] == [0, 1]
    assert ledger["seeds"]["value"] == pytest.approx(wanted)
    assert ledger["seeds"]["low"] < wanted < ledger["seeds"]["high"]
    listed = scene.get(f"projects/{scene.cast.project.pk}/ledgers")["items"]
    assert [one["run"]["name"] for one in listed] == ["more"]


def test_a_batch_counts_in_the_iteration_of_its_first_merge(scene: IterationScene) -> None:
    _, corrected, _, batch = scene.iteration()
    task = scene.get(f"batches/{batch}/tasks")["items"][0]["id"]
    shown = scene.get(f"tasks/{task}")
    boxes = [{**box, "class_id": scene.car} for box in shown["boxes"]]
    save = {"boxes": boxes, "state": "done", "active_seconds": 30}
    scene.api("PUT", f"tasks/{task}", save, **{"If-Match": f'"{shown["version"]}"'})
    scene.api("POST", f"batches/{batch}/merge", {})
    scene.dataset.refresh_from_db()
    later = scene.run("later", 4, minutes=(90, 99), start=checkpoint_of(corrected))
    ledger = scene.get(f"runs/{later.pk}/ledger")
    assert (ledger["batches"], ledger["labels"]["training"]["relabelled"]) == ([], 1)
    assert [one["name"] for one in ledger["earlier"]] == ["corrected"]
    assert ledger["gains"]["root"]["over"]["name"] == "baseline"


def test_verdicts_outside_label_take_time_too(scene: IterationScene) -> None:
    """Before ten gaps are known a look counts as five seconds."""
    baseline = scene.run("baseline", 1, minutes=(0, 10))
    doubts = scene.doubts()
    verdicts = [{"id": pk, "verdict": "rejected"} for pk in doubts.suggestions.values_list("pk", flat=True)]
    scene.api("POST", "suggestions/verdicts", {"verdicts": verdicts})
    run = scene.run("after", 1, minutes=(20, 30), start=checkpoint_of(baseline))
    ledger = scene.get(f"runs/{run.pk}/ledger")
    (reviewer,) = ledger["searches"][0]["reviewers"]
    assert (reviewer["person"]["id"], reviewer["verdicts"], reviewer["seconds"]) == (scene.cast.bob.pk, 2, 10)
    assert ledger["time"]["human_seconds"] == 10


def test_corrections_that_a_run_did_not_use_are_not_its_own(scene: IterationScene) -> None:
    """More images on the labels as they were: what happened to labels meanwhile belongs to another iteration."""
    baseline, _, _, _ = scene.iteration()
    run = scene.run("more", 3, minutes=(90, 99), start=checkpoint_of(baseline), train=[scene.train, scene.more])
    Run.objects.filter(pk=run.pk).update(revision=baseline.revision)
    ledger = scene.get(f"runs/{run.pk}/ledger")
    assert (ledger["searches"], ledger["batches"], ledger["revisions"]) == ([], [], [])
    assert ledger["time"]["human_seconds"] == 0


def test_a_first_run_has_an_empty_one(scene: IterationScene) -> None:
    baseline = scene.run("baseline", 1, minutes=(0, 10))
    ledger = scene.get(f"runs/{baseline.pk}/ledger")
    assert (ledger["before"], ledger["weakness"], ledger["searches"]) == (None, None, [])
    assert ledger["gains"] == {"control": None, "before": None, "root": None}
    assert ledger["next"] == {"step": "go_on", "link": f"/evaluations/{baseline.evaluation_id}"}


def test_a_fresh_start_is_set_against_its_control(scene: IterationScene) -> None:
    """A run from scratch on corrected labels goes on from no run: its control says what it set out from."""
    control = scene.run("control", 2, minutes=(0, 10))
    scene.correct(scene.doubts())
    run = scene.run("fresh", 3, minutes=(20, 30))
    Run.objects.filter(pk=control.pk).update(control_of=run)
    ledger = scene.get(f"runs/{run.pk}/ledger")
    assert (ledger["before"], ledger["labels"]["training"]["relabelled"]) == (None, 2)
    assert ledger["weakness"]["evaluation"]["id"] == control.evaluation_id


def test_runs_that_are_not_judged_say_what_is_next(scene: IterationScene) -> None:
    baseline = scene.run("baseline", 1, minutes=(0, 10))
    run = make_run(scene.dataset, [scene.train], scene.validation, start=checkpoint_of(baseline))
    assert scene.get(f"runs/{run.pk}/ledger")["next"] == {"step": "train", "link": f"/runs/{run.pk}"}
