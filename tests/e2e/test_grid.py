"""The grid in a browser: selecting by query and by dragging, tags, objects, and the address that holds it all."""

import contextlib
import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from dataset.models import Annotation, Dataset, Image, ImageTag, Revision, Slice
from tests.e2e.stage import IMAGES, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def asked(page: Page) -> dict[str, str]:
    """What the address holds."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def opened(page: Page, stage: Stage, search: str = "") -> Page:
    page.goto(f"/datasets/{stage.dataset}?{search}")
    expect(cells_of(page).first).to_be_visible()
    return page


def cells_of(page: Page) -> Locator:
    return page.locator("[role=option][data-index]")


def selected_in(page: Page) -> Locator:
    return page.locator("[role=option][data-index][aria-selected=true]")


def bar(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Selection")


def drag(page: Page, first: Locator, last: Locator) -> None:
    """From the middle of one cell to the middle of another."""
    places = [box for cell in (first, last) if (box := cell.bounding_box())]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in places]
    page.mouse.move(*middles[0])
    page.mouse.down()
    page.mouse.move(*middles[1], steps=6)
    page.mouse.up()


def press_until(page: Page, key: str, shown: Locator) -> None:
    """Press a key until it does something: on a busy machine a bar is seen a moment before its keys are heard."""
    for _ in range(20):
        page.keyboard.press(key)
        with contextlib.suppress(Error):
            shown.wait_for(timeout=3_000)
            return


def test_all_that_match_are_selected_by_the_query(signed_in: Page, stage: Stage) -> None:
    """`x` selects; the slice is made by the query, without a list of ids; it can be taken out again, and back."""
    sent: list[Any] = []
    page = opened(signed_in, stage, "q=any(car)")
    page.on("request", lambda one: sent.append(one.post_data_json) if "/bulk/" in one.url else None)
    matching = Annotation.objects.filter(label_class__name="car").values("image").distinct().count()
    page.keyboard.press("x")
    expect(bar(page).get_by_role("status")).to_have_text(f"{matching} selected")
    press_until(page, "s", page.get_by_label("Name"))
    page.get_by_label("Name").fill("with cars")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"“with cars” holds {matching} images.")).to_be_visible()
    assert sent[0]["chosen"] == {"q": "any(car)", "evaluation": None, "without": []}
    assert Slice.objects.get(name="with cars").origin == {"kind": "query", "q": "any(car)"}
    page.get_by_role("button", name="Stay here").click()

    bar(page).get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Take out of slice").click()
    page.get_by_role("combobox", name="Slice").or_(page.get_by_label("Slice", exact=True)).first.click()
    page.get_by_role("option", name=re.compile("^with cars")).click()
    page.get_by_role("button", name="Take out").click()
    expect(page.get_by_text(f"{matching} images taken out of “with cars”.")).to_be_visible()
    assert Slice.objects.get(name="with cars").image_count == 0
    with page.expect_response(lambda answer: "/bulk/change-slice" in answer.url):
        page.get_by_role("button", name="Undo").click()
    assert Slice.objects.get(name="with cars").image_count == matching


def test_dragging_selects_and_a_tag_is_hung(signed_in: Page, stage: Stage) -> None:
    page = opened(signed_in, stage)
    cells = cells_of(page)
    drag(page, cells.nth(0), cells.nth(1))
    expect(selected_in(page)).to_have_count(2)
    cells.nth(3).click(modifiers=["Control"])
    page.keyboard.press("t")
    page.get_by_role("dialog").get_by_label("Tag").fill("look again")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“look again” hung on 3 images.")).to_be_visible()
    assert ImageTag.objects.filter(tag__name="look again").count() == 3
    tag = page.get_by_label("Filters").get_by_role("button", name=re.compile("^look again"))
    expect(tag).to_contain_text("3")
    cells.nth(0).click()
    expect(page.get_by_label("Inspector").get_by_text("look again")).to_be_visible()
    cells.nth(0).dblclick()
    tags = page.get_by_label("Tags")
    expect(tags.get_by_text("look again")).to_be_visible()
    tags.get_by_role("button", name="Take off look again").click()
    expect(tags.get_by_text("look again")).to_have_count(0)
    assert ImageTag.objects.count() == 2


def test_objects_are_filtered_relabelled_and_put_back(signed_in: Page, stage: Stage) -> None:
    page = opened(signed_in, stage)
    page.get_by_text("Objects", exact=True).click()
    labels = Annotation.objects.filter(died=None)
    expect(page.get_by_text(f"{labels.count()} objects", exact=True)).to_be_visible()
    cars = labels.filter(label_class__name="car").count()
    filters = page.get_by_label("Filters")
    filters.get_by_role("button", name=re.compile("^car")).click()
    expect(page.get_by_text(f"{cars} objects", exact=True)).to_be_visible()
    assert asked(page)["view"] == "objects"

    cells = cells_of(page)
    drag(page, cells.nth(0), cells.nth(2))
    expect(bar(page).get_by_role("status")).to_have_text("3 selected")
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_label("Class").first.click()
    page.get_by_role("option", name="truck").click()
    page.get_by_role("button", name="Relabel").last.click()
    expect(page.get_by_text("3 objects are now truck, as revision 2.")).to_be_visible()
    expect(page.get_by_text(f"{cars - 3} objects", exact=True)).to_be_visible()
    assert Revision.objects.get(number=2).counts == {"added": 0, "changed": 3, "removed": 0}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"{cars} objects", exact=True)).to_be_visible()
    assert labels.filter(label_class__name="car").count() == cars


def test_a_link_opens_the_same_view(signed_in: Page, stage: Stage) -> None:
    """Size, place, selection, inspector and overlay are in the address, and another window shows them all."""
    page = opened(signed_in, stage, f"size=400&evaluation={stage.evaluation}&order=-id")
    page.get_by_role("listbox", name="Images").hover()
    page.mouse.wheel(0, 900)
    page.wait_for_url(re.compile("at="))
    cells_of(page).nth(4).click()
    page.wait_for_url(re.compile("image="))
    key = page.get_by_label("Inspector").get_by_role("heading").first.inner_text()
    top = page.evaluate("document.querySelector('[role=listbox]').scrollTop")
    address = page.url

    other = page.context.new_page()
    other.set_viewport_size({"width": 1440, "height": 900})
    other.goto(address)
    expect(other.get_by_label("Inspector").get_by_role("heading").first).to_have_text(key)
    expect(selected_in(other)).to_have_count(1)
    expect(other.get_by_text("true positive").first).to_be_visible()
    other.wait_for_function(f"Math.abs(document.querySelector('[role=listbox]').scrollTop - {top}) < 300")
    other.close()
    assert IMAGES > 0

    all_of_them = opened(page, stage, "all=1")
    expect(bar(all_of_them).get_by_role("status")).to_have_text(f"{IMAGES} selected")


def test_metadata_inside_metadata_is_shown_under_the_name_that_the_query_line_takes(
    signed_in: Page, stage: Stage
) -> None:
    """In the inspector and on the image's page; a list stands in one line."""
    image = Image.objects.filter(dataset=stage.dataset).latest("pk")
    nested = {"gps": {"lat": 48.1}, "lenses": ["left", "right"]}
    Image.objects.filter(pk=image.pk).update(metadata=image.metadata | nested)
    dataset = Dataset.objects.get(pk=stage.dataset)
    dataset.metadata_keys = sorted({*dataset.metadata_keys, *nested})
    dataset.save(update_fields=["metadata_keys"])

    page = opened(signed_in, stage, f"q={quote('gps.lat = 48.1')}")
    expect(cells_of(page)).to_have_count(1)
    cells_of(page).first.click()
    told_of_nested_metadata(page.get_by_label("Inspector"))
    page.goto(f"/datasets/{stage.dataset}/images/{image.pk}")
    told_of_nested_metadata(page.get_by_role("main"))


def told_of_nested_metadata(place: Locator) -> None:
    for name, value in (("gps.lat", "48.1"), ("lenses", "left, right")):
        line = place.locator("dl > div").filter(has=place.page.get_by_text(name, exact=True))
        expect(line.locator("dd")).to_have_text(value)
