"""Slices as sets, their difference, their manifest, and the way out of the platform, in a browser."""

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.stage import IMAGES, Stage, image_ids
from tests.factories import run_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PART = 5  # images that are in the smaller slice


@pytest.fixture
def part(stage: Stage) -> int:
    """A slice of a few images beside the one that has all."""
    ids = sorted(image_ids(stage).values())[:PART]
    made: int = stage.api("POST", f"datasets/{stage.dataset}/slices", {"name": "a few", "images": ids})["id"]
    return made


def test_it_works(signed_in: Page, stage: Stage, part: int) -> None:
    """Choose two slices, compare them, make a slice of the difference; its page says where it came from."""
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}/slices")
    page.get_by_label("Choose train v1").check()
    page.get_by_label("Choose a few").check()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="Only in train v1")).to_be_visible()
    expect(page.get_by_role("link", name=f"{IMAGES - PART} images")).to_be_visible()
    expect(page.get_by_role("link", name="0 images")).to_be_visible()
    page.get_by_role("button", name="Make a slice").first.click()
    page.get_by_label("Name").fill("the rest")
    page.get_by_role("button", name="Make the slice").click()
    expect(page.get_by_text(f"{IMAGES - PART} images", exact=True)).to_be_visible()
    expect(page.get_by_text("train v1 ∖")).to_be_visible()

    page.get_by_role("button", name="Freeze").click()
    page.get_by_role("dialog").get_by_role("button", name="Freeze").click()
    expect(page.get_by_text("· revision 1")).to_be_visible()


def test_a_slice_leaves_as_yolo(signed_in: Page, stage: Stage, part: int, tmp_path: Path) -> None:
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}/slices/{part}")
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export a few")
    dialog.get_by_role("combobox", name="Format").click()
    page.get_by_role("option", name="YOLO").click()
    dialog.get_by_label("With the image files").check()
    dialog.get_by_role("button", name="Export").click()
    expect(dialog.get_by_text("Waiting for a free worker")).to_be_visible()
    run_jobs()
    with page.expect_download() as started:
        dialog.get_by_role("link", name="Download").click()
    assert started.value.suggested_filename == "a-few-r1-yolo.zip"
    started.value.save_as(tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert sum(name.endswith(".jpg") for name in archive.namelist()) == PART
    expect(dialog.get_by_text("YOLO has no place for metadata weather (images: 5)")).to_be_visible()
    dialog.get_by_role("link", name="All exports").click()
    expect(page.get_by_role("link", name="Export a few as YOLO")).to_be_visible()


def test_what_is_selected_leaves_as_coco(signed_in: Page, stage: Stage, tmp_path: Path) -> None:
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}")
    expect(page.get_by_text(f"{IMAGES} images", exact=True)).to_be_visible()
    page.get_by_role("option").first.click()
    page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export 1 image")
    dialog.get_by_role("button", name="Export").click()
    expect(dialog.get_by_text("Waiting for a free worker")).to_be_visible()
    run_jobs()
    with page.expect_download() as started:
        dialog.get_by_role("link", name="Download").click()
    started.value.save_as(tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert len(json.loads(archive.read("annotations/instances_default.json"))["images"]) == 1


def test_two_slices_leave_as_training_and_validation(signed_in: Page, stage: Stage, part: int, tmp_path: Path) -> None:
    page = signed_in
    rest = sorted(image_ids(stage).values())[PART:]
    stage.api("POST", f"datasets/{stage.dataset}/slices", {"name": "for validation", "images": rest})
    page.goto(f"/datasets/{stage.dataset}/exports")
    page.get_by_text("Slices as splits").click()
    guessed = page.get_by_role("main").get_by_text(f"for validation ({IMAGES - PART})")
    expect(guessed.first).to_be_visible()  # by its name, as train v1 for training, which has all images
    page.get_by_role("combobox", name="Training").click()
    page.keyboard.press("Backspace")
    page.get_by_role("option", name="a few (5)").click()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Format").click()
    page.get_by_role("option", name="YOLO").click()
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_text("Waiting for a free worker")).to_be_visible()
    run_jobs()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    started.value.save_as(tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert len(archive.read("train.txt").splitlines()) == PART
        assert len(archive.read("val.txt").splitlines()) <= IMAGES - PART
