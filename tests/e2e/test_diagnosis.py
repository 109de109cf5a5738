"""From the login to the images behind a number, in a browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from curate.models import Match
from dataset.models import Image
from tests.e2e.stage import CONFUSED, IMAGES, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def line_of(page: Page) -> str:
    """The query line that the address holds."""
    return parse_qs(urlsplit(page.url).query).get("q", [""])[0]


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """Log in, open the dataset, filter, open a diagnosis, click a confusion cell, see the images."""
    page = signed_in
    page.get_by_text("Road scenes").first.click()
    expect(page.get_by_text(f"{IMAGES} images", exact=True)).to_be_visible()

    value, images = commonest_weather()
    page.get_by_label("Filters").get_by_role("button", name=re.compile(rf"^{value}")).click()
    expect(page.get_by_text(f"{images} images", exact=True)).to_be_visible()
    assert line_of(page) == f'weather = "{value}"'

    page.get_by_role("link", name="Curate").click()
    page.get_by_role("link", name="Diagnosis").click()
    page.get_by_role("link", name="Detector of last week").first.click()
    expect(page.get_by_text("mAP", exact=True).first).to_be_visible()

    truth, predicted = CONFUSED
    rows = Match.objects.filter(evaluation_id=stage.evaluation, verdict=Match.Verdict.FN)
    rows = rows.filter(truth_class_id=class_id(stage, truth), predicted_class_id=class_id(stage, predicted))
    cell = page.locator(f'[data-cell="{truth}→{predicted}"]')
    expect(cell).to_have_text(str(rows.count()))
    cell.click()
    behind = rows.values("image").distinct().count()
    assert behind > 1
    expect(page.get_by_text(f"{behind} images", exact=True)).to_be_visible()
    assert line_of(page) == f"fn({truth}, evaluation = {stage.evaluation}, predicted = {predicted})"


def commonest_weather() -> tuple[str, int]:
    """A value that more than one, and not every, image has."""
    seen = [image.metadata["weather"] for image in Image.objects.all()]
    value = max(set(seen), key=seen.count)
    assert 1 < seen.count(value) < IMAGES
    return value, seen.count(value)


def class_id(stage: Stage, name: str) -> int:
    classes = stage.api("GET", f"datasets/{stage.dataset}")["classes"]
    return next(one["id"] for one in classes if one["name"] == name)


def test_a_query_that_is_wrong_says_where(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}")
    expect(page.get_by_text(f"{IMAGES} images", exact=True)).to_be_visible()
    page.get_by_label("Query", exact=False).first.click()
    page.keyboard.type("count(zebra) >= 1")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("no class.*zebra|zebra.*no class", re.IGNORECASE)).first).to_be_visible()


def test_the_pages_speak_korean(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    stage.api("PATCH", "auth/me", {"language": "ko"})
    page.goto(f"/evaluations/{stage.evaluation}")
    expect(page.get_by_text("혼동 행렬")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "ko"


def test_somebody_outside_sees_nothing(page: Page, stage: Stage) -> None:
    from tests.e2e.stage import give_password

    give_password(stage.cast.charlie, stage.password)
    page.goto(f"/evaluations/{stage.evaluation}")
    page.get_by_label("Email").fill(stage.cast.charlie.email)
    page.get_by_role("textbox", name="Password").fill(stage.password)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Not here")).to_be_visible()
    expect(page.get_by_text("Road scenes")).to_have_count(0)
