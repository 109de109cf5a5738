"""A search from its start to its end, over a death of its worker; the trainings are told, not done."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

import model.tasks
from accounts.models import AuditLine
from dataset.models import Annotation, PredictionSet
from dataset.services import predictions
from jobs import running
from jobs.errors import JobFailed, JobInterrupted
from jobs.models import Job
from model.engines import EpochReport
from model.models import Run, SettingsSearch, Trial
from model.searches import searching
from tests.factories import assert_charlie_gets_404, assert_problem, call, run_jobs
from tests.model.scene import QUICK, Scene
from tests.model.test_create_run import checkpoint_of

assert model.tasks
pytestmark = pytest.mark.django_db
RATE = {"name": "lr0", "low": 0.0001, "high": 0.1, "log": True}
WEIGHED = {"name": "class_weights", "choices": ["none", "inverse_sqrt"]}
Told = Callable[[Run], list[float]]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def body(scene: Scene, **more: Any) -> dict[str, Any]:
    return {
        "dataset": scene.dataset.pk,
        "name": "rates",
        "baseline": "road11t",
        "weights": {"kind": "scratch"},
        "train_slices": [scene.train.pk],
        "validation_slice": scene.validation.pk,
        "settings": {**QUICK, "epochs": 3, "seed": 4},
        "ranges": [RATE],
        "trials": 7,
        "repeats": 3,
        **more,
    }


def ask(scene: Scene, **more: Any) -> dict[str, Any]:
    answer = call(scene.cast.alice, "post", "searches", body(scene, **more))
    assert answer.status_code == 202, answer.content
    made: dict[str, Any] = answer.json()
    return made


class ToldTrainings:
    """In place of the training: a curve is told epoch by epoch, and the labels it finds are as many as it says."""

    def __init__(self, scene: Scene, curve: Told) -> None:
        self.scene, self.curve = scene, curve
        self.trained: list[str] = []

    def train(self, *, run: Run, report: Any, on_epoch: Callable[[EpochReport], None]) -> None:
        self.trained.append(run.name)
        if run.prediction_set is None:
            curve = self.curve(run)
            for epoch, figure in enumerate(curve, start=1):
                on_epoch(EpochReport(epoch, len(curve), {"mAP": figure}, 1.0))
            self.predict(run, curve[-1])
        Run.objects.filter(pk=run.pk).update(started_at=timezone.now(), finished_at=timezone.now())

    def predict(self, run: Run, share: float) -> None:
        """The first share of the labels, in a fixed order."""
        labels = list(
            Annotation.objects.filter(image_id__in=run.validation_manifest.image_ids, died=None).order_by("image_id")
        )
        scores = np.linspace(0.9, 0.5, len(labels))
        kept = list(zip(labels, scores, strict=True))[: round(share * len(labels))]
        made = predictions.store_predictions(
            dataset=run.dataset, manifest=run.validation_manifest, name=run.name, kind=PredictionSet.Kind.RUN,
            checkpoint_id=checkpoint_of(self.scene, run).pk,
            image_ids=np.array([one.image_id for one, _ in kept], np.int64),
            class_ids=np.array([one.label_class_id for one, _ in kept], np.int64),
            boxes=np.array([[one.x1, one.y1, one.x2, one.y2] for one, _ in kept], np.float32).reshape(-1, 4),
            scores=np.array([score for _, score in kept], np.float32),
        )  # fmt: skip
        Run.objects.filter(pk=run.pk).update(prediction_set=made)


def told(scene: Scene, monkeypatch: pytest.MonkeyPatch, curve: Told) -> ToldTrainings:
    trainings = ToldTrainings(scene, curve)
    monkeypatch.setattr(searching, "train", trainings.train)
    return trainings


def by_rate(run: Run) -> list[float]:
    """Repeats find about half; a trial the more, the nearer its rate to 0.003."""
    if run.trial.kind == Trial.Kind.REPEAT:
        level = 0.4 + 0.1 * run.trial.number
    else:
        level = max(0.05, 1 - abs(np.log10(run.settings["lr0"] / 0.003)) / 1.5)
    return [level / 3, level / 2, level]


def test_it_works(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ask(scene)
    assert (made["state"], made["repeats"], made["trials"], made["floor_missing"]) == ("queued", 3, 7, "waits")
    assert [one["kind"] for one in made["tried"]] == ["repeat"] * 3
    assert {run.settings["validate"] for run in Run.objects.all()} == {True}
    trainings = told(scene, monkeypatch, by_rate)
    assert [(job.state, job.error) for job in run_jobs()] == [("succeeded", "")]
    assert len(trainings.trained) == 10

    found = scene.get(f"searches/{made['id']}")
    repeats, trials = found["tried"][:3], found["tried"][3:]
    assert [one["number"] for one in trials] == list(range(1, 8))
    assert {one["state"] for one in trials} == {"complete", "pruned"}
    assert all(0.0001 <= one["values"]["lr0"] <= 0.1 for one in trials)
    assert sorted(Run.objects.values_list("seed", flat=True)) == list(range(4, 14))  # none twice
    assert all(one["value"] is None and len(one["curve"]) < 3 for one in trials if one["state"] == "pruned")
    assert all(one["evaluation"] for one in found["tried"] if one["state"] == "complete")

    # The floor is that of the repeats' own figures, and a trial inside it is not better.
    floor, values = found["floor"], [one["value"] for one in repeats]
    assert (floor["repeats"], floor["trials"]) == (3, 7)
    assert floor["mean"] == pytest.approx(np.mean(values))
    assert floor["spread"] == pytest.approx(np.std(values, ddof=1))
    assert floor["bound"] > floor["mean"] + 3 * floor["spread"]
    for one in trials:
        assert one["better"] == (None if one["value"] is None else one["value"] > floor["bound"])
    best = next(one for one in trials if one["id"] == found["best_trial"])
    assert best["value"] == max(one["value"] or 0 for one in trials)
    assert [one["better"] for one in repeats] == [None] * 3

    # As runs, they are told apart: what was given up is no success.
    pruned = next(one for one in trials if one["state"] == "pruned")
    assert scene.get(f"runs/{pruned['run']['id']}")["state"] == "cancelled"
    assert scene.get(f"runs/{best['run']['id']}")["state"] == "succeeded"
    (row,) = scene.get(f"datasets/{scene.dataset.pk}/searches")["items"]
    assert (row["finished"], row["best"]) == (7, best["value"])
    assert AuditLine.objects.filter(action="search.create", actor=scene.cast.alice).count() == 1


def test_it_goes_on_after_its_worker_died_as_if_nothing_had_happened(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the second trial; what was trained is not trained again, and the same values are asked for."""
    deaths = []

    def dies_once(run: Run) -> list[float]:
        if run.name.endswith("trial 2") and not deaths:
            deaths.append(run.name)
            raise JobInterrupted
        return by_rate(run)

    made = ask(scene, trials=4)
    trainings = told(scene, monkeypatch, dies_once)
    job = Job.objects.get()
    running.run(job.pk, beat=False)
    job.refresh_from_db()
    assert job.state == "queued"  # given back
    assert [one["state"] for one in scene.get(f"searches/{made['id']}")["tried"]][3:] == ["complete", "waiting"]
    assert [one.state for one in run_jobs()] == ["succeeded"]
    assert len(trainings.trained) == 8  # seven, and the one that was under way again
    interrupted = [one["values"] for one in scene.get(f"searches/{made['id']}")["tried"]]

    other = ask(scene, trials=4, name="undisturbed")
    told(scene, monkeypatch, by_rate)
    run_jobs()
    assert [one["values"] for one in scene.get(f"searches/{other['id']}")["tried"]] == interrupted


