"""Images without labels: chosen, looked at with their reasons and cost, sent to Label in that order: in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from curate.models import AutoCurate
from dataset.models import Annotation, Image
from label.models import Task
from tests.e2e.stage import Stage, image_ids, job
from tests.factories import run_jobs
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def waiting(stage: Stage) -> list[int]:
    """Half of the images lose their labels."""
    ids = sorted(image_ids(stage).values())[::2]
    Annotation.objects.filter(image_id__in=ids).delete()
    Image.objects.filter(pk__in=ids).update(labelled_since=None)
    return ids


def test_it_works(signed_in: Page, stage: Stage, waiting: list[int]) -> None:
    """Choose three images, read why, send them to Label: the tasks stand in the order of the choice."""
    page = signed_in
    page.goto(f"/curate/{stage.dataset}")
    page.get_by_role("button", name="Auto-curate").first.click()
    page.get_by_role("menuitem", name=re.compile("^Choose what to label")).click()
    page.get_by_label("Images at most", exact=True).fill("3")
    page.get_by_role("button", name="Choose images").click()
    until(AutoCurate.objects.filter(kind="label_selection").exists)
    (done,) = run_jobs()
    assert done.state == "succeeded", done.error
    run = AutoCurate.objects.get(kind="label_selection")
    page.goto(f"/curate/{stage.dataset}/auto/{run.pk}")

    shown = page.get_by_role("list", name="Chosen images").get_by_role("listitem")
    expect(shown).to_have_count(3)
    expect(page.get_by_text(f"3 of {len(waiting)} images without labels", exact=False)).to_be_visible()
    page.get_by_role("button", name="Send 3 images to Label").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Send")).click()
    until(lambda: Task.objects.count() == 3)
    sent = list(Task.objects.order_by("position").values_list("image_id", flat=True))
    picks = stage.all(f"auto-curates/{run.pk}/images")
    assert sent == [pick["image"]["id"] for pick in picks]
    assert set(sent) <= set(waiting)


def test_with_predictions_it_says_what_labelling_takes(signed_in: Page, stage: Stage, waiting: list[int]) -> None:
    page = signed_in
    seen = stage.all(f"datasets/{stage.dataset}/evaluations")[0]["prediction_set"]["id"]
    asked = {"kind": "label_selection", "params": {"prediction_set": seen, "budget": 4}}
    found = job(stage, f"datasets/{stage.dataset}/auto-curate", asked)
    page.goto(f"/curate/{stage.dataset}/auto/{found['auto_curate']}")
    expect(page.get_by_text(re.compile(r"^about \d+ .* an image; the pool has"))).to_be_visible()
    expect(page.get_by_text(re.compile("expected; .* for as many images at random"))).to_be_visible()
    expect(page.get_by_text("assumed, until ten tasks in Label are measured")).to_be_visible()
    expect(page.get_by_role("table", name="Classes")).to_be_visible()
