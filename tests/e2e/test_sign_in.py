"""Signing in by hand; the other tests come with a session."""

from playwright.sync_api import Page, expect

from tests.e2e.stage import Stage


def test_it_works(page: Page, stage: Stage) -> None:
    page.goto(f"/datasets/{stage.dataset}")
    fill(page, stage, "not the password")
    expect(page.get_by_text("do not go together")).to_be_visible()
    fill(page, stage, stage.password)
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.url.endswith(f"/datasets/{stage.dataset}"), "the page that was asked for"


def fill(page: Page, stage: Stage, password: str) -> None:
    page.get_by_label("Email").fill(stage.cast.alice.email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.keyboard.press("Enter")
