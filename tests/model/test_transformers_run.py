"""A run of the engine on transformers is asked for, trained, predicted and judged as any other."""

import pytest

import curate.tasks
import model.tasks
from model.models import Checkpoint
from tests.factories import run_jobs
from tests.model.scene import Scene

assert curate.tasks
assert model.tasks
pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.thorough
@pytest.mark.slow
def test_it_works(scene: Scene) -> None:
    run_id = scene.post(baseline="rtdetrv2-t").json()["id"]
    trained, evaluated = run_jobs()
    assert (trained.state, trained.error) == ("succeeded", ""), trained.error
    assert evaluated.state == "succeeded", evaluated.error
    run = scene.get(f"runs/{run_id}")
    assert run["evaluation"]["figures"].keys() >= {"AP", "AP50"}
    assert Checkpoint.objects.get(run=run_id, kind="best").architecture == "rtdetrv2-t"


def test_its_defaults_are_its_own(scene: Scene) -> None:
    settings = scene.post(baseline="rtdetrv2-r50", settings={"imgsz": 320}).json()["settings"]
    assert (settings["lr0"], settings["backbone_lr"], settings["mosaic"], settings["imgsz"]) == (0.0001, 0.1, 0.0, 320)
