"""A sequence labelled with keys: a box carried, corrected, computed in between, taken back: in a browser."""

import pytest
from playwright.sync_api import Page, expect

from dataset.models import Image
from label.models import Task
from tests.e2e.stage import Stage
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def frames(stage: Stage) -> list[Task]:
    """Three frames of one drive, in Label."""
    images = list(Image.objects.filter(dataset=stage.dataset).order_by("key")[:3])
    Image.objects.filter(pk__in=[one.pk for one in images]).update(sequence="drive", captured_at=None)
    batch = stage.api("POST", "batches", {"name": "Drive", "images": [one.pk for one in images]})["id"]
    return list(Task.objects.filter(batch=batch).order_by("image__key"))


def tracked(task: Task) -> list[tuple[bool, list[float]]]:
    """Of the boxes with a track: whether each is a key frame, and where it is."""
    task.refresh_from_db()
    boxes = [box for box in task.boxes or [] if "track" in box["attributes"]]
    return [(box["attributes"].get("keyframe") is not False, box["box"]) for box in boxes]


def drawn(task: Task, count: int = 1) -> list[float]:
    """Where the one box with a track is, once it is saved."""
    until(lambda: len(tracked(task)) == count)
    return tracked(task)[0][1]


def test_it_works(signed_in: Page, frames: list[Task]) -> None:
    """Draw in frame 1, carry to 2 and 3, take it away in 2, move in 3, compute 2, move it there, compute again."""
    page, (first, second, third) = signed_in, frames
    page.goto(f"/tasks/{first.pk}")
    expect(page.get_by_text("Frame 1 of 3")).to_be_visible()
    stage = page.get_by_role("application").bounding_box()
    assert stage is not None
    page.keyboard.press("b")
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] / 2 + 60, stage["y"] + stage["height"] / 2 + 40, steps=3)
    page.mouse.up()

    page.keyboard.press("k")  # to the second frame, with a track
    expect(page.get_by_text("Frame 2 of 3")).to_be_visible()
    begun = drawn(first)
    assert drawn(second) == begun
    page.keyboard.press("k")
    expect(page.get_by_text("Frame 3 of 3")).to_be_visible()
    drawn(third)
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")  # 40 pixels
    until(lambda: tracked(third)[0][1][0] == begun[0] + 40)

    page.keyboard.press("<")
    expect(page.get_by_text("Frame 2 of 3")).to_be_visible()
    page.keyboard.press("[")  # the box on top, which is the one that was carried
    page.keyboard.press("Delete")
    until(lambda: tracked(second) == [])
    page.keyboard.press("y")  # the ghost in between becomes a box
    middle = [begun[0] + 20, begun[1], begun[2] + 20, begun[3]]
    until(lambda: tracked(second) == [(False, middle)])
    page.keyboard.press("ArrowDown")  # by hand: a key frame from now on
    until(lambda: tracked(second) == [(True, [middle[0], middle[1] + 1, middle[2], middle[3] + 1])])
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    until(lambda: tracked(second) == [])

    page.keyboard.press("<")
    expect(page.get_by_text("Frame 1 of 3")).to_be_visible()
    page.keyboard.press("j")  # from afar, in all frames between
    expect(page.get_by_text("1 frame changed.")).to_be_visible()
    assert tracked(second) == [(False, middle)]
    page.keyboard.press("Shift+J")
    until(lambda: tracked(second) == [])
