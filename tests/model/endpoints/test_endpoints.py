"""Endpoints over HTTP: made, promoted through the gate and past it, rolled back, changed, removed."""

from pathlib import Path
from typing import Any

import pytest

import model.tasks
from accounts.models import AuditLine, Member, Role
from dataset.models import Slice
from model.endpoints import deploying, forming
from model.models import Deployment, Endpoint, Run
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_annotation, make_dataset, run_jobs
from tests.model.endpoints.scene import Deployed

assert model.tasks
pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Deployed:
    return Deployed()


@pytest.fixture
def exported(scene: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Exporting a checkpoint is the engines' part (tests/model/endpoints/test_forming.py): here its form is there."""
    form = scene.form(tmp_path)
    monkeypatch.setattr(deploying, "deployable_form", lambda *_: form)
    return form


def judge(scene: Deployed, candidate: Any) -> str:
    asked = call(scene.cast.alice, "post", "gate-results", {"candidate": candidate.pk, "endpoint": "street"})
    assert asked.status_code in (200, 202), asked.content
    run_jobs()
    return str(call(scene.cast.alice, "get", f"gate-results/{asked.json()['id']}").json()["verdict"])


def promote(scene: Deployed, candidate: Any, by: Any = None, **fields: Any) -> Any:
    return call(by or scene.cast.alice, "post", "endpoints/street/promote", {"checkpoint": candidate.pk, **fields})


def test_it_works(scene: Deployed, exported: Any) -> None:
    scene.predicted(scene.now, cars=0.8, riders=0.8)
    body = {"dataset": scene.dataset.pk, "name": "street", "checkpoint": scene.now.pk, "slice": scene.slice.pk}
    made = call(scene.cast.alice, "post", "endpoints", body)
    assert (made.status_code, made.json()["state"], made.json()["coming"]["version"]) == (201, "deploying", 1)
    assert [job.error for job in run_jobs()] == [""]
    shown = call(scene.cast.bob, "get", "endpoints/street").json()
    current = shown["current"]
    assert (shown["state"], shown["coming"], current["version"], current["form"]) == ("up", None, 1, "onnx f32")
    expected = Deployment.objects.get().expected
    assert (expected["images"], sum(expected["classes"])) == (60, sum(expected["scores"]))
    listed = call(scene.cast.bob, "get", f"datasets/{scene.dataset.pk}/endpoints").json()["items"]
    assert [one["id"] for one in listed] == [shown["id"]]


def test_the_gate_holds_the_worse_back_and_lets_the_better_through(scene: Deployed, exported: Any) -> None:
    scene.predicted(scene.now, cars=0.8, riders=0.8)
    scene.predicted(scene.worse, cars=0.9, riders=0.3)
    scene.predicted(scene.better, cars=1.0, riders=1.0)
    scene.endpoint(exported, gate=scene.gate({"drop": 2}, {"class": "rider", "drop": 3}))
    assert_problem(promote(scene, scene.worse), 409, mentions="has not judged this checkpoint")
    assert judge(scene, scene.worse) == "broken"
    held = assert_problem(promote(scene, scene.worse), 409, mentions="Held back by the gate")
    assert held["reason"] == "held_back"
    assert call(scene.cast.bob, "get", "endpoints/street").json()["current"]["version"] == 1

    assert judge(scene, scene.better) == "passed"
    assert promote(scene, scene.better).status_code == 202
    run_jobs()
    shown = call(scene.cast.bob, "get", "endpoints/street").json()
    assert (shown["current"]["version"], shown["current"]["checkpoint"]["name"]) == (2, "better")
    assert (shown["current"]["verdict"], shown["current"]["reason"]) == ("passed", "")

    back = call(scene.cast.alice, "post", "endpoints/street/roll-back", {})
    assert (back.json()["current"]["version"], back.json()["current"]["back_to"]) == (3, 1)
    history = call(scene.cast.bob, "get", "endpoints/street/deployments").json()["items"]
    assert [(one["version"], one["kind"], one["checkpoint"]["name"]) for one in history] == [
        (3, "rolled_back", "now"), (2, "promoted", "better"), (1, "first", "now"),
    ]  # fmt: skip
    forth = call(scene.cast.alice, "post", "endpoints/street/roll-back", {"version": 2})
    assert forth.json()["current"]["checkpoint"]["name"] == "better"


def test_an_owner_may_pass_the_gate_for_a_reason_that_is_kept(scene: Deployed, exported: Any) -> None:
    manager = scene.cast.bob
    Member.objects.filter(project=scene.project, user=manager).update(role=Role.MANAGER)
    scene.predicted(scene.now, cars=0.8, riders=0.8)
    scene.predicted(scene.worse, cars=0.8, riders=0.3)
    scene.endpoint(exported, gate=scene.gate({"class": "rider", "drop": 1}))
    judge(scene, scene.worse)
    reason = "Riders are counted by another system from today."
    assert_problem(promote(scene, scene.worse, manager, reason=reason), 403, mentions="owner")
    assert promote(scene, scene.worse, reason=reason).status_code == 202
    run_jobs()
    current = call(manager, "get", "endpoints/street").json()["current"]
    assert (current["reason"], current["verdict"]) == (reason, "broken")
    line = AuditLine.objects.get(action="endpoint.promote_past_gate")
    assert (line.actor, line.data["reason"], line.data["verdict"]) == (scene.cast.alice, reason, "broken")
    assert "AP of rider fell by" in line.data["held_back"]


def test_labels_that_changed_since_want_a_new_judgement(scene: Deployed, exported: Any) -> None:
    scene.predicted(scene.now, cars=0.8, riders=0.8)
    scene.predicted(scene.better, cars=1, riders=1)
    scene.endpoint(exported, gate=scene.gate({"drop": 2}))
    assert judge(scene, scene.better) == "passed"
    make_annotation(scene.images[0], scene.dataset.classes.get(name="car"), (300, 300, 340, 340))
    assert_problem(promote(scene, scene.better), 409, mentions="on the newest labels")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "Street 1"}, "name"), ({"name": "12"}, "name"), ({"checkpoint": 10**9}, "checkpoint"),
        ({"slice": 10**9}, "slice"), ({"gate": 10**9}, "gate"), ({"conf": 2}, "conf"),
    ],
)  # fmt: skip
def test_it_rejects_by_field(scene: Deployed, fields: dict[str, Any], field: str) -> None:
    body = {"dataset": scene.dataset.pk, "name": "street", "checkpoint": scene.now.pk, "slice": scene.slice.pk}
    problem = assert_problem(call(scene.cast.alice, "post", "endpoints", {**body, **fields}), 400)
    assert list(problem["errors"]) == [field]
    assert not Endpoint.objects.exists()


