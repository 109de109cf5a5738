"""The form in which a checkpoint is deployed: the network that ships with Halfday, exported, checked and asked."""

from types import SimpleNamespace
from typing import Any

import pytest

import model.tasks
from dataset.services.datasets import create_class
from jobs.errors import JobFailed
from model.endpoints import forming
from model.models import Deployment, ExportedForm
from model.services.base import base_checkpoint
from storage import blobs
from tests.factories import call, run_jobs
from tests.model.endpoints.scene import serving
from tests.model.endpoints.test_predict import as_text
from tests.model.scene import Scene

assert model.tasks
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def deployed() -> Any:
    """The network under a name, its job done."""
    scene, network = Scene(), base_checkpoint()
    if network is None:
        pytest.skip("The base network is not in this checkout.")
    create_class(dataset=scene.dataset, by=scene.cast.alice, name=network.classes[0])
    body = {"dataset": scene.dataset.pk, "name": "road", "checkpoint": network.pk, "slice": scene.more.pk}
    assert call(scene.cast.alice, "post", "endpoints", body).status_code == 201
    (job,) = run_jobs()
    return scene, job


def test_it_works(deployed: Any, settings: Any) -> None:
    scene, job = deployed
    form, version = ExportedForm.objects.get(), Deployment.objects.get()
    assert job.error == ""
    assert (form.form, form.precision, form.verdict) == ("openvino", "f32", "passed")
    assert version.form == form
    assert version.expected["images"] == 4
    data = blobs.read(scene.dataset.images.order_by("pk")[0].location)
    with serving(settings):
        answer = call(scene.cast.alice, "post", "endpoints/road/predict", {"images": [as_text(data)], "conf": 0.01})
        assert answer.status_code == 200, answer.content
    (found,) = answer.json()["images"]
    assert found["annotations"]
    assert all(0 <= side <= found["width"] for one in found["annotations"] for side in one["box"][::2])


def test_a_form_that_cannot_be_made_gives_way_to_the_next(monkeypatch: Any) -> None:
    tried: list[str] = []

    def made(version: Any, form: str, precision: str, report: Any) -> Any:
        tried.append(form)
        if form == "openvino":
            raise JobFailed("OpenVINO cannot read this network.")
        return SimpleNamespace(verdict="passed", form=form)

    monkeypatch.setattr(forming, "made_now", made)
    monkeypatch.setattr(forming, "best_of", lambda version: None)
    said: list[str] = []
    found = forming.deployable_form(Deployment(), SimpleNamespace(log=said.append))  # type: ignore[arg-type]
    assert (found.form, tried, said) == (
        "onnx",
        ["openvino", "onnx"],
        ["openvino, f32: OpenVINO cannot read this network."],
    )
