"""From a bar and a cell of the analytics page to their images, counted against the database."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.db.models import Count
from playwright.sync_api import Locator, Page, expect

from dataset.models import Annotation, Image
from tests.e2e.stage import Stage
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.browser]


def line_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("q", [""])[0]


def images_with(stage: Stage, *classes: str) -> int:
    """Images on which all of the classes occur, by the database."""
    images = Image.objects.filter(dataset=stage.dataset)
    for name in classes:
        labels = Annotation.objects.filter(dataset=stage.dataset, died=None, label_class__name=name)
        images = images.filter(pk__in=labels.values("image"))
    return images.count()


def expect_images(page: Page, count: int) -> None:
    expect(page.get_by_text(f"{count} images" if count != 1 else "1 image", exact=True)).to_be_visible()


def wait_until_still(drawn: Locator) -> None:
    """Until a drawing has stopped to move."""
    frames = [b""]

    def still() -> bool:
        frames.append(drawn.screenshot())
        return frames[-1] == frames[-2]

    until(still)


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """A click on a bar, a cell of the co-occurrence matrix and a row of a chart's table show exactly their images."""
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}")
    page.get_by_role("link", name="Analytics").click()

    commonest = (
        Annotation.objects.filter(dataset=stage.dataset, died=None)
        .values("label_class__name")
        .annotate(boxes=Count("id"))
        .order_by("-boxes", "label_class__index")
    )[0]["label_class__name"]
    chart = page.get_by_role("figure", name="Boxes by class").first
    expect(chart.locator("canvas")).to_be_visible()
    wait_until_still(chart.locator("canvas"))
    chart.locator("canvas").click(position={"x": 160, "y": 12})  # the longest bar is the first
    expect(page).to_have_url(re.compile(r"/datasets/\d+\?"))
    assert line_of(page) == f"any({commonest})"
    expect_images(page, images_with(stage, commonest))

    page.get_by_role("link", name="Analytics").click()  # now of these images only
    other = "truck" if commonest != "truck" else "car"
    cell = page.locator(f'[data-cell="{other}×{commonest}"]').first
    expect(cell).to_contain_text(str(images_with(stage, commonest, other)))
    cell.click()
    assert set(line_of(page).split(" and ")) == {f"any({commonest})", f"any({other})"}
    expect_images(page, images_with(stage, commonest, other))


def test_each_chart_has_a_table_of_links(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}/analytics")
    panel = page.locator("section", has=page.get_by_role("heading", name="weather")).last
    panel.get_by_role("button", name="Show as a table").click()
    row = panel.get_by_role("row").first
    value = row.get_by_role("rowheader").inner_text()
    wanted = Image.objects.filter(dataset=stage.dataset, metadata__weather=value).count()
    link = row.get_by_role("link")
    link.focus()
    page.keyboard.press("Enter")
    assert line_of(page) == f'weather = "{value}"'
    expect_images(page, wanted)


def test_two_sets_stand_side_by_side(signed_in: Page, stage: Stage) -> None:
    """The comparison is in the address; its second line can be changed, and both can be swapped."""
    page = signed_in
    page.goto(f"/datasets/{stage.dataset}/analytics?q={quote('any(car)')}")
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="All the others").click()
    expect(page.get_by_role("region", name="What differs")).to_contain_text("not (any(car))")
    page.get_by_role("button", name="Swap the two").click()
    expect(page).to_have_url(re.compile("vs=any"))
    assert line_of(page) == "not (any(car))"
    page.get_by_role("button", name="Stop comparing").click()
    expect(page.get_by_role("region", name="What differs")).to_have_count(0)
