"""Shapes are drawn in the box editor: an outline with a hole, a turned box, a mask; painted, converted, simplified."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from science.shapes.conversions import pixels_of_shape
from science.shapes.shape_json import from_json
from tests.e2e.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Point = tuple[float, float]


class Canvas:
    """The editor's canvas, spoken to in pixels of the image: the whole image is shown."""

    def __init__(self, page: Page, width: int, height: int) -> None:
        self.page, self.width, self.height = page, width, height
        page.keyboard.press("f")
        self.box = page.get_by_role("application").bounding_box() or {}
        fit = min((self.box["width"] - 32) / width, (self.box["height"] - 32) / height)
        self.scale = fit
        self.left = self.box["x"] + (self.box["width"] - width * fit) / 2
        self.top = self.box["y"] + (self.box["height"] - height * fit) / 2

    def at(self, point: Point) -> Point:
        return self.left + point[0] * self.scale, self.top + point[1] * self.scale

    def click(self, *points: Point, key: str = "") -> None:
        """With a key held for the first of them."""
        for place, point in enumerate(points):
            if key and place == 0:
                self.page.keyboard.down(key)
            self.page.mouse.click(*self.at(point))
            if key and place == 0:
                self.page.keyboard.up(key)

    def drag(self, *points: Point, key: str = "") -> None:
        if key:
            self.page.keyboard.down(key)
        self.page.mouse.move(*self.at(points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.at(point), steps=6)
        self.page.mouse.up()
        if key:
            self.page.keyboard.up(key)


def test_it_works(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "Drawn"})
    task = stage.all(f"batches/{batch['id']}/tasks")[0]["id"]
    known = stage.api("GET", f"tasks/{task}")
    width, height = known["image"]["width"], known["image"]["height"]
    page.goto(f"/tasks/{task}")
    expect(page.get_by_role("listbox", name="Boxes").get_by_role("option").first).to_be_visible()
    page.keyboard.press("Shift+E")  # nothing snaps
    canvas = Canvas(page, width, height)
    side = height / 4

    def square(x: float, y: float, side: float) -> list[Point]:
        return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]

    page.keyboard.press("Shift+C")
    corners = square(side, side, 2 * side)
    canvas.click(*corners, corners[0])
    outline = drawn(stage, task, known)
    assert area(outline, width, height) == pytest.approx(4 * side * side, rel=0.04)
    canvas.click(*square(1.5 * side, 1.5 * side, side), key="Alt")
    page.keyboard.press("Enter")
    outline = drawn(stage, task, known, lambda box: len(box["shape"]["parts"][0]) == 2)
    assert area(outline, width, height) == pytest.approx(3 * side * side, rel=0.05)

    page.keyboard.press("#")
    mask = drawn(stage, task, known, lambda box: box["shape"]["kind"] == "mask")
    assert area(mask, width, height) == area(outline, width, height)
    page.keyboard.press("Shift+A")
    middle = 2 * side
    canvas.drag((middle, middle), (middle + 1, middle))
    painted = drawn(stage, task, known, lambda box: area(box, width, height) > area(mask, width, height))
    canvas.drag((middle, middle), (middle + 1, middle), key="Alt")
    drawn(stage, task, known, lambda box: area(box, width, height) < area(painted, width, height))
    page.keyboard.press("!")
    drawn(stage, task, known, lambda box: box["shape"]["kind"] == "polygon")
    page.keyboard.press("v")

    page.get_by_role("slider", name="How far the outline may lie off, in pixels").focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Apply").click()
    page.keyboard.press("Escape")

    page.keyboard.press("^")
    canvas.click((side, side), (2 * side, 1.5 * side), (0.9 * side, 2 * side))
    turned = drawn(stage, task, known, lambda box: box["shape"]["kind"] == "turned")
    assert turned["shape"]["angle"] == pytest.approx(26.57, abs=1.5)
    before = turned["shape"]["angle"]
    page.keyboard.press("v")
    page.keyboard.press("Alt+)")
    after = drawn(stage, task, known, lambda box: box["shape"].get("angle", before) != before)
    assert after["shape"]["angle"] == pytest.approx(before + 15, abs=0.01)
    page.keyboard.press("Control+z")
    drawn(stage, task, known, lambda box: box["shape"].get("angle") == before)


def drawn(stage: Stage, task: int, before: dict[str, Any], ready: Any = lambda box: True) -> dict[str, Any]:
    """The box that was drawn last, as the server has it, once it is as it should be."""
    from tests.processes import until

    known = {box["id"] for box in before["boxes"]}
    found: list[dict[str, Any]] = []

    def there() -> bool:
        boxes = stage.api("GET", f"tasks/{task}")["boxes"]
        found[:] = [box for box in boxes if box["id"] not in known and box.get("shape")]
        return bool(found) and bool(ready(found[-1]))

    until(there, why=lambda: found)
    return found[-1]


def area(box: dict[str, Any], width: int, height: int) -> int:
    """Pixels."""
    return int(np.count_nonzero(pixels_of_shape(from_json(box["shape"]), height, width)))
