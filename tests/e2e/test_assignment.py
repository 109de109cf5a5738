"""A manager spreads a batch with a due date and instructions; the labeller's bell rings, and the editor shows them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts.models import Member, Role, User
from label.models import InstructionPicture, Task
from notices.models import Notice
from tests.e2e.stage import Stage
from tests.factories import jpeg, make_user
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TEXT = "# Riders\n\nA rider **on** a bike is one box.<script>alert(1)</script>"


@pytest.fixture
def bobs(browser: Browser, stage: Stage, live_server: Any) -> Iterator[Page]:
    """Bob's window, at another machine."""
    client = Client()
    client.force_login(stage.cast.bob)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url, locale="en-GB", reduced_motion="reduce")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    yield page
    context.close()


def test_it_works(signed_in: Page, bobs: Page, stage: Stage, tmp_path: Path) -> None:
    dora = make_user("Dora")
    Member.objects.create(project=stage.cast.project, user=dora, role=Role.LABELLER)
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "Riders"})
    bobs.goto("/")
    expect(bobs.get_by_role("link", name="Notices")).to_be_visible()

    page, due = signed_in, datetime.now().astimezone().date() + timedelta(days=1)
    page.goto(f"/batches/{batch['id']}")
    write_instructions(page, tmp_path)
    page.get_by_role("button", name="Set a due date").click()
    page.get_by_label("Due date of the batch").fill(due.isoformat())
    expect(page.get_by_role("button", name="Due tomorrow")).to_be_visible()
    page.keyboard.press("Escape")
    spread(page, stage.cast.bob, dora)

    expect(bobs.get_by_role("link", name="1 unread notice")).to_be_visible()
    bobs.get_by_role("link", name="1 unread notice").click()
    bobs.get_by_role("link", name=re.compile(r"^Alice assigned \d+ tasks of Riders to you, due")).click()
    expect(bobs).to_have_url(re.compile(f"/batches/{batch['id']}$"))
    expect(bobs.get_by_text("Due tomorrow").first).to_be_visible()
    expect(bobs.get_by_role("button", name="Assign …")).to_have_count(0)
    bobs.get_by_role("button", name="Start labelling").click()
    read_instructions(bobs)
    until(lambda: Notice.objects.get(user=stage.cast.bob).read_at is not None)
    assert Task.objects.get(pk=int(bobs.url.rsplit("/", 1)[1])).assignee == stage.cast.bob


def write_instructions(page: Page, tmp_path: Path) -> None:
    """Markdown with a picture; the preview shows both, and no HTML."""
    (tmp_path / "rider.jpg").write_bytes(jpeg())
    page.get_by_role("button", name="Instructions").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Markdown").fill(TEXT)
    dialog.locator("input[type=file]").set_input_files(tmp_path / "rider.jpg")
    expect(dialog.get_by_role("img", name="rider")).to_be_visible()
    expect(dialog.get_by_role("heading", name="Riders", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Save as version 1").click()
    expect(dialog.get_by_role("button", name="Read")).to_have_attribute("aria-pressed", "true")
    assert InstructionPicture.objects.count() == 1
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def spread(page: Page, *people: User) -> None:
    """Over two people, the counts seen first."""
    page.get_by_role("button", name="Assign …").click()
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_label("People", exact=True)
    for person in people:
        field.fill(person.name)
        page.get_by_role("option", name=person.name).click()
    page.keyboard.press("Tab")
    total = Task.objects.count()
    for person in people:
        expect(dialog.get_by_role("row", name=re.compile(f"^{person.name} "))).to_be_visible()
    dialog.get_by_role("button", name=f"Assign {total} tasks").click()
    expect(dialog).to_have_count(0)
    counts = [Task.objects.filter(assignee=person).count() for person in people]
    assert sum(counts) == total
    assert max(counts) - min(counts) <= 1


def read_instructions(page: Page) -> None:
    """They open by themselves the first time, and by a key ever after."""
    panel = page.get_by_role("dialog", name="Instructions")
    expect(panel.get_by_text("A rider on a bike is one box.")).to_be_visible()
    expect(panel.get_by_role("img", name="rider")).to_be_visible()
    panel.get_by_role("button", name=re.compile("^Close")).or_(panel.locator("header button")).first.click()
    expect(panel).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Tools")).to_be_visible()
    expect(panel).to_have_count(0)
    page.keyboard.press("Shift+I")
    expect(panel.get_by_text("A rider on a bike is one box.")).to_be_visible()
