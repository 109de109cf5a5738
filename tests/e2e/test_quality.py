"""A manager mixes in gold and lets two people label the same images; they work; the manager reads and decides."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from label.models import Task
from label.quality.models import GoldResult, GoldTask, Sitting, TaskCopy
from tests.e2e.stage import Stage, image_ids
from tests.factories import make_user
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def become(page: Page, person: User, origin: str) -> None:
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto("about:blank")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": origin}])


def label_one(page: Page, batch: int, person: User, *, leave_out: bool) -> Task:
    """Take the next image and hand it in, with a box left out or as it is."""
    page.goto(f"/batches/{batch}")
    page.get_by_role("button", name=re.compile("^(Start|Continue) labelling$")).click()
    expect(page.get_by_label("Tools")).to_be_visible()
    task = Task.objects.get(pk=int(page.url.rsplit("/", 1)[1]))
    if leave_out:
        page.keyboard.press("]")
        page.keyboard.press("Delete")
    page.keyboard.press("Control+Enter")
    until(lambda: TaskCopy.objects.filter(task=task, person=person, state="done").exists())
    return task


def test_it_works(signed_in: Page, stage: Stage, live_server: Any) -> None:
    page, bob, dora = signed_in, stage.cast.bob, make_user("Dora")
    stage.cast.project.members.create(user=dora, role=Role.LABELLER)
    images = sorted(image_ids(stage).values())[:4]
    batch = stage.api("POST", "batches", {"images": images, "name": "Checked twice"})["id"]

    page.goto(f"/batches/{batch}")
    page.get_by_role("link", name="People and quality").click()
    expect(page.get_by_text("Nobody has begun yet.")).to_be_visible()
    page.get_by_role("button", name="Mix in gold tasks").click()
    page.get_by_role("combobox", name="Slice whose labels are right").click()
    page.get_by_role("option", name="train v1").click()
    page.get_by_label("Share of all tasks, %").fill("25")
    page.get_by_role("combobox", name="People are shown").click()
    page.get_by_role("option", name="The labels as they are").click()
    page.get_by_role("dialog").get_by_role("button", name="Mix in gold tasks").click()
    expect(page.get_by_role("table", name="Gold tasks").get_by_role("row")).to_have_count(2)  # with the head
    page.get_by_role("button", name="Let several label the same images").click()
    page.get_by_label("Share of all images, %").fill("50")
    page.get_by_role("dialog").get_by_role("button", name="Let several label the same images").click()
    expect(page.get_by_text("waits for people")).to_have_count(2)

    become(page, bob, live_server.url)
    task = label_one(page, batch, bob, leave_out=True)
    gold = GoldTask.objects.get()
    if not GoldResult.objects.filter(person=bob).exists():
        page.goto(f"/tasks/{gold.task_id}")
        expect(page.get_by_label("Tools")).to_be_visible()
        page.keyboard.press("Control+Enter")
    until(lambda: GoldResult.objects.filter(person=bob).exists())
    become(page, dora, live_server.url)
    assert label_one(page, batch, dora, leave_out=False) == task
    assert {step[0] for steps in Sitting.objects.values_list("steps", flat=True) for step in steps} == {"delete"}

    become(page, stage.cast.alice, live_server.url)
    page.goto(f"/batches/{batch}/quality")
    people = page.get_by_role("table", name="People")
    expect(people.get_by_role("row", name=re.compile(r"^Bob .*\d+% \[\d+%, \d+%\]"))).to_be_visible()
    expect(people.get_by_role("row", name=re.compile("^Dora"))).to_be_visible()
    expect(page.get_by_text(re.compile("^1 image handed in by all"))).to_be_visible()
    expect(page.get_by_role("table", name="Time").get_by_role("row", name=re.compile("^Bob"))).to_be_visible()
    expect(page.get_by_role("link", name="Save as CSV")).to_have_attribute(
        "href", f"/api/v1/batches/{batch}/report.csv"
    )
    page.get_by_role("link", name="Decide 1 image").click()
    expect(page.get_by_role("heading", name="Is there an object?")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Bob: no box"))).to_be_visible()
    page.keyboard.press("1")  # there is, and of this class
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("decided", exact=True)).to_be_visible()
    task.refresh_from_db()
    assert (task.state, task.reviewer) == ("done", stage.cast.alice)