def test_a_failed_trial_is_told_and_the_search_goes_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_first(run: Run) -> list[float]:
        if run.name.endswith("trial 1"):
            raise JobFailed("The loss became infinite in epoch 1. Lower the learning rate.")
        return by_rate(run)

    made = ask(scene, trials=2, prune=False)
    told(scene, monkeypatch, fails_first)
    assert [job.state for job in run_jobs()] == ["succeeded"]
    first, second = scene.get(f"searches/{made['id']}")["tried"][3:]
    assert (first["state"], first["problem"][:25]) == ("failed", "The loss became infinite ")
    assert second["state"] == "complete"
    assert second["values"] != first["values"]
    assert scene.get(f"runs/{first['run']['id']}")["state"] == "failed"


@pytest.mark.parametrize(
    ("which", "says"), [("repeat", "The unchanged settings cannot be trained"), ("trial", "3 trials failed one after")]
)
def test_it_ends_where_nothing_trains(scene: Scene, monkeypatch: pytest.MonkeyPatch, which: str, says: str) -> None:
    def fails(run: Run) -> list[float]:
        if run.trial.kind == which:
            raise JobFailed("Out of memory.")
        return by_rate(run)

    made = ask(scene)
    told(scene, monkeypatch, fails)
    (job,) = run_jobs()
    assert job.state == "failed"
    assert job.error.startswith(says)
    path = f"searches/{made['id']}"
    told(scene, monkeypatch, by_rate)
    if which == "repeat":
        assert call(scene.cast.alice, "post", f"{path}/resume", {}).status_code == 202
        assert [one.state for one in run_jobs()] == ["succeeded"]
        assert scene.get(path)["floor"] is not None


