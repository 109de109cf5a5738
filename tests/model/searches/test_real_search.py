"""A search trained for real: two repeats and three trials of one epoch at 64 pixels."""

import pytest

import model.tasks
from jobs.models import Job
from model.models import Checkpoint
from tests.factories import run_jobs
from tests.model.scene import QUICK, Scene
from tests.model.searches.test_searches import RATE, ask

assert model.tasks
pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


def test_it_works() -> None:
    """Each training is a run with curve, checkpoints and evaluation; the floor is there, or said to be missing."""
    scene = Scene()
    settings = {**QUICK, "imgsz": 64, "epochs": 2, "batch": 8}
    made = ask(
        scene,
        settings=settings,
        repeats=2,
        trials=3,
        ranges=[RATE, {"name": "class_weights", "choices": ["none", "inverse_sqrt"]}],
    )
    (job,) = run_jobs()
    assert (job.state, job.error) == (Job.State.SUCCEEDED, "")
    found = scene.get(f"searches/{made['id']}")
    assert [one["state"] for one in found["tried"]] == ["complete"] * 5
    assert [len(one["curve"]) for one in found["tried"]] == [2] * 5
    assert all(one["seconds"] > 0 and one["evaluation"] for one in found["tried"])
    for one in found["tried"]:
        run = scene.get(f"runs/{one['run']['id']}")
        assert (run["state"], run["evaluation"]["figures"]["AP"]) == ("succeeded", pytest.approx(one["value"]))
    assert Checkpoint.objects.filter(run__trial__isnull=False).count() == 10
    assert (found["floor"] is None) == (found["floor_missing"] == "equal")
