"""The guided loop: from the button on a dataset's page to the next step, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from dataset.models import Slice
from tests.e2e.stage import Stage
from tests.factories import run_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """The button leads to the first step; it starts a job, whose end brings the next one; that is skipped."""
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}")
    page.get_by_role("link", name="Improve").click()
    expect(page).to_have_url(re.compile(f"/datasets/{stage.dataset}/improve$"))
    expect(page.get_by_role("heading", name="Split the images into training and validation")).to_be_visible()
    expect(page.locator("li[aria-current=step]")).to_have_text(re.compile("Split"))

    page.get_by_role("button", name="Split the images").click()
    expect(page.get_by_role("region", name="In progress")).to_be_visible()
    assert [job.state for job in run_jobs()] == ["succeeded"]
    expect(page.get_by_role("heading", name="Train a baseline")).to_be_visible()
    expect(page.locator("li[aria-current=step]")).to_have_text(re.compile("Train"))
    made = Slice.objects.filter(dataset=stage.dataset, origin__kind="auto_curate")
    assert sorted(made.values_list("name", flat=True)) == ["train", "validation"]

    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("heading", name="No step is left")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Train a baseline").click()  # taken up again
    expect(page.get_by_role("button", name="Train the baseline")).to_be_visible()
