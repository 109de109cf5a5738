"""A search in a browser: pictures under its settings, what it takes and can tell, and its verdict against the noise."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from jobs.models import Job
from model import tasks as model_tasks
from model.augmentations.showing import keep
from model.models import Run, SettingsSearch, Trial
from tests.e2e.stage import Stage

assert model_tasks
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
REPEATS = [0.40, 0.41, 0.42]
TRIALS = [0.43, 0.30, None, 0.62]  # the third is given up


def drawn(stage: Stage) -> None:
    """Answer the waiting job as its worker would, with one plain picture eight times."""
    job = Job.objects.get(kind="show_augmentations", state="queued")
    out = BytesIO()
    Image.new("RGB", (96, 96), (90, 110, 90)).save(out, "JPEG")
    car = stage.api("GET", f"datasets/{stage.dataset}")["classes"][0]["id"]
    boxes = [{"box": [10.0, 10.0, 60.0, 50.0], "class_id": car, "ignored": False}]
    keep(job, [{"width": 96, "height": 96, "boxes": boxes, "jpeg": out.getvalue()} for _ in range(8)])
    job.claim("test")
    job.succeed("test", {"pictures": 8})


def told(search: SettingsSearch, trials: list[float | None]) -> None:
    """Trainings as if they had been done, one after the other."""
    for one, value in zip(search.tried.order_by("number"), REPEATS, strict=True):
        finished(one, value)
    like = Run.objects.filter(trial__search=search).order_by("pk").first()
    for number, found in enumerate(trials, start=1):
        run = Run.objects.get(pk=like.pk)
        run.pk, run.name, run.seed = None, f"{search.name} trial {number}", 50 + number
        run.save(force_insert=True)
        values = {"lr0": 0.0005 * 3**number}
        one = Trial.objects.create(search=search, kind="trial", number=number, values=values, run=run)
        finished(one, found)


def finished(one: Trial, value: float | None) -> None:
    Trial.objects.filter(pk=one.pk).update(
        state="pruned" if value is None else "complete", value=value, curve=[0.1, 0.2], seconds=40
    )


def test_it_works(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    ids = sorted(row["id"] for row in stage.all(f"datasets/{stage.dataset}/images?limit=200"))
    for name, images in {"roads": ids[:10], "judged on": ids[10:]}.items():
        stage.api("POST", f"datasets/{stage.dataset}/slices", {"name": name, "images": images})

    page.goto(f"/model/{stage.dataset}/searches")
    page.get_by_role("button", name="New search").first.click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Better settings")
    show = page.get_by_role("button", name="Show 8 pictures")
    expect(show).to_be_disabled()
    expect(page.get_by_text("Choose training slices first.")).to_be_visible()
    page.get_by_role("combobox", name="Training slices").click()
    page.get_by_role("option", name=re.compile("^roads")).click()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Validation slice").click()
    page.get_by_role("option", name=re.compile("^judged on")).click()

    # What the network sees, drawn by the job; one of them large, the next by the arrow key.
    show.click()
    expect(page.get_by_text("Waiting for a free worker").first).to_be_visible()
    drawn(stage)
    page.get_by_role("button", name="Enlarge picture 2, 1 box").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Picture 2 of 8 · 96 × 96")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text("Picture 3 of 8 · 96 × 96")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Show others")).to_be_visible()

    # What is searched for, and what so few repeats can tell.
    page.get_by_label("Trials", exact=True).fill("4")
    page.get_by_label("Repeats", exact=True).fill("3")
    expect(
        page.get_by_text(re.compile(r"a trial counts as better where it lies 5\.\d+ standard deviations"))
    ).to_be_visible()
    page.get_by_label("To", exact=True).fill("0.00001")
    expect(page.get_by_text("Before it can start, it needs: a setting with a whole range.")).to_be_visible()
    page.get_by_label("To", exact=True).fill("0.05")
    page.get_by_role("button", name="Start the search").click()
    expect(page).to_have_url(re.compile(r"/searches/\d+$"))
    expect(page.get_by_text("0 of 3 repeats of the unchanged settings are judged.")).to_be_visible()

    # The best so far lies inside the noise; then one lies above it.
    search = SettingsSearch.objects.get()
    told(search, TRIALS[:3])
    Job.objects.get(pk=search.job_id).claim("test")
    page.reload()
    expect(page.get_by_text("No trial is better than what another seed brings.")).to_be_visible()
    table = page.get_by_role("table", name="Trainings")
    expect(table.get_by_text("inside the noise")).to_have_count(2)
    expect(table.get_by_text("ended early after 2 of 20 epochs")).to_be_visible()
    Trial.objects.filter(kind="trial").delete()
    Run.objects.filter(name__contains=" trial ").delete()
    told(search, TRIALS)
    Job.objects.get(pk=search.job_id).succeed("test", {})
    page.reload()
    expect(page.get_by_text("Trial 4 is better than what another seed brings: +21.0")).to_be_visible()
    expect(table.get_by_text("above the noise")).to_have_count(1)
    expect(page.get_by_role("figure", name="mAP by lr0")).to_be_visible()

    page.get_by_role("button", name="More trials").click()
    expect(page.get_by_role("dialog").get_by_label("Trials in all")).to_have_value("14")
    page.get_by_role("dialog").get_by_role("button", name="More trials").click()
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_visible()
    page.goto(f"/model/{stage.dataset}/searches")
    expect(page.get_by_role("cell", name="4 of 14")).to_be_visible()
