"""A labeller hands in, a reviewer steps through the changes and sends back, the labeller answers: in a browser."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from label.models import Issue, Task
from tests.e2e.stage import Stage
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def sit_down(page: Page, user: User, origin: str) -> None:
    """The window is this person's from now on."""
    client = Client()
    client.force_login(user)
    page.context.clear_cookies()
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": origin}])


def reached(task: Task, state: str) -> None:
    def there() -> bool:
        task.refresh_from_db()
        return task.state == state

    until(there, why=lambda: task.state)


def test_it_works(page: Page, stage: Stage, live_server: Any) -> None:
    alice, bob = stage.cast.alice, stage.cast.bob
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "Reviewed", "review": True})

    # The labeller begins from the page of what is his, changes a class and hands in, by keys.
    sit_down(page, bob, live_server.url)
    page.goto("/label")
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tools")).to_be_visible()
    task = Task.objects.get(pk=int(page.url.rsplit("/", 1)[1]))
    page.keyboard.press("]")
    page.keyboard.press("c")
    page.get_by_label("Class name").fill("bus")
    page.keyboard.press("Enter")
    changes = page.get_by_role("region", name="Changes")
    expect(changes.get_by_role("button")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    reached(task, Task.State.IN_REVIEW)

    # The reviewer takes it from the queue, steps to the change, pins an issue on it, and sends it back.
    sit_down(page, alice, live_server.url)
    page.goto(f"/batches/{batch['id']}")
    expect(page.get_by_role("button", name="Review next (1)")).to_be_visible()
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile(f"/tasks/{task.pk}$"))
    expect(changes.get_by_text("0 of 1 looked at")).to_be_visible()
    page.keyboard.press("w")
    expect(changes.get_by_text("1 of 1 looked at")).to_be_visible()
    page.keyboard.press("Shift+m")
    page.get_by_label("What is wrong").fill("It is not a bus.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Issues").get_by_text("It is not a bus.").first).to_be_visible()
    page.keyboard.press("Control+Backspace")
    page.get_by_label("Anything else").fill("Look at its windows.")
    page.keyboard.press("Enter")
    reached(task, Task.State.IN_PROGRESS)
    issue = Issue.objects.get(task=task)
    assert issue.box_id == next(box["id"] for box in task.boxes or [] if box["box"] == issue.box)

    # The labeller sees why before all else, cannot hand in unanswered, mends, resolves and hands in.
    sit_down(page, bob, live_server.url)
    page.goto("/label")
    sent_back = page.get_by_role("region", name="Sent back to you")
    expect(sent_back.get_by_text("Look at its windows.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sent back by Alice, round 1")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("^1 issue needs an answer"))).to_be_visible()
    page.keyboard.press("Shift+x")  # resolved
    expect(page.get_by_text("all resolved")).to_be_visible()
    page.keyboard.press("Control+Enter")
    reached(task, Task.State.IN_REVIEW)

    # The reviewer passes it; nothing else waits.
    sit_down(page, alice, live_server.url)
    page.goto(f"/batches/{batch['id']}?state=in_review")
    expect(page.get_by_role("button", name="Review next (1)")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_role("button", name=re.compile("^Pass")).first).to_be_visible()
    page.keyboard.press("Control+Enter")
    reached(task, Task.State.DONE)
    expect(page.get_by_text("Nothing else of this batch waits for your review.")).to_be_visible()
    rounds = task.rounds.order_by("number").values_list("verdict", "handed_in_by", "reviewer")
    assert list(rounds) == [("sent_back", bob.pk, alice.pk), ("passed", bob.pk, alice.pk)]
