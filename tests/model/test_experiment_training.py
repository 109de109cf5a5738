"""Experiments trained and judged for real: two arms, two seeds, pictures of 64 pixels."""

from typing import Any

import numpy as np
import pytest

import curate.tasks
import model.tasks
from curate.models import Comparison, Evaluation
from dataset.models import Annotation, PredictionSet
from jobs import running
from jobs.errors import JobInterrupted
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.models import Experiment, Run
from model.services import judging
from tests.factories import assert_problem, call, run_jobs
from tests.model.scene import QUICK, Scene
from tests.model.test_create_run import checkpoint_of

assert curate.tasks
assert model.tasks
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SMALL = {**QUICK, "imgsz": 64, "epochs": 1, "batch": 8}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def ask(scene: Scene, **fields: Any) -> dict[str, Any]:
    answer = call(
        scene.cast.alice,
        "post",
        "experiments",
        {
            "dataset": scene.dataset.pk,
            "name": "more data",
            "baseline": "road11t",
            "weights": {"kind": "scratch"},
            "train_slices": [scene.train.pk, scene.more.pk],
            "control_slices": [scene.train.pk],
            "validation_slice": scene.validation.pk,
            "settings": SMALL,
            "seeds": 2,
            **fields,
        },
    )
    assert answer.status_code == 202, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_two_arms_of_two_seeds_on_the_worker(scene: Scene) -> None:
    made = ask(scene, match="epochs")
    jobs = run_jobs()
    assert [(job.state, job.error) for job in jobs] == [("succeeded", "")] * 8
    assert [job.kind for job in jobs] == ["train"] * 4 + ["judge_experiment"] * 4
    found = scene.get(f"experiments/{made['id']}")
    assert (found["state"], found["finished_pairs"], found["problem"]) == ("succeeded", 2, None)
    result = found["result"]
    assert (result["pairs"], result["images"], result["groups"], result["seeds"]) == (2, 4, "image", [0, 1])
    for arm in ("treatment", "control"):
        stated = [run["evaluation"]["figures"]["AP"] for run in found["runs"] if run["arm"] == arm]
        assert result["arms"][arm]["values"] == pytest.approx(stated, abs=1e-6)
        assert result["arms"][arm]["mean"] == pytest.approx(np.mean(stated), abs=1e-6)
        assert result["arms"][arm]["spread"] == pytest.approx(np.std(stated, ddof=1), abs=1e-6)
    means = [result["arms"][arm]["mean"] for arm in ("treatment", "control")]
    assert result["delta"]["mAP"]["value"] == pytest.approx(means[0] - means[1], abs=2e-6)
    assert [one["seed"] for one in result["each"]] == [0, 1]
    assert (result["look"]["pairs"], result["look"]["planned"], result["look"]["stops"]) == (2, 2, False)
    assert found["looks"] == [*found["looks"][:1], result["look"]]
    assert result["best"]["held_back"] == []
    assert result["best"]["run"] in [run["id"] for run in found["runs"] if run["arm"] == "treatment"]

    # Each pair opens its comparison.
    pair = found["comparisons"][0]
    assert pair["comparison"] is None
    call(scene.cast.alice, "post", "comparisons", {"a": pair["a"], "b": pair["b"]})
    assert [job.error for job in run_jobs()] == [""]
    pair = scene.get(f"experiments/{made['id']}")["comparisons"][0]
    assert Comparison.objects.get(pk=pair["comparison"]).result["delta"]["mAP"]["value"] == pytest.approx(
        result["each"][0]["value"], abs=2e-6
    )

    # Judging is safe to run twice, and a run's evaluation that is there is not made again.
    before = Evaluation.objects.count()
    assert call(scene.cast.alice, "post", f"experiments/{made['id']}/judge").status_code == 202
    assert_problem(call(scene.cast.alice, "post", f"experiments/{made['id']}/judge"), 409, mentions="being judged")
    assert [job.error for job in run_jobs()] == [""]
    assert scene.get(f"experiments/{made['id']}")["result"] == result
    assert Evaluation.objects.count() == before