def test_cancelled_resumed_extended_and_deleted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ask(scene, trials=1)
    path, alice = f"searches/{made['id']}", scene.cast.alice
    assert_problem(call(alice, "delete", path), 409, mentions="Cancel it first")
    assert_problem(call(alice, "post", f"{path}/resume", {}), 409, mentions="still going")
    assert call(alice, "post", f"{path}/cancel").json()["state"] == "cancelled"
    assert_problem(call(alice, "post", f"{path}/cancel"), 409)
    assert call(alice, "post", f"{path}/resume", {}).status_code == 202
    told(scene, monkeypatch, by_rate)
    run_jobs()
    assert_problem(call(alice, "post", f"{path}/resume", {}), 409, mentions="All trials")
    assert_problem(call(alice, "post", f"{path}/resume", {"trials": 0}), 400)
    assert call(alice, "post", f"{path}/resume", {"trials": 3}).status_code == 202
    run_jobs()
    assert scene.get(path)["finished"] == 3
    assert call(alice, "delete", path).status_code == 204
    assert not SettingsSearch.objects.exists()
    assert not Run.objects.exists()


def test_no_trial_begins_that_would_end_after_the_minutes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ask(scene, minutes=1)
    told(scene, monkeypatch, by_rate)
    monkeypatch.setattr(searching.TrialUnderWay, "_count_seconds", lambda self: None)
    Trial.objects.update(seconds=12)  # three repeats: 36 of 60 seconds; the trials take no time here
    run_jobs()
    assert scene.get(f"searches/{made['id']}")["finished"] == 7
    Trial.objects.filter(kind="repeat").update(seconds=21)
    assert call(scene.cast.alice, "post", f"searches/{made['id']}/resume", {"trials": 9}).status_code == 409


def test_it_says_beforehand_what_it_takes_and_what_it_can_tell(scene: Scene) -> None:
    few = call(scene.cast.alice, "post", "searches/estimate", body(scene)).json()
    many = call(scene.cast.alice, "post", "searches/estimate", body(scene, repeats=8)).json()
    assert (few["runs"], many["runs"]) == (10, 15)
    assert few["seconds"] is None
    assert few["spreads"] > 2 * many["spreads"] > 0
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ranges": []}, "ranges"),
        ({"ranges": [{**RATE, "name": "epochs"}]}, "ranges.epochs"),
        ({"ranges": [{**RATE, "high": 7}]}, "ranges.lr0"),
        ({"trials": 0}, "trials"),
        ({"repeats": 1}, "repeats"),
        ({"minutes": 0}, "minutes"),
        ({"settings": {"lr0": 9}}, "settings.lr0"),
        ({"ranges": [WEIGHED], "baseline": "rtdetr-l"}, "ranges.class_weights"),  # whose loss knows of no weights
        ({"settings": {"seed": 2**31 - 1}}, "settings.seed"),
    ],
)
def test_it_rejects_what_cannot_be_searched(scene: Scene, wrong: dict[str, Any], field: str) -> None:
    answer = call(scene.cast.alice, "post", "searches", body(scene, **wrong))
    assert_problem(answer, 400)
    assert field in answer.json()["errors"]
    assert not SettingsSearch.objects.exists()


def test_it_rejects_images_on_both_sides_and_a_name_taken(scene: Scene) -> None:
    both = body(scene, train_slices=[scene.validation.pk])
    assert_problem(call(scene.cast.alice, "post", "searches", both), 409)
    ask(scene)
    assert_problem(call(scene.cast.alice, "post", "searches", body(scene)), 409, mentions="named rates")
    assert (SettingsSearch.objects.count(), Job.objects.count()) == (1, 1)


def test_only_managers_search_and_members_look(scene: Scene) -> None:
    made = ask(scene)
    assert call(scene.cast.bob, "get", f"searches/{made['id']}").status_code == 200
    for method, path, given in (
        ("post", "searches", body(scene)),
        ("post", "searches/estimate", body(scene)),
        ("post", f"searches/{made['id']}/cancel", {}),
        ("post", f"searches/{made['id']}/resume", {}),
        ("delete", f"searches/{made['id']}", {}),
    ):
        assert_problem(call(scene.cast.bob, method, path, given), 403)
        assert_charlie_gets_404(scene.cast, method, path, given)
    assert_charlie_gets_404(scene.cast, "get", f"searches/{made['id']}")
    assert_charlie_gets_404(scene.cast, "get", f"datasets/{scene.dataset.pk}/searches")
