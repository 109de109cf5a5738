"""A run from its request to its evaluation, with a real network: 12 pictures, one epoch."""

import hashlib
import signal
import subprocess
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import timezone

import curate.tasks
import model.tasks
from dataset.models import PredictionSet
from dataset.selectors.predictions import load
from jobs import services as job_services
from jobs.models import Job
from model.models import Checkpoint, Run, RunEpoch
from model.selectors.lineage import training_image_ids
from model.services.base import base_file
from storage import blobs
from tests.factories import assert_charlie_gets_404, assert_problem, call, run_jobs
from tests.model.scene import FROM_SCRATCH, QUICK, Scene, worker_command, worker_environment
from tests.processes import PATIENCE, end, start, until

assert curate.tasks
assert model.tasks
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
several_connections = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_it_works(scene: Scene) -> None:
    before = set(blobs.work_folder().iterdir())
    answer = scene.post(weights={"kind": "base"} if base_file() else FROM_SCRATCH)
    run_id = answer.json()["id"]
    trained, evaluated = run_jobs()
    assert (trained.state, trained.error) == ("succeeded", ""), trained.error
    assert evaluated.state == "succeeded", evaluated.error

    run = scene.get(f"runs/{run_id}")
    assert (run["state"], run["epoch"], run["epochs"]) == ("succeeded", 1, 1)
    assert run["seconds"] > 0
    assert run["class_mapping"]["dropped"] == (["object"] if base_file() else [])
    assert {checkpoint["kind"] for checkpoint in run["checkpoints"]} == {"best", "last"}
    assert run["evaluation"]["figures"].keys() >= {"AP", "AP50"}
    assert trained.result["checkpoint"] in [checkpoint["id"] for checkpoint in run["checkpoints"]]

    (epoch,) = scene.get(f"runs/{run_id}/metrics")
    assert epoch["epoch"] == 1
    assert all(value >= 0 for value in epoch["metrics"].values())
    lines = [line["text"] for line in scene.get(f"runs/{run_id}/log")["lines"]]
    assert any("12 images" in line for line in lines)
    assert any(line.startswith("epoch 1/1") for line in lines)

    best = Checkpoint.objects.get(run=run_id, kind="best")
    file = call(scene.cast.bob, "get", f"checkpoints/{best.pk}/file")
    assert hashlib.sha256(b"".join(file.streaming_content)).hexdigest() == best.sha256
    assert_charlie_gets_404(scene.cast, "get", f"checkpoints/{best.pk}/file")
    assert_charlie_gets_404(scene.cast, "get", f"checkpoints/{best.pk}")
    assert training_image_ids(best) == {image.pk for image in scene.images[:12]}

    predictions = PredictionSet.objects.get(pk=run["prediction_set"])
    assert (predictions.kind, predictions.checkpoint_id, predictions.manifest.image_count) == ("run", best.pk, 4)
    boxes = load(predictions)
    assert len(boxes)
    assert set(boxes.image_ids) <= {image.pk for image in scene.images[16:]}
    assert set(boxes.class_ids) <= set(scene.dataset.classes.values_list("pk", flat=True))
    assert set(blobs.work_folder().iterdir()) == before, "the work folder is not cleaned up"


def test_more_data_and_a_prediction_go_on_from_the_first_run(scene: Scene) -> None:
    first = scene.post().json()["id"]
    run_jobs()
    both = [scene.train.pk, scene.more.pk]
    body = scene.body(name="more data", parent=first, train_slices=both, weights=None, baseline=None)
    body = {name: value for name, value in body.items() if value is not None}
    second = call(scene.cast.alice, "post", "runs", body).json()["id"]
    assert [job.error for job in run_jobs()] == ["", ""]
    best = Checkpoint.objects.get(run=second, kind="best")
    assert training_image_ids(best) == {image.pk for image in scene.images[:16]}

    asked = {"dataset": scene.dataset.pk, "slice": scene.more.pk, "imgsz": 160}
    assert_problem(call(scene.cast.bob, "post", f"checkpoints/{best.pk}/predict", asked), 403)
    assert_charlie_gets_404(scene.cast, "post", f"checkpoints/{best.pk}/predict", asked)
    job = call(scene.cast.alice, "post", f"checkpoints/{best.pk}/predict", asked).json()
    (done,) = run_jobs()
    assert (done.pk, done.error) == (job["id"], "")
    assert done.result["images"] == 4
    predictions = PredictionSet.objects.get(pk=done.result["prediction_set"])
    assert (predictions.checkpoint_id, predictions.name) == (best.pk, "more data · best on more")

    heirs = assert_problem(call(scene.cast.alice, "delete", f"runs/{first}"), 409, mentions="more data")
    assert heirs
    location = best.location
    assert call(scene.cast.alice, "delete", f"runs/{second}").status_code == 204
    predictions.refresh_from_db()
    assert predictions.checkpoint_id is None
    assert not blobs.exists(location)


