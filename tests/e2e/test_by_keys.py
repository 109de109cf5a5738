"""The grid by keys, and what is said when the session or the server is gone: in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """Skip to the page, go to the query line and out of it again both ways; nothing calls the focus back."""
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}")
    expect(page.get_by_role("option").first).to_be_visible()
    page.get_by_role("link", name="Skip to the page").focus()  # the grid has the focus at once
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    line = page.get_by_role("textbox", name="Query")
    page.keyboard.press("/")
    expect(line).to_be_focused()
    page.keyboard.press("Tab")  # before the editor has come
    expect(line).not_to_be_focused()
    page.keyboard.press("/")
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.type("width > 1")
    page.keyboard.press("Escape")  # the list of completions
    page.keyboard.press("Escape")
    expect(page.locator(".cm-content")).not_to_be_focused()
    page.keyboard.press("/")
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".cm-content")).not_to_be_focused()


def test_a_session_that_ends_asks_once_and_leads_back(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    address = f"/datasets/{stage.dataset}?q={'width%20%3E%201'}"
    page.goto(address)
    expect(page.get_by_role("option").first).to_be_visible()
    page.context.clear_cookies()  # as when it has ended
    page.get_by_text("Objects", exact=True).first.click()
    page.wait_for_url(re.compile(r"/login\?next="))
    assert page.url.count("login") == 1
    page.get_by_label("Email").fill(stage.cast.alice.email)
    page.get_by_role("textbox", name="Password").fill(stage.password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/datasets/{stage.dataset}\?.*view=objects"))
    expect(page.get_by_role("option").first).to_be_visible()
    assert "width" in page.url


def test_a_lost_server_is_said_once_on_the_grid(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}")
    expect(page.get_by_role("option").first).to_be_visible()
    page.route("**/api/v1/**", lambda route: route.abort())
    page.get_by_text("Objects", exact=True).first.click()
    expect(page.get_by_text(re.compile("^The server does not answer")).first).to_be_visible()
    page.unroute("**/api/v1/**")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(page.get_by_text(re.compile("^The server does not answer"))).to_have_count(0)
