"""Label's part of the furnished stage: batches with all that can hang on one, and the notices that come of them."""

from __future__ import annotations

from typing import Any

from accounts.models import Role, User
from label.models import Task
from notices.models import Notice, Webhook
from tests.e2e.stage import Stage, image_ids
from tests.factories import call, make_user

ATTRIBUTES = [
    {"name": "occlusion", "kind": "choice", "values": ["none", "part", "heavy"], "required": True},
    {"name": "speed", "kind": "number", "minimum": 0, "maximum": 200, "unit": "km/h"},
    {"name": "lit", "kind": "checkbox", "default": False},
]
TEXT = "# Riders\n\nA rider *on* a bike is one box.\n\n- first\n- second\n\n| a | b |\n|---|---|\n| 1 | 2 |"


def furnished_label(stage: Stage, mislabels: int) -> dict[str, str]:
    """Fill it; returns the addresses of its pages by a short name."""
    dora = make_user("Dora")
    stage.cast.project.members.create(user=dora, role=Role.LABELLER)
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "First look"})["id"]
    task = Task.objects.filter(batch=batch).earliest("pk").pk
    stage.api("PATCH", f"batches/{batch}", {"due": "2030-05-17"})
    stage.api("POST", f"batches/{batch}/instructions", {"text": TEXT, "seen": 0})
    stage.api("POST", f"batches/{batch}/gold", {"slice": stage.slice, "share": 0.2})
    stage.api("POST", f"datasets/{stage.dataset}/attributes", {"attributes": ATTRIBUTES})
    sent = {"name": "Doubts", "slice": stage.slice, "auto_curate": mislabels}
    doubts = stage.api("POST", "batches", sent)["id"]
    told(stage)
    twice, copies = labelled_twice(stage, dora)
    return {
        "batches": f"/label/{stage.dataset}", "batch": f"/batches/{batch}", "task": f"/tasks/{task}",
        "suggestions": f"/batches/{doubts}/suggestions", "quality": f"/batches/{batch}/quality",
        "quality of several": f"/batches/{twice}/quality", "copies": f"/tasks/{copies}/copies",
        "notices": "/notices", "no more mails": "/notices/stop", "settings webhooks": "/settings?part=webhooks",
    }  # fmt: skip


def labelled_twice(stage: Stage, dora: User) -> tuple[int, int]:
    """A batch whose images two people label, and a task of it that both have handed in, one without a box."""
    images = sorted(image_ids(stage).values())[:4]
    batch = stage.api("POST", "batches", {"images": images, "name": "Checked twice"})["id"]
    stage.api("POST", f"batches/{batch}/several", {"people": 2})
    task = Task.objects.filter(batch=batch).earliest("pk").pk
    for person, left_out in ((stage.cast.bob, 0), (dora, 1)):
        seen = call(person, "get", f"tasks/{task}").json()
        # The schema asks for what the imported boxes lack; here they carry it.
        boxes = [box | {"attributes": {"occlusion": "none"}} for box in seen["boxes"][left_out:]]
        sitting = {"key": "a1", "seconds": 20, "steps": [{"kind": "draw", "class_id": None, "seconds": 4}]}
        body: dict[str, Any] = {"boxes": boxes, "state": "done", "sitting": sitting}
        answer = call(person, "put", f"tasks/{task}", body, **{"If-Match": str(seen["version"])})
        assert answer.status_code == 200, answer.content
    return batch, task


def told(stage: Stage) -> None:
    """Alice has a notice, and another program is told of what happens."""
    names = {"by": "Bob", "batch": "First look", "count": 3}
    Notice.objects.create(user=stage.cast.alice, project=stage.cast.project, kind="assigned", names=names, link="/")
    Webhook.objects.create(project=stage.cast.project, url="https://example.org/hook", events=["batch.done"])
