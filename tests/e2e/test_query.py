"""The query line in a browser: it completes, points at errors, sorts, and says when a query was stopped."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NotYet

from tests.e2e.stage import IMAGES, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def editor(page: Page) -> Locator:
    """The query line once it has become an editor."""
    page.get_by_label("Query", exact=True).click()
    line = page.locator(".cm-content[aria-label='Query']")
    expect(line).to_be_visible()
    return line


def choose(page: Page, name: str) -> None:
    """Take a completion by its name."""
    page.locator(".cm-completionLabel").get_by_text(name, exact=True).first.click()


def send(page: Page, words: str) -> None:
    """Close the completions and send the line; on a busy machine they may open just then, and take the Enter."""
    for _ in range(4):
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        try:
            page.wait_for_url(lambda url: words in parse_qs(urlsplit(url).query).get("q", [""])[0], timeout=10_000)
        except NotYet:
            continue
        return


def test_it_works(signed_in: Page, stage: Stage, settings: Any) -> None:
    """Complete a line with what the dataset knows, send it, break it, and run out of time."""
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}")
    page.get_by_text("Road scenes").first.click()
    expect(page.get_by_text(f"{IMAGES} images", exact=True)).to_be_visible()

    line = editor(page)
    line.press_sequentially("any(", delay=20)
    choose(page, "car")
    page.keyboard.type(", touch")
    choose(page, "touches_border")
    page.keyboard.press("End")
    page.keyboard.type(" order by weather desc")
    page.keyboard.press("Escape")  # closes the completions
    page.keyboard.press("Enter")
    asked = "any(car, touches_border) order by weather desc"
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("q") == [asked])
    found = stage.api("GET", f"datasets/{stage.dataset}/images/count?q={quote(asked)}")["count"]
    assert 0 < found < IMAGES
    expect(page.get_by_text(f"{found} images", exact=True)).to_be_visible()

    line.fill("any(car, aera < 5)")
    expect(page.get_by_role("alert")).to_contain_text("has no field “aera”")
    expect(page.locator(".cm-lintRange-error")).to_have_text("aera")

    settings.QUERY_BUDGET_SECONDS = 0.001
    line.fill(" and ".join(f"count(*, x1 > -{place}) != {place + 1}" for place in range(100)))
    send(page, "count(")
    expect(page.get_by_text("was stopped after 0.001 s").first).to_be_visible()
