"""A learning curve: nested parts of a run's images, trained alike, one after the other; one epoch at 160 px."""

from typing import Any

import pytest

from curate import tasks as curate_tasks
from curate.improve import learning_curve
from dataset.models import Slice
from jobs.errors import JobFailed
from jobs.models import Job
from model import tasks as model_tasks
from model.models import Run
from tests.factories import assert_charlie_gets_404, assert_problem, call, run_jobs
from tests.label.scene import at_once
from tests.model.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HANDLERS = (curate_tasks, model_tasks)  # imported so that their jobs are known here, as in a worker


def ask(scene: Scene, **body: Any) -> Any:
    return call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/learning-curve", body)


def test_it_works(scene: Scene, trained: Run) -> None:
    assert ask(scene, fractions=[0.25, 0.5]).status_code == 202
    job, *judged = run_jobs()
    assert (job.state, job.error, len(judged)) == ("succeeded", "", 2)

    quarter, half = Slice.objects.filter(origin__kind="learning_curve").order_by("image_count")
    ids = [set(one.slice_images.values_list("image", flat=True)) for one in (quarter, half, scene.train)]
    assert [len(one) for one in ids] == [3, 6, 12]
    assert ids[0] < ids[1] < ids[2]

    small, middle = Run.objects.filter(pk__in=job.result["runs"]).order_by("train_manifest__image_count")
    assert [one.settings["epochs"] for one in (small, middle, trained)] == [4, 2, 1]  # as many images seen in all
    assert {one.validation_manifest_id for one in (small, middle)} == {trained.validation_manifest_id}

    curve = scene.get(f"datasets/{scene.dataset.pk}/learning-curve")
    assert [(point["n"], point["run"]["id"]) for point in curve["points"]] == [
        (3, small.pk), (6, middle.pk), (12, trained.pk)
    ]  # fmt: skip
    assert curve["law"]["sizes"] == 3
    judged = scene.get(f"evaluations/{curve['points'][-1]['evaluation']}")["interval"]
    ends = [(curve["points"][-1][end], judged[end]) for end in ("low", "high")]
    assert all(shown == stored for shown, stored in ends)  # the same interval as on the evaluation's page
    assert curve["law"]["doubling"]["low"] <= curve["law"]["doubling"]["value"] <= curve["law"]["doubling"]["high"]
    assert {one["class_id"] for one in curve["classes"]} == set(scene.dataset.classes.values_list("pk", flat=True))
    shown = scene.get(f"runs/{small.pk}")
    assert (shown["state"], shown["job"]["id"], shown["epoch"]) == ("succeeded", job.pk, 4)


