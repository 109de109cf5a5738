"""A labeller's habits in the box editor: zoom that goes along, locks, class codes, and a reload that loses nothing."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_it_works(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    stage.api("POST", f"datasets/{stage.dataset}/classes", {"name": "pram"})  # the eleventh: digits are used up
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "Habits"})
    tasks = [row for row in stage.all(f"batches/{batch['id']}/tasks") if row["boxes"] > 1]
    page.goto(f"/tasks/{tasks[0]['id']}")
    boxes = page.get_by_role("listbox", name="Boxes")
    expect(boxes.get_by_role("option")).to_have_count(tasks[0]["boxes"])

    relabel_by_code(page, boxes)
    lock(page, boxes)
    reload(page, boxes, tasks[0]["boxes"])
    keep_zoom(page)


def selected(boxes: Locator) -> Locator:
    return boxes.get_by_role("option", selected=True)


def relabel_by_code(page: Page, boxes: Locator) -> None:
    page.keyboard.press("]")
    page.keyboard.press("0")
    codes = page.get_by_role("region", name="Class codes")
    expect(codes.get_by_text("pram")).to_be_visible()
    page.keyboard.press("p")
    expect(codes).to_be_hidden()
    expect(selected(boxes)).to_have_accessible_name(re.compile("^pram,"))


def lock(page: Page, boxes: Locator) -> None:
    page.keyboard.press("l")
    expect(selected(boxes)).to_have_accessible_name(re.compile("locked$"))
    page.keyboard.press("Delete")
    expect(page.get_by_text("1 locked box was left as it is.")).to_be_visible()
    page.keyboard.press("l")
    expect(selected(boxes)).to_have_accessible_name(re.compile("person$"))


def reload(page: Page, boxes: Locator, count: int) -> None:
    """Undo stack and selection are there again; the labels come from the server."""
    page.keyboard.press("]")
    page.keyboard.press("Delete")
    page.keyboard.press("[")
    page.keyboard.press("z")  # look at the selected box
    name = selected(boxes).inner_text()
    expect(page.get_by_text(re.compile("^saved"))).to_be_visible()
    page.reload()
    expect(boxes.get_by_role("option")).to_have_count(count - 1)
    expect(selected(boxes)).to_have_text(name, use_inner_text=True)
    page.keyboard.press("Control+z")
    expect(boxes.get_by_role("option")).to_have_count(count)
    page.keyboard.press("Control+z")
    expect(boxes.get_by_role("option", name=re.compile("^pram,"))).to_have_count(0)


def keep_zoom(page: Page) -> None:
    """With Shift-Z the next image is looked at where this one was; without it, as a whole."""
    page.keyboard.press("Shift+z")
    page.keyboard.press("f")
    page.keyboard.press("+")
    page.keyboard.press("+")
    to_next(page)
    expect_zoom(page, 1.3**2)
    page.keyboard.press("Shift+z")
    to_next(page)
    expect_zoom(page, None)


def to_next(page: Page) -> None:
    place = page.url
    page.keyboard.press(".")
    expect(page).not_to_have_url(place)
    expect(page.get_by_role("listbox", name="Boxes")).to_be_visible()


def expect_zoom(page: Page, zoom: float | None) -> None:
    """What the page keeps for a reload says how the image is looked at; None is the whole of it."""
    page.wait_for_function(
        """([task, zoom]) => {
          const key = Object.keys(localStorage).find((one) => one.startsWith('halfday.editing.') && one.endsWith(task))
          const view = key && JSON.parse(localStorage.getItem(key)).view
          return key && (zoom === null ? view === null : view !== null && Math.abs(view.zoom - zoom) < 0.001)
        }""",
        arg=[f".{page.url.rsplit('/', 1)[1]}", zoom],
    )