def test_a_job_run_twice_does_its_work_once(scene: Scene) -> None:
    run_id = scene.post().json()["id"]
    run_jobs()
    Job.objects.filter(kind="train").update(state="queued")
    (again,) = run_jobs()
    assert (again.state, again.error) == ("succeeded", "")
    assert Checkpoint.objects.filter(run=run_id).count() == 2
    assert PredictionSet.objects.count() == 1


def test_a_failure_has_a_reason_and_can_be_resumed(scene: Scene) -> None:
    run_id = scene.post().json()["id"]
    kept, gone = scene.images[3].location, blobs.local_path(scene.images[3].location)
    data = gone.read_bytes()
    gone.unlink()
    (failed,) = run_jobs()
    assert (failed.state, kept) == ("failed", scene.images[3].location)
    assert failed.error.startswith("An image cannot be read any more")
    assert scene.get(f"runs/{run_id}")["state"] == "failed"
    gone.write_bytes(data)
    answer = call(scene.cast.alice, "post", f"runs/{run_id}/resume")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert_problem(call(scene.cast.alice, "post", f"runs/{run_id}/resume"), 409, mentions="queued")
    assert run_jobs()[0].state == "succeeded"


def test_a_queued_run_is_cancelled_at_once(scene: Scene) -> None:
    run_id = scene.post().json()["id"]
    assert_problem(call(scene.cast.bob, "post", f"runs/{run_id}/cancel"), 403)
    assert_problem(call(scene.cast.alice, "delete", f"runs/{run_id}"), 409, mentions="Cancel it first")
    assert call(scene.cast.alice, "post", f"runs/{run_id}/cancel").json()["state"] == "cancelled"
    assert_problem(call(scene.cast.alice, "post", f"runs/{run_id}/cancel"), 409)
    assert run_jobs() == []
    assert call(scene.cast.alice, "delete", f"runs/{run_id}").status_code == 204


@pytest.fixture
def workers() -> Iterator[list[subprocess.Popen]]:
    """Worker processes, ended after the test."""
    started: list[subprocess.Popen] = []
    try:
        yield started
    finally:
        for worker in started:
            end(worker, signal.SIGKILL)


@several_connections
def test_a_killed_worker_s_run_goes_on_from_its_last_epoch(workers: list[subprocess.Popen]) -> None:
    scene = Scene()
    run = scene.run(settings={**QUICK, "epochs": 14}, evaluate=False)
    workers.append(start(worker_command(run.job_id), env=worker_environment()))
    until(lambda: RunEpoch.objects.filter(run=run).count() >= 2)
    end(workers[0], signal.SIGKILL)
    known = RunEpoch.objects.filter(run=run).count()
    assert known < 14, "it was too quick to be killed in the middle"
    Job.objects.filter(pk=run.job_id).update(heartbeat_at=timezone.now() - 2 * job_services.SILENCE)
    assert job_services.take_back(Job.objects.get(pk=run.job_id))
    (job,) = run_jobs()
    assert (job.state, job.attempts) == ("succeeded", 2), job.error
    lines = list(job.lines.values_list("text", flat=True))
    assert any("Going on from its last whole epoch" in line for line in lines)
    trained = [line for line in lines if line.startswith("epoch ")]
    assert trained[-1].startswith("epoch 14/14")
    assert len(trained) <= 14 + 1, "it began again instead of going on"
    assert RunEpoch.objects.filter(run=run).count() == 14
    assert Run.objects.get(pk=run.pk).prediction_set is not None


@several_connections
def test_a_running_training_is_cancelled_and_its_processes_end(workers: list[subprocess.Popen]) -> None:
    scene = Scene()
    run = scene.run(settings={**QUICK, "epochs": 500}, evaluate=False)
    workers.append(start(worker_command(run.job_id), env=worker_environment()))
    until(lambda: RunEpoch.objects.filter(run=run).exists())
    assert call(scene.cast.alice, "post", f"runs/{run.pk}/cancel").status_code == 200
    until(lambda: Job.objects.get(pk=run.job_id).state == "cancelled")
    workers[0].wait(timeout=PATIENCE)
    assert not Checkpoint.objects.filter(run=run).exists()
