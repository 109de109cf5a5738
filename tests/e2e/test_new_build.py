"""The front end is built anew while somebody has it open: the files that the open page would still ask for are gone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class NextBuild:
    """What the server answers from now on: pages that begin with another script, and not all of the old files."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.opened = 0  # times that the browser itself went to a page

    def comes(self, gone: str) -> None:
        """`gone` matches the files that are not there, until the page is loaded anew."""
        self.page.route(re.compile(gone), self.answer_file)
        self.page.route(re.compile(r"^https?://[^/]+/(?!api/|assets/|static/)"), self.answer_page)

    def answer_file(self, route: Route) -> None:
        if self.opened:
            route.continue_()
        else:
            route.fulfill(status=404)

    def answer_page(self, route: Route) -> None:
        if route.request.is_navigation_request():
            self.opened += 1
            route.continue_()
        else:
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace("/assets/index-", "/assets/index-next"))


@pytest.fixture
def next_build(signed_in: Page) -> Iterator[NextBuild]:
    yield NextBuild(signed_in)
    signed_in.unroute_all(behavior="ignoreErrors")


def test_the_page_that_is_gone_to_comes_from_the_next_build(
    signed_in: Page, next_build: NextBuild, stage: Stage
) -> None:
    signed_in.goto("/")
    jobs = signed_in.get_by_role("navigation", name="Places").get_by_role("link", name="Jobs")
    expect(jobs).to_be_visible()
    next_build.comes(gone="/assets/JobsPage-")
    jobs.click()
    expect(signed_in.get_by_role("main").get_by_text("Import").first).to_be_visible()
    assert (signed_in.url.endswith("/jobs"), next_build.opened) == (True, 1)


def test_what_was_typed_stays_where_only_a_part_is_gone(signed_in: Page, next_build: NextBuild, stage: Stage) -> None:
    signed_in.goto(f"/datasets/{stage.dataset}")
    line = signed_in.get_by_label("Query", exact=True)
    expect(line).to_be_visible()
    next_build.comes(gone="/assets/QueryEditor-")
    line.fill("count(car) > 1")
    expect(signed_in.get_by_role("alert")).to_contain_text("A newer version of Halfday is there")
    expect(line).to_have_value("count(car) > 1")
    assert next_build.opened == 0
    signed_in.get_by_role("button", name="Load anew").click()
    expect(line).to_be_visible()
    assert next_build.opened == 1
