"""Help from the detector in a browser: a ghost taken, undone and done again, and what came of it on the batch page.

The detector is a tiny exported network that the serving process really asks: a few boxes an image.
"""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from label.assists.models import Assist
from model.models import Checkpoint, ExportedForm
from storage import blobs
from tests.e2e.stage import Stage
from tests.model.endpoints.scene import SIDE, serving, tiny_network

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CLASSES = ("car", "truck")


@pytest.fixture
def checkpoint(stage: Stage, tmp_path: Path) -> Checkpoint:
    """Uploaded weights of Alice's project, exported."""
    made = Checkpoint.objects.create(
        project=stage.cast.project, name="night shift", kind="uploaded", architecture="road11t", classes=list(CLASSES),
        location="blobs/none/weights.pt", sha256="1" * 64, size=1, imgsz=SIDE,
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "form.zip", "w") as archive:
        archive.writestr("model.onnx", tiny_network(CLASSES))
    blob = blobs.put_file(tmp_path / "form.zip", suffix=".zip")
    ExportedForm.objects.create(
        project=stage.cast.project, checkpoint=made, form="onnx", imgsz=SIDE, allowed_drop=0.001, verdict="passed",
        location=blob.key, sha256=blob.sha256, size=blob.size, finished_at=timezone.now(),
    )  # fmt: skip
    return made


def test_it_works(signed_in: Page, stage: Stage, checkpoint: Checkpoint, settings: Any) -> None:
    page = signed_in
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "With help"})
    task = stage.all(f"batches/{batch['id']}/tasks")[0]

    page.goto(f"/tasks/{task['id']}")
    expect(page.get_by_role("listbox", name="Boxes")).to_be_visible()
    page.keyboard.press("Shift+b")
    bar = page.get_by_role("region", name="Click on objects")
    expect(bar.get_by_text("There is no detector yet")).to_be_visible()

    page.goto(f"/batches/{batch['id']}")
    page.get_by_text("Help from the detector").click()
    page.get_by_role("combobox", name="Proposes boxes").click()
    page.get_by_role("option", name="night shift").click()
    expect(page.locator("#main").get_by_text("night shift", exact=True)).to_be_visible()

    with serving(settings):
        page.goto(f"/tasks/{task['id']}")
        boxes = page.get_by_role("listbox", name="Boxes").get_by_role("option")
        expect(boxes).to_have_count(task["boxes"])
        take_ghosts(page, boxes, task["boxes"])

    expect(page.get_by_text(re.compile("^saved"))).to_be_visible()
    page.goto(f"/batches/{batch['id']}")
    page.get_by_text("Help from the detector").click()
    row = page.get_by_role("row", name="All boxes of the detector")
    expect(row).to_contain_text("100%")
    fates = sorted(Assist.objects.values_list("kind", "fate"))
    assert fates == [("fill", "unchanged")]


def take_ghosts(page: Page, boxes: Any, before: int) -> None:
    """A ghost, taken by its key and undone in one step."""
    page.keyboard.press("Shift+g")
    bar = page.get_by_role("region", name="Boxes of the detector")
    expect(bar.get_by_text(re.compile(r"^\d box"))).to_be_visible()
    page.keyboard.press("a")
    expect(boxes).to_have_count(before + 1)
    page.keyboard.press("Control+z")
    expect(boxes).to_have_count(before)
    page.keyboard.press("Control+Shift+z")
    expect(boxes).to_have_count(before + 1)
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
