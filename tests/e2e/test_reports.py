"""The report of a diagnosis, prepared, opened and read in a browser."""

import pytest
from playwright.sync_api import Page, expect

from curate.reports import preparation
from tests.e2e.stage import Stage
from tests.factories import run_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_it_works(signed_in: Page, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large evaluation the menu waits for the job; the file that opens is drawn and asks for nothing."""
    monkeypatch.setattr(preparation, "SMALL", 0)
    page = signed_in
    page.goto(f"/evaluations/{stage.evaluation}")
    with page.expect_response(lambda one: one.request.method == "POST" and one.url.endswith("/report")):
        page.get_by_role("button", name="Report").click()
    link = page.get_by_role("menuitem", name="Open the report")
    expect(link).to_be_disabled()
    run_jobs()
    expect(link).to_be_enabled()

    asked: list[str] = []
    said: list[str] = []
    with page.context.expect_page() as opened:
        link.click()
    file = opened.value
    file.wait_for_load_state()
    file.on("request", lambda request: asked.append(request.url))
    file.on("console", lambda message: said.append(message.text))
    file.reload()
    expect(file.get_by_role("heading", name="Confusion matrix")).to_be_visible()
    assert [one for one in asked if not one.startswith("data:")] == [file.url]
    assert said == []  # such as what the policy kept out
    shown = "() => [...document.images].length + [...document.querySelectorAll('svg image')].length"
    assert file.evaluate(shown) > 3
    assert file.evaluate("() => getComputedStyle(document.querySelector('main')).maxWidth") == "1000px"
    assert file.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
