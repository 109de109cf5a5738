"""A page that watches a job shows how far it is as it goes on, and asks for nothing meanwhile."""

import pytest
from playwright.sync_api import Page, expect

from jobs import services
from jobs.sentences import Sentence
from tests.e2e.stage import Stage
from tests.jobs.streams import started

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
STEPS = 15  # reports, each of which a page that polls would ask for
ARRIVING = 5  # of them, in which the page may still read what it shows


def test_it_works(signed_in: Page, stage: Stage) -> None:
    page, cast, step = signed_in, stage.cast, 0
    job = services.enqueue(kind="test_add", project=cast.project, author=cast.alice, params={}, title="Train it")
    report = started(job)
    page.goto(f"/jobs/{job.pk}")
    expect(page.get_by_role("button", name="1 job running: Train it")).to_be_visible()
    asked: list[tuple[int, str]] = []
    page.on("request", lambda request: asked.append((step, request.url)))
    for step in range(1, STEPS + 1):
        report(step / 20, Sentence.of("test_epoch", "Epoch {step} of 20", step=step))
        report.log(f"loss of epoch {step}")
        report.write()
        expect(page.get_by_text(f"Epoch {step} of 20").first).to_be_visible()
        expect(page.get_by_role("log").get_by_text(f"loss of epoch {step}", exact=False).last).to_be_visible()
    later = [address for step, address in asked if step > ARRIVING]
    assert len(later) <= 2, later  # something may still have been under way

    job.succeed("here", {"sum": 3})
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    expect(page.get_by_role("button", name="1 job running")).to_have_count(0)
