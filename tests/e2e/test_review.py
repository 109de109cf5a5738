"""Doubtful labels under review: forecast, verdicts by key, ranking, stop rule, the finder tested: in a browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from curate.models import AutoCurate, Suggestion
from dataset.models import Annotation
from jobs.models import Job
from tests.e2e.stage import Stage, job
from tests.factories import run_jobs
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def run(stage: Stage) -> AutoCurate:
    """A search that judged by the predictions of the stage, and kept all that it doubted."""
    judges = stage.all(f"datasets/{stage.dataset}/evaluations")[0]["prediction_set"]["id"]
    asked = {"kind": "mislabels", "params": {"prediction_set": judges, "smallest_score": 0.02, "crops": False}}
    found = job(stage, f"datasets/{stage.dataset}/auto-curate", asked)
    return AutoCurate.objects.get(pk=found["auto_curate"])


def lead(page: Page) -> Locator:
    return page.get_by_text(re.compile(r"^In \d+ min you will mend about"))


def test_it_works(signed_in: Page, stage: Stage, run: AutoCurate) -> None:
    """See what half an hour brings, give verdicts by key, see the forecast, the order and the stop rule follow."""
    page = signed_in
    page.goto(f"/curate/{stage.dataset}/auto/{run.pk}")
    expect(lead(page)).to_be_visible()
    before = lead(page).inner_text()
    expect(page.get_by_text(re.compile("after that fewer than 20% are"))).to_be_visible()
    page.get_by_label("Minutes of review").fill("1")
    expect(page.get_by_text(re.compile("^In 1 min you"))).to_be_visible()
    page.get_by_label("Minutes of review").fill("30")
    expect(lead(page)).to_have_text(before)

    kind, count = most_frequent(run)
    looks = min(count - 2, 12)
    scores = dict(run.suggestions.values_list("pk", "score"))
    page.get_by_text(re.compile(f"^{NAMES[kind]} ")).first.click()
    first = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Accept")).first
    first.focus()
    for _ in range(looks):
        page.keyboard.press("a")  # accept, and go on to the next
    until(lambda: run.suggestions.filter(verdict="accepted").count() == looks)
    expect(page.get_by_text(re.compile(f"{looks} errors mended in {looks} looks"))).to_be_visible()
    expect(page.get_by_text(re.compile("Promised for that time"))).to_be_visible()
    expect(lead(page)).not_to_have_text(before)
    run.refresh_from_db()
    assert run.report["promise"]["curve"]

    page.get_by_text(re.compile("^All ")).first.click()
    page.get_by_role("button", name="Rank anew").click()
    left = dict(run.suggestions.filter(kind=kind, verdict="pending").values_list("pk", "score"))
    assert sum(left.values()) > 1.2 * sum(scores[pk] for pk in left)  # what was accepted speaks for the others


NAMES = {"wrong_class": "Wrong class", "missing": "Missing", "spurious": "Spurious", "badly_drawn": "Badly drawn"}


def most_frequent(run: AutoCurate) -> tuple[str, int]:
    kinds = list(run.suggestions.exclude(reason_code="labelled_twice").values_list("kind", flat=True))
    kind = max(set(kinds), key=kinds.count)
    return kind, kinds.count(kind)


def test_the_finder_is_tested_by_a_button(signed_in: Page, stage: Stage, run: AutoCurate) -> None:
    """Errors are planted in a copy of the labels; the table says which were found, and no label has changed."""
    page, labels = signed_in, Annotation.objects.count()
    page.goto(f"/curate/{stage.dataset}/auto/{run.pk}")
    page.get_by_role("button", name="Test the finder on your labels").click()
    until(lambda: Job.objects.filter(kind="test_finder").exists())
    (done,) = run_jobs()
    assert done.state == "succeeded", done.error
    kinds = page.get_by_role("table", name="By kind of error")
    expect(kinds.get_by_role("row", name=re.compile("^Wrong class"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Finds \d+% \[\d+, \d+\] of "))).to_be_visible()
    expect(page.get_by_role("table", name="By class")).to_be_visible()
    page.get_by_text(re.compile("^Score from 0.5")).click()
    expect(kinds).to_be_visible()
    assert Annotation.objects.count() == labels
    assert Suggestion.objects.count() == run.suggestions.count()
