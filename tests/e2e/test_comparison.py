"""From the difference of two detectors to the crops behind it, and three of them in one table, in a browser."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from curate.models import Comparison, Match
from tests.e2e.stage import CONFUSED, Stage, job, predictions
from tests.factories import run_jobs

FILLS = 30  # objects that the window has room for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def later(stage: Stage, settings) -> int:  # type: ignore[no-untyped-def]
    """Another detector's evaluation: it errs elsewhere."""
    return another(stage, settings, "Detector of this week", seed=77)


def another(stage: Stage, settings, name: str, seed: int) -> int:  # type: ignore[no-untyped-def]
    path = settings.IMPORT_ROOTS[0] / f"predictions{seed}.json"
    path.write_text(json.dumps(predictions(stage.scenes, np.random.default_rng(seed))))
    body = {"path": str(path), "name": name}
    judged = job(stage, f"datasets/{stage.dataset}/prediction-sets", body)["prediction_set"]
    evaluation: int = job(stage, "evaluations", {"prediction_set": judged, "conf": 0.25})["evaluation"]
    return evaluation


def crops(page: Page, n: int) -> None:
    """The object grid says that there are so many, and shows each."""
    expect(page.get_by_text(f"{n} object{'' if n == 1 else 's'}", exact=True)).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["view"] == ["objects"]
    assert n <= FILLS
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(n)


def labels(evaluation: int, verdict: str) -> set[int]:
    return set(Match.objects.filter(evaluation=evaluation, verdict=verdict).values_list("annotation_id", flat=True))


def test_it_works(signed_in: Page, stage: Stage, later: int) -> None:
    """Open what was fixed, what was broken, a cell of the confusion difference; make a slice of what was broken."""
    page, earlier = signed_in, stage.evaluation
    comparison = job(stage, "comparisons", {"a": earlier, "b": later})["comparison"]
    fixed, broken = labels(earlier, "fn") & labels(later, "tp"), labels(earlier, "tp") & labels(later, "fn")
    assert len(fixed) > 1
    assert len(broken) > 1

    page.goto(f"/comparisons/{comparison}")
    expect(page.get_by_label(re.compile("^Earlier: M missed"))).to_have_count(min(12, len(fixed)))
    page.get_by_role("link", name=f"{len(fixed)} labels fixed").click()
    crops(page, len(fixed))
    page.get_by_label("Compared").get_by_role("button", name="broken").click()
    page.get_by_label("Compared").get_by_role("button", name="fixed").click()
    crops(page, len(broken))

    page.keyboard.press("x")
    page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Make slice").click()
    page.get_by_label("Name").fill("broken this week")
    page.get_by_role("dialog").get_by_role("button", name="Make slice").click()
    expect(page.get_by_text("Slice made")).to_be_visible()
    made = stage.all(f"datasets/{stage.dataset}/slices")
    images = Match.objects.filter(evaluation=later, verdict="fn", annotation_id__in=broken).values("image").distinct()
    assert {row["name"]: row["image_count"] for row in made}["broken this week"] == images.count()

    page.goto(f"/comparisons/{comparison}")
    truth, predicted = CONFUSED
    cell = page.locator(f'[data-cell="{truth}→{predicted}"]')
    counts = {side: confused(stage, side) for side in (earlier, later)}
    difference = counts[later] - counts[earlier]
    expect(cell).to_have_text(f"{'+' if difference > 0 else '−'}{abs(difference)}" if difference else "0")
    cell.click()
    page.get_by_role("menuitem", name=f"Earlier: {counts[earlier]} box").click()
    crops(page, counts[earlier])
    page.get_by_label("Compared").get_by_text("As the later sees them").click()
    crops(page, counts[later])


def confused(stage: Stage, evaluation: int) -> int:
    named = {one["name"]: one["id"] for one in stage.api("GET", f"datasets/{stage.dataset}")["classes"]}
    truth, predicted = (named[name] for name in CONFUSED)
    rows = Match.objects.filter(evaluation=evaluation, truth_class_id=truth, predicted_class_id=predicted)
    return rows.exclude(verdict="fp").count()


def test_three_stand_in_one_table(signed_in: Page, stage: Stage, later: int, settings) -> None:  # type: ignore[no-untyped-def]
    """Tick three, compute the differences to the first, read them, and take another one as the reference."""
    page, third = signed_in, another(stage, settings, "Detector of next week", seed=5)
    page.goto(f"/curate/{stage.dataset}/evaluations")
    expect(page.get_by_role("checkbox")).to_have_count(3)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Compare the 3").click()
    page.get_by_role("button", name="Compute 2 differences").click()
    expect(page.get_by_text(re.compile("2 differences are computed"))).to_be_visible()
    run_jobs()
    made = Comparison.objects.get(a=stage.evaluation, b=later).result["delta"]["AP75"]["verdict"]
    row = page.get_by_role("row", name=re.compile("^mAP75"))
    expect(row.get_by_text(made.replace("_", " "))).not_to_have_count(0)
    expect(page.get_by_role("row", name=re.compile("^mAP50"))).to_contain_text(re.compile(r"±|\["))

    page.get_by_role("button", name="Move left: Detector of this week").click()
    expect(page.get_by_role("columnheader").first).to_contain_text("Detector of this week")
    assert parse_qs(urlsplit(page.url).query)["of"] == [f"{later},{stage.evaluation},{third}"]
    page.get_by_role("button", name="Remove: Detector of next week").click()
    expect(page.get_by_role("columnheader")).to_have_count(2)