def test_it_rejects_a_name_that_is_taken_and_nowhere_to_go_back_to(scene: Deployed, exported: Any) -> None:
    scene.endpoint(exported)
    body = {"dataset": scene.dataset.pk, "name": "street", "checkpoint": scene.now.pk, "slice": scene.slice.pk}
    assert_problem(call(scene.cast.alice, "post", "endpoints", body), 409, mentions="already")
    assert_problem(call(scene.cast.alice, "post", "endpoints/street/roll-back", {}), 409, mentions="no earlier version")
    assert_problem(promote(scene, scene.now), 409, mentions="deployed there already")


def test_settings_and_hours(scene: Deployed, exported: Any) -> None:
    scene.endpoint(exported)
    change = {"hours": {"from": "00:00", "to": "23:59", "zone": "Asia/Seoul", "days": []}}
    assert_problem(call(scene.cast.alice, "patch", "endpoints/street", change), 400, mentions="days")
    change = {"hours": {"from": "08:00+05:00", "to": "18:00", "zone": "Asia/Seoul"}}
    assert_problem(call(scene.cast.alice, "patch", "endpoints/street", change), 400, mentions="times such as 08:00")
    change = {"name": "road", "conf": 0.4, "idle_minutes": 3, "stopped": True}
    shown = call(scene.cast.alice, "patch", "endpoints/street", change).json()
    assert (shown["name"], shown["conf"], shown["idle_minutes"], shown["state"]) == ("road", 0.4, 3, "stopped")
    assert_problem(call(scene.cast.bob, "patch", "endpoints/road", change), 403)