class Told:
    """Boxes as if runs had found them: true ones, of which some are missed."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def predict(self, run: Run, missed: set[int]) -> None:
        """Store the labels of the run's validation images as its predictions, but for objects of these classes."""
        from dataset.services import predictions

        manifest = run.validation_manifest
        labels = Annotation.objects.filter(image_id__in=manifest.image_ids, died=None).order_by("image_id", "pk")
        kept = [one for one in labels if one.label_class_id not in missed]
        made = predictions.store_predictions(
            dataset=run.dataset,
            manifest=manifest,
            name=run.name,
            kind=PredictionSet.Kind.RUN,
            checkpoint_id=checkpoint_of(self.scene, run).pk,
            image_ids=np.array([one.image_id for one in kept], np.int64),
            class_ids=np.array([one.label_class_id for one in kept], np.int64),
            boxes=np.array([[one.x1, one.y1, one.x2, one.y2] for one in kept], np.float32).reshape(-1, 4),
            scores=np.full(len(kept), 0.9, np.float32),
            author=self.scene.cast.alice,
        )
        Run.objects.filter(pk=run.pk).update(prediction_set=made)

    def judge(self, run: Run, missed: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        """As the run's job does when its training has ended."""
        self.predict(run, missed)
        run.refresh_from_db()
        judging.ask_for_run(run=run, prediction_set=run.prediction_set, author=self.scene.cast.alice)
        Job.objects.filter(pk=run.job_id).update(state="succeeded")
        run_jobs_of("judge_experiment")


def run_jobs_of(kind: str) -> None:
    for job in Job.objects.filter(kind=kind, state="queued").order_by("pk"):
        running.run(job.pk, beat=False)
        job.refresh_from_db()
        assert job.state == "succeeded", job.error


def judged_validation(scene: Scene) -> None:
    """All images but the ones to train on, so that there is something to tell apart."""
    scene.validation = scene.slice("validation of 16", scene.images[4:])
    scene.train = scene.slice("train of 2", scene.images[:2])
    scene.more = scene.slice("more of 2", scene.images[2:4])


def test_it_ends_when_the_verdict_can_hardly_change(scene: Scene) -> None:
    """Both arms are alike with two seeds of five: the other six runs are not trained."""
    judged_validation(scene)
    made, told = ask(scene, seeds=5, match="epochs"), Told(scene)
    runs = list(Run.objects.filter(experiment=made["id"]).order_by("pk"))
    for run in runs[:3]:
        told.judge(run)
        assert scene.get(f"experiments/{made['id']}")["stopped"] is None
    told.judge(runs[3])
    found = scene.get(f"experiments/{made['id']}")
    assert found["stopped"] == {"pairs": 2, "planned": 5, "saved": 6}
    assert (found["state"], found["result"]["delta"]["mAP"]["verdict"]) == ("succeeded", "not_shown")
    assert [run["state"] for run in found["runs"][4:]] == ["cancelled"] * 6
    more = call(scene.cast.alice, "post", f"experiments/{made['id']}/more-seeds", {"count": 1}).json()
    assert (more["stopped"], len(more["seeds"])) == (None, 6)


def test_it_goes_on_to_the_end_where_stopping_is_switched_off(scene: Scene) -> None:
    judged_validation(scene)
    made, told = ask(scene, seeds=5, match="epochs", early_stop=False), Told(scene)
    for run in Run.objects.filter(experiment=made["id"]).order_by("pk")[:4]:
        told.judge(run)
    found = scene.get(f"experiments/{made['id']}")
    assert (found["looks"][-1]["stops"], found["stopped"], found["state"]) == (True, None, "running")


def test_a_gain_is_proven_and_what_it_cost_is_held_against_it(scene: Scene) -> None:
    """The treatment finds riders that the control misses, and misses cars that the parent found."""
    judged_validation(scene)
    car, rider = scene.dataset.classes.order_by("index")
    told = Told(scene)
    parent = scene.run(name="parent", train_slices=[scene.train.pk])
    told.predict(parent, {rider.pk})
    watched = scene.slice("seen before", scene.images[4:16])
    made = _ask_from(scene, parent, watched.pk)
    for run in Run.objects.filter(experiment=made["id"]).order_by("pk"):
        told.judge(run, {rider.pk} if run.arm == "control" else {car.pk} if run.seed == 0 else set())
    result = scene.get(f"experiments/{made['id']}")["result"]
    by_class = {row["class_id"]: row for row in result["per_class"]}
    assert (by_class[rider.pk]["a"], by_class[rider.pk]["b"]) == (0.0, 1.0)
    assert by_class[rider.pk]["verdict"] == "proven"
    first, *others = result["memory"]
    assert (first["images"], first["revision"]) == (16, 1)
    assert [(one["kind"], one["name"], one["value"]) for one in first["forgot"]] == [("class", "car", -1.0)]
    assert [one["forgot"] for one in others] == [[], []]
    assert [part["name"] for part in first["slices"]] == ["seen before"]
    held_back = result["runs"][0]["treatment"]
    assert result["best"]["held_back"] == [held_back]
    assert result["best"]["run"] in [pair["treatment"] for pair in result["runs"][1:]]


def _ask_from(scene: Scene, parent: Run, watched: int) -> dict[str, Any]:
    body = {
        "dataset": scene.dataset.pk, "name": "more data", "parent": parent.pk, "watched_slices": [watched],
        "train_slices": [scene.train.pk, scene.more.pk], "validation_slice": scene.validation.pk, "seeds": 3,
    }  # fmt: skip
    made: dict[str, Any] = call(scene.cast.alice, "post", "experiments", body).json()
    return made


def test_a_worker_that_dies_while_judging_leaves_a_job_that_is_done_again(scene: Scene) -> None:
    judged_validation(scene)
    made, told = ask(scene, seeds=1, match="epochs"), Told(scene)
    treatment, control = Run.objects.filter(experiment=made["id"]).order_by("pk")
    told.judge(treatment)
    told.predict(control, set())
    control.refresh_from_db()
    judging.ask_for_run(run=control, prediction_set=control.prediction_set, author=scene.cast.alice)
    job = Job.objects.get(kind="judge_experiment", state="queued")
    assert job.claim("a worker that dies")
    with pytest.raises(JobInterrupted):
        judging.judge(job, Dying(job, "a worker that dies"))
    assert scene.get(f"experiments/{made['id']}")["state"] == "running"
    assert job.requeue("a worker that dies", message=Sentence.of("requeued", "Again"), attempt_counts=True)
    run_jobs_of("judge_experiment")
    assert scene.get(f"experiments/{made['id']}")["result"]["pairs"] == 1


class Dying(Report):
    """A worker that ends in the middle of the work."""

    def __call__(self, progress: float | None = None, *doing: Sentence) -> None:
        if progress and progress > 0.3:
            raise JobInterrupted


def test_a_run_that_failed_leaves_the_other_pairs(scene: Scene) -> None:
    judged_validation(scene)
    made, told = ask(scene, seeds=2, match="epochs"), Told(scene)
    runs = list(Run.objects.filter(experiment=made["id"]).order_by("pk"))
    for run in runs[:3]:
        told.judge(run)
    Job.objects.filter(pk=runs[3].job_id).update(state="failed", error="The GPU's memory is full.")
    found = scene.get(f"experiments/{made['id']}")
    assert (found["state"], found["finished_pairs"], found["result"]["seeds"]) == ("succeeded", 1, [0])
    assert found["runs"][3]["state"] == "failed"
    assert (
        Experiment.objects.get(pk=made["id"]).result["delta"]["mAP"]["low"] is None
    )  # one seed says nothing of others