def test_a_killed_job_goes_on_with_the_trainings_already_made(
    scene: Scene, trained: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = learning_curve.train

    def stop_at_the_second(*, run: Run, report: Any) -> Any:
        if "50%" in run.name:
            raise JobFailed("Its worker was killed.")
        return train(run=run, report=report)

    with monkeypatch.context() as patched:
        patched.setattr(learning_curve, "train", stop_at_the_second)
        ask(scene)
        assert [job.state for job in run_jobs()] == ["failed", "succeeded"]
    first = Run.objects.get(dataset=scene.dataset, name__contains="25%")
    ask(scene)
    again, *_ = run_jobs()
    assert again.state == "succeeded"
    assert again.result["runs"][0] == first.pk
    assert Run.objects.filter(dataset=scene.dataset).count() == 3
    assert Slice.objects.filter(origin__kind="learning_curve").count() == 2


def test_trainings_that_differ_otherwise_are_no_points(scene: Scene, trained: Run) -> None:
    """On half the images for one epoch it saw half as many; with another size of images it is another training."""
    half = scene.slice("half", scene.images[:6])
    scene.run(name="fewer seen", train_slices=[half.pk])
    scene.run(name="as many seen", train_slices=[half.pk], settings={**trained.settings, "epochs": 2})
    scene.run(name="larger images", train_slices=[half.pk], settings={**trained.settings, "epochs": 2, "imgsz": 192})
    run_jobs()
    curve = scene.get(f"datasets/{scene.dataset.pk}/learning-curve?run={trained.pk}")
    assert [point["run"]["name"] for point in curve["points"]] == ["as many seen", "first"]


@pytest.mark.thorough
def test_seeds_repeat_every_part(scene: Scene, trained: Run) -> None:
    ask(scene, fractions=[0.5], seeds=2)
    job, *_ = run_jobs()
    runs = Run.objects.filter(pk__in=job.result["runs"])
    found = sorted((one.train_manifest.image_count, one.seed) for one in runs if one.train_manifest)
    assert found == [(6, 0), (6, 1), (12, 1)]
    points = scene.get(f"datasets/{scene.dataset.pk}/learning-curve?run={trained.pk}")["points"]
    assert [point["n"] for point in points] == [6, 6, 12, 12]


def test_it_rejects_a_run_that_cannot_be_taken_apart(scene: Scene, trained: Run) -> None:
    scene.run(name="longer", weights=None, baseline=None, parent=trained.pk)
    longer = Run.objects.get(name="longer")
    assert_problem(ask(scene, run=longer.pk), 409, mentions="is not finished")
    run_jobs()
    assert_problem(ask(scene, run=longer.pk), 409, mentions="goes on from weights that have seen more")
    curve = scene.get(f"datasets/{scene.dataset.pk}/learning-curve?run={longer.pk}")
    assert "goes on from weights" in curve["refusal"]
    assert (curve["points"], curve["law"], curve["classes"]) == ([], None, [])
    scene.validation.slice_images.all()[:1].get().delete()
    assert_problem(ask(scene, run=trained.pk), 409, mentions="has other images now")


@pytest.mark.parametrize("given", ["abc", "-1", "1.5", "2000000000", "9" * 30])
def test_it_rejects_the_curve_of_a_run_that_is_none(scene: Scene, given: str) -> None:
    answer = call(scene.cast.alice, "get", f"datasets/{scene.dataset.pk}/learning-curve?run={given}")
    assert_problem(answer, 400, mentions="There is no such run here.")


@pytest.mark.django_db(transaction=True)
def test_of_four_who_ask_at_once_one_gets_a_curve(scene: Scene, trained: Run) -> None:
    answers = at_once(*[lambda: ask(scene, run=trained.pk).status_code] * 4)
    assert sorted(answers) == [202, 409, 409, 409]
    assert Job.objects.filter(kind="learning_curve").count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [({"fractions": []}, "fractions"), ({"fractions": [0.0]}, "fractions"), ({"fractions": [1.5]}, "fractions"),
     ({"seeds": 0}, "seeds"), ({"fractions": [1.0]}, "fractions"), ({"run": 2_000_000_000}, "run")],
)  # fmt: skip
def test_it_rejects_what_means_no_training(scene: Scene, body: dict[str, Any], field: str) -> None:
    """A run that was never trained is enough to ask: what is asked for is read first."""
    scene.run()
    given = {"run": Run.objects.get(dataset=scene.dataset).pk, **body}
    assert field in assert_problem(ask(scene, **given), 400)["errors"]


def test_it_rejects_a_second_curve_meanwhile_and_too_weak_a_role(scene: Scene, trained: Run) -> None:
    assert ask(scene).status_code == 202
    assert_problem(ask(scene), 409, mentions="being made already")
    path = f"datasets/{scene.dataset.pk}/learning-curve"
    assert call(scene.cast.bob, "get", path).json()["job"]["kind"] == "learning_curve"
    assert call(scene.cast.bob, "post", path, {}).status_code == 403
    assert_charlie_gets_404(scene.cast, "get", path)
    assert_charlie_gets_404(scene.cast, "post", path, {})
    assert Job.objects.filter(kind="learning_curve").count() == 1


def test_a_dataset_without_a_training_has_an_empty_curve(scene: Scene) -> None:
    curve = scene.get(f"datasets/{scene.dataset.pk}/learning-curve")
    assert (curve["run"], curve["points"], curve["law"]) == (None, [], None)
    assert_problem(ask(scene), 400, mentions="Nothing was trained yet")
