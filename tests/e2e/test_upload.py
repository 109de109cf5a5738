"""Uploading a folder from the browser: over a connection that is lost, and on after a reload."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from dataset.models import Dataset, Upload
from dataset.services import uploads
from tests.dataset.folders import yolo_folder
from tests.factories import run_jobs

if TYPE_CHECKING:
    from tests.e2e.stage import Stage

pytestmark = pytest.mark.browser
PARTS = "**/api/v1/uploads/*/parts?*"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dataset that takes several parts."""
    monkeypatch.setattr(uploads, "PART", 700)
    monkeypatch.setattr(uploads, "SMALLEST_PART", 100)
    return yolo_folder(tmp_path / "my street")


@pytest.fixture
def form(signed_in: Page, stage: "Stage") -> Page:
    """The form for a new import, set to files from here."""
    signed_in.goto(f"/datasets/{stage.dataset}/imports")
    signed_in.get_by_text("Files from here").click()
    return signed_in


class Network:
    """Lets so many parts through, then none until it is mended."""

    def __init__(self, page: Page, lets_through: int) -> None:
        self.left = lets_through
        page.route(PARTS, self.answer)

    def answer(self, route: Route) -> None:
        self.left -= 1
        if self.left < 0:
            route.abort()
        else:
            route.continue_()


def choose(page: Page, folder: Path) -> None:
    page.get_by_label("Choose a folder").first.set_input_files(folder)


def test_a_folder_over_a_connection_that_is_lost(form: Page, stage: "Stage", folder: Path) -> None:
    network = Network(form, 2)
    choose(form, folder)
    expect(form.get_by_text("my street", exact=True)).to_be_visible()
    expect(form.get_by_text("6 files")).to_be_visible()
    form.get_by_role("button", name="Import", exact=True).click()
    expect(form.get_by_text("The connection is lost.")).to_be_visible()
    form.get_by_role("link", name="Images").first.click()  # it goes on meanwhile
    form.go_back()
    expect(form.get_by_role("progressbar", name="Uploading my street")).to_be_visible()
    network.left = 1000
    expect(form.get_by_role("progressbar", name="Uploading my street")).to_be_hidden()
    before = Dataset.objects.get(pk=stage.dataset).image_count
    (job,) = run_jobs()
    assert job.result["images"]["added"] == 3
    assert Dataset.objects.get(pk=stage.dataset).image_count == before + 3
    expect(form.get_by_text("Import my street into Road scenes").first).to_be_visible()


def test_it_goes_on_after_a_reload(form: Page, folder: Path) -> None:
    form.on("dialog", lambda dialog: dialog.accept())  # "Leave the page?"
    Network(form, 2)
    choose(form, folder)
    form.get_by_role("button", name="Import", exact=True).click()
    expect(form.get_by_text("The connection is lost.")).to_be_visible()
    form.reload()
    form.unroute(PARTS)
    form.get_by_text("Files from here").click()
    expect(form.get_by_text("Not finished")).to_be_visible()
    assert Upload.objects.get().offset == 1400
    choose(form, folder)
    expect(form.get_by_text("it goes on from there")).to_be_visible()
    form.get_by_role("button", name="Import", exact=True).click()
    expect(form.get_by_role("heading", name="Import my street into Road scenes")).to_be_visible()
    (job,) = run_jobs()
    assert (job.state, job.result["images"]["added"]) == ("succeeded", 3)


def test_an_unfinished_one_can_be_removed(form: Page, folder: Path) -> None:
    Network(form, 1)
    choose(form, folder)
    form.get_by_role("button", name="Import", exact=True).click()
    expect(form.get_by_text("The connection is lost.")).to_be_visible()
    form.get_by_role("button", name="Stop").click()
    form.get_by_role("button", name="Remove the upload my street").click()
    expect(form.get_by_text("Not finished")).to_be_hidden()
    assert not Upload.objects.exists()
