"""A run of YOLOv6 is asked for, trained, predicted and judged as any other; a former name still means what it meant."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

import curate.tasks
import model.tasks
from model.models import Checkpoint, Run
from tests.factories import run_jobs
from tests.model.scene import QUICK, Scene

assert curate.tasks
assert model.tasks
pytestmark = pytest.mark.django_db
migration: Any = import_module("model.migrations.0003_plain_l")


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.slow
def test_it_works(scene: Scene) -> None:
    run_id = scene.post(baseline="yolov6t6").json()["id"]
    trained, evaluated = run_jobs()
    assert (trained.state, trained.error) == ("succeeded", ""), trained.error
    assert evaluated.state == "succeeded", evaluated.error
    run = scene.get(f"runs/{run_id}")
    assert run["evaluation"]["figures"].keys() >= {"AP", "AP50"}
    assert Checkpoint.objects.get(run=run_id, kind="best").architecture == "yolov6t6"
    later = scene.post(name="later", parent=run_id, baseline="yolov6t6", weights={"kind": "checkpoint"}).json()
    assert (later["baseline"], later["settings"]["box_gain"]) == ("yolov6t6", 2.5)
    (again, _) = run_jobs()[-2:]
    assert again.state == "succeeded", again.error


def test_its_defaults_are_its_own_and_what_is_asked_for_goes_first(scene: Scene) -> None:
    settings = scene.post(baseline="yolov6l6", settings={"lr0": 0.5, "imgsz": 640}).json()["settings"]
    assert (settings["optimizer"], settings["mixup"], settings["lr0"], settings["imgsz"]) == ("SGD", 0.2, 0.5, 640)
    other = scene.post(name="other", settings=QUICK).json()["settings"]
    assert other["optimizer"] == "AdamW"


def test_runs_of_ultralytics_yolov6l_bear_its_new_name(scene: Scene) -> None:
    run = scene.run(baseline="plain-l")
    checkpoint = Checkpoint.objects.create(
        project=scene.cast.project, name="c", kind="uploaded", architecture="yolov6l", location="x", sha256="0", size=1
    )
    Run.objects.filter(pk=run.pk).update(baseline="yolov6l")
    migration.renamed("yolov6l", "plain-l")(apps, None)
    assert scene.get(f"runs/{run.pk}")["baseline"] == "plain-l"
    checkpoint.refresh_from_db()
    assert checkpoint.architecture == "plain-l"


def test_who_asks_by_the_former_name_gets_the_network_that_it_named(scene: Scene) -> None:
    assert scene.post(baseline="yolov6l").json()["baseline"] == "plain-l"
