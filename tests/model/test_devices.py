"""How many devices share a run: asked for, refused where they cannot, shown, changed at a resume, and its time."""

import pytest

from jobs.models import Job
from jobs.running import Report
from model.engines import EpochReport
from model.models import Run, RunEpoch
from model.selectors.estimates import speed_of
from model.services.settings import defaults_for
from model.services.training import _on_epoch
from tests.factories import assert_problem, call
from tests.model.scene import QUICK, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def asked(**settings: object) -> dict[str, object]:
    return {"baseline": "yolov6t6", "weights": {"kind": "scratch"}, "settings": {**QUICK, **settings}}


def test_it_works(scene: Scene) -> None:
    run = scene.post(**asked(devices="4", batch=8)).json()
    assert (run["settings"]["devices"], run["devices"]) == ("4", None)
    stored = Run.objects.get(pk=run["id"])
    _on_epoch(stored, Report(Job.objects.get(pk=stored.job_id), "worker"), None)(EpochReport(1, 2, {}, 3.0, devices=4))
    assert scene.get(f"runs/{run['id']}")["devices"] == 4
    assert scene.get(f"datasets/{scene.dataset.pk}/runs")["items"][0]["devices"] == 4


@pytest.mark.parametrize(
    ("settings", "mentions"),
    [
        ({"devices": "many"}, "Give auto, or a number up to 256."),
        ({"devices": "0"}, "Give auto"),
        ({"devices": 2}, "Give auto"),
        ({"devices": "4", "batch": 2}, "set batch to 4 or more"),
        ({"devices": "2", "device": "1"}, "set device to auto instead of 1"),
    ],
)
def test_it_rejects(scene: Scene, settings: dict[str, object], mentions: str) -> None:
    problem = assert_problem(scene.post(**asked(**settings)), 400)
    assert mentions in problem["errors"]["settings.devices"][0]


def test_it_rejects_several_for_networks_of_ultralytics(scene: Scene) -> None:
    one_device = asked(devices="2") | {"baseline": "yolo11n"}
    problem = assert_problem(scene.post(**one_device), 400, mentions="YOLO11-N trains on one device")
    assert "settings.devices" in problem["errors"]
    several = {one["name"]: one["several_devices"] for one in call(scene.cast.alice, "get", "baselines").json()}
    assert (several["yolo11n"], several["yolov6l6"], several["rtdetrv2-r50"]) == (False, True, True)


def test_a_resumed_run_may_have_other_devices_and_another_batch(scene: Scene) -> None:
    run = scene.post(**asked(devices="2", batch=4)).json()
    path = f"runs/{run['id']}/resume"
    Job.objects.filter(pk=run["job"]["id"]).update(state="failed")
    assert_problem(call(scene.cast.alice, "post", path, {"devices": "8"}), 400, mentions="set batch to 8 or more")
    answer = call(scene.cast.alice, "post", path, {"devices": "8", "batch": 16})
    assert answer.status_code == 202, answer.content
    settings = answer.json()["settings"]
    assert (settings["devices"], settings["batch"], settings["epochs"]) == ("8", 16, run["epochs"])


def test_the_time_is_told_by_runs_of_as_many_devices(scene: Scene) -> None:
    """Of 16 images an epoch: 4 s on one device, 1 s on four."""
    for name, devices, seconds in (("one", 1, 4.0), ("four", 4, 1.0)):
        made = scene.post(name=name, **asked(devices=str(devices), batch=8)).json()
        Run.objects.filter(pk=made["id"]).update(devices=devices)
        RunEpoch.objects.create(run_id=made["id"], epoch=1, metrics={}, seconds=seconds)
    like = {**defaults_for("yolov6t6"), **QUICK}
    images = scene.train.image_count
    speeds = [speed_of(baseline="yolov6t6", settings={**like, "devices": one}) for one in ("1", "4", "2", "auto")]
    assert [one and one.images_per_second for one in speeds] == [images / 4, images, None, None]
