"""A polygon in the box editor: a point of it is moved by keys and saved as drawn; a key leaves the box alone."""

from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.e2e.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_it_works(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "Outlines"})
    row = next(row for row in stage.all(f"batches/{batch['id']}/tasks") if row["boxes"] > 1)
    before = outlined(stage, row["id"])

    page.goto(f"/tasks/{row['id']}")
    choose_polygon(page)
    with page.expect_response(saved):
        move_corner(page)
    after = box_of(stage, row["id"], before["id"])
    ring, was = after["shape"]["parts"][0][0], before["shape"]["parts"][0][0]
    assert [point for point in ring if point not in was] != [], "a point has moved"
    assert len([point for point in was if point not in ring]) == 1, "and no other"
    xs, ys = zip(*ring, strict=True)
    assert after["box"] == pytest.approx([min(xs), min(ys), max(xs), max(ys)], abs=0.01)

    page.reload()
    choose_polygon(page)
    with page.expect_response(saved):
        page.keyboard.press("Shift+d")
    expect(page.get_by_text("polygon of 4 points")).to_be_hidden()
    assert box_of(stage, row["id"], before["id"])["shape"] is None


def outlined(stage: Stage, task: int) -> dict[str, Any]:
    """The task's largest box, as a polygon from corner to corner of it."""
    known = stage.api("GET", f"tasks/{task}")
    boxes = known["boxes"]
    largest = max(boxes, key=lambda box: (box["box"][2] - box["box"][0]) * (box["box"][3] - box["box"][1]))
    x1, y1, x2, y2 = largest["box"]
    largest["shape"] = {"kind": "polygon", "parts": [[[[x1, y1], [x2, y1], [x2, y2], [x1, y2]]]]}
    stage.api("PUT", f"tasks/{task}", {"boxes": boxes}, **{"If-Match": str(known["version"])})
    return box_of(stage, task, largest["id"])


def box_of(stage: Stage, task: int, box: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in stage.api("GET", f"tasks/{task}")["boxes"] if one["id"] == box)
    return found


def choose_polygon(page: Page) -> None:
    """Steps from box to box until the facts speak of a polygon, and zooms to it."""
    facts = page.get_by_text("polygon of 4 points")
    expect(page.get_by_role("listbox", name="Boxes").get_by_role("option").first).to_be_visible()
    for _ in range(page.get_by_role("listbox", name="Boxes").get_by_role("option").count()):
        page.keyboard.press("]")
        if facts.is_visible():
            break
    expect(facts).to_be_visible()
    page.keyboard.press("z")


def saved(answer: Response) -> bool:
    return answer.request.method == "PUT" and "/tasks/" in answer.url


def move_corner(page: Page) -> None:
    """The first point, by keys: looked at, and ten pixels down."""
    page.keyboard.press(";")
    page.keyboard.press("Shift+ArrowDown")
