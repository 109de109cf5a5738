"""All evaluations of a project in a browser, and a new one from a results file, without leaving the page."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.scenes import CLASSES
from tests.e2e.stage import IMAGES, Stage, xywh
from tests.factories import run_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def results_file(stage: Stage, folder: Path) -> tuple[Path, int]:
    """Every true box as a prediction, in an order of its own numbers, and one of a class that nobody knows."""
    found = [
        {"image_id": scene.key, "category_id": CLASSES[int(of)], "bbox": xywh(box), "score": 0.9}
        for scene in stage.scenes
        for box, of in zip(scene.boxes, scene.classes, strict=True)
    ]
    path = folder / "perfect.json"
    path.write_text(json.dumps([*found, {**found[0], "category_id": "zebra"}]))
    return path, len(found)


def test_it_works(signed_in: Page, stage: Stage, tmp_path: Path) -> None:
    """Open a point's evaluation; bring a results file, read what was skipped, evaluate it, see its point; delete it."""
    page = signed_in
    page.goto("/")
    page.get_by_role("link", name="Evaluations over runs").click()
    point = page.get_by_role("link", name=re.compile(r"^Detector of last week: mAP \d"))
    point.click()
    expect(page).to_have_url(re.compile(rf"/evaluations/{stage.evaluation}$"))
    page.go_back()

    page.get_by_role("button", name="New evaluation").click()
    page.get_by_text("A results file", exact=True).click()
    path, boxes = results_file(stage, tmp_path)
    page.locator('input[type="file"]').first.set_input_files(path)
    page.get_by_role("button", name="Bring the file").click()
    expect(page.get_by_role("progressbar", name=re.compile("^Import predictions perfect"))).to_be_attached()
    assert [job.state for job in run_jobs()] == ["succeeded"]
    expect(page.get_by_text(f"{boxes} of {boxes + 1} predictions came in, on {IMAGES} images.")).to_be_visible()
    expect(page.get_by_text("category_id zebra is not a class of the dataset")).to_be_visible()
    expect(page.get_by_text(f"{IMAGES} images with {boxes} labelled boxes at r1.")).to_be_visible()
    page.get_by_role("button", name="Evaluate", exact=True).click()
    expect(page).to_have_url(re.compile(r"/evaluations/\d+$"))
    assert [job.state for job in run_jobs()] == ["succeeded"]
    expect(page.get_by_text("100.0").first).to_be_visible()

    page.goto(f"/projects/{stage.cast.project.pk}/evaluations")
    expect(page.get_by_role("link", name=re.compile(r"^perfect: mAP 100\.0"))).to_be_visible()
    page.get_by_label(re.compile("^Choose perfect")).check()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("link", name=re.compile("^perfect"))).to_have_count(0)
    expect(point).to_be_visible()
