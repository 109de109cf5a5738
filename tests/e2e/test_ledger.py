"""The ledger in a browser: first on the project's page, its lines lead on, and it can be kept as a file."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from dataset.models import Dataset, Slice
from model.models import Run
from tests.curate.history.scene import checkpoint_of, make_run, predictions_of
from tests.e2e.stage import Stage, job
from tests.factories import run_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def iterated(stage: Stage) -> tuple[Run, Run]:
    """A baseline, a label corrected by hand, a run from it and its control; nothing is trained. Returns both."""
    ids = sorted(row["id"] for row in stage.all(f"datasets/{stage.dataset}/images?limit=200"))
    slices = [
        stage.api("POST", f"datasets/{stage.dataset}/slices", {"name": name, "images": images})["id"]
        for name, images in (("roads", ids[:10]), ("judged on", ids[10:]))
    ]
    train, validation = (Slice.objects.get(pk=pk) for pk in slices)
    dataset = Dataset.objects.get(pk=stage.dataset)
    baseline = judged(stage, make_run(dataset, [train], validation, name="baseline"), 2)
    start = checkpoint_of(baseline)
    control = judged(stage, make_run(dataset, [train], validation, name="control", start=start), 3)
    image = stage.api("GET", f"images/{ids[0]}")
    other = next(
        one["id"]
        for one in stage.api("GET", f"datasets/{stage.dataset}")["classes"]
        if one["id"] != image["annotations"][0]["class_id"]
    )
    edit = {"op": "set", "image": ids[0], "object_id": image["annotations"][0]["object_id"], "class_id": other}
    body = {"on": 1, "message": "One label put right", "edits": [edit]}
    stage.api("POST", f"datasets/{stage.dataset}/edits", body)
    corrected = judged(stage, make_run(dataset, [train], validation, name="corrected", start=start), 5)
    Run.objects.filter(pk=control.pk).update(control_of=corrected)
    return corrected, control


def judged(stage: Stage, run: Run, found: int) -> Run:
    """The run with its evaluation on the images of its validation slice."""
    images = list(run.validation_slice.slice_images.values_list("image", flat=True))
    dataset = Dataset.objects.get(pk=stage.dataset)
    predicted = predictions_of(run, dataset, list(dataset.images.filter(pk__in=images)), found)
    ended = job(stage, "evaluations", {"prediction_set": predicted.pk})
    Run.objects.filter(pk=run.pk).update(
        evaluation_id=ended["evaluation"],
        started_at=run.created_at,
        finished_at=run.created_at,
        created_by=User.objects.get(pk=stage.cast.alice.pk),
    )
    run.refresh_from_db()
    return run


def test_it_works(signed_in: Page, stage: Stage, tmp_path: Path) -> None:
    """From the project's page to the ledger, compare with the control there, follow a line, keep it as HTML."""
    page = signed_in
    page.goto(f"/projects/{stage.cast.project.pk}")
    expect(page.get_by_role("heading", name="No iteration yet")).to_be_visible()

    corrected, _ = iterated(stage)
    page.reload()
    table = page.get_by_role("table", name="Iterations")
    row = table.get_by_role("row", name=re.compile("corrected"))
    expect(row).to_contain_text("1 label")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Iterations")
    row.get_by_role("link", name="corrected").click()
    expect(page).to_have_url(re.compile(rf"/runs/{corrected.pk}/ledger$"))

    steps = page.get_by_role("list", name="Steps of the iteration")
    expect(steps.get_by_role("heading")).to_have_text(
        ["Weakness found", "Labels corrected", "Data", "Runs", "Gain in mAP"]
    )
    expect(page.get_by_text("not compared yet").first).to_be_visible()
    page.get_by_role("button", name="Compare with control").click()
    expect(page.get_by_role("link", name="See how far it is")).to_be_visible()
    assert [one.state for one in run_jobs()] == ["succeeded"]
    expect(steps.get_by_role("link", name=re.compile(r"^Over control, the control.*\[.*\]"))).to_be_visible()
    expect(page.get_by_role("link", name="Diagnose this run")).to_be_visible()

    with page.expect_download() as kept:
        page.get_by_role("link", name="Download HTML").click()
    kept.value.save_as(tmp_path / "ledger.html")
    html = (tmp_path / "ledger.html").read_text(encoding="utf-8")
    assert "One label put right" in html

    steps.get_by_role("link", name=re.compile("One label put right")).click()
    expect(page).to_have_url(re.compile(rf"/datasets/{stage.dataset}/revisions/2$"))
