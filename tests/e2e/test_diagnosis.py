"""From the login to the images behind a number, in a browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from curate.models import Match
from dataset.models import Image, Prediction
from tests.e2e.stage import CONFUSED, IMAGES, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def line_of(page: Page) -> str:
    """The query line that the address holds."""
    return parse_qs(urlsplit(page.url).query).get("q", [""])[0]


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """Log in, open the dataset, filter, open a diagnosis, click a confusion cell, see the images."""
    page = signed_in
    page.goto("/")
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
    expect(cell).to_contain_text(str(rows.count()))
    cell.click()
    assert rows.count() > 1
    expect(page.get_by_text(f"{rows.count()} objects", exact=True)).to_be_visible()
    expect(page.get_by_text(f"Labelled {truth}, predicted {predicted}")).to_be_visible()
    page.get_by_role("button", name=re.compile("Take back")).click()
    everything = Match.objects.filter(evaluation_id=stage.evaluation).count()
    expect(page.get_by_text(f"{everything} objects", exact=True)).to_be_visible()


def test_sliders_judge_every_box_anew(signed_in: Page, stage: Stage) -> None:
    """Move both sliders: the counts follow, and a cell opens the boxes as they are judged there."""
    page = signed_in
    page.goto(f"/evaluations/{stage.evaluation}")
    found = page.locator('a[data-verdict="tp"]').first
    before = stage.api("GET", f"evaluations/{stage.evaluation}")["counts"]["tp"]
    expect(found).to_contain_text(str(before))
    page.get_by_role("slider", name="IoU").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.get_by_role("slider", name="Confidence").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"conf=0\.55"))
    there = stage.api("GET", f"evaluations/{stage.evaluation}/at?conf=0.55&iou=0.75")
    assert there["counts"]["tp"] < before
    expect(found).to_contain_text(str(there["counts"]["tp"]))

    truth, predicted = CONFUSED
    places = [there["confusion"]["class_ids"].index(class_id(stage, name)) for name in CONFUSED]
    count = there["confusion"]["matrix"][places[0]][places[1]]
    page.locator(f'[data-cell="{truth}→{predicted}"]').click()
    page.wait_for_url(re.compile(r"/datasets/.*view=objects"))
    expect(page.get_by_text(f"{count} object", exact=False).first).to_be_visible()
    point = int(parse_qs(urlsplit(page.url).query)["evaluation"][0])
    assert point != stage.evaluation
    rows = Match.objects.filter(evaluation_id=point, truth_class_id=class_id(stage, truth))
    assert rows.exclude(verdict="fp").filter(predicted_class_id=class_id(stage, predicted)).count() == count
    page.go_back()
    page.wait_for_url(re.compile(r"/evaluations/.*conf=0\.55"))


def test_a_budget_bar_opens_its_errors(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    page.goto(f"/evaluations/{stage.evaluation}")
    costs = {one["error"]: one for one in stage.api("GET", f"evaluations/{stage.evaluation}/error-budget")["errors"]}
    assert costs["class"]["shown"] > 1 < costs["missed"]["shown"]
    for error, words in (("class", "Wrong class"), ("missed", "Missed entirely")):
        bar = page.get_by_label("What each type of error costs").get_by_role("link", name=re.compile(rf"^{words} [+0]"))
        bar.click()
        page.wait_for_url(re.compile(r"/datasets/.*view=objects"))
        expect(page.get_by_text(f"{costs[error]['shown']} objects", exact=True)).to_be_visible()
        point = int(parse_qs(urlsplit(page.url).query)["evaluation"][0])
        verdict = "fn" if error == "missed" else "fp"
        rows = Match.objects.filter(evaluation_id=point, verdict=verdict, error=error)
        assert rows.count() == costs[error]["shown"]
        page.go_back()


def test_a_point_of_the_curve_opens_the_predictions_from_there_on(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    page.goto(f"/evaluations/{stage.evaluation}")
    chart = page.get_by_role("figure", name="Precision over recall")
    chart.scroll_into_view_if_needed()
    canvas = chart.locator("canvas").first
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box
    page.mouse.click(*first_mark(page, box))
    page.wait_for_url(re.compile(r"/datasets/.*view=objects"))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    assert set(asked["verdicts"].split(",")) == {"tp", "fp"}
    drawn = Prediction.objects.filter(label_class_id=int(asked["classes"]), score__gte=float(asked["score_from"]))
    assert drawn.count() > 1
    expect(page.get_by_text(f"{drawn.count()} objects", exact=True)).to_be_visible()


def first_mark(page: Page, box: dict) -> tuple[float, float]:
    """Somewhere on the canvas where the pointer becomes a hand: a point of a curve."""
    for down in range(30, int(box["height"]) - 40, 5):
        x, y = box["x"] + box["width"] * 0.3, box["y"] + down
        page.mouse.move(x, y)
        shape = page.evaluate(
            "([x, y]) => getComputedStyle(document.elementFromPoint(x, y).closest('[style*=cursor]') ?? document.body)"
            ".cursor",
            [x, y],
        )
        if shape == "pointer":
            return x, y
    raise AssertionError("There is no mark to click.")


def test_a_part_narrows_the_page(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    value, images = commonest_weather()
    page.goto(f"/evaluations/{stage.evaluation}?by=metadata.weather")
    table = page.get_by_role("table", name="By part")
    table.get_by_text(value, exact=True).click()
    expect(page.get_by_text(f"{images} of {IMAGES} images")).to_be_visible()
    assert line_of(page) == f'weather = "{value}"'
    there = stage.api("GET", f"evaluations/{stage.evaluation}/at?q=weather%20%3D%20%22{value}%22")
    expect(page.locator('a[data-verdict="fn"]').first).to_contain_text(str(there["counts"]["fn"]))


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
