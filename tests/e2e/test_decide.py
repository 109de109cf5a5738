"""A batch's suggestions decided from a grid of crops, with keys alone: in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from curate.models import AutoCurate, Suggestion
from label.models import Task
from tests.e2e.stage import Stage, job
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def batch(stage: Stage) -> int:
    """All that a search doubted, sent to Label."""
    judges = stage.all(f"datasets/{stage.dataset}/evaluations")[0]["prediction_set"]["id"]
    asked = {"kind": "mislabels", "params": {"prediction_set": judges, "smallest_score": 0.02, "crops": False}}
    run = job(stage, f"datasets/{stage.dataset}/auto-curate", asked)["auto_curate"]
    sent = {"name": "Doubts", "slice": stage.slice, "auto_curate": run}
    number: int = stage.api("POST", "batches", sent)["id"]
    return number


def verdicts(run: AutoCurate) -> list[str]:
    """As the grid stood when it was loaded: the most certain first."""
    return list(run.suggestions.order_by("-score", "pk").values_list("verdict", flat=True))


def test_it_works(signed_in: Page, stage: Stage, batch: int) -> None:
    """Accept, reject, say the class, take back, look at the whole image, reject the rest, mark the images done."""
    page, run = signed_in, AutoCurate.objects.get(batches=batch)
    order = list(run.suggestions.order_by("-score", "pk").values_list("pk", flat=True))
    page.goto(f"/batches/{batch}")
    page.get_by_role("button", name="Decide on suggestions").wait_for()
    page.keyboard.press("s")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)

    page.keyboard.press("a")
    page.keyboard.press("r")
    page.keyboard.press("1")  # it is the first class
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("option", selected=True)).to_have_count(3)
    page.keyboard.press("r")
    page.keyboard.press("u")  # all three are open again
    page.keyboard.press("Space")
    expect(page.get_by_role("region", name="The whole image")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("all saved")).to_be_visible()
    found = dict(Suggestion.objects.values_list("pk", "verdict"))
    assert [found[pk] for pk in order[:6]] == ["accepted", "rejected", "corrected", *["pending"] * 3]
    changed = Task.objects.filter(batch=batch, boxes__isnull=False)
    assert changed.exists()  # the working copies, and not the labels
    expect(page.get_by_text(re.compile(rf"3 of {len(order)} decided"))).to_be_visible()

    page.keyboard.press("Shift+R")
    page.get_by_role("button", name=re.compile("^Reject all")).wait_for()
    page.keyboard.press("Enter")
    until(lambda: not run.suggestions.filter(verdict="pending").exists())
    page.get_by_role("button", name=re.compile("^Mark .* done")).click()
    until(lambda: Task.objects.filter(batch=batch, state="done").count() == len(set(images_of(run))))


def images_of(run: AutoCurate) -> list[int]:
    return list(run.suggestions.values_list("image_id", flat=True))
