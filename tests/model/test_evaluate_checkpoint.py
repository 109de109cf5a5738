"""A checkpoint judged on a slice: predicted, then evaluated, with the base network and four pictures."""

import signal
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

import curate.tasks
import model.tasks
from curate.models import Evaluation
from dataset.models import PredictionSet
from dataset.services.datasets import create_class
from jobs import services as job_services
from jobs.models import Job
from model.models import Checkpoint
from model.services.base import base_checkpoint
from storage import blobs
from tests.factories import assert_charlie_gets_404, assert_problem, call, run_jobs
from tests.model.scene import Scene, worker_command, worker_environment
from tests.model.test_prediction import checkpoint
from tests.processes import end, started, until

assert curate.tasks
assert model.tasks
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
several_connections = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def base(scene: Scene) -> Checkpoint:
    """The network that ships with Halfday, which knows one class: the dataset gets it too."""
    found = base_checkpoint()
    if found is None:
        pytest.skip("The base network is not in this checkout.")
    create_class(dataset=scene.dataset, by=scene.cast.alice, name=found.classes[0])
    return found


def body(scene: Scene, **fields: Any) -> dict[str, Any]:
    return {"dataset": scene.dataset.pk, "slice": scene.more.pk, "imgsz": 160, **fields}


@several_connections
def test_it_works_though_its_worker_is_killed_and_another_dies_at_the_last_moment() -> None:
    scene = Scene()
    network = base(scene)
    asked = call(scene.cast.alice, "post", f"checkpoints/{network.pk}/evaluate", body(scene, iou=0.6)).json()
    assert (asked["queue"], asked["title"]) == ("gpu", f"Evaluate {network.name} on more")
    work = blobs.work_folder() / f"predict-{asked['id']}" / "engine.log"
    with started(worker_command(asked["id"]), env=worker_environment()) as worker:
        until(lambda: work.exists() or worker.poll() is not None)
        end(worker, signal.SIGKILL)
    assert not PredictionSet.objects.exists(), "it was too quick to be killed in the middle"
    Job.objects.filter(pk=asked["id"]).update(heartbeat_at=timezone.now() - 2 * job_services.SILENCE)
    assert job_services.take_back(Job.objects.get(pk=asked["id"]))

    predicted, evaluated = run_jobs()
    assert (predicted.error, predicted.attempts, evaluated.error) == ("", 2, "")
    assert predicted.link == f"/evaluations/{predicted.result['evaluation']}"
    made = scene.get(f"evaluations/{predicted.result['evaluation']}")
    assert (made["state"], made["job"], made["iou"], made["revision"]) == ("succeeded", evaluated.pk, 0.6, 1)
    assert made["prediction_set"]["checkpoint"] == network.pk
    assert (made["counts"]["images"], [one["name"] for one in made["slices"]]) == (4, ["more"])

    Job.objects.filter(pk=predicted.pk).update(state="queued")  # all was done, and nobody heard of it
    assert [job.state for job in run_jobs()] == ["succeeded"]
    assert (PredictionSet.objects.count(), Evaluation.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"iou": 0.51}, "iou"), ({"conf": 2}, "conf"), ({"revision": 9}, "revision"), ({"slice": 99}, "slice")],
)
def test_it_rejects_by_field(scene: Scene, fields: dict[str, Any], field: str) -> None:
    path = f"checkpoints/{checkpoint(scene).pk}/evaluate"
    problem = assert_problem(call(scene.cast.alice, "post", path, body(scene, **fields)), 400)
    assert list(problem["errors"]) == [field]
    assert not Job.objects.exists()


def test_who_may(scene: Scene) -> None:
    path = f"checkpoints/{checkpoint(scene).pk}/evaluate"
    assert_problem(call(scene.cast.bob, "post", path, body(scene)), 403, mentions="manager")
    assert_charlie_gets_404(scene.cast, "post", path, body(scene))
