"""Gates over HTTP: rules saved by owners, a candidate judged by them, and what is refused by place."""

from typing import Any

import pytest

import model.tasks
from accounts.models import AuditLine, Member, Role
from model.models import GateResult, Run
from tests.factories import assert_charlie_gets_404, assert_problem, call, run_jobs
from tests.model.endpoints.scene import Deployed

assert model.tasks
pytestmark = pytest.mark.django_db
RULES = {
    "rules": [{"drop": 2}, {"class": "rider", "drop": 5}, {"scenario": "night", "drop": 5}],
    "scenarios": {"night": {"query": 'timeofday = "night"'}},
}


@pytest.fixture
def scene() -> Deployed:
    return Deployed()


def judged(scene: Deployed, candidate: Any, document: Any = None, **fields: Any) -> Any:
    body = {"candidate": candidate.pk, "incumbent": scene.now.pk, "slice": scene.slice.pk, **fields}
    if document is not None:
        body["document"] = document
    return call(scene.cast.alice, "post", "gate-results", body)


def test_it_works(scene: Deployed) -> None:
    saved = call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/gates", {"name": "street", "document": RULES})
    assert saved.status_code == 201
    gate = saved.json()["id"]
    assert call(scene.cast.bob, "get", f"gates/{gate}").json()["document"]["rules"][1]["class"] == "rider"
    scene.predicted(scene.now, cars=0.8, riders=0.8)
    scene.predicted(scene.better, cars=1.0, riders=1.0)
    asked = judged(scene, scene.better, gate=gate)
    assert (asked.status_code, asked.json()["verdict"]) == (202, None)
    assert [job.error for job in run_jobs()] == [""]
    result = call(scene.cast.alice, "get", f"gate-results/{asked.json()['id']}").json()
    assert (result["verdict"], result["images"], result["state"]) == ("passed", 60, "succeeded")
    assert [(row["title"], row["images"], row["drop"]) for row in result["rules"]] == [
        ("mAP", 60, 2), ("AP of rider", 60, 5), ("mAP on night", 30, 5),
    ]  # fmt: skip
    assert all(row["low"] > -0.02 and row["value"] > 0 for row in result["rules"])
    again = judged(scene, scene.better, gate=gate)
    assert (again.status_code, again.json()["id"]) == (200, result["id"])
    listed = call(scene.cast.bob, "get", f"datasets/{scene.dataset.pk}/gate-results").json()["items"]
    assert [one["id"] for one in listed] == [result["id"]]
    assert [line.action for line in AuditLine.objects.filter(action__startswith="gate.").order_by("pk")] == [
        "gate.create", "gate.judge",
    ]  # fmt: skip


def test_a_class_that_got_worse_breaks_its_rule_though_the_total_may_pass(scene: Deployed) -> None:
    scene.predicted(scene.now, cars=0.6, riders=0.95)
    scene.predicted(scene.worse, cars=1.0, riders=0.6)
    judged(scene, scene.worse, RULES)
    run_jobs()
    row = GateResult.objects.get()
    verdicts = {one["title"]: one["verdict"] for one in row.verdicts["rules"]}
    assert (row.verdict, verdicts["AP of rider"]) == ("broken", "broken")
    assert verdicts["mAP"] != "broken"


def test_images_that_the_candidate_was_trained_on_show_nothing(scene: Deployed) -> None:
    scene.predicted(scene.now, cars=0.5, riders=0.5)
    found = scene.predicted(scene.better, cars=1.0, riders=1.0)
    run = Run.objects.create(
        dataset=scene.dataset, name="peeked", baseline="road11t", weights="scratch", validation_slice=scene.slice,
        revision=1, train_manifest=found.manifest,
    )  # fmt: skip
    scene.better.run, scene.better.kind = run, "best"
    scene.better.save()
    judged(scene, scene.better, {"rules": [{"drop": 2}]})
    run_jobs()
    result = call(scene.cast.alice, "get", f"gate-results/{GateResult.objects.get().pk}").json()
    assert (result["verdict"], result["leaked"], result["rules"][0]["verdict"]) == ("not_shown", 60, "passed")
    assert "were among those that better was trained on" in result["notes"][0]


@pytest.mark.parametrize(
    ("document", "field", "says"),
    [
        ({"rules": [{"drop": 1, "class": "tram"}]}, "document.rules.0.class", "There are: car, rider"),
        ({"rules": [{"drop": 1, "scenario": ["n"]}]}, "document.rules.0.scenario", "no scenario"),
        ({"rules": [{"drop": "x"}]}, "document.rules.0.drop", "from 0 to 100"),
        (
            {"rules": [{"drop": 1}], "scenarios": {"n": {"query": "timeofday ="}}},
            "document.scenarios.n.query",
            "",
        ),
        ({"rules": [{"drop": 1}], "scenarios": {"n": {"slice": "none"}}}, "document.scenarios.n.slice", "no slice"),
        (
            {"rules": [{"drop": 1}], "scenarios": {"n": {"where": {"timeofday": "dusk"}}}},
            "document.scenarios.n.where",
            "no image",
        ),
    ],
)  # fmt: skip
def test_it_rejects_by_place(scene: Deployed, document: Any, field: str, says: str) -> None:
    problem = assert_problem(judged(scene, scene.better, document), 400)
    assert says in problem["errors"][field][0]
    body = {"name": "bad", "document": document}
    made = call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/gates", body)
    assert field in assert_problem(made, 400)["errors"]


def test_it_rejects_what_cannot_be_compared(scene: Deployed) -> None:
    rules = {"rules": [{"drop": 1}]}
    assert_problem(judged(scene, scene.now, rules), 400, mentions="itself")
    stranger = scene.checkpoint("stranger")
    stranger.classes = ["tram"]
    stranger.save()
    assert_problem(judged(scene, stranger, rules), 400, mentions="knows none")
    assert "document" in assert_problem(judged(scene, scene.better), 400)["errors"]
    assert "slice" in assert_problem(judged(scene, scene.better, rules, slice=None), 400)["errors"]


def test_who_may(scene: Deployed) -> None:
    gate = scene.gate()
    manager = scene.cast.bob
    Member.objects.filter(project=scene.project, user=manager).update(role=Role.MANAGER)
    body = {"name": "looser", "document": {"rules": [{"drop": 100}]}}
    assert_problem(call(manager, "patch", f"gates/{gate.pk}", body), 403, mentions="owner")
    assert_problem(call(manager, "post", f"datasets/{scene.dataset.pk}/gates", body), 403, mentions="owner")
    changed = call(scene.cast.alice, "patch", f"gates/{gate.pk}", body).json()
    assert (changed["name"], changed["document"]["rules"][0]["drop"]) == ("looser", 100)
    assert call(scene.cast.alice, "delete", f"gates/{gate.pk}").status_code == 204
    for method, path in (
        ("get", f"datasets/{scene.dataset.pk}/gates"),
        ("post", f"datasets/{scene.dataset.pk}/gates"),
        ("get", f"datasets/{scene.dataset.pk}/gate-results"),
    ):
        assert_charlie_gets_404(scene.cast, method, path, body if method == "post" else None)
    asked = {
        "candidate": scene.better.pk,
        "incumbent": scene.now.pk,
        "slice": scene.slice.pk,
        "document": body["document"],
    }
    assert_charlie_gets_404(scene.cast, "post", "gate-results", asked)
