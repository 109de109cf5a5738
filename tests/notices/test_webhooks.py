"""Webhooks: made by managers, signed, tried again with growing waits for a day, logged, sent once more by hand."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditLine, Role
from jobs.models import Job
from notices.models import Delivery, Notice, Webhook
from notices.webhooks import delivering
from notices.webhooks.sending import Answered
from notices.webhooks.signing import signature
from tests.factories import assert_charlie_gets_404, assert_problem, call
from tests.label.scene import Scene

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def scene(settings: Any) -> Scene:
    settings.WEBHOOK_ALLOW = ["127.0.0.1"]
    return Scene(bob=Role.MANAGER)


@pytest.fixture
def hook(scene: Scene) -> dict[str, Any]:
    return make_hook(scene, ["batch.created", "batch.done", "batch.merged", "task.state", "run.failed", "job.failed"])


def make_hook(scene: Scene, events: list[str]) -> dict[str, Any]:
    answer = call(scene.cast.bob, "post", f"projects/{scene.cast.project.pk}/webhooks", {"url": URL, "events": events})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def answering(monkeypatch: Any, *statuses: int | None) -> list[dict[str, str]]:
    """Have the next requests answered so; returns the headers that they bear."""
    left, sent = list(statuses), []

    def answer(target: Any, body: bytes, headers: dict[str, str]) -> Answered:
        sent.append(headers | {"body": body.decode()})
        status = left.pop(0)
        return Answered(status, 12.0, "ok" if status else "", "" if status else "ConnectionRefusedError")

    monkeypatch.setattr(delivering, "send", answer)
    return sent


def test_it_works(scene: Scene, hook: dict[str, Any], monkeypatch: Any) -> None:
    sent = answering(monkeypatch, 500, 204)
    scene.batch(name="Night")
    delivery = Delivery.objects.get()
    body = json.loads(delivery.body)
    assert (body["event"], body["version"], body["id"]) == ("batch.created", 1, str(delivery.event_id))
    assert body["project"] == {"id": scene.cast.project.pk, "name": "Road"}
    assert body["object"]["type"] == "batch"
    assert (body["object"]["name"], body["object"]["tasks"]) == ("Night", 3)

    delivering.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    assert timedelta(seconds=5) < delivery.next_at - timezone.now() < timedelta(seconds=15)
    delivering.deliver(delivery.pk)
    delivering.deliver(delivery.pk)  # nothing is left to do
    header = sent[0]
    mine = signature(hook["secret"], int(header["Halfday-Timestamp"]), delivery.body.encode())
    assert header["Halfday-Signature"] == f"v1={mine}"
    (shown,) = call(scene.cast.bob, "get", f"webhooks/{hook['id']}/deliveries").json()["items"]
    assert shown["state"] == "delivered"
    assert [(one["status"], one["milliseconds"], one["answer"]) for one in shown["tries"]] == [
        (500, 12.0, "ok"), (204, 12.0, "ok"),
    ]  # fmt: skip


def test_the_events_of_a_batch_and_of_a_run(scene: Scene, hook: dict[str, Any]) -> None:
    batch = scene.batch()
    for place in range(3):
        scene.save(scene.task(batch, place), state="done")
    call(scene.cast.alice, "post", f"batches/{batch.pk}/merge", {})
    job = Job.objects.create(project=scene.cast.project, kind="train", title="Train", link="/runs/7")
    job.claim("w")
    job.fail("w", "No room.")
    events = list(Delivery.objects.order_by("pk").values_list("event", flat=True))
    assert events == [
        "batch.created", "task.state", "task.state", "task.state", "batch.done", "batch.merged", "run.failed",
        "job.failed",
    ]  # fmt: skip
    run = json.loads(Delivery.objects.get(event="run.failed").body)["object"]
    assert (run["type"], run["id"], run["error"]) == ("run", 7, "No room.")


def test_an_event_that_is_undone_is_not_sent(scene: Scene, hook: dict[str, Any]) -> None:
    scene.batch(name="Night")
    answer = call(scene.cast.alice, "post", "batches", {"name": "Night", "slice": scene.slice.pk})
    assert_problem(answer, 409)
    assert Delivery.objects.count() == 1


def test_after_a_day_it_is_given_up_and_the_owner_is_told(scene: Scene, hook: dict[str, Any], monkeypatch: Any) -> None:
    answering(monkeypatch, *[None] * 40)
    scene.batch()
    waits = []
    for _ in range(40):
        delivery = Delivery.objects.get()
        if delivery.state == "given_up":
            break
        delivering.deliver(delivery.pk)
        wait = Delivery.objects.get().next_at - timezone.now()
        waits.append(wait)
        Delivery.objects.update(begun_at=delivery.begun_at - wait)
    assert 10 < delivery.attempts < 15
    assert waits[:3] == sorted(waits[:3])
    (notice,) = Notice.objects.filter(kind="webhook_given_up")
    assert notice.user == scene.cast.alice
    assert notice.names["why"] == "ConnectionRefusedError"


def test_a_delivery_is_sent_once_more_by_hand(scene: Scene, hook: dict[str, Any], monkeypatch: Any) -> None:
    answering(monkeypatch, 200, 200)
    scene.batch()
    delivery = Delivery.objects.get()
    assert_problem(call(scene.cast.bob, "post", f"deliveries/{delivery.pk}/resend"), 409)
    delivering.deliver(delivery.pk)
    answer = call(scene.cast.bob, "post", f"deliveries/{delivery.pk}/resend")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    delivering.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries.count()) == ("delivered", 2)


def test_a_secret_is_shown_once_and_two_are_valid_while_it_changes(
    scene: Scene, hook: dict[str, Any], monkeypatch: Any
) -> None:
    sent = answering(monkeypatch, 200, 200)
    (listed,) = call(scene.cast.bob, "get", f"projects/{scene.cast.project.pk}/webhooks").json()
    assert "secret" not in listed
    new = call(scene.cast.bob, "post", f"webhooks/{hook['id']}/secret").json()
    call(scene.cast.bob, "post", f"webhooks/{hook['id']}/ping")
    delivering.deliver(Delivery.objects.get(event="ping").pk)
    stamp, body = int(sent[0]["Halfday-Timestamp"]), sent[0]["body"].encode()
    both = [f"v1={signature(secret, stamp, body)}" for secret in (new["secret"], hook["secret"])]
    assert sent[0]["Halfday-Signature"].split(",") == both
    Webhook.objects.update(earlier_until=timezone.now())
    Delivery.objects.update(state="waiting")
    delivering.deliver(Delivery.objects.get().pk)
    assert "," not in sent[1]["Halfday-Signature"]
    assert new["secret"] not in json.dumps(list(AuditLine.objects.values_list("data", flat=True)))


def test_what_was_allowed_and_is_no_more_is_not_sent(scene: Scene, hook: dict[str, Any], settings: Any) -> None:
    settings.WEBHOOK_ALLOW = []
    scene.batch()
    delivering.deliver(Delivery.objects.get().pk)
    (tried,) = Delivery.objects.get().tries.all()
    assert tried.status is None
    assert "HALFDAY_WEBHOOK_ALLOW" in tried.error


def test_one_that_is_switched_off_is_sent_nothing(scene: Scene, hook: dict[str, Any]) -> None:
    call(scene.cast.bob, "patch", f"webhooks/{hook['id']}", {"active": False})
    scene.batch()
    assert not Delivery.objects.exists()


def test_it_rejects_addresses_inside_unknown_events_and_labellers(scene: Scene, settings: Any) -> None:
    settings.WEBHOOK_ALLOW = []
    path = f"projects/{scene.cast.project.pk}/webhooks"
    answer = call(scene.cast.bob, "post", path, {"url": URL, "events": ["batch.done"]})
    assert "inside a network" in assert_problem(answer, 400)["errors"]["url"][0]
    settings.WEBHOOK_ALLOW = ["127.0.0.1"]
    answer = call(scene.cast.bob, "post", path, {"url": URL, "events": ["batch.lost"]})
    assert "events" in assert_problem(answer, 400)["errors"]


def test_charlie_sees_nothing_of_it(scene: Scene, hook: dict[str, Any]) -> None:
    call(scene.cast.bob, "post", f"webhooks/{hook['id']}/ping")
    for method, path in [
        ("get", f"projects/{scene.cast.project.pk}/webhooks"),
        ("patch", f"webhooks/{hook['id']}"),
        ("delete", f"webhooks/{hook['id']}"),
        ("post", f"webhooks/{hook['id']}/secret"),
        ("post", f"webhooks/{hook['id']}/ping"),
        ("get", f"webhooks/{hook['id']}/deliveries"),
        ("post", f"deliveries/{Delivery.objects.get().pk}/resend"),
    ]:
        assert_charlie_gets_404(scene.cast, method, path, {} if method == "patch" else None)