def test_a_change_that_is_refused_in_part_changes_nothing(scene: Deployed, exported: Any) -> None:
    scene.endpoint(exported)
    shown = call(scene.cast.alice, "get", "endpoints/street").json()
    other = Slice.objects.create(dataset=scene.dataset, name="other", image_count=0, origin={"kind": "hand"})
    change = {"slice": other.pk, "hours": {"from": "8 o'clock", "to": "18:00", "zone": "Asia/Seoul"}}
    assert_problem(call(scene.cast.alice, "patch", "endpoints/street", change), 400, mentions="times such as")
    assert call(scene.cast.alice, "get", "endpoints/street").json() == shown


def test_a_form_of_another_size_is_not_deployed(scene: Deployed, tmp_path: Path) -> None:
    """Its check compares checkpoint and form at the form's size, so it says nothing of the one that the gate judges."""
    form = scene.form(tmp_path)
    version = scene.endpoint(form).current
    assert version is not None
    scene.now.imgsz = form.imgsz
    assert forming.best_of(version) == form
    version.checkpoint.imgsz = 2 * form.imgsz
    assert forming.best_of(version) is None


def test_what_an_endpoint_needs_stays(scene: Deployed, exported: Any) -> None:
    gate = scene.gate()
    scene.endpoint(exported, gate=gate)
    assert_problem(call(scene.cast.alice, "delete", f"gates/{gate.pk}"), 409, mentions="is the gate of street")
    assert_problem(call(scene.cast.alice, "delete", f"slices/{scene.slice.pk}"), 409, mentions="an endpoint")
    assert call(scene.cast.alice, "delete", "endpoints/street").status_code == 204
    assert call(scene.cast.alice, "delete", f"gates/{gate.pk}").status_code == 204


def test_a_dataset_whose_checkpoint_is_deployed_for_another_stays(scene: Deployed, tmp_path: Path) -> None:
    """The sentence names the endpoint: who reads it must find what to delete."""
    other = make_dataset(scene.project)
    held_out = Slice.objects.create(dataset=other, name="held out", image_count=0, origin={"kind": "hand"})
    scene.now.run = Run.objects.create(
        dataset=other, name="r", baseline="b", weights="scratch", validation_slice=held_out, revision=0
    )
    scene.now.save()
    scene.endpoint(scene.form(tmp_path), name="street")
    answer = call(scene.cast.alice, "delete", f"datasets/{other.pk}")
    assert_problem(answer, 409, mentions="street 1")


def test_who_may(scene: Deployed, exported: Any) -> None:
    manager = scene.cast.bob
    Member.objects.filter(project=scene.project, user=manager).update(role=Role.MANAGER)
    gate = scene.gate()
    scene.endpoint(exported, gate=gate)
    assert_problem(call(manager, "patch", "endpoints/street", {"gate": None}), 403, mentions="owner")
    assert_problem(call(manager, "delete", "endpoints/street"), 403, mentions="owner")
    assert call(scene.cast.alice, "patch", "endpoints/street", {"gate": None}).json()["gate"] is None
    for method, path, body in (
        ("get", "endpoints/street", None),
        ("patch", "endpoints/street", {"conf": 0.1}),
        ("delete", "endpoints/street", None),
        ("get", "endpoints/street/deployments", None),
        ("post", "endpoints/street/promote", {"checkpoint": scene.better.pk}),
        ("post", "endpoints/street/roll-back", {}),
        ("post", "endpoints/street/kept", None),
        ("get", f"datasets/{scene.dataset.pk}/endpoints", None),
    ):
        assert_charlie_gets_404(scene.cast, method, path, body)
